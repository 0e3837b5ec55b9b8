"""A device's file in the archive: a name is never a path."""

from __future__ import annotations

from urllib.parse import quote, unquote

from netloom.errors import HistoryError

FOLDER = "configs"
SUFFIX = ".cfg"
_LONGEST = 240


def file_name(device: str) -> str:
    """The file's name for a device: whatever a file system or Git may take amiss is percent-encoded."""
    if not device or any(ord(character) < 32 for character in device):
        raise HistoryError(f"{device!r} cannot name a file of the archive")
    try:
        name = quote(device, safe="")
    except UnicodeEncodeError as exc:
        raise HistoryError(f"{device!a} cannot name a file of the archive") from exc
    name = name.replace("~", "%7E")
    if name.startswith("."):
        name = "%2E" + name[1:]
    if len(name) + len(SUFFIX) > _LONGEST:
        raise HistoryError(f"{device[:40]!r}…: a name too long for a file of the archive")
    return name + SUFFIX


def device_name(file: str) -> str | None:
    """The device that a file belongs to, None for other files."""
    return unquote(file.removesuffix(SUFFIX)) if file.endswith(SUFFIX) else None
