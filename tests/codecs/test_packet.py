"""Packets: what another tool builds is read back, whole, cut off anywhere, and in tunnels."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.contrib.geneve import GENEVE
from scapy.contrib.mpls import MPLS
from scapy.layers import inet, inet6, l2, ppp, sctp, vxlan
from scapy.packet import Packet as Built
from scapy.packet import Raw

from netloom.codecs import pcap
from netloom.codecs.packet import Packet, dissect

ETHER = l2.Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
MACS = {"src_mac": "02:00:00:00:00:01", "dst_mac": "02:00:00:00:00:02"}
V4 = inet.IP(src="192.0.2.1", dst="198.51.100.2", tos=0xB8, ttl=7)
V6 = inet6.IPv6(src="2001:db8::1", dst="2001:db8::2", tc=0x28, fl=0xABCDE, hlim=9)
FOUR = {"src_addr": "192.0.2.1", "dst_addr": "198.51.100.2", "ip_tos": 0xB8, "ip_ttl": 7}
SIX = {"src_addr": "2001:db8::1", "dst_addr": "2001:db8::2", "ip_tos": 0x28, "ip_ttl": 9, "flow_label": 0xABCDE}

CASES: dict[str, tuple[Built, dict[str, Any]]] = {
    "TCP": (
        ETHER / V4 / inet.TCP(sport=1025, dport=443, flags="SEC", seq=77, options=[("MSS", 1460)]) / b"hello",
        {**MACS, **FOUR, "proto": 6, "src_port": 1025, "dst_port": 443, "tcp_flags": 0xC2, "payload": b"hello"}
        | {"tcp_sequence": 77, "ip_bytes": 49, "etype": 0x0800},
    ),
    "UDP over IPv6": (
        ETHER / V6 / inet.UDP(sport=5353, dport=53) / b"query",
        {**SIX, "proto": 17, "src_port": 5353, "dst_port": 53, "payload": b"query", "ip_bytes": 53, "etype": 0x86DD},
    ),
    "ICMP": (ETHER / V4 / inet.ICMP(type=3, code=4), {**FOUR, "proto": 1, "icmp_type": 3, "icmp_code": 4}),
    "SCTP": (ETHER / V4 / sctp.SCTP(sport=1, dport=2), {"proto": 132, "src_port": 1, "dst_port": 2}),
    "two tags": (
        ETHER / l2.Dot1AD(vlan=100, type=0x8100) / l2.Dot1Q(vlan=7) / V4 / inet.UDP(dport=9),
        {"vlans": [100, 7], "dst_port": 9, "layers": ["ethernet", "vlan", "vlan", "ipv4", "udp"]},
    ),
    "labels": (
        ETHER / MPLS(label=16, s=0) / MPLS(label=2000, s=1) / V6 / inet.TCP(dport=179),
        {"mpls_labels": [16, 2000], "dst_port": 179, "etype": 0x8847},
    ),
    "PPPoE": (ETHER / ppp.PPPoE(sessionid=5) / ppp.PPP(proto=0x0021) / V4 / inet.UDP(dport=9), {"dst_port": 9}),
    "ARP": (ETHER / l2.ARP(), {"etype": 0x0806, "layers": ["ethernet", "arp"]}),
    "spanning tree": (
        l2.Dot3(src="02:00:00:00:00:01", dst="01:80:c2:00:00:00") / l2.LLC() / l2.STP(),
        {"layers": ["ethernet", "stp"], "etype": None},
    ),
    "CDP": (
        l2.Dot3(dst="01:00:0c:cc:cc:cc") / l2.LLC(dsap=0xAA, ssap=0xAA, ctrl=3) / l2.SNAP(OUI=0x0C, code=0x2000) / b"x",
        {"layers": ["ethernet", "cdp"], "payload": b"x"},
    ),
    "extension headers": (
        ETHER / V6 / inet6.IPv6ExtHdrHopByHop() / inet6.IPv6ExtHdrRouting() / inet.TCP(dport=80),
        {"proto": 6, "dst_port": 80, "layers": ["ethernet", "ipv6", "hop_by_hop", "ipv6_route", "tcp"]},
    ),
    "first fragment": (
        ETHER / inet.IP(id=9, flags="MF") / inet.UDP(dport=9) / b"1234",
        {"fragment_id": 9, "more_fragments": True, "fragment_offset": 0, "dst_port": 9},
    ),
    "later fragment": (
        ETHER / inet.IP(id=9, frag=2, proto=17) / b"\x00\x01\x00\x02",
        {"fragment_id": 9, "fragment_offset": 16, "dst_port": None, "payload": b"\x00\x01\x00\x02", "proto": 17},
    ),
    "later fragment over IPv6": (
        ETHER / inet6.IPv6() / inet6.IPv6ExtHdrFragment(id=3, offset=1, m=1, nh=17) / b"abcd",
        {"fragment_id": 3, "fragment_offset": 8, "more_fragments": True, "dst_port": None, "payload": b"abcd"},
    ),
    "offloaded length": (ETHER / inet.IP(len=0) / inet.UDP(dport=9, len=0) / b"x", {"dst_port": 9, "payload": b"x"}),
}
"""What is built, and what must be read."""

INSIDE = inet.IP(src="10.0.0.1", dst="10.0.0.2") / inet.UDP(sport=7, dport=8) / b"in"
TUNNELS: dict[str, tuple[Built, str, int | None]] = {
    "IP in IP": (ETHER / V4 / INSIDE, "ipv4", None),
    "IPv4 in IPv6": (ETHER / V6 / INSIDE, "ipv6", None),
    "GRE": (ETHER / V4 / l2.GRE(key_present=1, key=3) / INSIDE, "gre", None),
    "GRE of frames": (ETHER / V4 / l2.GRE(proto=0x6558) / ETHER / INSIDE, "gre", None),
    "VXLAN": (ETHER / V4 / inet.UDP() / vxlan.VXLAN(vni=5000) / ETHER / INSIDE, "vxlan", 5000),
    "Geneve": (ETHER / V6 / inet.UDP() / GENEVE(vni=77) / ETHER / INSIDE, "geneve", 77),
    "pseudowire": (ETHER / MPLS(label=99, s=1) / Raw(bytes(4)) / ETHER / INSIDE, "mpls", None),
}


@pytest.mark.parametrize("name", CASES)
def test_headers_are_read(name: str) -> None:
    built, expected = CASES[name]
    found = dissect(bytes(built))
    assert {key: getattr(found, key) for key in expected} == expected


@pytest.mark.parametrize("name", TUNNELS)
def test_the_packet_in_a_tunnel_is_read(name: str) -> None:
    built, last, vni = TUNNELS[name]
    found = dissect(bytes(built))
    assert found.layers[-1] == last
    assert found.vni == vni
    assert found.inner is not None
    assert (found.inner.src_addr, found.inner.dst_port, found.inner.payload) == ("10.0.0.1", 8, b"in")


def test_tunnels_in_tunnels_end() -> None:
    built = INSIDE
    for _ in range(40):
        built = inet.IP() / built
    found: Packet | None = dissect(bytes(built), pcap.RAW)
    depth = 0
    while found is not None:
        found, depth = found.inner, depth + 1
    assert depth == 5


@pytest.mark.parametrize(
    ("link_type", "before"),
    [
        (pcap.RAW, b""),
        (pcap.IPV4, b""),
        (pcap.NULL, b"\x02\x00\x00\x00"),
        (pcap.LOOP, b"\x00\x00\x00\x02"),
        (pcap.PPP, b"\xff\x03\x00\x21"),
        (pcap.LINUX_SLL, bytes(14) + b"\x08\x00"),
        (pcap.LINUX_SLL2, b"\x08\x00" + bytes(18)),
    ],
)
def test_every_kind_of_link_is_read(link_type: int, before: bytes) -> None:
    assert dissect(before + bytes(V4 / inet.UDP(dport=9)), link_type).dst_port == 9


def test_padding_of_short_frames_is_no_payload() -> None:
    assert dissect(bytes(ETHER / V4 / inet.UDP() / b"ab") + bytes(20)).payload == b"ab"


@pytest.mark.parametrize("packet", [case[0] for case in (*CASES.values(), *TUNNELS.values())], ids=[*CASES, *TUNNELS])
def test_a_packet_cut_off_anywhere_gives_what_is_there(packet: Built) -> None:
    built = bytes(packet)
    whole = dissect(built)
    for size in range(len(built)):
        found = dissect(built[:size])
        assert found.src_mac in {None, whole.src_mac}
        assert found.src_addr in {None, whole.src_addr}
        assert found.dst_port in {None, whole.dst_port}


@given(data=st.binary(max_size=120), link_type=st.sampled_from([0, 1, 9, 101, 108, 113, 228, 229, 276, 7777]))
def test_no_bytes_are_too_strange(data: bytes, link_type: int) -> None:
    assert len(dissect(data, link_type).payload) <= len(data)


@given(st.sampled_from([*CASES]), st.data())
def test_changed_bytes_are_read_all_the_same(name: str, choice: st.DataObject) -> None:
    built = bytearray(bytes(CASES[name][0]))
    for _ in range(choice.draw(st.integers(1, 4))):
        built[choice.draw(st.integers(0, len(built) - 1))] = choice.draw(st.integers(0, 255))
    assert dissect(bytes(built)).layers[:1] == ["ethernet"]
