"""Texts as the device prints them are compared before they are read, and come to the same."""

from pathlib import Path
from random import Random

import pytest

from netloom.platforms.juniper_junos import unread
from netloom.platforms.juniper_junos.delta import delta
from netloom.platforms.juniper_junos.running_config import format_config, parse
from netloom.platforms.juniper_junos.tree import JunosConfig
from netloom.platforms.juniper_junos.unread import UnreadConfig, is_regular, unlike

ROUTER = format_config(parse((Path(__file__).parent / "juniper_junos_router.conf").read_text()))
PLAIN = "".join(line for line in ROUTER.splitlines(keepends=True) if "/*" not in line)


def edited(text: str, random: Random) -> str:
    """The text with statements gone, changed, moved and made inactive, and with blocks gone."""
    found: list[str] = []
    gone: str | None = None
    for line in text.splitlines():
        pad, chance = line[: len(line) - len(line.lstrip())], random.random()
        if gone is not None:
            gone = None if line == f"{gone}}}" else gone
        elif line.endswith("{") and chance < 0.03:
            gone = pad
        elif not line.endswith(";") or chance > 0.2:
            found.append(line)
        elif chance > 0.1:
            found.append("".join(str(random.randrange(10)) if sign.isdigit() else sign for sign in line))
        elif chance > 0.07 and ": " not in line:
            found.append(f"{pad}inactive: {line.lstrip()}")
        elif chance > 0.04:
            found.insert(len(found) - bool(found and found[-1].endswith(";")), line)
    return "\n".join(found) + "\n"


@pytest.mark.parametrize("short", [0, 500])
def test_what_both_texts_hold_changes_no_plan(short: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unread, "_SHORT", short)
    compared = 0
    for seed in range(50):
        random = Random(seed)  # noqa: S311 - edits, no secrets
        texts = edited(PLAIN, random), edited(PLAIN, random)
        have, want = map(parse, texts)
        compared += isinstance(have, UnreadConfig) and isinstance(want, UnreadConfig)
        read = [JunosConfig(parse(text).tree) for text in texts]
        assert delta(have, want) == delta(*read), seed
    assert compared > 30


def test_equal_blocks_are_not_read() -> None:
    have = "system {\n    host-name a;\n}\ninterfaces {\n    ge-0/0/0 {\n        mtu 1500;\n    }\n}\n"
    first, second = unlike(parse(have), parse(have.replace("1500", "9000")))
    assert first.tree == {"system": {}, "interfaces": {"ge-0/0/0": {"mtu": {"1500": {}}}}}
    assert second.tree == {"system": {}, "interfaces": {"ge-0/0/0": {"mtu": {"9000": {}}}}}


def test_a_text_is_read_when_its_tree_is_asked_for() -> None:
    config = parse("system {\n    host-name a;\n}\n")
    assert isinstance(config, UnreadConfig)
    assert config.text() is not None
    assert config.tree == {"system": {"host-name": {"a": {}}}}
    assert config.text() is None
    assert config.marks == frozenset()
    assert unlike(config, config) == (config, config)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("system {\n    host-name a\n}\n", id="no sign"),
        pytest.param("system {\nhost-name a;\n}\n}\n", id="one brace too many"),
        pytest.param("system {\n    login {\n}\n", id="one too few"),
        pytest.param("a {\n  b {\n}\n  }\n", id="out of place"),
        pytest.param("a {\nb {\n}\n}\n", id="not indented"),
        pytest.param("}\na {\n", id="the wrong way round"),
        pytest.param('a "b;\n', id="open quote"),
        pytest.param("a [ b;\n", id="open list"),
        pytest.param("/* a */\nb;\n", id="comment"),
        pytest.param("a; b;\n", id="two statements"),
        pytest.param("delete: a;\n", id="patch"),
        pytest.param("{\n}\n", id="no header"),
        pytest.param("## Last commit: now\na;\n", id="noise"),
    ],
)
def test_other_texts_are_read_at_once(text: str) -> None:
    assert not is_regular(text)


def test_lists_secrets_quotes_and_blank_lines_are_regular() -> None:
    lines = ("a [ b c ];", 'd "e { f; # }";', 'g "h"; ## SECRET-DATA', "", "  ", "inactive: i {", "    j;", "}")
    assert is_regular("".join(f"{line}\n" for line in lines))


def test_an_unread_configuration_can_be_copied_and_given_other_statements() -> None:
    config = parse("system {\n    host-name a;\n}\n")
    assert config.copy() == config
    assert config.with_tree({}) == parse("")
