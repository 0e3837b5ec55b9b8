"""The switch itself."""

from __future__ import annotations

from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.device import Device, DeviceState
from netloom.platforms.arista_eos import show_version
from netloom.platforms.arista_eos.change import change
from netloom.platforms.arista_eos.syntax import domain
from netloom.platforms.line_words import word

READ = show_version.READ

_NAMELESS = "localhost"
_BANNERS = {"banner_login": "banner login", "banner_motd": "banner motd"}
_END = "EOF"


def configured(config: Config) -> list[Device]:
    """One, where the configuration says a word about it; a switch without a name is `localhost`."""
    name = word(config.tree, "hostname ")
    found = Device(
        hostname=name or _NAMELESS,
        domain=word(config.tree, "dns domain ") or word(config.tree, "ip domain-name "),
        banner_login=_banner(config, "banner login"),
        banner_motd=_banner(config, "banner motd"),
    )
    return [found] if name is not None or found != Device(_NAMELESS) else []


def lines(record: Device, config: Config) -> list[Line]:
    """`hostname`, the domain in the release's word, and banners as they stand."""
    shown = canonical(record)
    found = [Line(f"hostname {shown.hostname}")] if shown.hostname != _NAMELESS else []
    if shown.domain:
        found.append(Line(f"{domain(config)} {shown.domain}"))
    for field, start in _BANNERS.items():
        if (text := getattr(shown, field)) is not None:
            present = next((line for line, _ in config.sections(f"{start}\n") if _text(line) == text), None)
            found.append(Line(present or f"{start}\n{text}\n{_END}"))
    return found


def render(have: Device | None, want: Device | None, config: Config) -> list[Line]:
    """The least change; a banner cannot hold the line that ends banners."""
    for field in _BANNERS:
        text = getattr(want, field) if want is not None else None
        if text and any(line.strip() == _END for line in text.splitlines()):
            raise Unsupported(f"device: EOS ends a {field} at a line {_END!r}", device="", hint="leave that line out")
    return change(have, want, config, lines)


def canonical(record: Device) -> Device:
    """Without empty banners."""
    return replace(record, banner_login=record.banner_login or None, banner_motd=record.banner_motd or None)


def _banner(config: Config, start: str) -> str | None:
    line = next((line for line, _ in config.sections(f"{start}\n")), None)
    return _text(line) or None if line is not None else None


def _text(line: str) -> str:
    """The text between the command and the end, as records hold it."""
    return "\n".join(text.rstrip() for text in line.split("\n")[1:-1]).strip("\n")


def observed(*outputs: str) -> list[DeviceState]:
    """The device, as eAPI or the command line tells."""
    return show_version.devices(outputs)
