"""LLDP and CDP: what another tool builds is read, damage is said, and no bytes are too strange."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.contrib import cdp as scapy_cdp
from scapy.contrib import lldp as scapy_lldp
from scapy.layers.l2 import Ether

from netloom.codecs import cdp, lldp, lldp_power
from netloom.codecs.packet import dissect
from netloom.codecs.pcap import frames

CAPTURE = Path(__file__).parents[3] / "shared/samples/lldpd/tests/integration/data/8023bt.pcap"

UNIT = bytes(
    Ether()
    / scapy_lldp.LLDPDUChassisID(subtype=4, id="02:00:00:00:00:09")
    / scapy_lldp.LLDPDUPortID(subtype=5, id="Ethernet1")
    / scapy_lldp.LLDPDUTimeToLive(ttl=120)
    / scapy_lldp.LLDPDUPortDescription(description="to spine")
    / scapy_lldp.LLDPDUSystemName(system_name="leaf1")
    / scapy_lldp.LLDPDUSystemDescription(description="a switch")
    / scapy_lldp.LLDPDUSystemCapabilities(mac_bridge_available=1, router_available=1, router_enabled=1)
    / scapy_lldp.LLDPDUManagementAddress(management_address_subtype=1, management_address=bytes([192, 0, 2, 9]))
    / scapy_lldp.LLDPDUEndOfLLDPDU()
)[14:]
MESSAGE = bytes(
    scapy_cdp.CDPv2_HDR(
        ttl=180,
        msg=[
            scapy_cdp.CDPMsgDeviceID(val=b"switch9.example.net"),
            scapy_cdp.CDPMsgAddr(addr=[scapy_cdp.CDPAddrRecordIPv4(addr="192.0.2.9")]),
            scapy_cdp.CDPMsgPortID(iface=b"GigabitEthernet0/1"),
            scapy_cdp.CDPMsgCapabilities(cap=0x29),
            scapy_cdp.CDPMsgSoftwareVersion(val=b"IOS 15"),
            scapy_cdp.CDPMsgPlatform(val=b"cisco WS-C2960"),
            scapy_cdp.CDPMsgNativeVLAN(vlan=7),
            scapy_cdp.CDPMsgDuplex(duplex=1),
            scapy_cdp.CDPMsgMTU(mtu=1500),
            scapy_cdp.CDPMsgMgmtAddr(addr=[scapy_cdp.CDPAddrRecordIPv6(addr="2001:db8::9")]),
        ],
    )
)


def element(kind: int, value: bytes) -> bytes:
    return (kind << 9 | len(value)).to_bytes(2) + value


NEEDED = element(1, b"\x07one") + element(2, b"\x05e1") + element(3, b"\0\x78")


def organizational(oui: str, subtype: int, value: bytes) -> lldp.Organizational:
    return lldp.parse(NEEDED + element(127, bytes.fromhex(oui) + bytes([subtype]) + value)).organizational[0]


def test_a_unit_of_lldp_is_read() -> None:
    found = lldp.parse(UNIT + bytes(20))
    assert found == lldp.Lldp(
        chassis_id_type=4,
        chassis_id="02:00:00:00:00:09",
        port_id_type=5,
        port_id="Ethernet1",
        ttl_s=120,
        port_description="to spine",
        system_name="leaf1",
        system_description="a switch",
        capabilities=0b10100,
        enabled=0b10000,
        management_addresses=("192.0.2.9",),
    )


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (1, b"\x05\x01\xc0\x00\x02\x01", "192.0.2.1"),
        (1, b"\x05\x02" + bytes(15) + b"\x01", "::1"),
        (1, b"\x04\xff\xfe", "ff:fe"),
        (1, b"\x01chassis\0", "chassis"),
        (2, b"\x03\x02\x00\x00\x00\x00\x01", "02:00:00:00:00:01"),
        (2, b"\x04\x01\xc0\x00\x02\x01", "192.0.2.1"),
    ],
)
def test_identifiers_are_read_by_their_type(kind: int, value: bytes, expected: str) -> None:
    found = lldp.parse(NEEDED + element(kind, value))
    assert (found.chassis_id if kind == 1 else found.port_id) == expected


@pytest.mark.parametrize(
    ("oui", "subtype", "value", "name", "values"),
    [
        ("0080c2", 1, b"\0\x07", "port_vlan", {"vlan": 7}),
        ("0080c2", 3, b"\0\x07\x05users", "vlan_name", {"vlan": 7, "name": "users"}),
        ("00120f", 3, b"\x03\0\0\0\x09", "link_aggregation", {"capable": True, "active": True, "port": 9}),
        ("00120f", 4, b"\x24\x00", "maximum_frame_size", {"bytes": 9216}),
        ("0012bb", 4, b"\x53\x00\x82", "med_power", {"device_type": 1, "source": 1, "priority": 3, "power_w": 13.0}),
        ("0012bb", 10, b"phone", "med_model", {"text": "phone"}),
        ("0012bb", 1, b"\0", None, {}),
        ("000142", 1, b"\x09", None, {}),
    ],
)
def test_extensions_are_read(oui: str, subtype: int, value: bytes, name: str | None, values: dict[str, object]) -> None:
    found = organizational(oui, subtype, value)
    assert (found.oui, found.subtype, found.name, found.values) == (int(oui, 16), subtype, name, values)
    assert found.data == value


def test_a_policy_for_voice_is_read() -> None:
    found = organizational("0012bb", 2, b"\x01" + (1 << 22 | 20 << 9 | 5 << 6 | 46).to_bytes(3))
    assert found.values == {
        "application": 1,
        "unknown": False,
        "tagged": True,
        "vlan": 20,
        "priority": 5,
        "dscp": 46,
    }


@pytest.mark.parametrize("size", [3, 8, 25])
@given(data=st.binary(min_size=25, max_size=25))
def test_power_tells_what_its_length_holds(size: int, data: bytes) -> None:
    found = lldp_power.parse(data[:size])
    assert ("requested_w" in found, "class_extended" in found) == (size > 3, size > 8)


@pytest.mark.samples
def test_power_of_802_3bt_is_read_from_a_switch() -> None:
    if not CAPTURE.exists():
        pytest.skip(f"no capture at {CAPTURE}")
    (frame,) = frames(CAPTURE.read_bytes())
    found = lldp.parse(dissect(frame.data).payload)
    assert (found.system_name, found.port_id, found.management_addresses) == (
        "cisco-bt-switch",
        "Gi1/0/2",
        ("192.168.1.1",),
    )
    (power,) = [each.values for each in found.organizational if each.name == "power"]
    assert (power["device"], power["class"], power["type"], power["source"], power["priority"]) == (
        "pse",
        4,
        "type-2-pse",
        "primary",
        "low",
    )
    assert (power["requested_w"], power["allocated_w"], power["requested_a_w"], power["allocated_b_w"]) == (
        71.0,
        51.0,
        35.5,
        25.5,
    )
    assert (power["pse_powering_status"], power["pairs_extended"], power["class_a"], power["class_extended"]) == (
        "4-pair-dual-signature",
        "both",
        4,
        15,
    )


@pytest.mark.parametrize("data", [b"", element(1, b"\x07one"), NEEDED + b"\x02\xff"])
def test_a_unit_that_is_not_whole_is_said(data: bytes) -> None:
    with pytest.raises(lldp.LldpError, match="expected"):
        lldp.parse(data)


def test_a_message_of_cdp_is_read() -> None:
    assert cdp.parse(MESSAGE) == cdp.Cdp(
        version=2,
        ttl_s=180,
        device_id="switch9.example.net",
        addresses=("192.0.2.9",),
        port_id="GigabitEthernet0/1",
        capabilities=0x29,
        software="IOS 15",
        platform="cisco WS-C2960",
        native_vlan=7,
        full_duplex=True,
        mtu=1500,
        management_addresses=("2001:db8::9",),
    )


def test_elements_of_cdp_that_are_not_what_they_say_are_kept() -> None:
    found = cdp.parse(b"\x02\xb4\0\0" + b"\0\x0a\0\x05\x01" + b"\0\x02\0\x09\0\0\0\x09\x01" + b"\x77\x77\0\x06ab")
    assert found.unknown == ((0x0A, b"\x01"), (0x02, b"\0\0\0\x09\x01"), (0x7777, b"ab"))


def test_objects_power_and_phones_are_read() -> None:
    oid = b"\x06\x08\x2b\x06\x01\x04\x01\x09\x01\x87"[:10] + b"\x40"
    body = b"\0\x15" + (4 + len(oid)).to_bytes(2) + oid + b"\0\x10\0\x06\x18\x9c" + b"\0\x0e\0\x07\x01\0\x14"
    found = cdp.parse(b"\x02\xb4\0\0" + body)
    assert (found.system_oid, found.consumption_w, found.voice_vlan) == ("1.3.6.1.4.1.9.1.960", 6.3, 20)


@pytest.mark.parametrize("data", [b"", b"\x05\0\0\0", b"\x02\xb4\0\0\0\x01\0\x03", b"\x02\xb4\0\0\0\x01\0\x30abc"])
def test_what_is_no_cdp_is_said(data: bytes) -> None:
    with pytest.raises(cdp.CdpError, match="expected"):
        cdp.parse(data)


@given(st.binary(max_size=200), st.sampled_from([b"", NEEDED, UNIT[:-2]]))
def test_no_bytes_are_worse_than_an_error(data: bytes, begun: bytes) -> None:
    with suppress(lldp.LldpError):
        lldp.parse(begun + data)
    with suppress(cdp.CdpError):
        cdp.parse(data)
    with suppress(cdp.CdpError):
        cdp.parse(b"\x02\xb4\0\0" + data)


@given(st.data())
def test_changed_bytes_are_no_worse(choice: st.DataObject) -> None:
    for whole, parse, error in ((UNIT, lldp.parse, lldp.LldpError), (MESSAGE, cdp.parse, cdp.CdpError)):
        changed = bytearray(whole)
        for _ in range(choice.draw(st.integers(1, 5))):
            changed[choice.draw(st.integers(0, len(changed) - 1))] = choice.draw(st.integers(0, 255))
        with suppress(error):
            parse(bytes(changed))
