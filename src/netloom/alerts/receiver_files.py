"""`alerts/receivers.yml`: whom alerts are told, read with file:line:column for every mistake."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from netloom.alerts.duration import seconds
from netloom.alerts.receiver import Command, Email, Receiver, Receivers, Slack, Syslog, Way, Webhook
from netloom.alerts.rule import SEVERITIES
from netloom.codecs import marked_yaml
from netloom.codecs.marked_yaml import Document
from netloom.errors import SourceError
from netloom.inventory.secrets import SCHEMES, is_reference

WAYS: Mapping[str, type[Way]] = {
    "email": Email,
    "webhook": Webhook,
    "slack": Slack,
    "syslog": Syslog,
    "command": Command,
}
_SPANS = {
    "group_wait": "group_wait_s",
    "group_interval": "group_interval_s",
    "repeat": "repeat_s",
    "timeout": "timeout_s",
}
_MANNERS = (*_SPANS, "group_by", "send_resolved", "severities")
_MAILBOX = re.compile(r"[!-~]{1,64}@[A-Za-z0-9.\[\]:-]{1,255}")
_WRITTEN = {"from": "sender"}
_SECRET = ("password", "token")


def load_receivers(path: Path) -> Receivers:
    """The file's receivers, none where there is no file; raises SourceError."""
    name = f"{path.parent.name}/{path.name}"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Receivers()
    except (OSError, UnicodeDecodeError) as exc:
        raise SourceError(f"cannot be read: {exc}", file=name) from exc
    return read_receivers(text, name)


def read_receivers(text: str, name: str) -> Receivers:
    """The receivers in a text; raises SourceError."""
    document = marked_yaml.load(text, name)
    data = document.data or {}
    if not isinstance(data, dict):
        raise document.error((), "expected receivers, such as `receivers: {ops: {email: …}}`")
    known = ["receivers", "default", *_MANNERS]
    for key in data:
        if key not in known:
            raise document.unknown_key((key,), known)
    listed = data.get("receivers") or {}
    if not isinstance(listed, dict):
        raise document.error(("receivers",), "expected a mapping: name → how to reach it")
    manner = _manner(document, (), {key: data[key] for key in _MANNERS if key in data})
    found = {str(each): _receiver(document, str(each), manner) for each in listed}
    default = _texts(document, ("default",), data.get("default", []))
    for each in default:
        if each not in found:
            raise document.error(
                ("default",), f"no receiver {each!r}", hint=f"expected one of {', '.join(found) or 'some below it'}"
            )
    return Receivers(found, default)


def _receiver(document: Document, name: str, manner: Mapping[str, Any]) -> Receiver:
    path = ("receivers", name)
    item = document.data["receivers"][name]
    if not isinstance(item, dict):
        raise document.error(path, f"expected how to reach it, such as {{email: …}}, got {item!r}")
    known = [*WAYS, *_MANNERS]
    for key in item:
        if key not in known:
            raise document.unknown_key((*path, key), known)
    ways = [key for key in item if key in WAYS]
    if len(ways) != 1:
        raise document.error(path, "expected exactly one way to reach it", hint=f"one of {', '.join(WAYS)}")
    own = _manner(document, path, {key: item[key] for key in item if key in _MANNERS})
    way = _way(document, (*path, ways[0]), item[ways[0]])
    return replace(Receiver(name=name, way=way), **{**manner, **own})


def _manner(document: Document, path: tuple[str, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """How often, and what; by the fields of a receiver."""
    found: dict[str, Any] = {}
    for key, value in given.items():
        at = (*path, key)
        if key in _SPANS:
            try:
                found[_SPANS[key]] = seconds(value)
            except ValueError as exc:
                raise document.error(at, f"{key}: {exc}") from exc
        elif key == "send_resolved":
            if not isinstance(value, bool):
                raise document.error(at, f"{key}: expected true or false, got {value!r}")
            found[key] = value
        else:
            found[key] = _texts(document, at, value)
    for each in found.get("severities", ()):
        if each not in SEVERITIES:
            raise document.error((*path, "severities"), f"expected some of {', '.join(SEVERITIES)}, got {each!r}")
    return found


def _way(document: Document, path: tuple[str, ...], value: Any) -> Way:
    kind = WAYS[path[-1]]
    if kind is Command and isinstance(value, list):
        value = {"run": value}
    if kind in (Webhook, Slack) and isinstance(value, str):
        value = {"url": value}
    if kind is Syslog and isinstance(value, str):
        value = {"to": value}
    if not isinstance(value, dict):
        raise document.error(path, f"{path[-1]}: expected a mapping, got {value!r}")
    known = {("from" if field.name == "sender" else field.name): field for field in fields(kind)}
    given: dict[str, Any] = {}
    for key, item in value.items():
        if key not in known:
            raise document.unknown_key((*path, key), list(known))
        given[_WRITTEN.get(str(key), str(key))] = _option(document, (*path, key), str(known[key].type), item)
    for key, field in known.items():
        if field.default is MISSING and field.default_factory is MISSING and key not in value:
            raise document.error(path, f"{path[-1]}: expected {key}", at_key=True)
    made = kind(**given)
    _check(document, path, made)
    return made


def _option(document: Document, path: tuple[str, ...], kind: str, value: Any) -> Any:
    if kind.startswith("tuple"):
        return _texts(document, path, value)
    if kind.startswith("Mapping"):
        if not isinstance(value, dict):
            raise document.error(path, f"{path[-1]}: expected a mapping of texts, got {value!r}")
        return {str(key): str(item) for key, item in value.items()}
    if kind == "int":
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 65535:
            raise document.error(path, f"{path[-1]}: expected a number up to 65535, got {value!r}")
        return value
    if not isinstance(value, str) or not value:
        raise document.error(path, f"{path[-1]}: expected a text")
    if path[-1] in _SECRET and not is_reference(value):
        hint = f"it starts with {', '.join(SCHEMES)} and `:`"
        raise document.error(path, f"{path[-1]}: expected a reference to a secret", hint=hint)
    return value


def _check(document: Document, path: tuple[str, ...], way: Way) -> None:
    """What the fields' kinds do not say."""
    match way:
        case Email():
            _check_email(document, path, way)
        case Webhook(url=url) | Slack(url=url):
            if not is_reference(url) and urlsplit(url).scheme not in ("http", "https"):
                raise document.error((*path, "url"), f"url: expected https://…, or a reference, got {url!r}")
        case Syslog():
            parts = urlsplit(way.to)
            if parts.scheme not in ("udp", "tcp", "tls") or not parts.hostname:
                raise document.error((*path, "to"), f"to: expected udp://, tcp:// or tls://host:port, got {way.to!r}")
            if way.facility > 23:
                raise document.error((*path, "facility"), f"facility: expected 0 to 23, got {way.facility}")
        case Command():
            if not way.run or not Path(way.run[0]).is_absolute():
                raise document.error(path, "run: expected a program by its whole path", hint="as [/usr/bin/page, ops]")


def _check_email(document: Document, path: tuple[str, ...], way: Email) -> None:
    for key, boxes in (("to", way.to), ("from", (way.sender,))):
        for box in boxes:
            if not _MAILBOX.fullmatch(box):
                raise document.error((*path, key), f"{key}: expected a mail address, got {box!r}")
    if way.security not in ("starttls", "tls", "none"):
        raise document.error((*path, "security"), f"expected starttls, tls or none, got {way.security!r}")
    if way.security == "none" and way.password is not None:
        raise document.error((*path, "security"), "a password is not sent without TLS")
    if (way.username is None) != (way.password is None):
        raise document.error(path, "expected username and password, or neither")


def _texts(document: Document, path: tuple[str, ...], value: Any) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(each, str | int) for each in listed):
        raise document.error(path, f"{path[-1]}: expected a list of texts, got {value!r}")
    return tuple(str(each) for each in listed)
