"""`netloom exec --parse`: outputs as rows, by TextFSM."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netloom.collectors.state.textfsm import Job, Row, TextFsm
from netloom.errors import OutputNotUnderstood, UsageError

if TYPE_CHECKING:
    from netloom.devices.session import Session
    from netloom.model.host import Host

FIRST = ("device", "command")
VARIABLE = "netloom_textfsm_platform"


def template_text(path: Path | None) -> str:
    """A template of one's own; raises UsageError where it cannot be read."""
    if path is None:
        return ""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) else str(exc)
        raise UsageError(f"{path}: cannot be read: {reason}") from exc


async def rows_of(session: Session, host: Host, command: str, how: tuple[TextFsm, str, float | None]) -> list[Row]:
    """What a command shows, by whose templates or the one given, within a time for the device.

    Raises UsageError, and OutputNotUnderstood with the device's name.
    """
    parser, template, timeout = how
    output = await session.run(command, timeout_s=timeout)
    platform = str(host.variables.get(VARIABLE) or "")
    if not platform and not template:
        platform = session.access.platform
        if platform == "cli":
            raise UsageError(
                f"{host.name}: nothing says whose templates to use for it",
                hint=f"set {VARIABLE} (hp_procurve, cisco_asa, …), or give a template (--template)",
            )
    try:
        return await parser.parsed(Job(output=output, platform=platform, command=command, template=template))
    except ValueError as exc:
        raise OutputNotUnderstood(f"{command!r}: {exc}", device=host.name) from exc


def placed(device: str, command: str, row: Row) -> dict[str, Any]:
    """A row with its place; a template's own column of such a name gets a line beneath it (`device_`)."""
    own = {f"{name}_" if name in (*FIRST, "error") else name: value for name, value in row.items()}
    return {"device": device, "command": command, **own}


def columns_of(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Device and command, then what the templates tell, in their order, and an error where there is one."""
    found = dict.fromkeys(FIRST)
    for row in rows:
        found |= dict.fromkeys(name for name in row if name != "error")
    if any(row.get("error") for row in rows):
        found["error"] = None
    return list(found)
