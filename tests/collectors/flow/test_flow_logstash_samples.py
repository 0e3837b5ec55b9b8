"""Logstash's datagrams of some 25 vendors: how many records there are, and what stands in some of them."""

from __future__ import annotations

from typing import Any

import pytest
from tests.collectors.flow.flow_samples import SAMPLES

from netloom.collectors.flow.decode import Decoder
from netloom.model.flow import Flow
from netloom.model.options import Options

pytestmark = pytest.mark.samples

FOLDER = SAMPLES / "logstash-codec-netflow" / "spec" / "codecs"

COUNTS: dict[str, tuple[int, int, int]] = {
    "ipfix": (12, 1, 0),
    "ipfix_test_barracuda_data256": (0, 0, 1),
    "ipfix_test_barracuda_extended_uniflow_data256": (0, 0, 1),
    "ipfix_test_barracuda_tpl": (0, 0, 0),
    "ipfix_test_barracuda_tpl ipfix_test_barracuda_data256": (8, 0, 0),
    "ipfix_test_ixia_tpldata271": (2, 0, 0),
    "ipfix_test_juniper_mx240_junos151r6s3_data512": (0, 0, 1),
    "ipfix_test_juniper_mx240_junos151r6s3_opttpl512": (0, 0, 0),
    "ipfix_test_juniper_mx240_junos151r6s3_opttpl512 ipfix_test_juniper_mx240_junos151r6s3_data512": (0, 1, 0),
    "ipfix_test_nokia_bras_data256": (0, 0, 1),
    "ipfix_test_openbsd_pflow_tpl": (0, 0, 0),
    "ipfix_test_vmware_vds_data266": (0, 0, 1),
    "ipfix_test_yaf_data45841": (0, 0, 1),
    "ipfix_test_yaf_data53248": (0, 0, 1),
    "netflow5": (30, 0, 0),
    "netflow5_test_juniper_mx80": (29, 0, 0),
    "netflow5_test_microtik": (30, 0, 0),
    "netflow9_test_0length_fields_tpl_data": (10, 0, 0),
    "netflow9_test_cisco_1941K9": (29, 0, 0),
    "netflow9_test_cisco_asa_1_data": (0, 0, 1),
    "netflow9_test_cisco_asa_2_tpl_26x": (0, 0, 0),
    "netflow9_test_cisco_asa_2_tpl_27x": (0, 0, 0),
    "netflow9_test_cisco_asr9k_data256": (0, 0, 1),
    "netflow9_test_cisco_asr9k_opttpl257": (0, 0, 0),
    "netflow9_test_cisco_asr9k_tpl260": (0, 0, 0),
    "netflow9_test_cisco_asr9k_tpl266": (0, 0, 0),
    "netflow9_test_cisco_nbar_opttpl260": (0, 15, 0),
    "netflow9_test_cisco_nbar_tpl262": (0, 0, 0),
    "netflow9_test_cisco_wlc_8510_tpl_262": (0, 0, 0),
    "netflow9_test_field_layer2segmentid_data": (0, 0, 1),
    "netflow9_test_field_layer2segmentid_tpl": (0, 0, 0),
    "netflow9_test_field_layer2segmentid_tpl netflow9_test_field_layer2segmentid_data": (1, 0, 0),
    "netflow9_test_fortigate_fortios_521_data256": (0, 0, 1),
    "netflow9_test_fortigate_fortios_521_data257": (0, 0, 1),
    "netflow9_test_h3c_data3281": (0, 0, 16),
    "netflow9_test_h3c_netstream_varstring_data3281": (0, 0, 1),
    "netflow9_test_invalid01": (2, 1, 0),
    "netflow9_test_juniper_srx_tplopt": (0, 1, 0),
    "netflow9_test_macaddr_data": (0, 0, 1),
    "netflow9_test_macaddr_tpl": (0, 1, 0),
    "netflow9_test_macaddr_tpl netflow9_test_macaddr_data": (29, 1, 0),
    "netflow9_test_macaddr_data netflow9_test_macaddr_tpl": (29, 1, 1),
    "netflow9_test_nprobe_data": (0, 0, 1),
    "netflow9_test_nprobe_dpi": (1, 0, 0),
    "netflow9_test_paloalto_panos_data": (0, 0, 8),
    "netflow9_test_paloalto_panos_tpl": (0, 0, 0),
    "netflow9_test_paloalto_panos_tpl netflow9_test_paloalto_panos_data": (8, 0, 0),
    "netflow9_test_softflowd_tpl_data": (7, 0, 0),
    "netflow9_test_streamcore_tpl_data256": (2, 0, 0),
    "netflow9_test_streamcore_tpl_data260": (2, 0, 0),
    "netflow9_test_ubnt_edgerouter_tpl": (0, 0, 0),
    "netflow9_test_unknown_tpl266_292_data": (2, 0, 0),
    "netflow9_test_valid01": (7, 0, 0),
}
"""Files fed in this order → flows, options records, and sets that came before their template."""

LAST: dict[str, dict[str, Any]] = {
    "netflow5_test_juniper_mx80": {
        "src_addr": "66.249.92.75",
        "dst_addr": "192.168.0.1",
        "dst_port": 80,
        "src_as": 15169,
        "src_net": 19,
        "sampling_rate": 1000,
        "sampling_source": "packet",
    },
    "netflow9_test_cisco_1941K9": {
        "dst_port": 5222,
        "src_mac": "a0:39:f7:4d:49:d5",
        "next_hop": "109.166.216.93",
        "ie": {"0/243": 0, "0/95": "05000001"},
    },
    "netflow9_test_invalid01": {
        "src_addr": "192.168.0.1",
        "sampling_rate": 100,
        "sampling_source": "option",
        "bytes": 98,
    },
    "netflow9_test_macaddr_tpl netflow9_test_macaddr_data": {
        "src_mac": "00:0c:29:70:86:09",
        "dst_mac": "00:50:56:c0:00:01",
        "src_port": 25,
    },
    "netflow9_test_paloalto_panos_tpl netflow9_test_paloalto_panos_data": {
        "dst_port": 443,
        "time_flow_start_ns": 1_510_583_971_000_000_000,
        "ie": {
            "0/21": 1803238112,
            "0/22": 1803238112,
            "0/148": 35036619,
            "0/233": 1,
            "0/346": 25461,
            "0/56701": "incomplete",
            "0/56702": "",
        },
    },
    "netflow9_test_softflowd_tpl_data": {"proto": 58, "icmp_type": 134, "icmp_code": 0, "dst_addr": "ff02::1"},
    "netflow9_test_field_layer2segmentid_tpl netflow9_test_field_layer2segmentid_data": {
        "src_vlan": 3174,
        "in_if": 7,
        "ie": {"0/351": 0, "0/22": 5569000, "0/21": 5569000, "0/48": 98, "0/210": "0000"},
    },
    "ipfix_test_juniper_mx240_junos151r6s3_opttpl512 ipfix_test_juniper_mx240_junos151r6s3_data512": {
        "scope": {"0/144": 2},
    },
    "netflow9_test_cisco_nbar_opttpl260": {"ie": {"0/95": "0100000d", "0/96": "argus", "0/94": "ARGUS"}},
}
"""What the last flow or options record says."""


def decode(files: str) -> tuple[Decoder, list[Flow | Options]]:
    if not FOLDER.is_dir():
        pytest.skip("no samples beside the checkout")
    decoder = Decoder()
    records = [
        record
        for name in files.split()
        for record in decoder.feed((FOLDER / f"{name}.dat").read_bytes(), "192.0.2.1", 0)
        if isinstance(record, Flow | Options)
    ]
    return decoder, records


@pytest.mark.parametrize("files", COUNTS)
def test_logstash_datagrams_hold_so_many_records(files: str) -> None:
    decoder, _ = decode(files)
    counts = decoder.counts
    assert (counts.flows, counts.options, counts.unknown) == COUNTS[files]
    assert not decoder.faults


@pytest.mark.parametrize("files", LAST)
def test_logstash_datagrams_say_what_their_exporters_meant(files: str) -> None:
    _, records = decode(files)
    assert {name: getattr(records[-1], name) for name in LAST[files]} == LAST[files]


def test_no_logstash_datagram_is_left_out() -> None:
    if not FOLDER.is_dir():
        pytest.skip("no samples beside the checkout")
    assert {path.stem for path in FOLDER.glob("*.dat")} == {name for files in COUNTS for name in files.split()}
