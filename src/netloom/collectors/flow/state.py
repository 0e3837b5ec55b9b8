"""What the flow collector must know again after a restart: templates and sampling rates, in a file of its folder."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from netloom.collectors.flow.sampling import SamplingRates
from netloom.collectors.flow.templates import Templates

NAME = "templates.json"
_VERSION = 1


def saved(templates: Templates, sampling: SamplingRates) -> bytes:
    """What the file holds."""
    return json.dumps({"version": _VERSION, "templates": templates.save(), "sampling": sampling.save()}).encode()


def write(folder: Path, data: bytes) -> None:
    """Replace the file, whole or not at all; raises OSError."""
    aside = folder / f".{NAME}.tmp"
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(folder / NAME)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def load(
    folder: Path, templates: Templates, sampling: SamplingRates, now: int, complain: Callable[[str], None]
) -> None:
    """Take what this worker and its neighbours knew, its own word last: who sends to whom may have changed."""
    own = folder / NAME
    for path in (*sorted(set(folder.parent.glob(f"[0-9]*/{NAME}")) - {own}), own):
        try:
            known: Any = json.loads(path.read_bytes())
            if known["version"] == _VERSION:
                templates.load(known["templates"], now)
                sampling.load(known["sampling"])
        except FileNotFoundError:
            continue
        except (OSError, KeyError, TypeError, ValueError, AttributeError) as exc:
            complain(f"{path}: expected templates as written before, got {exc!r}; they are learned anew")
