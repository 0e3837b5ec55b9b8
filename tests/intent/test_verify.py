"""Checks against a network made of records."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from netloom.errors import SourceError, Unreachable, Unsupported
from netloom.intent.check_files import Check, load_checks, read_checks
from netloom.intent.check_kinds import ping_command, ping_loss
from netloom.intent.checks import CheckResult
from netloom.intent.junit import junit
from netloom.intent.verify import Ground, run_checks
from netloom.model.bfd_peer import BfdPeerState
from netloom.model.bgp_session import BgpSessionState
from netloom.model.interface import InterfaceState
from netloom.model.neighbor import NeighborState
from netloom.model.noun import Record
from netloom.model.ospf_neighbor import OspfNeighborState
from netloom.model.route import NextHop, RouteState

RECORDS: dict[tuple[str, str], list[Record]] = {
    ("leaf1", "bgp_session"): [BgpSessionState("eth1", state="Established"), BgpSessionState("eth2", state="Active")],
    ("leaf2", "bgp_session"): [BgpSessionState("eth1", state="Established")],
    ("leaf1", "ospf_neighbor"): [
        OspfNeighborState("1.1.1.1", "eth1", state="Full"),
        OspfNeighborState("2.2.2.2", "eth2", state="2-Way", role="DROther"),
    ],
    ("leaf1", "bfd_peer"): [BfdPeerState("10.0.0.1", state="up"), BfdPeerState("10.0.0.2", state="down")],
    ("leaf1", "interface"): [
        InterfaceState("eth1", oper_status="up", in_errors=3),
        InterfaceState("eth2", oper_status="down", in_errors=0, out_errors=0),
    ],
    ("leaf1", "route"): [
        RouteState(
            "10.2.0.0/16", "bgp", next_hops=(NextHop(interface="eth1"), NextHop(address="fe80::1", interface="eth2"))
        ),
        RouteState("10.3.0.0/16", "static", selected=False, next_hops=(NextHop(interface="eth1"),)),
    ],
    ("leaf1", "neighbor"): [
        NeighborState("eth1", "aa", system_name="spine1.example", port_id="eth7"),
        NeighborState("eth2", "bb", system_name="spine2", port_id="00:11", port_description="eth7"),
    ],
    ("spine1", "neighbor"): [NeighborState("eth7", "cc", system_name="leaf1", port_id="eth1")],
}
PING = "3 packets transmitted, {} received, {}% packet loss, time 402ms"


class Network:
    """Answers from RECORDS, and counts what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def hosts(self, pattern: str) -> Sequence[str]:
        names = ["leaf1", "leaf2", "spine1", "spine2", "dead"]
        return names if pattern == "all" else [name for name in names if name == pattern]

    async def observe(self, device: str, noun: str) -> Sequence[Record]:
        self.asked.append((device, noun))
        if device == "dead":
            raise Unreachable("no answer", device=device)
        if noun == "bfd_peer" and device != "leaf1":
            raise Unsupported("no BFD here", device=device)
        return RECORDS.get((device, noun), [])

    async def run(self, device: str, command: str) -> str:
        assert device == "leaf1"
        return PING.format(3, 0) if "10.2.1.10" in command else PING.format(2, "33.3333")

    @property
    def ground(self) -> Ground:
        return Ground(hosts=self.hosts, observe=self.observe, run=self.run, clock=lambda: 0.0)


async def results(checks: Sequence[Check], network: Network | None = None, **kind: object) -> list[CheckResult]:
    found = [result async for result in run_checks(checks, (network or Network()).ground, **kind)]  # type: ignore[arg-type]  # devices, limit
    return sorted(found, key=lambda result: (result.check, result.device))


def written(text: str) -> list[Check]:
    return list(read_checks(text, "checks/x.yml", Path()))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("bgp: {on: leaf2}", "[PASS] leaf2 bgp: expected: every session Established actual: 1 of 1 Established"),
        (
            "bgp: {on: leaf1}",
            "[FAIL] leaf1 bgp: expected: every session Established actual: 1 of 2 Established: eth2 ipv4 Active",
        ),
        (
            "bgp: {on: leaf1, peers: eth1}",
            "[PASS] leaf1 bgp: expected: every session Established actual: 1 of 1 Established",
        ),
        (
            "bgp: {on: leaf1, peers: [eth1, eth9]}",
            "[FAIL] leaf1 bgp: expected: every session Established actual: 1 of 2 Established: eth9 missing",
        ),
        (
            "bgp: {on: leaf2, count: 2}",
            "[FAIL] leaf2 bgp: expected: 2 times session Established, no other actual: 1 of 1 Established",
        ),
        ("bgp: {on: spine1}", "[FAIL] spine1 bgp: expected: every session Established actual: 0 of 0 Established"),
        ("bgp: {on: dead}", "[FAIL] dead bgp: expected: an answer actual: dead: no answer"),
        (
            "ospf: {on: leaf1, count: 2}",
            "[PASS] leaf1 ospf: expected: 2 times adjacency Full, no other actual: 2 of 2 Full",
        ),
        ("bfd: {on: leaf1}", "[FAIL] leaf1 bfd: expected: every BFD session up actual: 1 of 2 up: 10.0.0.2 down"),
        ("bfd: {on: leaf2}", "[SKIP] leaf2 bfd: no BFD here"),
        ("bfd: {on: nobody}", "[SKIP] network bfd: no device matches 'nobody'"),
        (
            "interfaces: {on: leaf1, names: [eth1, eth2]}",
            "[FAIL] leaf1 interfaces: expected: every interface up actual: 1 of 2 up: eth2 down",
        ),
        (
            "interface_errors: {on: leaf1}",
            "[FAIL] leaf1 interface_errors: expected: no interface with more than 0 errors actual: eth1 3",
        ),
        (
            "interface_errors: {on: leaf1, max: 3}",
            "[PASS] leaf1 interface_errors: expected: no interface with more than 3 errors actual: none",
        ),
        (
            "routes: {on: leaf1, prefix: 10.2.0.0/16, next_hops: 2, via: [eth1, 'fe80::1']}",
            "[PASS] leaf1 routes: expected: 10.2.0.0/16 over 2 next hops via eth1, fe80::1 actual: present",
        ),
        (
            "routes: {on: leaf1, prefix: [10.2.0.0/16, 10.3.0.0/16], protocol: bgp, next_hops: 1}",
            (
                "[FAIL] leaf1 routes: expected: 10.2.0.0/16, 10.3.0.0/16 by bgp over 1 next hops "
                "actual: 10.2.0.0/16 over 2 next hops; 10.3.0.0/16 missing"
            ),
        ),
        (
            "ping: {from: leaf1, to: 10.2.1.10}",
            "[PASS] leaf1 ping: expected: 10.2.1.10 answers, at most 0 % lost actual: answers",
        ),
        (
            "ping: {from: leaf1, to: [10.2.1.10, 10.9.9.9], max_loss: 30}",
            (
                "[FAIL] leaf1 ping: expected: 10.2.1.10, 10.9.9.9 answers, at most 30 % lost"
                " actual: 10.9.9.9: 33.3333 % lost"
            ),
        ),
        (
            "neighbors: {on: leaf1, links: ['leaf1:eth1 - spine1:eth7', 'spine2:eth7 - leaf1:eth2']}",
            "[PASS] leaf1 neighbors: expected: eth1 to spine1:eth7, eth2 to spine2:eth7 actual: as expected",
        ),
        (
            "neighbors: {on: leaf1, links: ['leaf1:eth1 - spine2:eth7', 'leaf1:eth3 - spine1:eth1']}",
            (
                "[FAIL] leaf1 neighbors: expected: eth1 to spine2:eth7, eth3 to spine1:eth1 "
                "actual: eth1 to spine1:eth7; eth3 to nobody"
            ),
        ),
    ],
)
async def test_a_check_says_what_it_expected_and_what_it_saw(text: str, line: str) -> None:
    (result,) = await results(written(f"- {text}"))
    assert str(result) == line


async def test_a_link_is_looked_at_from_both_ends() -> None:
    found = await results(written("- neighbors: {links: 'leaf1:eth1 - spine1:eth7'}"))
    assert [(result.device, result.passed) for result in found] == [("leaf1", True), ("spine1", True)]


async def test_one_question_is_asked_once_however_many_checks_need_it() -> None:
    network = Network()
    await results(written("- bgp: {on: leaf1}\n- name: again\n  bgp: {on: leaf1, peers: eth1}"), network)
    assert network.asked == [("leaf1", "bgp_session")]


async def test_checks_can_be_held_to_some_devices() -> None:
    found = await results(written("- bgp:\n- bfd: {on: spine1}"), devices=["leaf2"])
    assert [result.device for result in found] == ["leaf2"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("bgp: {}", "checks/x.yml:1:1 expected a list of checks, such as `- bgp: {on: all}`"),
        ("- bgp", "checks/x.yml:1:3 expected a mapping with one kind of check, got 'bgp'"),
        ("- bpg: {}", 'checks/x.yml:1:3 0.bpg: unknown key; did you mean "bgp"?'),
        ("- bgp: {ona: all}", 'checks/x.yml:1:9 0.bgp.ona: unknown key; did you mean "on"?'),
        ("- bgp: {}\n  bfd: {}", "checks/x.yml:1:3 expected exactly one kind of check; one of bgp,"),
        ("- name: x", "checks/x.yml:1:3 expected exactly one kind of check; one of bgp,"),
        ("- bgp:\n    count: many", "checks/x.yml:2:12 count: expected a number, got 'many'"),
        ("- bgp:\n    count: true", "checks/x.yml:2:12 count: expected a number, got True"),
        ("- ping: {from: a}", "checks/x.yml:1:3 ping: expected the option 'to'"),
        ("- ping: {to: '-f x; reboot'}", "checks/x.yml:1:14 to: expected an address or a name, got '-f x; reboot'"),
        ("- ping: {to: [1]}", "checks/x.yml:1:14 to: expected a text or a list of texts, got [1]"),
        ("- routes: {prefix: 10.0.0.1/8}", "checks/x.yml:1:20 prefix: 10.0.0.1/8 has host bits set"),
        ("- neighbors: {links: [leaf1 - spine1]}", "checks/x.yml:1:22 links: expected a link such as"),
        ("- neighbors: {from: ../../etc/passwd}", "checks/x.yml:1:21 ../../etc/passwd: expected a file within"),
        ("- neighbors: {from: none.yml}", "checks/x.yml:1:21 none.yml: cannot be read"),
        ("- [", "checks/x.yml:"),
    ],
)
def test_a_mistake_in_a_check_file_has_a_place(text: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        written(text)
    assert str(caught.value).startswith(message)


def test_links_can_come_from_a_topology_file(tmp_path: Path) -> None:
    (tmp_path / "lab.yml").write_text("topology:\n  links:\n    - endpoints: ['a:eth1', 'b:eth2']\n")
    (check,) = read_checks("- neighbors: {from: lab.yml}", "checks/x.yml", tmp_path)
    assert check.options["links"] == (("a:eth1", "b:eth2"),)


PYTHON = """
async def check_sessions(network):
    for device in network.hosts("leaf1"):
        for row in await network.observe(device, "bgp_session"):
            network.expect("Established", row.state, device=device, detail=row.peer)

def check_always(network):
    pass

def check_never(network):
    assert 1 == 2, "one is not two"

def check_broken(network):
    return {}["x"]

def check_answers_no(network):
    return False

def helper(network):
    raise SystemExit
"""


async def test_checks_in_python_see_the_network(tmp_path: Path) -> None:
    folder = tmp_path / "checks"
    folder.mkdir()
    (folder / "own.py").write_text(PYTHON)
    (folder / "a.yml").write_text("- bgp: {on: leaf1}\n")
    (folder / "README.md").write_text("not a check")
    network = Network()
    found = await results(load_checks(folder), network)
    assert [str(result) for result in found] == [
        "[PASS] network always: expected: holds actual: holds",
        "[FAIL] network answers no: expected: holds actual: it answers False (checks/own.py:16)",
        "[FAIL] leaf1 bgp: expected: every session Established actual: 1 of 2 Established: eth2 ipv4 Active",
        "[FAIL] network broken: expected: holds actual: KeyError: 'x' (checks/own.py:13)",
        "[FAIL] network never: expected: holds actual: one is not two (checks/own.py:10)",
        "[PASS] leaf1 sessions: expected: Established actual: Established (eth1)",
        "[FAIL] leaf1 sessions: expected: Established actual: Active (eth2)",
    ]
    assert network.asked == [("leaf1", "bgp_session")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("def check_x(:\n", "checks/own.py:1:13 not Python: invalid syntax"),
        ("x = 1\nraise ValueError('no')\n", "checks/own.py:2 ValueError: no"),
        ("import json\n\njson.loads('')\n", "checks/own.py:3 JSONDecodeError: "),
    ],
)
def test_a_mistake_in_a_python_check_has_a_place(tmp_path: Path, text: str, message: str) -> None:
    folder = tmp_path / "checks"
    folder.mkdir()
    (folder / "own.py").write_text(text)
    with pytest.raises(SourceError) as caught:
        load_checks(folder)
    assert str(caught.value).startswith(message)


def test_no_folder_means_no_checks(tmp_path: Path) -> None:
    assert load_checks(tmp_path / "checks") == []


def test_junit_tells_failures_and_skips() -> None:
    made = [
        CheckResult(check="bgp", device="r2", passed=None, expected="", actual="", detail="no BGP"),
        CheckResult(check="bgp", device="r1", passed=False, expected="a<b", actual="\x1b[0m", seconds=0.25),
        CheckResult(check="bfd", device="r1", passed=True, expected="", actual="", seconds=0.5),
    ]
    assert junit(made) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<testsuites tests="3" failures="1" skipped="1" time="0.750">\n'
        '  <testsuite name="bfd" tests="1" failures="0" skipped="0" time="0.500">\n'
        '    <testcase name="r1" classname="bfd" time="0.500" />\n'
        "  </testsuite>\n"
        '  <testsuite name="bgp" tests="2" failures="1" skipped="1" time="0.250">\n'
        '    <testcase name="r1" classname="bgp" time="0.250">\n'
        '      <failure message="expected: a&lt;b actual: \ufffd[0m" />\n'
        "    </testcase>\n"
        '    <testcase name="r2" classname="bgp" time="0.000">\n'
        '      <skipped message="no BGP" />\n'
        "    </testcase>\n"
        "  </testsuite>\n"
        "</testsuites>\n"
    )


@pytest.mark.parametrize(
    ("output", "loss"),
    [(PING.format(2, 33.3333), 33.3333), ("3 packets transmitted, 100% packet loss", 100), ("ping: x", None)],
)
def test_the_loss_is_read_from_what_ping_prints(output: str, loss: float | None) -> None:
    assert ping_loss(output) == loss


def test_a_ping_ends_by_itself() -> None:
    assert ping_command("10.0.0.1", 3) == "ping -n -q -c 3 -i 0.2 -W 1 10.0.0.1 2>&1 || true"
