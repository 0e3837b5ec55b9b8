"""What the rules of risk say of access lists, VLANs, trunks, accounts and the way to a device beneath its address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from tests.intent.toy_platform import TOY, text_of

from netloom.intent.plan import Target, plan_towards
from netloom.intent.situation import Management
from netloom.model.acl import Acl, AclEntry
from netloom.model.interface import Interface
from netloom.model.lag import Lag
from netloom.model.noun import Record
from netloom.model.snmp_server import SnmpCommunity, SnmpServer
from netloom.model.switchport import Switchport
from netloom.model.user import User
from netloom.model.vlan import Vlan
from netloom.model.vrf import Vrf

FROM_VLAN = Management("192.0.2.10", account="netloom")

SSH = AclEntry(10, "deny", protocol="tcp", source="10.0.0.0/8", destination="any", destination_ports="eq 22")
WEB = AclEntry(20, "permit", protocol="tcp", source="10.1.0.0/16", destination="any", destination_ports="eq 443")
REST = AclEntry(30, "permit", protocol="ip", source="any", destination="any")
LIST = Acl("GUESTS", entries=(SSH, WEB, REST))
STRICT = replace(LIST, entries=(SSH, WEB))
PORT = Interface("Ethernet9", addresses=("10.9.0.1/24",), acl_in="GUESTS")
SVI = Interface("Vlan10", addresses=("192.0.2.10/24",))
VLANS = [Vlan(number) for number in (10, 20, 30)]
TRUNK = Switchport("Ethernet1", mode="trunk", allowed_vlans="10,20-30")
ADMIN, OWN = User("admin", privilege=15), User("netloom", privilege=15, roles=("network-admin",), password_hash="$5$a")


def risks(before: Sequence[Any], after: Sequence[Any], *lines: str, management: Management | None = None) -> list[str]:
    text, target = text_of(before, *lines), text_of(after, *lines)
    made = plan_towards("s1", TOY, text, Target(target, "a test"), management=management)
    told = [f"{risk.severity} {risk.code}: {risk.message}" for risk in made.risks]
    return [risk for risk in told if " big_change: " not in risk]


def entries(*found: AclEntry) -> Acl:
    return replace(LIST, entries=found)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (LIST, entries(WEB, REST), ["high filter_removed: acl ipv4 GUESTS no longer denies what 10 denied"]),
        (
            STRICT,
            entries(SSH, replace(WEB, source="10.0.0.0/8")),
            ["medium filter_removed: acl ipv4 GUESTS: 20 permits more than 20 did"],
        ),
        (STRICT, LIST, ["high filter_removed: acl ipv4 GUESTS: 30 permits everything that comes to it"]),
        (
            LIST,
            entries(AclEntry(5, remark="nothing")),
            [
                (
                    "high filter_removed: acl ipv4 GUESTS loses every rule while it is bound: systems then permit "
                    "everything, or nothing"
                )
            ],
        ),
        (
            LIST,
            STRICT,
            ["medium traffic_denied: acl ipv4 GUESTS: what no rule permits is denied from now on"],
        ),
        (
            STRICT,
            entries(replace(SSH, sequence=25), WEB),
            ["high policy_order_changed: acl ipv4 GUESTS: denies and permits change their order"],
        ),
    ],
)
def test_a_list_that_opens_or_closes_is_told(before: Acl, after: Acl, told: list[str]) -> None:
    assert risks([PORT, before], [PORT, after]) == told


def test_a_list_that_says_the_same_by_other_numbers_remarks_and_logs_carries_no_risk() -> None:
    after = entries(
        AclEntry(1, remark="no SSH"),
        replace(SSH, sequence=100, log=True),
        replace(WEB, sequence=200),
        replace(REST, sequence=300),
    )
    assert risks([PORT, LIST], [PORT, after]) == []


def test_a_list_that_goes_or_is_unbound_is_told() -> None:
    free = replace(PORT, acl_in=None)
    assert risks([free, LIST], [free]) == ["medium filter_removed: acl ipv4 GUESTS is removed"]
    assert risks([PORT, LIST], [free]) == [
        "high filter_removed: acl ipv4 GUESTS is removed, and is in use",
        "high filter_removed: interface Ethernet9: acl_in GUESTS is unbound",
    ]


def test_a_list_that_permits_nothing_is_told_where_it_is_bound() -> None:
    denying = entries(SSH)
    assert risks([replace(PORT, acl_in=None), denying], [PORT, denying]) == [
        "high traffic_denied: interface Ethernet9: acl_in GUESTS permits nothing"
    ]


def test_a_community_that_loses_its_list_is_told_without_its_name() -> None:
    open_one, limited = SnmpCommunity("geheim"), SnmpCommunity("geheim", acl="GUESTS")
    told = risks([LIST, SnmpServer(communities=(limited,))], [LIST, SnmpServer(communities=(open_one,))])
    assert told == ["high filter_removed: snmp_server: a community is no longer limited by acl GUESTS"]
    told = risks([SnmpServer(communities=(open_one,))], [SnmpServer(communities=(replace(open_one, access="rw"),))])
    assert told == ["medium access_widened: snmp_server: a community may write from now on"]


def test_vlans_that_go_are_told_and_more_so_where_ports_are_in_them() -> None:
    free = Switchport("Ethernet2", mode="access", access_vlan=30)
    assert risks(VLANS, VLANS[1:]) == ["medium vlans_removed: VLANs removed: 10"]
    assert risks(VLANS, VLANS[2:]) == ["high vlans_removed: VLANs removed: 10,20"]
    told = risks([*VLANS, free], [*VLANS[:2], free])
    assert "high vlans_removed: VLANs removed: 30; ports are in 30" in told
    assert risks(VLANS, [replace(VLANS[0], enabled=False), *VLANS[1:]]) == ["medium vlans_removed: VLANs removed: 10"]


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (replace(TRUNK, allowed_vlans="10,25"), "medium trunk_narrowed: {}: the trunk no longer carries 20-24,26-30"),
        (replace(TRUNK, allowed_vlans="none"), "high trunk_narrowed: {}: the trunk carries no VLAN any more"),
        (
            Switchport("Ethernet1", mode="access", access_vlan=10),
            "high trunk_narrowed: {}: the trunk becomes access, and its VLANs go",
        ),
        (
            replace(TRUNK, native_vlan=20),
            "medium trunk_narrowed: {}: the native VLAN changes from 1 to 20: the other end's must too",
        ),
    ],
)
def test_a_trunk_that_carries_less_is_told(after: Switchport, told: str) -> None:
    assert risks([*VLANS, TRUNK], [*VLANS, after]) == [told.format("switchport Ethernet1")]
    assert risks([*VLANS, TRUNK], [*VLANS, replace(TRUNK, allowed_vlans=None)]) == []


def test_an_interface_that_moves_to_another_vrf_is_told() -> None:
    moved = replace(SVI, vrf="red")
    base = [Vrf("red")]
    assert risks([*base, SVI], [*base, moved]) == [
        "medium vrf_moved: interface Vlan10 moves from VRF default to red, with its routes and sessions"
    ]
    assert (
        "high management_path: interface Vlan10 moves to another VRF: it holds 192.0.2.10, by which we reach the device"
    ) in risks([*base, SVI], [*base, moved], management=FROM_VLAN)


OVER = "the way by which we reach the device leads over it"
BUNDLE = Interface("Port-channel1.10", vlan=10, addresses=("192.0.2.10/24",))
LAG = Lag("Port-channel1", members=("Ethernet1", "Ethernet2"), mode="active", min_links=1)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (VLANS[0], None, f"vlan 10 is removed: {OVER}"),
        (VLANS[0], replace(VLANS[0], enabled=False), f"vlan 10 is suspended: {OVER}"),
        (TRUNK, replace(TRUNK, allowed_vlans="20"), f"switchport Ethernet1 no longer carries VLAN 10: {OVER}"),
        (TRUNK, Switchport("Ethernet1", mode="routed"), f"switchport Ethernet1 no longer carries VLAN 10: {OVER}"),
        (
            SVI,
            replace(SVI, acl_in="GUESTS"),
            "interface Vlan10: acl_in becomes GUESTS: we reach the device through it",
        ),
    ],
)
def test_what_carries_the_interface_that_we_come_by_is_guarded(before: Record, after: Record | None, told: str) -> None:
    base: list[Any] = [*VLANS, SVI, TRUNK, LIST]
    changed = [after if record is before else record for record in base if after is not None or record is not before]
    assert f"high management_path: {told}" in risks(base, changed, management=FROM_VLAN)
    assert not [risk for risk in risks(base, changed) if "management_path" in risk]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ([replace(LAG, members=())], f"lag Port-channel1 loses every member: {OVER}"),
        ([replace(LAG, mode="on")], f"lag Port-channel1 turns from mode active to on: {OVER}"),
        ([replace(LAG, min_links=3)], f"lag Port-channel1 keeps fewer members than the 3 it needs: {OVER}"),
        ([LAG, Lag("Port-channel2", ("Ethernet2",), "active")], f"lag Port-channel2 takes Ethernet2: {OVER}"),
        ([LAG, Interface("Port-channel1", enabled=False)], f"interface Port-channel1 is shut down: {OVER}"),
        ([LAG, Switchport("Port-channel1", mode="access")], f"switchport Port-channel1 becomes access: {OVER}"),
    ],
)
def test_the_aggregate_and_the_port_beneath_a_subinterface_are_guarded(change: list[Any], told: str) -> None:
    assert f"high management_path: {told}" in risks([BUNDLE, LAG], [BUNDLE, *change], management=FROM_VLAN)


def test_the_lists_that_let_us_in_are_guarded_wherever_they_are_named() -> None:
    line, told = "line vty 0 4", "we reach the device through it"
    vty = (line, f" access-class {LIST.name} in")
    names = "high management_path: acl ipv4 GUESTS {}: '" + line + " > access-class GUESTS in' names it, and " + told
    assert names.format("changes") in risks([LIST], [STRICT], *vty, management=FROM_VLAN)
    assert names.format("is removed") in risks([LIST], [], *vty, management=FROM_VLAN)
    wider = entries(SSH, WEB, replace(WEB, sequence=25, source="10.2.0.0/16"), REST)
    assert risks([LIST], [wider], *vty, management=FROM_VLAN) == []
    assert not [risk for risk in risks([PORT, LIST], [PORT, STRICT], management=FROM_VLAN) if "management" in risk]


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (None, "is removed"),
        (replace(OWN, privilege=1), "falls from privilege 15 to 1"),
        (replace(OWN, roles=()), "loses network-admin"),
        (replace(OWN, password_hash="$5$b"), "gets another password"),
    ],
)
def test_the_account_by_which_netloom_logs_in_is_guarded(after: User | None, told: str) -> None:
    kept = [record for record in (after,) if record is not None]
    assert risks([ADMIN, OWN], [ADMIN, *kept], management=FROM_VLAN) == [
        f"high account_lockout: user netloom {told}: netloom itself logs in by it"
    ]


def test_other_accounts_that_go_or_fall_are_told_and_new_ones_are_not() -> None:
    assert risks([ADMIN, OWN], [OWN], management=FROM_VLAN) == ["medium account_removed: user admin is removed"]
    assert risks([ADMIN], [replace(ADMIN, password_hash="$5$x")]) == []
    assert risks([OWN], [ADMIN, OWN], management=FROM_VLAN) == []
    assert "high account_lockout: no account is left on the device" in risks([ADMIN], [])


def test_new_lines_that_decide_who_may_come_in_are_told() -> None:
    made = plan_towards("s1", TOY, "hello\n", Target("hello\naaa new-model\n", "a test"))
    assert [f"{risk.severity} {risk.message}" for risk in made.risks] == [
        "medium 'aaa new-model' is new: it has to do with access to the device"
    ]
