"""Which texts a receipt may carry: whatever people write, but nothing that steers a printer, a terminal or the way of
writing. How a text is shown is decided where it is shown.
"""

from __future__ import annotations

import unicodedata

# Embeddings, overrides and isolates turn around what stands beside them: an amount would read as another one.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Control characters, halves of characters, ends of lines and paragraphs.
_STEERING = frozenset(("Cc", "Cs", "Zl", "Zp"))


def may_be_printed(text: str) -> bool:
    """Names of goods come with hard spaces, joined emoji and characters younger than this program: all may pass."""
    return text.isprintable() or not any(char in _TURNING or unicodedata.category(char) in _STEERING for char in text)
