"""Junos' replies and screens: forms that say the same read the same, and what is broken is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.platforms.contract import Read, load_platform
from netloom.platforms.juniper_junos import notation, outputs, route

CASES = sorted((Path(__file__).parent / "observed" / "juniper_junos").glob("*/*/input*.txt"))
SNAPSHOTS = Path(__file__).parents[3] / "shared" / "samples" / "lab-validation" / "snapshots"
RECORDED = sorted(SNAPSHOTS.glob("*/show/*/*_display_json.txt"))
NOUNS = {
    "show_bgp_neighbor": "bgp_session",
    "show_interface_vtep": "interface",
    "show_interfaces": "interface",
    "show_ospf_neighbor": "ospf_neighbor",
    "show_route": "route",
    "show_route_instance": "vrf",
    "show_route_protocol_bgp": "route",
    "show_route_protocol_bgp_detail": "route",
    "show_version": "device",
}


def observed(noun: str, *texts: str) -> list[Any]:
    module = load_platform("juniper_junos").module(noun)
    assert module is not None
    found: list[Any] = module.observed(*texts)
    return found


@given(st.sampled_from(CASES), st.data())
def test_whatever_is_left_of_an_output_is_read_or_refused(case: Path, data: st.DataObject) -> None:
    text = case.read_text()
    at, until = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    instead = data.draw(st.sampled_from(["", "<", "</", "\n", "99999999999", "::", "a/b", "\x00", "é"]))
    try:
        found = observed(case.parts[-3], text[:at] + instead + text[until:])
    except ValueError:
        return
    assert isinstance(found, list)


@pytest.mark.parametrize("noun", sorted({case.parts[-3] for case in CASES}))
def test_an_output_of_something_else_is_refused(noun: str) -> None:
    for text in ("error: syntax error: foo", "<rpc-reply><unknown-information/></rpc-reply>", '{"unknown": [{}]}'):
        with pytest.raises(ValueError, match="expected"):
            observed(noun, text)


@pytest.mark.parametrize("noun", sorted({case.parts[-3] for case in CASES}))
def test_an_empty_output_holds_nothing(noun: str) -> None:
    assert observed(noun, "", "\n{master:0}\n", "<rpc-reply><ok/></rpc-reply>") == []


@pytest.mark.parametrize("noun", sorted({case.parts[-3] for case in CASES}))
def test_every_question_has_an_rpc_that_is_well_formed(noun: str) -> None:
    module = load_platform("juniper_junos").module(noun)
    reads = module.READ if isinstance(module.READ, tuple) else (module.READ,)  # type: ignore[union-attr]
    for read in reads:
        assert isinstance(read, Read)
        assert read.rpc is not None
        assert len(outputs.elements(read.rpc)) == 1


@pytest.mark.samples
@pytest.mark.skipif(not RECORDED, reason="needs ../shared/samples/lab-validation")
@pytest.mark.parametrize("path", RECORDED, ids=lambda path: "/".join(path.parts[-3:]).split("_|")[0])
def test_recorded_json_reads_whole(path: Path) -> None:
    noun = NOUNS.get(path.name.split("_|")[0])
    if noun is None:
        pytest.skip("no noun of ours")
    text = path.read_text()
    found = observed(noun, text)
    document = json.JSONDecoder().raw_decode(text, text.index("{"))[0]
    if noun == "interface":
        physical = document["interface-information"][0]["physical-interface"]
        assert len(found) == sum(1 + len(each.get("logical-interface", ())) for each in physical)
    elif noun == "route":
        tables = document["route-information"][0].get("route-table", [])
        forwarding = [t for t in tables if re.search(r"(?:^|\.)inet6?\.0$", t["table-name"][0]["data"])]
        prefixes = {
            (t["table-name"][0]["data"], rt["rt-destination"][0]["data"]) for t in forwarding for rt in t.get("rt", [])
        }
        assert len({(each.vrf, each.prefix) for each in found}) == len(prefixes)
    elif noun != "ospf_neighbor":
        assert found


@pytest.mark.parametrize(
    ("shown", "seconds"),
    [
        ("00:12:16", 736),
        ("05:06", 306),
        ("1d 02:03:04", 93784),
        ("9w2d 5:23:37", 5635417),
        ("1d 03:14", 98040),
        ("20w6d20h", 12686400),
        ("41 days, 6 hours, 26 minutes, 24 seconds", 3565584),
        ("Never", None),
        ("soon", None),
    ],
)
def test_ages_are_seconds(shown: str, seconds: int | None) -> None:
    assert notation.seconds(shown) == seconds


@pytest.mark.parametrize(
    ("shown", "prefix"),
    [("10.1/16", "10.1.0.0/16"), ("0/0", "0.0.0.0/0"), ("2001:db8::/32", "2001:db8::/32"), ("299776", None)],
)
def test_prefixes_may_lack_zeros(shown: str, prefix: str | None) -> None:
    assert notation.prefix(shown) == prefix


@pytest.mark.parametrize(
    ("table", "vrf"),
    [("inet.0", "default"), ("blue.inet6.0", "blue"), ("__juniper_private1__.inet.0", "__juniper_private1__")],
)
def test_tables_name_their_instance(table: str, vrf: str) -> None:
    assert notation.of_table(table)[0] == vrf


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (
            (
                "inet.3: 1 destinations, 1 routes (1 active, 0 holddown, 0 hidden)\n+ = Active Route\n\n"
                "10.64.4.4/32  *[LDP/9] 03:40:50, metric 1110\n                > to 192.0.2.6 via ge-0/0/1.0\n"
            ),
            "1 other: inet.3",
        ),
        (
            (
                "Autonomous system number: 65000\nRouter ID: 192.0.2.1\n\n"
                "inet.0: 8 destinations, 8 routes (7 active, 0 holddown, 1 hidden)\n"
                "              Direct:      4 routes,      4 active\n"
            ),
            "expected an output of this noun",
        ),
    ],
    ids=["labels' table", "summary"],
)
def test_what_holds_no_routes_to_forward_by_is_refused(shown: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        route.observed(shown)
