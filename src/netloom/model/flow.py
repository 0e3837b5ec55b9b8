"""A flow: packets of one conversation seen at one place, as NetFlow, IPFIX and sFlow tell them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netloom.model.noun import Record
from netloom.model.stream import Stream
from netloom.model.text import Address, Mac
from netloom.model.width import U8, U16, U32, U64, Count, Nanoseconds, Port, Sequence

Element = str | int | float
"""An information element's value in JSON: numbers, text, octets as hexadecimal digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow(Record):
    """One flow record, in goflow2's names; None is what nobody told."""

    type: str
    """SFLOW_5, NETFLOW_V1, NETFLOW_V5, NETFLOW_V7, NETFLOW_V9 or IPFIX."""
    time_received_ns: Nanoseconds
    """When the datagram came, in nanoseconds since 1970."""
    time_flow_start_ns: Nanoseconds | None = None
    """The first packet, in nanoseconds since 1970."""
    time_flow_end_ns: Nanoseconds | None = None
    """The last packet, in nanoseconds since 1970."""
    sampler_address: Address | None = None
    """The exporter: the datagram's source, or sFlow's agent."""
    observation_domain_id: U32 | None = None
    """IPFIX's observation domain, NetFlow v9's source id, v5's engine type and id, sFlow's sub-agent."""
    sequence_num: Sequence | None = None
    """The datagram's sequence number."""
    sampling_rate: int | float | None = None
    """One of so many packets was counted; None is unknown, and never means one."""
    sampling_source: str = "unknown"
    """packet (the record or its header says), option (the exporter's options say), static (settings say) or unknown."""
    bytes: Count | None = None
    """Octets as counted, not scaled by the sampling rate."""
    packets: Count | None = None
    """Packets as counted, not scaled by the sampling rate."""
    src_addr: Address | None = None
    """The source address as text."""
    dst_addr: Address | None = None
    """The destination address as text."""
    src_port: Port | None = None
    """TCP's, UDP's or SCTP's source port."""
    dst_port: Port | None = None
    """TCP's, UDP's or SCTP's destination port."""
    proto: U8 | None = None
    """IP's protocol: 6 is TCP, 17 UDP."""
    etype: U16 | None = None
    """The EtherType: 2048 is IPv4, 34525 IPv6."""
    tcp_flags: U16 | None = None
    """All TCP flags seen: 1 FIN, 2 SYN, 4 RST, 8 PSH, 16 ACK, 32 URG, 64 ECE, 128 CWR."""
    ip_tos: U8 | None = None
    """IPv4's type of service or IPv6's traffic class, all eight bits."""
    icmp_type: U8 | None = None
    """ICMP's or ICMPv6's type."""
    icmp_code: U8 | None = None
    """ICMP's or ICMPv6's code."""
    forwarding_status: U8 | None = None
    """RFC 7270 §4.12: 64–127 forwarded, 128–191 dropped, 192–255 consumed."""
    in_if: U32 | None = None
    """The ifIndex where it came in."""
    out_if: U32 | None = None
    """The ifIndex where it went out."""
    src_as: U32 | None = None
    """The source's autonomous system."""
    dst_as: U32 | None = None
    """The destination's autonomous system."""
    src_net: U8 | None = None
    """The source's prefix length."""
    dst_net: U8 | None = None
    """The destination's prefix length."""
    next_hop: Address | None = None
    """The next router's address."""
    as_path: tuple[U32, ...] | None = None
    """Autonomous systems on the way to the destination."""
    bgp_communities: tuple[U32, ...] | None = None
    """BGP communities of the destination's route, each as one number of 32 bits."""
    mpls_label: tuple[U32, ...] | None = None
    """MPLS labels from the top."""
    src_vlan: U16 | None = None
    """The VLAN it came in with."""
    dst_vlan: U16 | None = None
    """The VLAN it went out with."""
    src_mac: Mac | None = None
    """The source's MAC address."""
    dst_mac: Mac | None = None
    """The destination's MAC address."""
    ingress_vrf_id: U32 | None = None
    """The number of the VRF where it came in."""
    egress_vrf_id: U32 | None = None
    """The number of the VRF where it went out."""
    post_nat_src_addr: Address | None = None
    """The source address after translation."""
    post_nat_dst_addr: Address | None = None
    """The destination address after translation."""
    post_nat_src_port: Port | None = None
    """The source port after translation."""
    post_nat_dst_port: Port | None = None
    """The destination port after translation."""
    direction: U8 | None = None
    """0 was seen coming in, 1 going out."""
    exporter_name: str | None = None
    """The exporter's name in the inventory."""
    exporter_site: str | None = None
    """The exporter's site."""
    exporter_role: str | None = None
    """The exporter's role."""
    exporter_tenant: str | None = None
    """The exporter's tenant."""
    in_if_name: str | None = None
    """The name of the interface where it came in."""
    in_if_description: str | None = None
    """Its description."""
    in_if_speed: U64 | None = None
    """Its speed in bits a second."""
    in_if_boundary: str | None = None
    """Whether it faces outwards: external or internal."""
    out_if_name: str | None = None
    """The name of the interface where it went out."""
    out_if_description: str | None = None
    """Its description."""
    out_if_speed: U64 | None = None
    """Its speed in bits a second."""
    out_if_boundary: str | None = None
    """Whether it faces outwards: external or internal."""
    src_country: str | None = None
    """The source's country, two letters."""
    dst_country: str | None = None
    """The destination's country, two letters."""
    src_net_name: str | None = None
    """The source network's name."""
    dst_net_name: str | None = None
    """The destination network's name."""
    community_id: str | None = None
    """The same for both directions and in other tools (Community ID version 1)."""
    ie: Mapping[str, Element] | None = None
    """All other elements, by enterprise and number: 0/136; an element's second value in one record is 0/136.2."""


STREAM = Stream("flow", "flows", Flow, "time_received_ns")
"""Flows."""
