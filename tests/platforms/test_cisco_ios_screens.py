"""Screens of IOS devices: whole ones, several in one text, cut off, and garbled ones."""

from __future__ import annotations

import importlib
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netloom.model.noun import nouns
from netloom.platforms.cisco_ios import interface, neighbor, route, screen

HERE = Path(__file__).parent / "observed" / "cisco_ios"
CASES = sorted(HERE.glob("*/*/input*.txt"))
SNAPSHOTS = Path(__file__).parents[3] / "shared" / "samples" / "lab-validation" / "snapshots"
SHOWN = {
    "show_interfaces.txt": "interface",
    "show_version.txt": "device",
    "show_vrf.txt": "vrf",
    "show_ip_route*.txt": "route",
    "show_ip_ospf_neighbor.txt": "ospf_neighbor",
    "show_ip_bgp_all_neighbor.txt": "bgp_session",
}
RECORDED = sorted((path, noun) for glob, noun in SHOWN.items() for path in SNAPSHOTS.glob(f"ios*/show/*/{glob}"))


def module(noun: str) -> ModuleType:
    return importlib.import_module(f"netloom.platforms.cisco_ios.{noun}")


def test_every_noun_that_is_read_has_cases() -> None:
    read = {noun for noun in nouns() if hasattr(_module_or_none(noun), "observed")}
    assert read == {path.parts[-3] for path in CASES}


def _module_or_none(noun: str) -> ModuleType | None:
    path = Path(screen.__file__).with_name(f"{noun}.py")
    return module(noun) if path.exists() else None


@settings(max_examples=200)
@given(st.sampled_from(CASES), st.integers(0, 10_000), st.integers(0, 10_000))
def test_what_is_cut_off_reads_or_is_refused(case: Path, start: int, length: int) -> None:
    text = case.read_text()
    _read_or_refused(case, text[start % len(text) :][:length])


@settings(max_examples=200)
@given(st.sampled_from(CASES), st.integers(0, 10_000), st.text(max_size=12))
def test_what_is_garbled_reads_or_is_refused(case: Path, at: int, noise: str) -> None:
    text = case.read_text()
    place = at % len(text)
    _read_or_refused(case, text[:place] + noise + text[place + len(noise) // 2 :])


def _read_or_refused(case: Path, text: str) -> None:
    noun = case.parts[-3]
    try:
        records = module(noun).observed(text)
    except ValueError:
        return
    assert all(type(record) is nouns()[noun].state for record in records)


@pytest.mark.parametrize("noun", sorted({path.parts[-3] for path in CASES}))
def test_another_screen_is_refused(noun: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        module(noun).observed("-rw-  14289 Mar 1 2020 00:00:00 +00:00  running.bak\nDirectory of flash:/\n")


@pytest.mark.parametrize("noun", sorted({path.parts[-3] for path in CASES}))
def test_a_refused_command_tells_nothing(noun: str) -> None:
    assert module(noun).observed("              ^\n% Invalid input detected at '^' marker.\n\n", "") == []


def test_prompts_part_what_one_file_holds() -> None:
    brief = "r1#show ip interface brief\nInterface  IP-Address  OK? Method Status  Protocol\n"
    row = "Loopback0  192.0.2.1  YES NVRAM  up  up\nr1#\nr1#show interfaces description\n"
    described = "Interface  Status  Protocol Description\nLo0        up      up       router id\nr1#exit\n"
    [loopback] = interface.observed(brief + row + described)
    assert (loopback.name, loopback.description, loopback.addresses) == ("Loopback0", "router id", ("192.0.2.1",))


def test_the_order_of_outputs_does_not_matter() -> None:
    status = (HERE / "interface" / "status" / "input.txt").read_text()
    errors = (HERE / "interface" / "err_disabled" / "input.txt").read_text()
    one, other = interface.observed(status, errors), interface.observed(errors, status)
    assert sorted(one, key=lambda each: each.name) == sorted(other, key=lambda each: each.name)
    assert {each.reason for each in one if each.name == "GigabitEthernet1/0/4"} == {"bpduguard"}


def test_details_without_a_local_interface_take_it_from_the_table() -> None:
    detail = (
        "Chassis id: 0011.2233.4455\nPort id: Gi0/2\nSystem Name: access-2.example.com\n\nTime remaining: 99 seconds\n"
    )
    table = "Device ID           Local Intf     Hold-time  Capability      Port ID\n"
    row = "access-2            Gi0/1          120        B               Gi0/2\n"
    [found] = neighbor.observed(detail, table + row)
    assert (found.local_interface, found.chassis_id) == ("GigabitEthernet0/1", "00:11:22:33:44:55")


def test_a_route_without_a_length_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a prefix length"):
        route.observed("Gateway of last resort is not set\n\nB        10.1.1.0 [20/0] via 192.0.2.1, 00:01:00\n")


@pytest.mark.samples
@pytest.mark.skipif(not RECORDED, reason="needs ../shared/samples/lab-validation")
def test_recorded_networks_read() -> None:
    for path, noun in RECORDED:
        text = path.read_text()
        records = module(noun).observed(text)
        keys = [record.key for record in records]
        assert len(set(keys)) == len(keys), path
        if noun in ("interface", "device"):
            assert records, path
        for record in records:
            assert "" not in [getattr(record, field.name) for field in fields(record)], (path, record)


@pytest.mark.samples
@pytest.mark.skipif(not RECORDED, reason="needs ../shared/samples/lab-validation")
def test_no_recorded_route_is_lost() -> None:
    for path, noun in RECORDED:
        if noun == "route":
            lines = [line for line in path.read_text().splitlines() if line[:1].isalpha() and "/" in line.split("[")[0]]
            prefixes = {word for line in lines for word in line.split()[1:4] if "/" in word and word[0].isdigit()}
            assert prefixes <= {record.prefix for record in route.observed(path.read_text())}, path
