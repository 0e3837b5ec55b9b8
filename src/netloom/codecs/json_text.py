"""JSON from and to devices, by a fast library, and by the standard one where a device writes what JSON is not."""

from __future__ import annotations

import json
from typing import Any

import msgspec


def loads(text: bytes | str) -> Any:
    """The value; NaN, control characters and lone surrogates are taken as Python's own reader takes them.

    Raises ValueError.
    """
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return json.loads(text, strict=False)
    except RecursionError as exc:
        raise ValueError("expected JSON of some depth, got a bottomless one") from exc


def dumps(value: Any) -> str:
    """The value as one line; a number that JSON has no word for becomes null."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:  # a lone surrogate
        return json.dumps(value)
