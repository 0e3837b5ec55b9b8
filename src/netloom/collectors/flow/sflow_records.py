"""sFlow's datagrams to records: a flow for each sampled packet, and counters as they come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any

from netloom.codecs import packet, pcap
from netloom.codecs.sflow import CounterSample, Datagram, FlowSample, Sample, SflowRecord
from netloom.model.counters import Counters
from netloom.model.flow import Flow

_LINKS = {1: pcap.ETHERNET, 7: pcap.PPP, 11: pcap.IPV4, 12: pcap.IPV6}
"""sFlow's header_protocol → the link type of captures."""
_TCP, _ICMP, _ICMP6 = 6, 1, 58
_IPV4, _IPV6 = 0x0800, 0x86DD


def records(datagram: Datagram, source: str | None, received_ns: int) -> Iterator[Flow | Counters]:
    """Every record of a datagram; `source` is its sender, where the agent does not name itself."""
    header = header_of(datagram, source, received_ns)
    for sample in datagram.samples:
        yield from of_sample(sample, header, datagram.uptime_ms)


def header_of(datagram: Datagram, source: str | None, received_ns: int) -> dict[str, Any]:
    """The fields that all records of a datagram have."""
    return {
        "type": "SFLOW_5",
        "time_received_ns": received_ns,
        "sampler_address": plain_address(datagram.agent) if datagram.agent else source,
        "observation_domain_id": datagram.sub_agent,
        "sequence_num": datagram.sequence,
    }


def plain_address(text: str) -> str:
    """An address in its usual form: a mapped one is IPv4's."""
    if not text.startswith("::"):
        return text
    return str(getattr(ip_address(text), "ipv4_mapped", None) or text)


def of_sample(sample: Sample, header: Mapping[str, Any], uptime_ms: int) -> Iterator[Flow | Counters]:
    """One sample's records."""
    if isinstance(sample, FlowSample):
        yield flow(sample, header)
    elif isinstance(sample, CounterSample):
        for record in sample.records:
            yield Counters(
                **header,
                uptime=uptime_ms / 1000,
                source_type=sample.source_type,
                source_index=sample.source_index,
                structure=record.name or f"{record.enterprise}.{record.format}",
                values=record.values if record.name else {"data": record.data.hex()},
            )


def flow(sample: FlowSample, header: Mapping[str, Any]) -> Flow:
    """The sampled packet as a flow of one packet."""
    values: dict[str, Any] = {"packets": 1, "in_if": sample.input, "out_if": sample.output}
    values["sampling_rate"] = sample.sampling_rate or None
    values["sampling_source"] = "packet" if sample.sampling_rate else "unknown"
    if sample.output_format == 1:
        values["forwarding_status"] = 128  # dropped, for an unknown reason (RFC 7270 §4.12)
    moment = header["time_received_ns"]
    values |= {"time_flow_start_ns": moment, "time_flow_end_ns": moment}
    ie: dict[str, Any] = {}
    for record in sorted(sample.records, key=lambda each: each.name != "sampled_header"):
        read = _READ.get(record.name or "")
        if read is None:
            ie |= _rest(record)
            continue
        for name, value in read(record.values).items():
            if value is not None and values.get(name) is None:
                values[name] = value
    return Flow(**header, **values, ie=ie or None)


def _rest(record: SflowRecord) -> dict[str, Any]:
    """What no field of a flow takes: «sflow/structure.field», an unknown structure's octets as hexadecimal digits."""
    if record.name is None:
        return {f"sflow/{record.enterprise}.{record.format}": record.data.hex()}
    found = {}
    for name, value in record.values.items():
        found[f"sflow/{record.name}.{name}"] = value if isinstance(value, str | int | float) else str(value)
    return found


def _sampled_header(values: Mapping[str, Any]) -> dict[str, Any]:
    link = _LINKS.get(values["protocol"])
    found: dict[str, Any] = {"bytes": values["frame_length"]}
    return found if link is None else found | of_packet(packet.dissect(values["header"], link))


def of_packet(read: packet.Packet) -> dict[str, Any]:
    """A packet's headers as a flow's fields."""
    return {
        "src_mac": read.src_mac,
        "dst_mac": read.dst_mac,
        "src_vlan": read.vlans[0] if read.vlans else None,
        "etype": read.etype if read.src_addr is None else _IPV6 if ":" in read.src_addr else _IPV4,
        "mpls_label": tuple(read.mpls_labels) or None,
        "src_addr": read.src_addr,
        "dst_addr": read.dst_addr,
        "proto": read.proto,
        "ip_tos": read.ip_tos,
        "src_port": read.src_port,
        "dst_port": read.dst_port,
        "tcp_flags": None if read.tcp_flags is None else read.tcp_flags & 0xFF,
        "icmp_type": read.icmp_type,
        "icmp_code": read.icmp_code,
    }


def _sampled_ethernet(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "bytes": values["length"],
        "src_mac": values["src_mac"],
        "dst_mac": values["dst_mac"],
        "etype": values["type"],
    }


def _sampled_ip(etype: int) -> Any:
    def read(values: Mapping[str, Any]) -> dict[str, Any]:
        proto, port = values["protocol"], values["dst_port"]
        control = proto in (_ICMP, _ICMP6)
        return {
            "bytes": values["length"],
            "etype": etype,
            "src_addr": values["src_ip"],
            "dst_addr": values["dst_ip"],
            "proto": proto,
            "ip_tos": values.get("tos", values.get("priority")),
            "src_port": None if control else values["src_port"],
            "dst_port": None if control else port,
            "icmp_type": values["src_port"] if control else None,
            "icmp_code": port if control else None,
            "tcp_flags": values["tcp_flags"] if proto == _TCP else None,
        }

    return read


def _switch(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"src_vlan": values["src_vlan"], "dst_vlan": values["dst_vlan"]}


def _router(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"next_hop": values["nexthop"], "src_net": values["src_mask_len"], "dst_net": values["dst_mask_len"]}


def _gateway(values: Mapping[str, Any]) -> dict[str, Any]:
    path = tuple(number for segment in values["dst_as_path"] for number in segment["as"])
    return {
        "next_hop": values["nexthop"],
        "src_as": values["src_as"],
        "dst_as": path[-1] if path else values["as"],
        "as_path": path or None,
        "bgp_communities": tuple(values["communities"]) or None,
    }


_READ: Mapping[str, Any] = {
    "sampled_header": _sampled_header,
    "sampled_ethernet": _sampled_ethernet,
    "sampled_ipv4": _sampled_ip(_IPV4),
    "sampled_ipv6": _sampled_ip(_IPV6),
    "extended_switch": _switch,
    "extended_router": _router,
    "extended_gateway": _gateway,
    "extended_nat": lambda values: {
        "post_nat_src_addr": values["src_address"],
        "post_nat_dst_addr": values["dst_address"],
    },
    "extended_nat_port": lambda values: {
        "post_nat_src_port": values["src_port"],
        "post_nat_dst_port": values["dst_port"],
    },
}
"""Structures that fill a flow's fields; sampled headers come first, and what they tell stands."""
