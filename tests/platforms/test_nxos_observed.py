"""What NX-OS shows, cut short or garbled: records or a ValueError, never another exception."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netloom.platforms.cisco_nxos import arp, interface, route
from netloom.platforms.contract import load_platform

HERE = Path(__file__).parent / "observed" / "cisco_nxos"
INPUTS = sorted(HERE.glob("*/*/input*.txt"))
SHOWS = Path(__file__).parents[3] / "shared" / "samples" / "lab-validation" / "snapshots"


def module(path: Path) -> ModuleType:
    return importlib.import_module(f"netloom.platforms.cisco_nxos.{path.parts[-3]}")


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(INPUTS), st.data())
def test_a_garbled_output_is_records_or_a_value_error(path: Path, data: st.DataObject) -> None:
    text = path.read_text()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    garbage = data.draw(st.text(alphabet=' \n\t0"-:/.,{}[]*aE', max_size=6))
    cut = data.draw(st.integers(0, len(text)))
    for changed in (text[:start] + garbage + text[end:], text[:cut], text[cut:]):
        try:
            records = module(path).observed(changed)
        except ValueError:
            continue
        assert all(record.key for record in records) or path.parts[-3] == "device"


@pytest.mark.parametrize("noun", ["arp", "route", "vlan", "bgp_session", "interface", "environment", "acl"])
@pytest.mark.parametrize(
    "text", ["% Invalid command at '^' marker.\n", "hello, world", "<html></html>", "[1, 2]", '{"a": 1}']
)
def test_what_is_none_of_a_nouns_commands_is_refused(noun: str, text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        importlib.import_module(f"netloom.platforms.cisco_nxos.{noun}").observed(text)


@pytest.mark.parametrize("text", ["", "\n", "Note:  process currently not running\n", "% BGP not active\n"])
def test_a_process_that_does_not_run_has_no_records(text: str) -> None:
    assert importlib.import_module("netloom.platforms.cisco_nxos.bgp_session").observed(text) == []


def test_an_arp_row_that_does_not_read_is_not_lost_silently() -> None:
    with pytest.raises(ValueError, match="every row"):
        arp.observed("IP ARP Table for context default\nAddress  Age  MAC Address  Interface\n10.0.0.1  ???  oops\n")


def test_a_next_hop_that_does_not_read_is_not_lost_silently() -> None:
    with pytest.raises(ValueError, match="next hop"):
        route.observed("10.0.0.0/8, ubest/mbest: 1/0\n    *via somewhere\n")


def test_an_interface_row_that_does_not_read_is_not_lost_silently() -> None:
    with pytest.raises(ValueError, match="row"):
        interface.observed("Port   VRF          Status IP Address     Speed    MTU\nmgmt0  --           sideways\n")


def test_every_noun_that_is_observed_says_what_to_ask() -> None:
    platform = load_platform("cisco_nxos")
    modules = [found for noun in platform.nouns() if (found := platform.module(noun)) and hasattr(found, "observed")]
    assert len(modules) == 17
    assert all(found.READ for found in modules)


@pytest.mark.samples
@pytest.mark.skipif(not SHOWS.exists(), reason="needs ../shared/samples/lab-validation")
def test_the_labs_of_others_read() -> None:
    nouns = {
        "show_ip_route_vrf_all": "route",
        "show_ip_bgp_vrf_all": "route",
        "show_ip_bgp_all_neighbor": "bgp_session",
        "show_interface": "interface",
        "show_ip_int_brief_vrf_all": "interface",
        "show_vrf": "vrf",
        "show_version": "device",
    }
    read = 0
    for path in SHOWS.glob("nxos_*/show/*/*.txt"):
        text = path.read_text()
        if path.stem in nouns and "NX-OS" in (path.parent / "show_version.txt").read_text():
            found = importlib.import_module(f"netloom.platforms.cisco_nxos.{nouns[path.stem]}").observed(text)
            assert found or "route" in nouns[path.stem]
            read += 1
    assert read > 60
