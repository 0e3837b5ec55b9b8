"""Events in traps: the same words as those of log messages."""

from __future__ import annotations

from typing import Any

import pytest

from netloom.codecs import ber
from netloom.codecs.ber import tlv
from netloom.codecs.snmp import Operation
from netloom.codecs.snmp_notification import decode_pdu
from netloom.collectors.mibs import oid_of
from netloom.collectors.site import Port, Site
from netloom.collectors.trap import events
from netloom.collectors.trap.decode import trap
from netloom.model.event import Event

BGP = "BGP_NEIGHBOR_STATE_CHANGED"
INDEX6 = "2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1"

CASES: dict[str, tuple[str, dict[str, Any], tuple[str, dict[str, Any]]]] = {
    "a link by its name": (
        "linkDown", {"ifIndex.7": 7, "ifName.7": b"xe-0/0/0"},
        ("INTERFACE_DOWN", {"interface": "xe-0/0/0", "state": "down"}),
    ),
    "a link by what is known of its index": ("linkUp", {"ifOperStatus.3": 1}, ("INTERFACE_UP", {"interface": "Gi0/3"})),
    "BGP-4": (
        "bgpBackwardTransNotification",
        {"bgpPeerRemoteAddr.192.0.2.1": (192, 0, 2, 1), "bgpPeerState.192.0.2.1": 1},
        (BGP, {"peer": "192.0.2.1", "state": "Idle"}),
    ),
    "BGP-4 by the instance alone": (
        "bgpEstablished", {"bgpPeerState.192.0.2.1": 6}, (BGP, {"peer": "192.0.2.1", "state": "Established"}),
    ),
    "BGP established without a state": (
        "bgpEstablished", {"bgpPeerLastError.192.0.2.1": b"\0\0"}, (BGP, {"state": "Established"}),
    ),
    "BGP over IPv6": (
        "cbgpPeer2BackwardTransition", {f"cbgpPeer2State.{INDEX6}": 2},
        (BGP, {"peer": "2001:db8::1", "state": "Connect"}),
    ),
    "OSPF up": (
        "ospfNbrStateChange", {"ospfNbrRtrId.192.0.2.2.0": (9, 9, 9, 9), "ospfNbrState.192.0.2.2.0": 8},
        ("OSPF_NEIGHBOR_UP", {"peer": "9.9.9.9", "state": "Full"}),
    ),
    "OSPF down": (
        "ospfNbrStateChange", {"ospfNbrRtrId.192.0.2.2.0": (9, 9, 9, 9), "ospfNbrState.192.0.2.2.0": 1},
        ("OSPF_NEIGHBOR_DOWN", {"peer": "9.9.9.9", "state": "down"}),
    ),
    "a start": ("coldStart", {}, ("SYSTEM_RESTARTED", {"reason": "cold start"})),
    "a wrong community": ("authenticationFailure", {"1.3.6.1.4.1.9.2.1.5.0": b"x"}, ("SNMP_AUTHENTICATION_FAILED", {})),
    "a configuration": (
        "ciscoConfigManEvent", {"ccmHistoryEventCommandSource.5": 1, "ccmHistoryEventConfigDestination.5": 3},
        ("USER_EXIT_CONFIG_MODE", {}),
    ),
    "a configuration written": (
        "ciscoConfigManEvent", {"ccmHistoryEventConfigDestination.5": 4}, ("USER_WRITE_CONFIG", {}),
    ),
    "a commit": (
        "jnxCmCfgChange", {"1.3.6.1.4.1.2636.3.18.1.7.1.5.4": b"ann"},
        ("CONFIGURATION_COMMIT_COMPLETED", {"user": "ann"}),
    ),
    "a log message": (
        "clogMessageGenerated",
        {
            "clogHistFacility.1": b"LINK", "clogHistSeverity.1": 4, "clogHistMsgName.1": b"UPDOWN",
            "clogHistMsgText.1": b"Interface Gi0/1, changed state to down",
        },
        ("INTERFACE_DOWN", {"interface": "Gi0/1", "code": "LINK-3-UPDOWN"}),
    ),
}  # fmt: skip


def event_of(name: str, objects: dict[str, Any]) -> Event | None:
    """What a notification with these objects says."""

    def binding(oid: str, value: Any) -> bytes:
        if isinstance(value, int):
            content = ber.integer(value)
        else:
            content = tlv(0x40, bytes(value)) if isinstance(value, tuple) else tlv(ber.OCTETS, value)
        return tlv(ber.SEQUENCE, tlv(ber.OID, ber.oid(oid)) + content)

    trap_oid = tlv(ber.SEQUENCE, tlv(ber.OID, ber.oid("1.3.6.1.6.3.1.1.4.1.0")) + tlv(ber.OID, ber.oid(oid_of(name))))
    bindings = trap_oid + b"".join(binding(oid_of(oid), value) for oid, value in objects.items())
    pdu = tlv(Operation.TRAP, ber.integer(1) + ber.integer(0) * 2 + tlv(ber.SEQUENCE, bindings))
    found = decode_pdu(pdu, "v2c")
    assert found is not None
    site = Site(ports={("r1", 3): Port("Gi0/3")})
    return events.event(trap(found, "192.0.2.9", 7, translated=True), "r1", site)


@pytest.mark.parametrize("case", CASES)
def test_notifications_are_events(case: str) -> None:
    name, objects, (expected, fields) = CASES[case]
    found = event_of(name, objects)
    assert found is not None
    assert (found.name, found.time_received_ns, found.source_address) == (expected, 7, "192.0.2.9")
    assert {field: getattr(found, field) for field in fields} == fields


@pytest.mark.parametrize(
    ("name", "objects"),
    [("ospfNbrStateChange", {"ospfNbrState.192.0.2.2.0": 5}), ("clogMessageGenerated", {}), ("entConfigChange", {})],
)
def test_other_notifications_are_none(name: str, objects: dict[str, Any]) -> None:
    assert event_of(name, objects) is None
