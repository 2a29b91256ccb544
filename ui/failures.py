"""Errors as the window says them: our own sentence and code, or that it was unexpected and where the log is.

A traceback never reaches a screen. Must not know Qt.
"""

from __future__ import annotations

import logging

from fiscalmon.domain.errors import FiscalmonError
from ui.bridge import EngineGone
from ui.i18n import translate


def explain(error: BaseException) -> tuple[str, str]:
    """(code, sentence) of an error of the engine; the code is "" where there is none to search for."""
    if isinstance(error, FiscalmonError):
        return error.code, error.text
    if isinstance(error, EngineGone):
        return "", translate("failures", "The engine is not running. Quit and start fiscalmon again.")
    logging.getLogger("fiscalmon.ui").error(translate("failures", "unexpected error"), exc_info=error)
    return "", translate("failures", "Something unexpected went wrong. {where}").format(where=log_place())


def start_failure(error: BaseException, *, running: bool = False) -> tuple[str, str]:
    """Sentence and second line for an engine that did not start, or that broke while running."""
    if isinstance(error, FiscalmonError):
        return error.text, translate("failures", "Code {code}. Put this right and start fiscalmon again.").format(
            code=error.code
        )
    what = (
        translate("failures", "fiscalmon has to stop")
        if running
        else translate("failures", "fiscalmon could not start")
    )
    return what, translate("failures", "Something unexpected went wrong. {where}").format(where=log_place())


def log_place() -> str:
    """Where the details are: the log file if there is one."""
    logger: logging.Logger | None = logging.getLogger("fiscalmon")
    while logger is not None:
        for handler in logger.handlers:
            if isinstance(handler, logging.FileHandler):
                return translate("failures", "The details are in {file}.").format(file=handler.baseFilename)
        logger = logger.parent
    return translate("failures", "Run `fiscalmon doctor` in a terminal to see why, or ask support.")
