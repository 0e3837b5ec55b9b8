"""What a getter asks a device: questions one after the other, each chosen with the answers before it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question; a device that refuses all its forms has no answer to it."""

    forms: tuple[str, ...]
    """Commands, or contents of rpc elements: the first that the device takes counts."""
    by: Literal["cli", "rpc"] = "cli"
    json: bool = False
    """Ask for structured data, by `| json`."""
    name: str | None = None
    """Under which the getter looks for the answer, where that is not the form itself."""


Asking = Generator[Question, str, Mapping[str, str] | None]
"""Is sent each answer, empty where there is none, and may return further replies that it made of them."""
Asker = Callable[..., Asking]
"""Takes NAPALM's arguments by their names, and `structured`: whether the device is reached by an API of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """What to send, in NAPALM's words."""

    destination: str
    source: str = ""
    ttl: int = 255
    timeout: int = 2
    size: int = 100
    count: int = 5
    vrf: str = ""
    source_interface: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traceroute:
    """Whose way to show, in NAPALM's words."""

    destination: str
    source: str = ""
    ttl: int = 255
    timeout: int = 2
    vrf: str = ""


def command(*forms: str, json: bool = False, name: str | None = None) -> Question:
    """A command, and how other releases call it."""
    return Question(forms=forms, json=json, name=name)


def rpc(name: str, *contents: str) -> Question:
    """An rpc under the name that recorders give it."""
    return Question(forms=contents or (f"<{name}/>",), by="rpc", name=name)


def fixed(*questions: Question) -> Asker:
    """A getter that always asks the same."""

    def ask(*, structured: bool) -> Asking:  # noqa: ARG001 - an asker's signature
        yield from asked(questions)
        return None

    return ask


def pinging(make: Callable[[Ping], Question]) -> Asker:
    """A getter that asks what it makes of its arguments."""

    def ask(*, structured: bool, **given: Any) -> Asking:  # noqa: ARG001 - an asker's signature
        return _once(make(Ping(**given)))

    return ask


def tracing(make: Callable[[Traceroute], Question]) -> Asker:
    """A getter that asks what it makes of its arguments."""

    def ask(*, structured: bool, **given: Any) -> Asking:  # noqa: ARG001 - an asker's signature
        return _once(make(Traceroute(**given)))

    return ask


def _once(question: Question) -> Asking:
    yield question
    return None


def asked(questions: Iterable[Question]) -> Generator[Question, str, None]:
    """Ask several things whose answers decide nothing."""
    for question in questions:  # noqa: UP028 - answers are sent, which an iterator does not take
        yield question


def words(**given: Any) -> str:
    """Words of a command that are there only with a value: `vrf=""` is none."""
    return "".join(f" {name.rstrip('_').replace('_', '-')} {value}" for name, value in given.items() if value != "")
