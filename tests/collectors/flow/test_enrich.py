"""Labels of flows: the same as looking each flow up by hand."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.collectors.maxmind_file import maxmind_file

from netloom.collectors.flow.enrich import Labels
from netloom.collectors.site import Exporter, Network, Port, Site
from netloom.model.flow import Flow
from netloom.store.stream_schema import stream_table
from netloom.store.streams import Streams

TABLE = stream_table("flow")
NETWORKS = (
    Network("10.0.0.0/8", "ours", "FR", 64500),
    Network("10.1.0.0/16", "Paris"),
    Network("2001:db8::/32", "documentation", None, 64501),
)
SITE = Site(
    exporters={
        "192.0.2.1": Exporter("edge-1", site="Paris", role="edge"),
        "192.0.2.2": Exporter("core-1", tenant="red"),
        "2001:db8::1": Exporter("edge-1", site="Paris", role="edge"),
    },
    ports={
        ("edge-1", 1): Port("Ethernet1", "to core-1", 10_000_000_000, "internal"),
        ("edge-1", 436207616): Port("Ethernet2", None, None, "external"),
        ("core-1", 1): Port("Ethernet1", None, 4_294_967_296_000),
        ("stranger", 1): Port("lost"),
    },
    networks=NETWORKS,
)
ADDRESSES = ("10.1.2.3", "10.2.0.1", "198.51.100.1", "2001:db8:7::1", "::a01:203")


def batch_of(*flows: Flow) -> pa.RecordBatch:
    """As a decoder makes them."""
    return TABLE.batch(flows).drop_columns(["namespace", "hostname"])


def rows(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    """As the store has them, addresses as text."""
    return list(TABLE.rows(TABLE.shown(pa.Table.from_batches([TABLE.fitting(batch)]))))


def labelled(flow: Flow, site: Site) -> dict[str, Any]:
    """One flow's labels, by plain reading."""
    exporter = site.exporters.get(flow.sampler_address or "")
    found: dict[str, Any] = {"namespace": "lab", "hostname": exporter and exporter.name}
    for name in ("name", "site", "role", "tenant"):
        found[f"exporter_{name}"] = exporter and getattr(exporter, name)
    for side in ("in_if", "out_if"):
        port = exporter and site.ports.get((exporter.name, getattr(flow, side)))
        for name, field in (("name", "name"), ("description", "description"), ("boundary", "boundary")):
            found[f"{side}_{name}"] = port and getattr(port, field)
        found[f"{side}_speed"] = port and port.speed_bps
    for side in ("src", "dst"):
        told = getattr(flow, f"{side}_addr")
        nets = [(ip_network(net.prefix), net) for net in site.networks]
        holding = [
            net
            for prefix, net in sorted(nets, key=lambda each: -each[0].prefixlen)
            if told and ip_address(told) in prefix
        ]
        found[f"{side}_net_name"] = next((net.name for net in holding if net.name), None)
        found[f"{side}_country"] = next((net.country for net in holding if net.country), None)
        number = next((net.as_number for net in holding if net.as_number), None)
        found[f"{side}_as"] = getattr(flow, f"{side}_as") or number or getattr(flow, f"{side}_as")
    return found


FLOWS = st.builds(
    lambda **given: Flow(type="IPFIX", time_received_ns=1, **given),
    sampler_address=st.sampled_from([None, "192.0.2.1", "192.0.2.2", "2001:db8::1", "203.0.113.9"]),
    src_addr=st.sampled_from([None, *ADDRESSES]),
    dst_addr=st.sampled_from([None, *ADDRESSES]),
    in_if=st.sampled_from([None, 0, 1, 2, 436207616]),
    out_if=st.sampled_from([None, 1, 436207616, (1 << 32) - 1]),
    src_as=st.sampled_from([None, 0, 7]),
    dst_as=st.sampled_from([None, 0]),
)


@given(st.lists(FLOWS, min_size=1, max_size=30))
@settings(max_examples=80, deadline=None)
def test_every_flow_is_labelled_as_looking_it_up_by_hand_does(flows: list[Flow]) -> None:
    found = rows(Labels(SITE, "lab").columns(batch_of(*flows)))
    for row, flow in zip(found, flows, strict=True):
        expected = labelled(flow, SITE)
        assert {name: row.get(name) for name in expected} == expected


def test_a_slice_of_a_batch_is_labelled_as_the_rows_it_has() -> None:
    flows = [Flow(type="IPFIX", time_received_ns=1, sampler_address="192.0.2.2", src_addr=each) for each in ADDRESSES]
    labels = Labels(SITE)
    assert rows(labels.columns(batch_of(*flows).slice(1, 3))) == rows(labels.columns(batch_of(*flows)))[1:4]


def test_every_batch_has_the_same_columns_and_none_that_no_table_tells() -> None:
    site = replace(SITE, networks=NETWORKS[2:])
    labels = Labels(site)
    known, unknown = (Flow(type="IPFIX", time_received_ns=1, sampler_address=a) for a in ("192.0.2.1", "203.0.113.9"))
    names = labels.columns(batch_of(known)).schema.names
    assert labels.columns(batch_of(replace(unknown, src_addr="10.0.0.1"))).schema.names >= names
    assert "exporter_tenant" in names
    assert "src_country" not in names
    assert Labels(Site()).columns(batch_of(known)).schema.names == [*batch_of(known).schema.names, "namespace"]


def test_labelled_batches_are_stored_and_found_by_their_labels(tmp_path: Path) -> None:
    flows = [
        Flow(
            type="IPFIX",
            time_received_ns=10**18,
            sampler_address="192.0.2.1",
            in_if=1,
            src_addr="10.1.2.3",
            bytes=100,
            packets=1,
        )
    ] * 3
    with Streams(tmp_path) as streams:
        writer = streams.writer("flow")
        writer.append(Labels(SITE, "lab").columns(batch_of(*flows)))
        assert writer.flush() == 3
        row = next(iter(streams.top("flow", by=["hostname", "in_if_name", "in_if_speed", "src_net_name"])))
    assert (row["hostname"], row["in_if_name"], row["in_if_speed"], row["src_net_name"], row["bytes"]) == (
        "edge-1",
        "Ethernet1",
        10_000_000_000,
        "Paris",
        300,
    )


def test_a_table_of_our_own_goes_before_a_file_and_a_file_before_the_next(tmp_path: Path) -> None:
    (tmp_path / "geo.mmdb").write_bytes(
        maxmind_file({"10.1.0.0/24": {"country": "DE", "asn": 1}, "9.0.0.0/8": {"asn": 2}})
    )
    (tmp_path / "more.csv").write_text("prefix,country,asn\n9.0.0.0/9,US,3\n")
    site = replace(SITE, geoip=tuple(str(tmp_path / name) for name in ("geo.mmdb", "more.csv")))
    flow = Flow(type="IPFIX", time_received_ns=1, src_addr="10.1.0.1", dst_addr="9.1.1.1")
    row = rows(Labels(site).columns(batch_of(flow)))[0]
    assert [row[name] for name in ("src_country", "src_as", "dst_country", "dst_as")] == ["FR", 64500, "US", 2]


def test_a_file_that_cannot_be_read_is_told_and_the_rest_is_labelled(tmp_path: Path) -> None:
    (tmp_path / "broken.mmdb").write_bytes(b"nothing")
    labels = Labels(replace(SITE, geoip=(str(tmp_path / "broken.mmdb"), str(tmp_path / "none.mmdb"))))
    assert [text.partition(" ")[0].strip(":") for text in labels.complaints] == [
        str(tmp_path / "broken.mmdb"),
        str(tmp_path / "none.mmdb"),
    ]
    flow = Flow(type="IPFIX", time_received_ns=1, src_addr="10.1.0.1")
    assert rows(labels.columns(batch_of(flow)))[0]["src_net_name"] == "Paris"


def test_what_did_not_change_is_taken_over_and_what_did_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "geo.csv"
    path.write_text("prefix,country\n9.0.0.0/8,US\n")
    site = replace(SITE, geoip=(str(path),))
    flow = Flow(type="IPFIX", time_received_ns=1, src_addr="9.1.0.1")
    first = Labels(site)
    same = Labels(site, before=first)
    path.write_text("prefix,country\n9.0.0.0/8,CA\n10.0.0.0/8,US\n")
    changed = Labels(site, before=same)
    assert [rows(each.columns(batch_of(flow)))[0]["src_country"] for each in (same, changed)] == ["US", "CA"]
    assert same._addresses is first._addresses


@pytest.mark.parametrize(
    ("flow", "expected"),
    [
        # The specification's own examples, and what its own library says.
        (("128.232.110.120", "66.35.250.204", 6, 34855, 80), "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
        (("66.35.250.204", "128.232.110.120", 6, 80, 34855), "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
        (("192.168.1.52", "8.8.8.8", 17, 54585, 53), "1:d/FP5EW3wiY1vCndhwleRRKHowQ="),
        (("192.168.0.89", "192.168.0.1", 1, 8, 0), "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="),
        (("fe80::200:86ff:fe05:80da", "fe80::260:97ff:fe07:69ea", 58, 135, 0), "1:dGHyGvjMfljg6Bppwm3bg0LO8TY="),
        (("192.168.170.8", "192.168.170.20", 132, 7, 80), "1:gFaHI1laWtpQlwRSTE0djem/ECM="),
    ],
)
def test_a_community_id_is_the_specifications(flow: tuple[str, str, int, int, int], expected: str) -> None:
    source, target, proto, first, second = flow
    icmp = proto in (1, 58)
    given = Flow(
        type="IPFIX",
        time_received_ns=1,
        src_addr=source,
        dst_addr=target,
        proto=proto,
        src_port=None if icmp else first,
        dst_port=None if icmp else second,
        icmp_type=first if icmp else None,
        icmp_code=second if icmp else None,
    )
    without = Flow(type="IPFIX", time_received_ns=1, src_addr=source, dst_addr=target)
    found = rows(Labels(Site(), community_id=True).columns(batch_of(given, without)))
    assert [row["community_id"] for row in found] == [expected, None]
