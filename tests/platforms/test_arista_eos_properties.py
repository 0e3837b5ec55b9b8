"""The promises of a platform, for every noun of EOS."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.platforms.arista_eos_records import ORDER, PORTS, worlds
from tests.platforms.promises import QUICK, Promises, World

from netloom.model.config import Line
from netloom.platforms.contract import load_platform

EOS = load_platform("arista_eos")
PREAMBLE = "! Command: show running-config\n! device: leaf0 (vEOS, EOS-4.28.3M)\n!\n"
EMPTY = EOS.parse(PREAMBLE + "".join(f"interface {name}\n" for name in (*PORTS, "Management1")))
PERMANENT = (("device", ()), *(("interface", (name,)) for name in (*PORTS, "Management1")))
# an interface says that it is not passive only where its instance says that interfaces are
PROMISES = Promises(EOS, ORDER, EMPTY, inheriting=("ospf_interface",), permanent=PERMANENT)


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
    PROMISES.text_and_tree_agree(world, PREAMBLE)


UNKNOWN = (
    Line("spanning-tree mode mstp"),
    Line("ip virtual-router mac-address 00:1c:73:00:00:99"),
    Line("no aaa root"),
    Line("logging format timestamp high-resolution"),
    Line("ip community-list CL permit 65001:100"),
    Line("mlag 1", ("interface Port-Channel7",)),
    Line("spanning-tree portfast", ("interface Ethernet2",)),
    Line("ip address virtual 10.10.0.1/24", ("interface Vlan77",)),
    Line("domain-id rack7", ("mlag configuration",)),
    Line("trunk group MLAG", ("vlan 77",)),
    Line("rd 1:10010", ("router bgp 65000", "vlan 10")),
    Line("exec /usr/bin/TerminAttr", ("daemon TerminAttr",)),
    Line("no shutdown", ("management api http-commands", "vrf MGMT")),
)
KEPT = ("interface", "vlan", "bgp")


@QUICK
@given(worlds(), st.sets(st.sampled_from(UNKNOWN)))
def test_lines_that_nobody_models_survive_every_change(world: World, unknown: set[Line]) -> None:
    before = EOS.apply_lines(EMPTY, sorted(unknown))
    if world["bgp"]:
        unknown = {line for line in unknown if "router bgp 65000" not in line.path}
        before = EOS.apply_lines(EMPTY, sorted(unknown))
    records = PROMISES.records(before)
    PROMISES.unknown_lines_survive(world, unknown, {noun: records[noun] for noun in KEPT})
