"""Events: the same thing said by different vendors is one event, and other words are none."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.collectors.syslog.decode import decode
from netloom.collectors.syslog.events import event, rules
from netloom.collectors.syslog.finding import Finder

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "napalm-logs" / "tests" / "config"
RECEIVED_NS = 1_700_000_000 * 10**9

DOWN, UP = "INTERFACE_DOWN", "INTERFACE_UP"
BGP = "BGP_NEIGHBOR_STATE_CHANGED"

SAID: dict[str, tuple[str, dict[str, str]]] = {
    "%LINK-3-UPDOWN: Interface Gi0/1, changed state to down": (DOWN, {"interface": "Gi0/1", "state": "down"}),
    "%LINK-5-CHANGED: Interface Gi0/1, changed state to administratively down": (DOWN, {"interface": "Gi0/1"}),
    "%LINEPROTO-5-UPDOWN: Line protocol on Interface Et1, changed state to up": (UP, {"interface": "Et1"}),
    "%PKT_INFRA-LINK-3-UPDOWN : Interface Te0/2/0/4, changed state to Up": (UP, {"interface": "Te0/2/0/4"}),
    "%ETHPORT-5-IF_DOWN_LINK_FAILURE: Interface Ethernet1/3 is down (Link failure)": (
        DOWN, {"interface": "Ethernet1/3", "reason": "Link failure"},
    ),
    "SNMP_TRAP_LINK_DOWN: ifIndex 5, ifAdminStatus up(1), ifOperStatus down(2), ifName xe-0/0/0": (
        DOWN, {"interface": "xe-0/0/0", "state": "down"},
    ),
    "%%01IFNET/4/IF_STATE(l)[1]:Interface GE0/0/1 has turned into DOWN state.": (DOWN, {"interface": "GE0/0/1"}),
    "%BGP-5-ADJCHANGE: neighbor 192.0.2.1 vpn vrf BLUE Down BGP Notification sent": (
        BGP, {"peer": "192.0.2.1", "vrf": "BLUE", "state": "down", "reason": "BGP Notification sent"},
    ),
    "bgpd[79]: [PXVXG-TFNNT] %ADJCHANGE: neighbor eth1(spine1) in vrf default Down Waiting for NHT": (
        BGP,
        {"peer": "eth1", "vrf": "default", "state": "down", "reason": "Waiting for NHT"},
    ),
    "bgpd[79]: [M59KS-A3ZXZ][EC 33554454] %ADJCHANGE: neighbor 10.0.0.1(Unknown) in vrf BLUE Up": (
        BGP,
        {"peer": "10.0.0.1", "vrf": "BLUE", "state": "up"},
    ),
    "%BGP-5-ADJCHANGE: neighbor 2001:db8::1 Up": (BGP, {"peer": "2001:db8::1", "state": "up"}),
    "%ROUTING-BGP-5-ADJCHANGE : neighbor 192.0.2.1 Down - Peer closed the session (VRF: BLUE) (AS: 65000)": (
        BGP, {"peer": "192.0.2.1", "vrf": "BLUE", "reason": "Peer closed the session"},
    ),
    "%BGP-5-ADJCHANGE:  bgp-65000 [3211] (default) neighbor 192.0.2.1 Up": (BGP, {"peer": "192.0.2.1"}),
    "%OSPF-5-ADJCHG: Process 1, Nbr 192.0.2.1 on Gi0/1 from FULL to DOWN, Neighbor Down: Dead timer expired": (
        "OSPF_NEIGHBOR_DOWN",
        {"peer": "192.0.2.1", "interface": "Gi0/1", "old_state": "Full", "reason": "Neighbor Down: Dead timer expired"},
    ),
    "%OSPF-5-ADJCHANGE:  ospf-1 [5]  Neighbor 192.0.2.1 on Ethernet1/1 went FULL": (
        "OSPF_NEIGHBOR_UP", {"peer": "192.0.2.1", "interface": "Ethernet1/1", "state": "Full"},
    ),
    "%OSPF-4-OSPF_ADJACENCY_ESTABLISHED: NGB 192.0.2.1, interface 10.0.0.1 adjacency established": (
        "OSPF_NEIGHBOR_UP", {"peer": "192.0.2.1", "state": "Full"},
    ),
    "ospfd[9]: AdjChg: Nbr 192.0.2.1(default) on eth1:10.0.0.1: Full -> Deleted (KillNbr)": (
        "OSPF_NEIGHBOR_DOWN", {"peer": "192.0.2.1", "interface": "eth1", "reason": "KillNbr"},
    ),
    "%SYS-5-CONFIG_I: Configured from console by ann on vty0 (192.0.2.1)": ("USER_EXIT_CONFIG_MODE", {"user": "ann"}),
    "%SYS-5-CONFIG_I: Configured from console by vty0 (192.0.2.1)": ("USER_EXIT_CONFIG_MODE", {"user": "vty0"}),
    "%VSHD-5-VSHD_SYSLOG_CONFIG_I: Configured from vty by ann on 192.0.2.1@pts/0": (
        "USER_EXIT_CONFIG_MODE", {"user": "ann"},
    ),
    "mgd[1]: UI_COMMIT: User 'ann' requested 'commit' operation (comment: none)": (
        "CONFIGURATION_COMMIT_REQUESTED", {"user": "ann"},
    ),
    "%SEC_LOGIN-5-LOGIN_SUCCESS: Login Success [user: ann] [Source: 192.0.2.1] [localport: 22]": (
        "USER_LOGIN", {"user": "ann"},
    ),
    "%SEC_LOGIN-4-LOGIN_FAILED: Login failed [user: eve] [Source: 192.0.2.1] [Reason: Login Authentication Failed]": (
        "USER_LOGIN_FAILED", {"user": "eve", "reason": "Login Authentication Failed"},
    ),
    "sshd[7]: Accepted publickey for ann from 192.0.2.1 port 5 ssh2": ("USER_LOGIN", {"user": "ann"}),
    "sshd[7]: Failed password for invalid user eve from 192.0.2.1 port 5 ssh2": ("USER_LOGIN_FAILED", {"user": "eve"}),
    "%DUAL-5-NBRCHANGE: EIGRP-IPv4 1: Neighbor 192.0.2.1 (Gi0/1) is down: holding time expired": (
        "EIGRP_NEIGHBOR_STATE_CHANGED", {"peer": "192.0.2.1", "reason": "holding time expired"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", SAID)
def test_vendors_words_are_one_event(text: str) -> None:
    name, fields = SAID[text]
    found = event(decode(f"<189>Nov 14 22:13:20 r1 {text}".encode(), "192.0.2.9", RECEIVED_NS))
    assert found is not None
    assert (found.name, found.hostname, found.source_address) == (name, "r1", "192.0.2.9")
    assert {field: getattr(found, field) for field in fields} == fields


@pytest.mark.parametrize(
    "text",
    [
        "%SYS-5-CONFIG_I: something else",
        "%BGP-5-ADJCHANGE: nothing of that kind",
        "sshd[7]: Received disconnect from 192.0.2.1",
        "cron[1]: Accepted work for ann from 192.0.2.1",
    ],
)
def test_other_words_are_no_event(text: str) -> None:
    assert event(decode(f"<189>Nov 14 22:13:20 r1 {text}".encode(), None, RECEIVED_NS)) is None


@pytest.mark.samples
def test_recorded_messages_are_the_events_that_others_take_them_for() -> None:
    paths = sorted(SAMPLES.glob("*/*/*/syslog.msg"))
    if not paths:
        pytest.skip(f"no samples at {SAMPLES}")
    wrong = []
    for path in paths:
        found = event(decode(path.read_bytes(), None, RECEIVED_NS))
        expected = json.loads(path.with_name("yang.json").read_text())["error"]
        if found is None or found.name != expected:
            wrong.append((path.parent, found, expected))
    assert wrong == []


@given(st.text(max_size=200), st.sampled_from([rule.code.pattern for rule in rules() if rule.code] + [""]))
def test_no_text_is_too_strange(text: str, code: str) -> None:
    event(decode(f"<13>%{code}: {text}".encode(), None, RECEIVED_NS))


@pytest.mark.parametrize(
    "piece",
    [
        "x",
        "a => ",
        "Interface ",
        "neighbor ",
        "(",
        "a ",
        "1.1.1.1 ",
        "User '",
        "->",
        "0",
        ": ",
        "Nbr x on y ",
        "local discriminator peer addr: ",
    ],
)
def test_long_messages_take_no_time(piece: str) -> None:
    before = time.process_time()
    for code in (
        "LINK-3-UPDOWN",
        "BGP-5-ADJCHANGE",
        "OSPF-5-ADJCHG",
        "RT_FLOW_SESSION_CLOSE",
        "X-1-Y",
        "IFNET/4/IF_STATE",
        "BFDD_TRAP_STATE_UP",
    ):
        log = decode(f"<13>%{code}: {piece * (8000 // len(piece))}".encode(), None, RECEIVED_NS)
        event(log)
        Finder().find(pa.array([log.message]), [log.event.code], [None])
    assert time.process_time() - before < 1
