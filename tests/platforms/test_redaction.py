"""Secrets stay hidden, whoever's configuration it is; what is no secret stays readable."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netloom.platforms.redaction import PLACEHOLDER, redact, restore, scrub
from netloom.platforms.secret_forms import SUSPECT, needed_word

KEY = b"k" * 32
DATA = Path(__file__).parent / "secrets"
MARKED = re.compile("«([^»]*)»")
HIDDEN = [line for line in (DATA / "hidden.txt").read_text().splitlines() if line and not line.startswith("#")]
SHOWN = (DATA / "shown.txt").read_text().splitlines()
PLAIN = [MARKED.sub(r"\1", line) for line in HIDDEN]
OWN = (re.compile(r"^ *ip nhrp authentication (?P<secret>\S+)"),)


def _hide(text: str) -> str:
    return redact(text, OWN, KEY).text


@pytest.mark.parametrize("line", HIDDEN)
def test_secret_is_hidden_and_nothing_else(line: str) -> None:
    plain = MARKED.sub(r"\1", line)
    redacted = redact(plain, OWN, KEY)
    secrets = [secret.strip("\"'") for secret in MARKED.findall(line) if secret]
    assert sorted(redacted.secrets.values()) == sorted(set(secrets))
    shape = re.escape(MARKED.sub("\0", re.sub("«([\"'])([^»]*)\\1»", "\\1«\\2»\\1", line)))
    assert re.fullmatch(shape.replace("\0", PLACEHOLDER.pattern), redacted.text)


@pytest.mark.parametrize("line", SHOWN)
def test_line_without_secret_is_left_alone(line: str) -> None:
    assert _hide(line) == line


def test_redaction_is_idempotent_and_complete_over_whole_texts() -> None:
    text = "\n".join(PLAIN + SHOWN)
    once = _hide(text)
    assert _hide(once) == once
    assert once.split("\n")[len(PLAIN) :] == SHOWN


@given(st.lists(st.sampled_from(PLAIN + SHOWN) | st.text(max_size=30), max_size=8))
@settings(max_examples=100, deadline=None)
def test_redacting_twice_changes_nothing_and_restoring_brings_all_back(lines: list[str]) -> None:
    text = "\n".join(lines)
    once = _hide(text)
    assert _hide(once) == once
    restored = restore(once, text, OWN, KEY)
    assert (restored.text, restored.missing) == (text, ())


@given(st.sampled_from([line for line in PLAIN if "nhrp" not in line]))
def test_quick_look_skips_no_line_that_holds_a_secret(line: str) -> None:
    assert SUSPECT.search(line)


@pytest.mark.parametrize(
    ("pattern", "word"),
    [
        (r"^ *ip ospf authentication-key (?P<secret>\S+)", "ip ospf authentication-key "),
        (r"^ *(?:area|domain)-password (?:clear|md5) (?P<secret>\S+)", "-password "),
        (r"Keys? (?P<secret>x)", "key"),
        (r"a{2}\bcommunity[a-z] (?P<secret>\S+)", "community"),
        (r"\d+ key|(?P<secret>x)", ""),
        (r"[^\]longword]key[]x](?P<secret>x)", "key"),
        (r"(?:ab|cd)(?P<secret>x)", ""),
    ],
)
def test_word_that_a_pattern_needs_is_read_from_it(pattern: str, word: str) -> None:
    assert needed_word(re.compile(pattern)) == word


def test_placeholder_changes_with_the_secret_and_with_the_key_only() -> None:
    first = _hide("enable secret 0 alpha")
    assert _hide("enable secret 0 alpha") == first
    assert _hide("enable secret 0 beta") != first
    assert redact("enable secret 0 alpha", OWN, b"other").text != first
    assert _hide(" neighbor 10.0.0.1 password alpha").split()[-1] == first.split()[-1]


def test_rotated_secret_cannot_be_restored_and_is_listed() -> None:
    archived = _hide("enable password one\ntacacs-server key two\n")
    restored = restore(archived, "enable password ONE\ntacacs-server key two\n", OWN, KEY)
    assert restored.text.endswith("\ntacacs-server key two\n")
    assert restored.missing == (archived.split("\n")[0].split()[-1],)
    assert restored.missing[0] in restored.text


def test_private_keys_are_hidden_as_a_whole() -> None:
    text = "a\n-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAKC\n-----END RSA PRIVATE KEY-----\nb\n"
    once = _hide(text)
    assert "MIIEow" not in once
    assert _hide(once) == once
    assert restore(once, text, OWN, KEY).text == text


def test_community_in_an_snmp_section_is_secret_and_in_a_policy_is_not() -> None:
    text = "s {\n  snmp {\n    community public {\n      authorization read-only;\n    }\n    community rw99;\n  }\n}\n"
    policy = "policy {\n  from {\n    community RED;\n  }\n}\n"
    redacted = redact(text + policy, (), KEY)
    assert sorted(redacted.secrets.values()) == ["public", "rw99"]
    assert redacted.text.endswith(policy)
    assert _hide(redacted.text) == redacted.text


def test_unknown_platform_without_patterns_hides_the_known_forms() -> None:
    assert "zebra" not in redact("enable password zebra", (), KEY).text


def test_representation_shows_no_secret() -> None:
    assert "zebra" not in repr(redact("enable password zebra", (), KEY))
    assert "zebra" not in repr(restore(_hide("enable password zebra"), "enable password zebra", OWN, KEY))


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (
            "leaf1: 'neighbor 10.0.0.1 password foo' was rejected",
            "leaf1: 'neighbor 10.0.0.1 password <secret>' was rejected",
        ),
        ("leaf1: the password was rejected", "leaf1: the password was rejected"),
        ("none of password, keyboard-interactive", "none of password, keyboard-interactive"),
        ("cannot reach http://user:pw@host/", "cannot reach http://user:<secret>@host/"),
        ("line 3: snmp-server community public", "line 3: snmp-server community <secret>"),
        ("snmp-server community <secret>", "snmp-server community <secret>"),
    ],
)
def test_messages_are_scrubbed_and_stay_readable(message: str, shown: str) -> None:
    assert scrub(message) == shown
