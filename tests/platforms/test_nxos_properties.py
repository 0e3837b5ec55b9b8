"""The promises of a platform, for every noun of NX-OS."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.platforms.nxos_records import ORDER, worlds
from tests.platforms.promises import QUICK, Promises, World

from netloom.model.config import Line
from netloom.platforms.contract import load_platform

NXOS = load_platform("cisco_nxos")
PORTS = "".join(f"interface Ethernet1/{port}\n\n" for port in range(1, 9))
EMPTY = NXOS.parse(
    f"""
!Command: show running-config
version 9.3(5) Bios:version 05.42
hostname leaf0
vdc leaf0 id 1
  limit-resource vlan minimum 16 maximum 4094

username admin password 5 $5$xyz$abc  role network-admin
ip domain-lookup
vlan 1
vrf context management
{PORTS}
interface mgmt0
  vrf member management
  ip address 192.0.2.10/24
line vty
"""
)
PERMANENT = (
    ("device", ()),
    ("vlan", ("1",)),
    ("vrf", ("management",)),
    ("interface", ("mgmt0",)),
    ("user", ("admin",)),
)
PROMISES = Promises(NXOS, ORDER, EMPTY, permanent=PERMANENT)
UNKNOWN = (
    Line("copp profile strict"),
    Line("no password strength-check"),
    Line("ip as-path access-list AP1 seq 5 permit ^65"),
    Line("ip pim sparse-mode", ("interface loopback1",)),
    Line("hsrp version 2", ("interface Vlan10",)),
    Line("ip 10.1.0.254", ("interface Vlan10", "hsrp 10")),
    Line("spanning-tree port type edge", ("interface Ethernet1/3",)),
    Line("vn-segment 5010", ("vlan 10",)),
    Line("statistics per-entry", ("ip access-list A1",)),
    Line("maximum-peers 10", ("router bgp 65000", "neighbor 10.1.0.2")),
    Line("net 49.0001.0000.0000.0001.00", ("router isis CORE",)),
)


@QUICK
@given(worlds(), worlds())
def test_what_is_wished_for_is_then_configured_and_nothing_is_left_to_do(first: World, second: World) -> None:
    PROMISES.reached_and_at_rest(first, second)


@QUICK
@given(worlds(), worlds())
def test_the_delta_leads_to_the_other_configuration_and_back(first: World, second: World) -> None:
    PROMISES.leads_there_and_back(first, second)


@QUICK
@given(worlds())
def test_text_and_tree_say_the_same(world: World) -> None:
    PROMISES.text_and_tree_agree(world, "\n!Command: show running-config\n!Time: Fri Nov 20 10:00:00 2026\n\n")


@QUICK
@given(worlds(), st.sets(st.sampled_from(UNKNOWN)))
def test_lines_that_nobody_models_survive_every_change(world: World, unknown: set[Line]) -> None:
    before = PROMISES.records(NXOS.apply_lines(EMPTY, sorted(unknown)))
    PROMISES.unknown_lines_survive(world, unknown, before)
