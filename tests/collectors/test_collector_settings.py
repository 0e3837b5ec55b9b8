"""Settings as people write them: read into dataclasses, and what is wrong told with its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from netloom.codecs import marked_yaml
from netloom.collectors.settings import collectors, read, settings_of
from netloom.errors import SourceError, UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody."""

    name: str
    level: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A collector's."""

    listen: tuple[str, ...] = ("udp://127.0.0.1:1",)
    every_s: float = 60.0
    active: bool = True
    certificate: str | None = None
    users: tuple[User, ...] = ()
    sampling: Mapping[str, int | float] = field(default_factory=dict)
    modules: Mapping[str, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.every_s <= 0:
            raise ValueError(f"every_s: expected more than nothing, got {self.every_s}")


def parsed(text: str) -> Any:
    document = marked_yaml.load(text, "netloom.yml")
    return read(Settings, document.data, document, ())


def test_everything_that_may_be_written_is_read() -> None:
    found = parsed(
        "listen: udp://0.0.0.0:2055\nevery_s: 5\nactive: false\ncertificate: a.pem\nusers: [{name: joe, level: 2}]\n"
        "sampling: {10.0.0.1: 1000, 10.0.0.2: 1.5}\nmodules: {http: {name: x}}\n"
    )
    assert found == Settings(
        listen=("udp://0.0.0.0:2055",),
        every_s=5.0,
        active=False,
        certificate="a.pem",
        users=(User(name="joe", level=2),),
        sampling={"10.0.0.1": 1000, "10.0.0.2": 1.5},
        modules={"http": User(name="x")},
    )


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("every_s: often", "netloom.yml:1:10", "expected a number, got 'often'"),
        ("every_s: true", "netloom.yml:1:10", "expected a number"),
        ("active: 1", "netloom.yml:1:9", "expected true or false"),
        ("every_s: -1", "netloom.yml:1:10", "expected more than nothing"),
        ("listen: [1]", "netloom.yml:1:10", "expected text"),
        ("lisen: x", "netloom.yml:1:1", 'did you mean "listen"?'),
        ("users:\n  - {nam: joe}", "netloom.yml:2:6", 'did you mean "name"?'),
        ("users:\n  - {level: 3}", "netloom.yml:2:5", "users.0.name: expected a value, got none"),
        ("users: joe", "netloom.yml:1:8", "expected a list"),
        ("sampling: [1]", "netloom.yml:1:11", "expected a mapping"),
        ("- 1", "netloom.yml:1:1", "expected a mapping of settings"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, place: str, words: str) -> None:
    with pytest.raises(SourceError) as caught:
        parsed(text)
    assert str(caught.value).startswith(place), str(caught.value)
    assert words in str(caught.value)


def test_a_collector_nobody_knows_is_named() -> None:
    with pytest.raises(UsageError, match="no collector 'flwo'"):
        settings_of("flwo")


@pytest.mark.parametrize("name", sorted(collectors()))
def test_every_collector_has_defaults_that_listen_to_this_machine_alone(name: str) -> None:
    for url in getattr(settings_of(name), "listen", ()):
        assert "127.0.0.1" in url or "[::1]" in url
