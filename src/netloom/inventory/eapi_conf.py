"""pyeapi's eapi.conf: connections to Arista switches, and the defaults that they share."""

from __future__ import annotations

import re
from configparser import ConfigParser, InterpolationError, ParsingError
from configparser import Error as ConfigError
from typing import Any

from netloom.errors import SourceError
from netloom.inventory.tree import Layer, Notice, Position, Tree

_CONNECTION = re.compile(r"^\[connection:([^\]]+)\]", re.MULTILINE)
_OPTION = re.compile(r"(?P<name>[^\s:=#;\[][^:=]*?)\s*[:=]")
_VARIABLES = {
    "host": "netloom_address",
    "username": "netloom_user",
    "password": "netloom_password",
    "enablepwd": "netloom_enable_password",
    "port": "netloom_port",
    "ca_file": "netloom_tls_ca",
}
_TRANSPORTS = {"https": "https", "https_certs": "https", "http": "http"}
_ON_THE_SWITCH = ("socket", "http_local")
_OTHERS = ("transport", "tags", "timeout", "autorefresh", "context", "key_file", "cert_file")
"""Options that are no variables: how sessions are used, groups, and pyeapi's own."""


def is_eapi_conf(text: str) -> bool:
    """Whether a text has a section as pyeapi's connections have."""
    return _CONNECTION.search(text) is not None


def read_eapi_conf(text: str, file: str, tree: Tree) -> None:
    """Add the connections to the tree, each in the groups of its tags; raises SourceError."""
    parser = ConfigParser()
    try:
        parser.read_string(text, file)
    except ConfigError as exc:
        raise SourceError(
            "expected pyeapi's sections and options", file=file, line=_line(exc), hint=_said(exc)
        ) from exc
    places = _places(text)
    for section in parser.sections():
        kind, _, name = section.partition(":")
        place = places.get((section, ""), (None, None))
        if kind != "connection":
            tree.notices.append(Notice(f"[{section}] is no connection", file, *place))
        elif name == "*":
            tree.notices.append(Notice("[connection:*] names no device", file, *place))
        else:
            _connection(name, _options(parser, section), places, _Source(file, section, tree))


class _Source:
    """One section of the file, and the tree that it goes into."""

    def __init__(self, file: str, section: str, tree: Tree) -> None:
        self.file, self.section, self.tree = file, section, tree


def _connection(name: str, told: dict[str, str], places: dict[tuple[str, str], Position], source: _Source) -> None:
    def place(option: str) -> Position:
        """An option's own line, that of its default, or its section's."""
        found = (places.get((section, option)) for section in (source.section, "DEFAULT"))
        return next((spot for spot in found if spot), places.get((source.section, ""), (None, None)))

    transport = told.get("transport", "https").lower()
    if transport in _ON_THE_SWITCH:
        message = f"{name} is reached on the switch itself only (transport {transport}): left out"
        source.tree.notices.append(Notice(message, source.file, *place("transport")))
        return
    if transport not in _TRANSPORTS:
        line, column = place("transport")
        message = f"{name}: transport: expected https, http or socket, got {transport!r}"
        raise SourceError(message, file=source.file, line=line, column=column)
    for option in told.keys() - _VARIABLES.keys() - set(_OTHERS):
        source.tree.notices.append(Notice(f"{name}: {option} has no meaning here", source.file, *place(option)))
    values: dict[str, Any] = {variable: told[option] for option, variable in _VARIABLES.items() if told.get(option)}
    values |= {"netloom_platform": "arista_eos", "netloom_transport": _TRANSPORTS[transport]}
    options = {variable: option for option, variable in _VARIABLES.items()} | {"netloom_transport": "transport"}
    tags = [tag.strip() for tag in told.get("tags", "").split(",") if tag.strip()] or ["ungrouped"]
    for tag in tags:
        host = source.tree.host(name, tag)
    host.layers.append(
        Layer(source.file, f"host {name}", values, lambda variable: place(options.get(variable, variable)))
    )


def _options(parser: ConfigParser, section: str) -> dict[str, str]:
    """The options with their `%(other)s` filled in; a percent sign that means nothing stays one."""
    found = {}
    for option in parser.options(section):
        try:
            found[option] = parser.get(section, option)
        except InterpolationError:
            found[option] = parser.get(section, option, raw=True)
    return found


def _places(text: str) -> dict[tuple[str, str], Position]:
    """Section and option → line and column; a section itself has the option «»."""
    found: dict[tuple[str, str], Position] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("["):
            section = line[1:].partition("]")[0]
            found.setdefault((section, ""), (number, 1))
        elif match := _OPTION.match(line):
            found[section, match["name"].lower()] = (number, 1)
    return found


def _line(exc: ConfigError) -> int | None:
    if isinstance(exc, ParsingError) and getattr(exc, "errors", None):
        return int(exc.errors[0][0])
    line = getattr(exc, "lineno", None)
    return line if isinstance(line, int) else None


def _said(exc: ConfigError) -> str:
    """What is wrong, without quoting a line that may hold a password."""
    return type(exc).__name__.removesuffix("Error").lower() + " error"
