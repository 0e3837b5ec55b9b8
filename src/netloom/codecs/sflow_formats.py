"""What stands in sFlow's records: the structures of sflow.org as data, under their own names.

A kind is a number's (u32, u64, i32, f32), `mac`, `ipv4`, `ipv6`, `address` (a type, then the address), `string`,
`bytes` (behind their count), `uuid`, Many of a kind (behind their count), or a structure (fields in order).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Many:
    """Any number of one kind, behind their count."""

    kind: Kind


Kind: TypeAlias = "str | Many | Structure"
Structure: TypeAlias = "tuple[tuple[str, Kind], ...]"
"""Fields in order: name and kind."""


def _of(kind: str, names: str) -> Structure:
    """Fields that follow one another and are of one kind."""
    return tuple((name, kind) for name in names.split())


_MPLS: Structure = ("nexthop", "address"), ("in_stack", Many("u32")), ("out_stack", Many("u32"))
_ETHERNET = (
    ("length", "u32"),
    *_of("mac", "src_mac dst_mac"),
    ("type", "u32"),
)
_PORTS = "src_port dst_port tcp_flags"
_IPV4 = (
    *_of("u32", "length protocol"),
    *_of("ipv4", "src_ip dst_ip"),
    *_of("u32", f"{_PORTS} tos"),
)
_IPV6 = (
    *_of("u32", "length protocol"),
    *_of("ipv6", "src_ip dst_ip"),
    *_of("u32", f"{_PORTS} priority"),
)
_PATH: Structure = (("type", "u32"), ("as", Many("u32")))
_SOCKET = "local_port remote_port"

FLOW_RECORDS: Mapping[tuple[int, int], tuple[str, Structure]] = {
    (0, 1): (
        "sampled_header",
        (("protocol", "u32"), ("frame_length", "u32"), ("stripped", "u32"), ("header", "bytes")),
    ),
    (0, 2): ("sampled_ethernet", _ETHERNET),
    (0, 3): ("sampled_ipv4", _IPV4),
    (0, 4): ("sampled_ipv6", _IPV6),
    (0, 1001): ("extended_switch", _of("u32", "src_vlan src_priority dst_vlan dst_priority")),
    (0, 1002): (
        "extended_router",
        (
            ("nexthop", "address"),
            *_of("u32", "src_mask_len dst_mask_len"),
        ),
    ),
    (0, 1003): (
        "extended_gateway",
        (
            ("nexthop", "address"),
            *_of("u32", "as src_as src_peer_as"),
            ("dst_as_path", Many(_PATH)),
            ("communities", Many("u32")),
            ("localpref", "u32"),
        ),
    ),
    (0, 1004): (
        "extended_user",
        (("src_charset", "u32"), ("src_user", "string"), ("dst_charset", "u32"), ("dst_user", "string")),
    ),
    (0, 1005): ("extended_url", (("direction", "u32"), ("url", "string"), ("host", "string"))),
    (0, 1006): ("extended_mpls", _MPLS),
    (0, 1007): ("extended_nat", _of("address", "src_address dst_address")),
    (0, 1008): ("extended_mpls_tunnel", (("tunnel_lsp_name", "string"), ("tunnel_id", "u32"), ("tunnel_cos", "u32"))),
    (0, 1009): ("extended_mpls_vc", (("vc_instance_name", "string"), ("vll_vc_id", "u32"), ("vc_label_cos", "u32"))),
    (0, 1010): ("extended_mpls_FTN", (("mplsFTNDescr", "string"), ("mplsFTNMask", "u32"))),
    (0, 1011): ("extended_mpls_LDP_FEC", (("mplsFecAddrPrefixLength", "u32"),)),
    (0, 1012): ("extended_vlantunnel", (("stack", Many("u32")),)),
    (0, 1020): ("extended_nat_port", _of("u32", "src_port dst_port")),
    (0, 1021): ("extended_L2_tunnel_egress", _ETHERNET),
    (0, 1022): ("extended_L2_tunnel_ingress", _ETHERNET),
    (0, 1023): ("extended_ipv4_tunnel_egress", _IPV4),
    (0, 1024): ("extended_ipv4_tunnel_ingress", _IPV4),
    (0, 1025): ("extended_ipv6_tunnel_egress", _IPV6),
    (0, 1026): ("extended_ipv6_tunnel_ingress", _IPV6),
    (0, 1027): ("extended_decapsulate_egress", (("inner_header_offset", "u32"),)),
    (0, 1028): ("extended_decapsulate_ingress", (("inner_header_offset", "u32"),)),
    (0, 1029): ("extended_vni_egress", (("vni", "u32"),)),
    (0, 1030): ("extended_vni_ingress", (("vni", "u32"),)),
    (0, 1036): ("extended_egress_queue", (("queue", "u32"),)),
    (0, 1037): ("extended_acl", (("number", "u32"), ("name", "string"), ("direction", "u32"))),
    (0, 1038): ("extended_function", (("symbol", "string"),)),
    (0, 1039): ("extended_transit", (("delay", "u32"),)),
    (0, 1040): ("extended_queue", (("depth", "u32"),)),
    (0, 1041): ("extended_hw_trap", (("group", "string"), ("trap", "string"))),
    (0, 1042): ("extended_linux_drop_reason", (("reason", "string"),)),
    (0, 2209): (
        "extended_tcp_info",
        _of(
            "u32",
            "direction snd_mss rcv_mss unacked lost retrans pmtu rtt rttvar snd_cwnd reordering min_rtt",
        ),
    ),
    (0, 2100): (
        "extended_socket_ipv4",
        (
            ("protocol", "u32"),
            *_of("ipv4", "local_ip remote_ip"),
            *_of("u32", _SOCKET),
        ),
    ),
    (0, 2101): (
        "extended_socket_ipv6",
        (
            ("protocol", "u32"),
            *_of("ipv6", "local_ip remote_ip"),
            *_of("u32", _SOCKET),
        ),
    ),
}
"""Of packets: (enterprise, format) → name and fields."""

_NET_IO = (
    ("bytes_in", "u64"),
    *_of("u32", "packets_in errs_in drops_in"),
    ("bytes_out", "u64"),
    *_of("u32", "packets_out errs_out drops_out"),
)
_LANE = _of(
    "u32",
    "lane_index tx_bias_current tx_power tx_power_min tx_power_max tx_wavelength"
    " rx_power rx_power_min rx_power_max rx_wavelength",
)

COUNTER_RECORDS: Mapping[tuple[int, int], tuple[str, Structure]] = {
    (0, 1): (
        "if_counters",
        (
            *_of("u32", "ifIndex ifType"),
            ("ifSpeed", "u64"),
            *_of("u32", "ifDirection ifStatus"),
            ("ifInOctets", "u64"),
            *_of("u32", "ifInUcastPkts ifInMulticastPkts ifInBroadcastPkts ifInDiscards ifInErrors ifInUnknownProtos"),
            ("ifOutOctets", "u64"),
            *_of("u32", "ifOutUcastPkts ifOutMulticastPkts ifOutBroadcastPkts ifOutDiscards ifOutErrors"),
            ("ifPromiscuousMode", "u32"),
        ),
    ),
    (0, 2): (
        "ethernet_counters",
        _of(
            "u32",
            "dot3StatsAlignmentErrors dot3StatsFCSErrors dot3StatsSingleCollisionFrames"
            " dot3StatsMultipleCollisionFrames dot3StatsSQETestErrors dot3StatsDeferredTransmissions"
            " dot3StatsLateCollisions dot3StatsExcessiveCollisions dot3StatsInternalMacTransmitErrors"
            " dot3StatsCarrierSenseErrors dot3StatsFrameTooLongs dot3StatsInternalMacReceiveErrors"
            " dot3StatsSymbolErrors",
        ),
    ),
    (0, 3): (
        "tokenring_counters",
        _of(
            "u32",
            "dot5StatsLineErrors dot5StatsBurstErrors dot5StatsACErrors dot5StatsAbortTransErrors"
            " dot5StatsInternalErrors dot5StatsLostFrameErrors dot5StatsReceiveCongestions"
            " dot5StatsFrameCopiedErrors dot5StatsTokenErrors dot5StatsSoftErrors dot5StatsHardErrors"
            " dot5StatsSignalLoss dot5StatsTransmitBeacons dot5StatsRecoverys dot5StatsLobeWires"
            " dot5StatsRemoves dot5StatsSingles dot5StatsFreqErrors",
        ),
    ),
    (0, 5): (
        "vlan_counters",
        (
            ("vlan_id", "u32"),
            ("octets", "u64"),
            *_of("u32", "ucastPkts multicastPkts broadcastPkts discards"),
        ),
    ),
    (0, 7): (
        "lag_port_stats",
        (
            *_of("mac", "dot3adAggPortActorSystemID dot3adAggPortPartnerOperSystemID"),
            *_of(
                "u32",
                "dot3adAggPortAttachedAggID dot3adAggPortState dot3adAggPortStatsLACPDUsRx"
                " dot3adAggPortStatsMarkerPDUsRx dot3adAggPortStatsMarkerResponsePDUsRx"
                " dot3adAggPortStatsUnknownRx dot3adAggPortStatsIllegalRx dot3adAggPortStatsLACPDUsTx"
                " dot3adAggPortStatsMarkerPDUsTx dot3adAggPortStatsMarkerResponsePDUsTx",
            ),
        ),
    ),
    (0, 10): (
        "sfp",
        (
            *_of("u32", "module_id module_num_lanes module_supply_voltage"),
            ("module_temperature", "i32"),
            ("lanes", Many(_LANE)),
        ),
    ),
    (0, 1001): (
        "processor",
        (
            *_of("u32", "cpu_5s cpu_1m cpu_5m"),
            *_of("u64", "total_memory free_memory"),
        ),
    ),
    (0, 1002): ("radio_utilization", _of("u32", "elapsed_time on_channel_time on_channel_busy_time")),
    (0, 1004): ("of_port", (("datapath_id", "u64"), ("port_no", "u32"))),
    (0, 1005): ("port_name", (("name", "string"),)),
    (0, 2000): (
        "host_descr",
        (
            ("hostname", "string"),
            ("uuid", "uuid"),
            ("machine_type", "u32"),
            ("os_name", "u32"),
            ("os_release", "string"),
        ),
    ),
    (0, 2001): ("host_adapters", (("adapters", Many((("ifIndex", "u32"), ("mac_address", Many("mac"))))),)),
    (0, 2002): ("host_parent", _of("u32", "container_type container_index")),
    (0, 2003): (
        "host_cpu",
        (
            *_of("f32", "load_one load_five load_fifteen"),
            *_of(
                "u32",
                "proc_run proc_total cpu_num cpu_speed uptime cpu_user cpu_nice cpu_system cpu_idle cpu_wio cpu_intr"
                " cpu_sintr interrupts contexts",
            ),
        ),
    ),
    (0, 2004): (
        "host_memory",
        (
            *_of("u64", "mem_total mem_free mem_shared mem_buffers mem_cached swap_total swap_free"),
            *_of("u32", "page_in page_out swap_in swap_out"),
        ),
    ),
    (0, 2005): (
        "host_disk_io",
        (
            *_of("u64", "disk_total disk_free"),
            *_of("u32", "part_max_used reads"),
            ("bytes_read", "u64"),
            *_of("u32", "read_time writes"),
            ("bytes_written", "u64"),
            ("write_time", "u32"),
        ),
    ),
    (0, 2006): ("host_net_io", _NET_IO),
    (0, 2007): (
        "mib2_ip_group",
        _of(
            "u32",
            "ipForwarding ipDefaultTTL ipInReceives ipInHdrErrors ipInAddrErrors ipForwDatagrams ipInUnknownProtos"
            " ipInDiscards ipInDelivers ipOutRequests ipOutDiscards ipOutNoRoutes ipReasmTimeout ipReasmReqds"
            " ipReasmOKs ipReasmFails ipFragOKs ipFragFails ipFragCreates",
        ),
    ),
    (0, 2009): (
        "mib2_tcp_group",
        _of(
            "u32",
            "tcpRtoAlgorithm tcpRtoMin tcpRtoMax tcpMaxConn tcpActiveOpens tcpPassiveOpens tcpAttemptFails"
            " tcpEstabResets tcpCurrEstab tcpInSegs tcpOutSegs tcpRetransSegs tcpInErrs tcpOutRsts tcpInCsumErrs",
        ),
    ),
    (0, 2010): (
        "mib2_udp_group",
        _of(
            "u32",
            "udpInDatagrams udpNoPorts udpInErrors udpOutDatagrams udpRcvbufErrors udpSndbufErrors udpInCsumErrors",
        ),
    ),
    (0, 2100): (
        "virt_node",
        (
            *_of("u32", "mhz cpus"),
            *_of("u64", "memory memory_free"),
            ("num_domains", "u32"),
        ),
    ),
    (0, 2101): ("virt_cpu", _of("u32", "state cpuTime nrVirtCpu")),
    (0, 2102): ("virt_memory", _of("u64", "memory maxMemory")),
    (0, 2103): (
        "virt_disk_io",
        (
            *_of("u64", "capacity allocation available"),
            ("rd_req", "u32"),
            ("rd_bytes", "u64"),
            ("wr_req", "u32"),
            ("wr_bytes", "u64"),
            ("errs", "u32"),
        ),
    ),
    (0, 2104): ("virt_net_io", _NET_IO),
}
"""Of ports and machines: (enterprise, format) → name and fields."""
