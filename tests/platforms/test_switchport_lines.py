"""Switch ports as Cisco-like systems write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.model.config import Tree
from netloom.model.switchport import Switchport
from netloom.model.text import vlan_ranges
from netloom.platforms.switchport_lines import (
    SwitchportWords,
    allowed_vlans,
    canonical_switchport,
    switchport,
    switchport_texts,
)

BY_DEFAULT = SwitchportWords(mode="access", voice="switchport phone vlan")
IF_SAID = SwitchportWords(switched=True)


def tree(*texts: str) -> Tree:
    return {text: {} for text in texts}


@pytest.mark.parametrize(
    ("texts", "words", "expected"),
    [
        (["description x"], BY_DEFAULT, None),
        (["switchport access vlan 10"], BY_DEFAULT, Switchport("e1", mode="access", access_vlan=10)),
        (["no switchport", "ip address 10.0.0.1/24"], BY_DEFAULT, Switchport("e1", mode="routed")),
        (["switchport"], IF_SAID, Switchport("e1")),
        (["switchport mode dynamic auto"], IF_SAID, None),
        (
            ["switchport mode trunk", "switchport trunk native vlan 99", "switchport trunk allowed vlan 20,10"],
            BY_DEFAULT,
            Switchport("e1", mode="trunk", native_vlan=99, allowed_vlans="10,20"),
        ),
        (["switchport phone vlan 7"], BY_DEFAULT, Switchport("e1", mode="access", voice_vlan=7)),
    ],
)
def test_a_port_is_what_its_lines_say(texts: list[str], words: SwitchportWords, expected: Switchport | None) -> None:
    assert switchport("e1", tree(*texts), words) == expected


def test_allowed_vlans_add_up() -> None:
    lines = [
        "switchport trunk allowed vlan 1-10",
        "switchport trunk allowed vlan add 20,30",
        "switchport trunk allowed vlan remove 5",
    ]
    assert allowed_vlans(lines) == "1-4,6-10,20,30"
    assert allowed_vlans(["switchport trunk allowed vlan except 2-4094"]) == "1"
    assert allowed_vlans(["switchport trunk allowed vlan none"]) == "none"
    assert allowed_vlans(["switchport mode trunk"]) is None


def test_lines_that_add_up_to_the_same_stay_as_they_are() -> None:
    section = tree("switchport trunk allowed vlan 1-10", "switchport trunk allowed vlan add 20,30")
    record = Switchport("e1", mode="trunk", allowed_vlans="1-10,20,30")
    assert switchport_texts(record, section, BY_DEFAULT) == ["switchport mode trunk", *section]
    grown = Switchport("e1", mode="trunk", allowed_vlans="1-10,20,30-31")
    assert switchport_texts(grown, section, BY_DEFAULT)[1:] == ["switchport trunk allowed vlan 1-10,20,30-31"]


vlans = st.none() | st.integers(1, 4094)
ports = st.builds(
    Switchport,
    interface=st.just("e1"),
    mode=st.sampled_from([None, "access", "trunk", "routed"]),
    access_vlan=vlans,
    native_vlan=vlans,
    allowed_vlans=st.none() | st.sets(st.integers(1, 4094), max_size=9).map(vlan_ranges),
    voice_vlan=vlans,
)


@given(ports, st.sampled_from([BY_DEFAULT, IF_SAID]))
def test_what_is_written_reads_as_it_was(record: Switchport, words: SwitchportWords) -> None:
    section = tree(*switchport_texts(record, {}, words))
    expected = canonical_switchport(record, words)
    assert switchport("e1", section, words) == (expected if section else None)
    assert switchport_texts(expected, section, words) == list(section)
