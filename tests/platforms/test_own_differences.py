"""What devices say of their own candidates, held against the plan: forms of the vendors' documentation, and fuzzed."""

from __future__ import annotations

import difflib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.platforms.arista_eos_records import worlds as eos_worlds
from tests.platforms.cisco_ios_records import worlds as ios_worlds
from tests.platforms.juniper_junos_records import worlds as junos_worlds
from tests.platforms.nxos_records import worlds as nxos_worlds
from tests.platforms.promises import QUICK, Promises, World
from tests.platforms.test_arista_eos_properties import PROMISES as EOS_PROMISES
from tests.platforms.test_cisco_ios_properties import NEW as IOS_PROMISES
from tests.platforms.test_juniper_junos_properties import PROMISES as JUNOS_PROMISES
from tests.platforms.test_nxos_properties import PROMISES as NXOS_PROMISES

from netloom.errors import CommandRejected
from netloom.lab.simulation.vendors.cisco_ios.rollback import differences as contextual
from netloom.lab.simulation.vendors.juniper_junos.difference import difference as compared
from netloom.model.config import Config, Line
from netloom.platforms.contract import Ask, Shift, load_platform

EOS, IOS, JUNOS, NXOS = map(load_platform, ("arista_eos", "cisco_ios", "juniper_junos", "cisco_nxos"))


def shifts(platform: object, shown: str, base: Config, after: Config) -> tuple[Shift, Shift]:
    """What both sides say."""
    difference = platform.difference  # type: ignore[attr-defined]  # any platform
    found: tuple[Shift, Shift] = difference(shown, base, after)
    return found


# ---- Junos -----------------------------------------------------------------------------------------

FILTER = """
firewall { family inet { filter EDGE {
    term web { from { protocol tcp; } then accept; }
    term dns { from { protocol udp; } then accept; }
    term rest { then { discard; } }
} } }
policy-options { policy-statement OUT { from protocol bgp; then accept; } }
protocols { bgp { group PEERS { import [ A B ]; neighbor 10.0.0.1 { peer-as 65001; } } } }
interfaces { ge-0/0/0 { description old; unit 0 { family inet { address 10.0.0.1/30; address 10.9.9.1/24; } } } }
system { host-name mx1; services { ftp; telnet; } login { user bob { class operator;
    authentication { encrypted-password "$6$aaaaaaaa$bbbbbbbbbbbbbbbb"; ## SECRET-DATA
} } } }
"""

JUNOS_CASES: dict[str, tuple[tuple[str, ...], str]] = {
    "a leaf gets another value": (
        ("set interfaces ge-0/0/0 description new",),
        "[edit interfaces ge-0/0/0]\n-  description old;\n+  description new;\n",
    ),
    "one address of two goes": (
        ("delete interfaces ge-0/0/0 unit 0 family inet address 10.9.9.1/24",),
        "[edit interfaces ge-0/0/0 unit 0 family inet]\n-      address 10.9.9.1/24;\n",
    ),
    "a family is left empty": (
        ("delete interfaces ge-0/0/0 unit 0 family inet address",),
        "[edit interfaces ge-0/0/0 unit 0 family inet]\n-      address 10.0.0.1/30;\n-      address 10.9.9.1/24;\n",
    ),
    "a whole interface comes and another goes": (
        ("delete interfaces ge-0/0/0", 'set interfaces xe-0/0/1 description "to mx2, port 1"'),
        (
            "[edit interfaces]\n-   ge-0/0/0 {\n-       description old;\n-       unit 0 {\n"
            "-           family inet {\n"
            "-               address 10.0.0.1/30;\n-               address 10.9.9.1/24;\n"
            "-           }\n-       }\n-   }\n"
            '+   xe-0/0/1 {\n+       description "to mx2, port 1";\n+   }\n'
        ),
    ),
    "a term between others, with its neighbors": (
        (
            "set firewall family inet filter EDGE term ssh then accept",
            "insert firewall family inet filter EDGE term ssh before term dns",
        ),
        (
            "[edit firewall family inet filter EDGE]\n      term web { ... }\n"
            "+     term ssh {\n+         then accept;\n"
            "+     }\n      term dns { ... }\n"
        ),
    ),
    "a term moves": (
        ("insert firewall family inet filter EDGE term dns before term web",),
        "[edit firewall family inet filter EDGE]\n!     term dns { ... }\n",
    ),
    "a list in brackets is ordered anew": (
        ("delete protocols bgp group PEERS import", "set protocols bgp group PEERS import [ B A ]"),
        "[edit protocols bgp group PEERS]\n-    import [ A B ];\n+    import [ B A ];\n",
    ),
    "an interface is deactivated": (
        ("deactivate interfaces ge-0/0/0",),
        "[edit interfaces]\n!   inactive: ge-0/0/0 { ... }\n",
    ),
    "a leaf is deactivated": (
        ("deactivate interfaces ge-0/0/0 description",),
        "[edit interfaces ge-0/0/0]\n!  inactive: description old;\n",
    ),
    "something comes that is inactive": (
        ("set interfaces xe-0/0/1 mtu 9000", "deactivate interfaces xe-0/0/1"),
        "[edit interfaces]\n+   inactive: xe-0/0/1 {\n+       mtu 9000;\n+   }\n",
    ),
    "a section is protected": (("protect system",), "[edit]\n!   protect: system { ... }\n"),
    "a container that says nothing goes with its last statement": (
        ("delete system services ftp", "delete system services telnet"),
        "[edit system services]\n-    ftp;\n-    telnet;\n",
    ),
    "the same, told as a whole": (
        ("delete system services ftp", "delete system services telnet"),
        "[edit system]\n-  services {\n-      ftp;\n-      telnet;\n-  }\n",
    ),
    "comments and the engine's line say nothing": (
        ("set system host-name mx9",),
        "{master}\n\n[edit system]\n-  host-name mx1;\n+  /* moved */\n+  host-name mx9;\n\n{master}[edit]\n",
    ),
    "a secret, with what Junos says of it": (
        ('set system login user bob authentication encrypted-password "$6$cccc$dddd"',),
        (
            "[edit system login user bob authentication]\n"
            '-    encrypted-password "$6$aaaaaaaa$bbbbbbbbbbbbbbbb"; ## SECRET-DATA\n'
            '+    encrypted-password "$6$cccc$dddd"; ## SECRET-DATA\n'
        ),
    ),
}


@pytest.mark.parametrize("case", JUNOS_CASES)
def test_junos_comparison_says_what_is_planned(case: str) -> None:
    lines, shown = JUNOS_CASES[case]
    base = JUNOS.parse(FILTER)
    told, ours = shifts(JUNOS, shown, base, JUNOS.apply_lines(base, [Line(line) for line in lines]))
    assert told == ours
    assert told


@pytest.mark.parametrize("case", JUNOS_CASES)
def test_junos_comparison_of_another_change_says_something_else(case: str) -> None:
    lines, shown = JUNOS_CASES[case]
    base = JUNOS.parse(FILTER)
    after = JUNOS.apply_lines(base, [*(Line(line) for line in lines), Line("set system location building 9")])
    told, ours = shifts(JUNOS, shown, base, after)
    assert {"system location building 9"} == {text for text in ours.keys() - told.keys() if text.endswith("9")}
    told, ours = shifts(JUNOS, "[edit system]\n+  location {\n+      building 9;\n+  }\n", base, base)
    assert (told.get("system location building 9"), ours) == (1, {})


def test_junos_order_that_nobody_planned_is_told() -> None:
    base = JUNOS.parse(FILTER)
    told, ours = shifts(JUNOS, "[edit firewall family inet filter EDGE]\n!     term dns { ... }\n", base, base)
    assert (dict(told), dict(ours)) == ({"the order of firewall family inet filter EDGE term": 1}, {})


@pytest.mark.parametrize("shown", ["error: nothing", "+  mtu 9000;", "[edit]\n+  system {\n", "[edit]\n!\n"])
def test_junos_comparison_that_is_none_is_refused(shown: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        shifts(JUNOS, shown, Config({}), Config({}))


# ---- EOS -------------------------------------------------------------------------------------------

LEAF = """\
vlan 10-12
!
interface Ethernet1
   no switchport
   mtu 9000
!
interface Ethernet2
   mtu 9000
!
banner motd
one
two
EOF
"""


def test_eos_session_difference_tells_ranges_sections_and_banners() -> None:
    base = EOS.parse(LEAF)
    after = EOS.parse(LEAF.replace("10-12", "10-13").replace("Ethernet2\n", "Ethernet2\n   description x\n"))
    shown = (
        "--- system:/running-config\n+++ session:/netloom-t1-session-config\n@@ -1,4 +1,4 @@\n"
        "-vlan 10-12\n+vlan 10-13\n !\n"
        " interface Ethernet2\n+   description x\n    mtu 9000\n"
    )
    told, ours = shifts(EOS, shown, base, after)
    assert told == ours == {"vlan 13": 1, "description x": 1}


def test_eos_line_that_goes_in_one_section_and_comes_in_another_may_be_told_as_moved() -> None:
    base = EOS.parse("interface Ethernet1\n   mtu 9000\ninterface Ethernet2\n   no switchport\n")
    after = EOS.parse("interface Ethernet1\ninterface Ethernet2\n   no switchport\n   mtu 9000\n")
    hunk = " interface Ethernet1\n-   mtu 9000\n interface Ethernet2\n    no switchport\n+   mtu 9000\n"
    assert shifts(EOS, hunk, base, after) == ({}, {})


def test_eos_line_told_twice_and_planned_once_is_a_difference() -> None:
    base = EOS.parse("interface Ethernet1\ninterface Ethernet2\n")
    after = EOS.parse("interface Ethernet1\n   mtu 9000\ninterface Ethernet2\n")
    assert shifts(EOS, "+   mtu 9000\n+   mtu 9000\n", base, after) == ({"mtu 9000": 2}, {"mtu 9000": 1})


# ---- NX-OS -----------------------------------------------------------------------------------------

NEXUS = """\
vlan 1,10,20
interface Ethernet1/1
  description old
  switchport mode trunk
  switchport trunk allowed vlan 10
interface Ethernet1/2
banner motd ^C
! keep out
^C
"""
NXOS_CASES = {
    "as it is printed": (
        "Collecting Running-Config\n#Generating Rollback Patch\n!!\n!\nno vlan 20\nvlan 30\n  name speech\n"
        "interface Ethernet1/1\n  no description old\n  description new\n  exit\ninterface Ethernet1/1\n"
        "  switchport trunk allowed vlan add 30,40\n  switchport trunk allowed vlan remove 40\n"
    ),
    "behind an empty one for switch profiles": (
        "Collecting Running-Config\nGenerating Rollback patch for switch profile\nRollback Patch is Empty\n....\n"
        "#Generating Rollback Patch\nconfigure terminal\nno vlan 20\nvlan 30\n  name speech\n  no shutdown\n"
        "interface Ethernet1/1\n  description new\n  switchport trunk allowed vlan 10,30\n"
    ),
}


@pytest.mark.parametrize("case", NXOS_CASES)
def test_nxos_patch_leads_to_what_is_planned(case: str) -> None:
    base = NXOS.parse(NEXUS)
    after = NXOS.parse(
        NEXUS.replace("1,10,20", "1,10,30\nvlan 30\n  name speech")
        .replace("old", "new")
        .replace("vlan 10\n", "vlan 10,30\n")
    )
    told, ours = shifts(NXOS, NXOS_CASES[case], base, after)
    assert told == ours
    assert told["vlan 20"] == -1


def test_nxos_patch_that_is_empty_says_that_nothing_changes() -> None:
    base = NXOS.parse(NEXUS)
    told, ours = shifts(NXOS, "#Generating Rollback Patch\nRollback Patch is Empty\n", base, NXOS.parse("vlan 1,10\n"))
    assert not told
    assert ours["vlan 20"] == -1


def test_nxos_release_that_cannot_compare_a_file_says_nothing() -> None:
    assert NXOS.difference is not None
    assert NXOS.difference("No Changes\n", NXOS.parse(NEXUS), NXOS.parse("")) is None


# ---- IOS -------------------------------------------------------------------------------------------

ROUTER = """\
hostname r1
interface Ethernet1/0
 ip address 10.7.7.7 255.0.0.0
 shutdown
ip access-list extended EDGE
 10 permit tcp any any eq 80
 20 deny ip any any
ntp clock-period 17179869
"""
ARCHIVE = """\

The maximum archive configurations allowed is 10.
There are currently 2 archive configurations saved.
The next archive file will be named flash:netloom-<timestamp>-2
 Archive #  Name
   1        flash:netloom-Nov-20-10-00-00.000-0
   2        flash:netloom-Nov-20-10-05-00.000-1 <- Most Recent
   3
"""


def test_ios_archive_difference_tells_signs_behind_the_indentation() -> None:
    base = IOS.parse(ROUTER)
    after = IOS.parse(
        ROUTER.replace(" shutdown\n", " no ip redirects\n").replace(
            " 20 deny", " 15 permit udp any any eq 53\n 20 deny"
        )
    )
    shown = (
        "!Contextual Config Diffs:\ninterface Ethernet1/0\n +no ip redirects\nip access-list extended EDGE\n"
        " +permit udp any any eq 53\n!  deny ip any any\n+ntp clock-period 17179880\n"
        "interface Ethernet1/0\n -shutdown\n"
        "-ntp clock-period 17179869\n"
    )
    told, ours = shifts(IOS, shown, base, after)
    assert told == ours == {"no ip redirects": 1, "permit udp any any eq 53": 1, "shutdown": -1}


def test_ios_is_asked_for_the_copy_that_its_timer_made() -> None:
    assert IOS.told_afterwards is not None
    talk = IOS.told_afterwards()
    assert next(talk) == Ask("show archive")
    newest = "flash:netloom-Nov-20-10-05-00.000-1"
    assert talk.send(ARCHIVE) == Ask(f"show archive config differences {newest} system:running-config")
    with pytest.raises(StopIteration) as end:
        talk.send("\n!Contextual Config Diffs:\n+hostname r9 \n\n")
    assert end.value.value == "!Contextual Config Diffs:\n+hostname r9"


def test_ios_without_a_copy_tells_nothing() -> None:
    assert IOS.told_afterwards is not None
    talk = IOS.told_afterwards()
    next(talk)
    with pytest.raises(StopIteration) as end:
        talk.send(" Archive feature not enabled\n")
    assert end.value.value == ""


def test_ios_that_cannot_compare_tells_nothing() -> None:
    assert IOS.told_afterwards is not None
    talk = IOS.told_afterwards()
    next(talk)
    with pytest.raises(StopIteration) as end:
        talk.throw(CommandRejected(device="r1", line="show archive", answer="% Invalid input"))
    assert end.value.value == ""


# ---- whatever is planned ----------------------------------------------------------------------------


def unified(old: Config, new: Config) -> str:
    before, after = EOS.format(old).splitlines(), EOS.format(new).splitlines()
    names = ("system:/running-config", "session:/x-session-config")
    return "\n".join(difflib.unified_diff(before, after, *names, lineterm=""))


def archived(old: Config, new: Config) -> str:
    told = [*contextual(old.tree, new.tree, sign="+"), *contextual(new.tree, old.tree, sign="-")]
    return "\n".join(["!Contextual Config Diffs:", *told])


def patch(old: Config, new: Config) -> str:
    indented = (f"{'  ' * len(line.path)}{line.text}" for line in NXOS.delta(old, new))
    told: list[str] = []
    before: tuple[str, ...] = ()
    for line, text in zip(NXOS.delta(old, new), indented, strict=True):
        told += ["  " * depth + header for depth, header in enumerate(line.path) if before != line.path]
        told.append(text)
        before = line.path
    return "\n".join(["#Generating Rollback Patch", "!!", *told])


Vendor = tuple[Promises, Callable[[Config, Config], str]]
VENDORS: dict[str, Vendor] = {
    "eos": (EOS_PROMISES, unified),
    "ios": (IOS_PROMISES, archived),
    "junos": (JUNOS_PROMISES, compared),
    "nxos": (NXOS_PROMISES, patch),
}


def agreed(vendor: str, first: World, second: World) -> None:
    """The difference of any two configurations says what leads from one to the other."""
    promises, show = VENDORS[vendor]
    old, new = (promises.steered(promises.empty, world) for world in (first, second))
    told, ours = shifts(promises.platform, show(old, new), old, new)
    assert told == ours
    if ours:
        told, ours = shifts(promises.platform, "", old, new)
        assert told != ours


@QUICK
@given(eos_worlds(), eos_worlds())
def test_eos_difference_of_any_change_agrees_with_it(first: World, second: World) -> None:
    agreed("eos", first, second)


@QUICK
@given(ios_worlds(), ios_worlds())
def test_ios_difference_of_any_change_agrees_with_it(first: World, second: World) -> None:
    agreed("ios", first, second)


@QUICK
@given(junos_worlds(), junos_worlds())
def test_junos_difference_of_any_change_agrees_with_it(first: World, second: World) -> None:
    agreed("junos", first, second)


@QUICK
@given(nxos_worlds(), nxos_worlds())
def test_nxos_difference_of_any_change_agrees_with_it(first: World, second: World) -> None:
    agreed("nxos", first, second)


@QUICK
@given(st.sampled_from(sorted(VENDORS)), st.text(max_size=200))
def test_whatever_is_said_is_read_or_refused(vendor: str, said: str) -> None:
    platform = VENDORS[vendor][0].platform
    try:
        found = platform.difference(said, Config({}), Config({})) if platform.difference else None
    except ValueError:
        return
    assert found is None or not found[1]
