"""The promises of a platform, for every noun of Junos."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.platforms.juniper_junos_records import ORDER, worlds
from tests.platforms.promises import QUICK, Promises, World

from netloom.model.config import Line
from netloom.platforms.contract import load_platform

JUNOS = load_platform("juniper_junos")
PROMISES = Promises(
    platform=JUNOS,
    order=ORDER,
    empty=JUNOS.parse("version 21.4R3;\nsystem {\n    host-name mx1;\n}\n"),
    permanent=(("device", ()),),
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
    PROMISES.text_and_tree_agree(world, "## Last commit: 2026-11-20 09:00:00 UTC by bob\n")


@QUICK
@given(worlds())
def test_the_three_forms_of_a_configuration_are_one_tree(world: World) -> None:
    config = PROMISES.steered(PROMISES.empty, world)
    commands = "".join(f"{line}\n" for line in config.lines())
    assert JUNOS.parse(commands) == config
    assert JUNOS.parse(f"<rpc-reply><configuration-set>{escaped(commands)}</configuration-set></rpc-reply>") == config


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


UNKNOWN = (
    Line("set system services ssh root-login deny"),
    Line("set system ntp boot-server 192.0.2.1"),
    Line("set chassis fpc 0 pic 0 tunnel-services bandwidth 1g"),
    Line("set protocols lldp interface all"),
    Line("set protocols isis interface lo0.0 passive"),
    Line("set interfaces ge-0/0/0 hold-time up 2000"),
    Line("set interfaces xe-0/0/5 unit 0 family iso"),
    Line("set policy-options community C1 members 65000:1"),
    Line('set policy-options as-path AP ".* 65001"'),
    Line("set firewall policer P1 if-exceeding bandwidth-limit 1m"),
    Line("set security zones security-zone trust interfaces ge-0/0/0.0"),
    Line('set groups G1 system host-name "<*>"'),
    Line("set apply-groups G1"),
    Line("deactivate protocols lldp"),
)


@QUICK
@given(worlds(), st.sets(st.sampled_from(UNKNOWN)))
def test_lines_that_nobody_models_survive_every_change(world: World, unknown: set[Line]) -> None:
    lines = unknown | (
        {Line("set protocols lldp interface all")} if Line("deactivate protocols lldp") in unknown else set()
    )
    keep: World = {noun: {} for noun in ORDER} | {
        "interface": {
            record.key: record
            for record in PROMISES.of(
                "interface", JUNOS.apply_lines(PROMISES.empty, sorted(lines, reverse=True))
            ).values()
        }
    }
    before = sorted(lines, key=lambda line: line.text.startswith("deactivate"))
    config = PROMISES.steered(
        JUNOS.apply_lines(PROMISES.empty, before), {noun: world[noun] | keep[noun] for noun in ORDER}, keep
    )
    assert {line for line in lines if line not in config} == set()
