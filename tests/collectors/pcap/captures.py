"""Captures that tests make: packets built by another tool, in a file of our own."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

from scapy.contrib import cdp, lldp
from scapy.layers import inet, inet6, l2, sctp
from scapy.packet import Packet

ETHER = l2.Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
V4 = inet.IP(src="192.0.2.1", dst="192.0.2.2")
V6 = inet6.IPv6(src="2001:db8::1", dst="2001:db8::2")
EXPORT_S = 1_700_000_000

LOG = b"<189>45: r1: Nov 14 22:13:20 UTC: %LINK-3-UPDOWN: Interface Gi0/1, changed state to down"

TEMPLATE_SET = struct.pack(">HHHHHHHHHH", 2, 20, 256, 3, 8, 4, 12, 4, 1, 4)
DATA_SET = struct.pack(">HH4s4sI", 256, 16, bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2]), 1500)


def ipfix(*sets: bytes) -> bytes:
    body = b"".join(sets)
    return struct.pack(">HHIII", 10, 16 + len(body), EXPORT_S, 1, 7) + body


def sflow() -> bytes:
    frame = bytes(ETHER / V4 / inet.TCP(sport=1025, dport=443, flags="A"))
    record = struct.pack(">IIII", 1, 1518, 4, len(frame)) + frame + bytes(-len(frame) % 4)
    sample = struct.pack(">IIIIIIII", 1, 3, 512, 1000, 0, 3, 4, 1) + struct.pack(">II", 1, len(record)) + record
    head = struct.pack(">II4sIIII", 5, 1, bytes([192, 0, 2, 9]), 0, 1, 1000, 1)
    return head + struct.pack(">II", 1, len(sample)) + sample


def neighbor() -> Packet:
    unit = (
        lldp.LLDPDUChassisID(subtype=4, id="02:00:00:00:00:09")
        / lldp.LLDPDUPortID(subtype=5, id="Ethernet1")
        / lldp.LLDPDUTimeToLive(ttl=120)
        / lldp.LLDPDUSystemName(system_name="leaf1")
        / lldp.LLDPDUSystemCapabilities(router_available=1, router_enabled=1)
        / lldp.LLDPDUEndOfLLDPDU()
    )
    return l2.Ether(src="02:00:00:00:00:09", dst="01:80:c2:00:00:0e") / unit


def old_neighbor() -> Packet:
    message = cdp.CDPv2_HDR(msg=[cdp.CDPMsgDeviceID(val=b"switch9"), cdp.CDPMsgPortID(iface=b"Gi0/1")])
    head = l2.Dot3(dst="01:00:0c:cc:cc:cc", src="02:00:00:00:00:03") / l2.LLC(dsap=0xAA, ssap=0xAA, ctrl=3)
    return head / l2.SNAP(OUI=0x0C, code=0x2000) / message


def udp(payload: bytes, port: int) -> Packet:
    return ETHER / V4 / inet.UDP(sport=50000, dport=port) / payload


def tcp(payload: bytes, port: int, sequence: int, flags: str = "A") -> Packet:
    return ETHER / V6 / inet.TCP(sport=50000, dport=port, seq=sequence, flags=flags) / payload


def chunk(payload: bytes) -> Packet:
    return ETHER / V4 / sctp.SCTP(dport=4739) / sctp.SCTPChunkData(beginning=1, ending=1, data=payload)


def write(path: Path, packets: Iterable[Packet | bytes]) -> Path:
    text = struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 1)
    for at, packet in enumerate(packets):
        data = bytes(packet)
        text += struct.pack("<4I", EXPORT_S + at, 0, len(data), len(data)) + data
    path.write_bytes(text)
    return path
