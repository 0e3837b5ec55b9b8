"""`netloom parse`, and `plan --platform`: texts in, records and lines out, without a workspace or a device."""

from __future__ import annotations

import json
import sys
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netloom.cli.loop import run
from netloom.errors import SourceError, UsageError
from netloom.model.noun import Record

if TYPE_CHECKING:
    from netloom.app.offline import Mode
    from netloom.intent.planned import Plan


def parse(
    platform: Annotated[str, typer.Argument(help="The system: cisco_ios, arista_eos, … or another tool's name of it.")],
    noun: Annotated[str, typer.Argument(help="What the files tell: interface, bgp_session, …; `config` is all of it.")],
    files: Annotated[list[Path], typer.Argument(help="What the device said: text, JSON or XML; - is standard input.")],
) -> None:
    """Read what a device said, saved in files, into records: JSON on standard output."""
    from netloom.app.offline import parse_config, parse_outputs

    texts = [_text(file) for file in files]
    found: Any
    if noun == "config":
        if len(texts) != 1:
            raise UsageError(f"expected one configuration, got {len(texts)} files")
        parsed = parse_config(platform, texts[0])
        records = {name: [_plain(record) for record in listed] for name, listed in parsed.records.items() if listed}
        found = {"records": records, "unknown": [str(line) for line in parsed.unknown]}
    else:
        found = [_plain(record) for record in parse_outputs(platform, noun, texts)]
    sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")


def plan_of_file(platform: str | None, config: Path | None, intent: Path | None, mode: str) -> Plan:
    """The plan of one configuration's text."""
    from netloom.app.offline import plan_file

    if platform is None or config is None or intent is None:
        raise UsageError("expected --platform, --config and --intent together")
    chosen: Mode = mode  # type: ignore[assignment] # the option's own values
    return run(plan_file(platform, _text(config), intent, chosen, device=config.stem or "device"))


def _text(file: Path) -> str:
    try:
        if str(file) == "-":
            return sys.stdin.buffer.read().decode("utf-8", "backslashreplace")
        return file.read_bytes().decode("utf-8", "backslashreplace")
    except OSError as exc:
        raise SourceError(f"cannot be read: {exc.strerror}", file=str(file)) from exc


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        every: Any = value
        return {field.name: _plain(getattr(value, field.name)) for field in fields(every)}
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value
