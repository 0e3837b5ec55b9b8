"""Where a device's own difference and the plan part, and what of it people are shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.platforms.promises import QUICK

from netloom.intent.look_report import beneath, beside, look_data
from netloom.intent.own_words import hidden
from netloom.intent.parting import Look, Parting, parting
from netloom.platforms.contract import load_platform

EOS, JUNOS, NXOS, FRR = map(load_platform, ("arista_eos", "juniper_junos", "cisco_nxos", "frr"))
BASE = "hostname old\n!\ninterface Ethernet1\n   mtu 9000\n!\n"
NEW = "hostname new\n!\ninterface Ethernet1\n   mtu 9000\n!\nvlan 30\n!\n"
AGREED = "--- system:/running-config\n+++ session:/t1\n-hostname old\n+hostname new\n+vlan 30\n+!\n"


def test_a_difference_that_says_the_same_parts_from_nothing() -> None:
    assert parting(EOS, AGREED, BASE, NEW) is None


def test_each_side_is_told_what_only_the_other_says() -> None:
    found = parting(EOS, AGREED.replace("+vlan 30", "+vlan 31\n-   mtu 9000"), BASE, NEW)
    assert found == Parting((("removes", "mtu 9000"), ("adds", "vlan 31")), (("adds", "vlan 30"),))
    assert str(found) == (
        "the device removes 'mtu 9000', which is not planned; the device adds 'vlan 31', which is not planned; "
        "the device does not say that it adds 'vlan 30'"
    )


def test_a_line_that_goes_instead_of_coming_is_told_on_both_sides() -> None:
    found = parting(EOS, AGREED.replace("+vlan 30", "-vlan 30"), BASE, NEW)
    assert found == Parting((("removes", "vlan 30"),), (("adds", "vlan 30"),))


def test_many_are_counted() -> None:
    more = "".join(f"+vlan {tag}\n" for tag in range(100, 110))
    assert "(and 7 more)" in str(parting(EOS, f"{AGREED}{more}", BASE, NEW))


def test_of_a_statement_and_what_stands_below_it_the_deepest_is_told() -> None:
    found = parting(JUNOS, "[edit]\n+  vlans {\n+      v30 {\n+          vlan-id 30;\n+      }\n+  }\n", "", "")
    assert found == Parting((("adds", "vlans v30 vlan-id 30"),))


def test_a_system_without_a_difference_of_its_own_parts_from_nothing() -> None:
    assert parting(FRR, "whatever", "", "hostname r1\n") is None
    assert parting(NXOS, "No Changes", "", "vlan 30\n") is None


def test_words_that_are_not_understood_are_told_as_such() -> None:
    found = parting(JUNOS, "error: no such thing\n", "", "")
    assert found is not None
    assert str(found) == "it is not understood: expected a line of a comparison, got 'error: no such thing'"


SECRETS = {
    "arista_eos": (
        "username bob secret sha512 $6$aaaa$oldoldoldoldoldold\n",
        "username bob secret sha512 $6$bbbb$newnewnewnewnewnew\n",
        "-username bob secret sha512 $6$aaaa$oldoldoldoldoldold\n+username bob secret sha512 {}\n",
    ),
    "juniper_junos": (
        'system { root-authentication { encrypted-password "$6$aaaa$oldoldoldold"; } }',
        'system { root-authentication { encrypted-password "$6$bbbb$newnewnewnew"; } }',
        (
            '[edit system root-authentication]\n-  encrypted-password "$6$aaaa$oldoldoldold"; ## SECRET-DATA\n'
            '+  encrypted-password "{}"; ## SECRET-DATA\n'
        ),
    ),
    "cisco_nxos": (
        "username bob password 5 $5$aaaa$oldoldoldold  role network-admin\n",
        "username bob password 5 $5$bbbb$newnewnewnew  role network-admin\n",
        "username bob password 5 {}  role network-admin\n",
    ),
}


@pytest.mark.parametrize("platform", SECRETS)
def test_a_secret_that_the_device_hashes_anew_is_no_difference(platform: str) -> None:
    base, predicted, shown = SECRETS[platform]
    anew = shown.format("$6$cccc$saltedsaltedsalted")
    assert parting(load_platform(platform), anew, base, predicted) is None
    told = hidden(load_platform(platform), anew, (base, predicted))
    assert "salted" not in told
    assert "oldold" not in told
    assert "…" in told


def test_another_account_is_one() -> None:
    base, predicted, shown = SECRETS["arista_eos"]
    anew = shown.format("$6$cccc$saltedsaltedsalted").replace("+username bob", "+username eve")
    found = parting(EOS, anew, base, predicted)
    assert found == Parting((("adds", "username eve secret sha512 …"),), (("adds", "username bob secret sha512 …"),))


# ---- what is shown -------------------------------------------------------------------------------


def test_a_word_that_its_section_makes_a_secret_is_hidden() -> None:
    shown = "[edit snmp]\n+   community wintermute {\n+       authorization read-only;\n+   }\n"
    assert hidden(JUNOS, shown, ()) == shown.replace("wintermute", "…").rstrip()


def test_a_secret_that_the_configuration_holds_is_hidden_wherever_it_stands() -> None:
    base = "snmp-server community wintermute ro\n"
    assert hidden(EOS, "+alias x wintermute\n", (base,)) == "+alias x …"


def test_what_a_terminal_would_obey_is_shown() -> None:
    assert hidden(EOS, "+banner \x1b[2J\n", ()) == "+banner \\x1b[2J"


LOOK = Look("leaf1", "agrees", "-hostname old\n+hostname new")
OURS = ["~ device", "~     hostname: old → new"]


def test_the_devices_words_stand_beneath_the_plan() -> None:
    assert beneath(LOOK) == [
        "      ¦ leaf1 in its own words:",
        "      ¦ -hostname old",
        "      ¦ +hostname new",
        "= leaf1: its own difference says the same as the plan",
    ]


def test_they_stand_beside_it_where_there_is_room() -> None:
    assert beside(OURS, LOOK, 60) == [
        "~ device                  ¦ leaf1 in its own words:",
        "~     hostname: old → new ¦ -hostname old",
        "                          ¦ +hostname new",
        "= leaf1: its own difference says the same as the plan",
    ]
    assert beside(OURS, LOOK, 40) is None
    assert beside(OURS, Look("leaf1", "untold", detail="nothing"), 200) is None


def test_programs_get_both_sides() -> None:
    parted = Parting((("adds", "vlan 31"),), (("removes", "vlan 30"),))
    assert look_data(Look("leaf1", "parts", "+vlan 31", parted, "why")) == {
        "state": "parts",
        "difference": "+vlan 31",
        "unplanned": [{"what": "adds", "line": "vlan 31"}],
        "untold": [{"what": "removes", "line": "vlan 30"}],
        "detail": "why",
    }


@QUICK
@given(
    st.sampled_from(["arista_eos", "juniper_junos", "cisco_nxos", "cisco_ios"]),
    st.text(alphabet="+-! []{};editvlansno 0123456789\n\r\x1b$", max_size=200),
)
def test_nothing_that_a_device_says_is_obeyed_or_breaks_the_comparison(name: str, said: str) -> None:
    platform = load_platform(name)
    found = parting(platform, said, "", "")
    assert found is None or str(found)
    assert hidden(platform, said, ()).replace("\n", "").isprintable()
