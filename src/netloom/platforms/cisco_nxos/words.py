"""Values out of the lines of NX-OS."""

from __future__ import annotations


def one_line(text: str | None) -> str | None:
    """Free text as NX-OS keeps it, None where it is empty."""
    return text.strip() or None if text is not None else None
