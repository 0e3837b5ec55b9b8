"""EOS's replies: whatever is broken raises ValueError, and JSON and text of one switch tell the same."""

from __future__ import annotations

import contextlib
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netloom.model.noun import Record
from netloom.platforms.contract import load_platform

HERE = Path(__file__).parent / "observed" / "arista_eos"
SNAPSHOTS = Path(__file__).parents[3] / "shared" / "samples" / "lab-validation" / "snapshots"
INPUTS = sorted(HERE.glob("*/*/input*.txt"))
COMMANDS = {
    "show_interfaces": "interface",
    "show_ip_bgp_neighbors_vrf_all": "bgp_session",
    "show_ip_ospf_neighbor": "ospf_neighbor",
    "show_ip_route_vrf_all": "route",
    "show_version": "device",
    "show_vrf": "vrf",
}
MOVING = ("octets", "packets", "_bps", "uptime_s", "last_flap_s", "messages", "status")
"""What changes between two commands; and the words for a VRF's status, which differ."""
PAIRS = sorted(
    path
    for command in COMMANDS
    for path in SNAPSHOTS.glob(f"eos_*/show/*/{command}_|_json.json")
    if (path.parent / f"{command}.txt").exists()
)


def observed(noun: str, *texts: str) -> list[Record]:
    module = load_platform("arista_eos").module(noun)
    assert module is not None
    found: list[Record] = module.observed(*texts)
    return found


@given(path=st.sampled_from(INPUTS), data=st.data())
@settings(max_examples=60, deadline=None)
def test_what_is_cut_or_garbled_reads_or_raises_value_error(path: Path, data: st.DataObject) -> None:
    text = path.read_text()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    noise = data.draw(st.text(alphabet='{}[]":,/.-% \n\x00aZ09é', max_size=12))
    with contextlib.suppress(ValueError):
        observed(path.parts[-3], text[:start] + noise + text[end:])


@pytest.mark.parametrize("noun", sorted({path.parts[-3] for path in INPUTS}))
def test_what_a_typing_error_gets_is_no_reply(noun: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        observed(noun, "% Invalid input (at token 1: 'foo')\n")
    with pytest.raises(ValueError, match="expected"):
        observed(noun, '{"errors": ["Invalid input (at token 1)"]}')
    with pytest.raises(ValueError, match="expected"):
        observed(noun, '{"surprise": 1}')


@pytest.mark.parametrize("noun", sorted({path.parts[-3] for path in INPUTS}))
@pytest.mark.parametrize("nothing", ["", "\n", "% BGP inactive\n", '{"errors": ["BGP inactive"]}', "! not enabled\n"])
def test_what_does_not_run_has_nothing_to_tell(noun: str, nothing: str) -> None:
    assert observed(noun, nothing) == []


@pytest.mark.samples
@pytest.mark.skipif(not PAIRS, reason="needs ../shared/samples/lab-validation")
@pytest.mark.parametrize("path", PAIRS, ids=lambda path: f"{path.parts[-2]}-{path.name.partition('_|')[0]}")
def test_json_and_text_of_one_switch_tell_the_same(path: Path) -> None:
    command = path.name.partition("_|")[0]
    document = path.read_text()
    if "unconverted command" in document:
        with pytest.raises(ValueError, match="unconverted command"):
            observed(COMMANDS[command], document)
        return
    told = {record.key: record for record in observed(COMMANDS[command], document)}
    shown = {record.key: record for record in observed(COMMANDS[command], (path.parent / f"{command}.txt").read_text())}
    assert told.keys() == shown.keys()
    for key, record in told.items():
        assert differences(record, shown[key]) == {}


def differences(one: Record, other: Record) -> dict[str, Any]:
    every: Any = one
    names = [field.name for field in fields(every) if not any(word in field.name for word in MOVING)]
    pairs = {name: (getattr(one, name), getattr(other, name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1] and None not in pair and () not in pair}


@pytest.mark.samples
@pytest.mark.skipif(not PAIRS, reason="needs ../shared/samples/lab-validation")
def test_every_reply_of_the_labs_reads() -> None:
    for folder in SNAPSHOTS.glob("eos_*/show"):
        switches = [
            name for name, system in json.loads((folder / "host_nos.txt").read_text()).items() if system == "arista"
        ]
        for path in (path for name in switches for path in (folder / name).iterdir()):
            noun = COMMANDS.get(path.name.partition("_|")[0].removesuffix(".txt"))
            if noun and "unconverted command" not in path.read_text():
                observed(noun, path.read_text())
