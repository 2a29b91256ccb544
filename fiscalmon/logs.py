"""Where the engine's log goes: JSON lines in the data folder, rotated, readable by the owner alone.

Only what is named in a call is written; keys, passwords, tokens and receipts' contents never are.
"""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path

import structlog

FILE_NAME = "fiscalmon.log"
LARGEST_BYTES = 5_000_000
KEPT = 5


def log_to(folder: Path, *, verbose: int = 0) -> None:
    """Send everything to DATA_DIR/logs/fiscalmon.log; the library's chatter only when asked for."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / FILE_NAME
    path.touch(mode=0o600)
    handler = logging.handlers.RotatingFileHandler(path, maxBytes=LARGEST_BYTES, backupCount=KEPT, encoding="utf-8")
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(),
            ],
            foreign_pre_chain=_STAMPS,
        )
    )
    root = logging.getLogger()
    for old in root.handlers:
        if isinstance(old, logging.handlers.RotatingFileHandler):
            old.close()
    root.handlers = [handler]
    root.setLevel(logging.DEBUG if verbose > 1 else logging.INFO if verbose else logging.WARNING)
    for chatty in ("httpx", "httpcore", "uvicorn.access"):
        logging.getLogger(chatty).setLevel(logging.DEBUG if verbose > 1 else logging.WARNING)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_STAMPS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


_STAMPS = (
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)
