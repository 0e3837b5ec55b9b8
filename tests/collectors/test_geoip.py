"""Countries and autonomous systems from files, and tables of networks."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

import maxminddb
import numpy as np
import pytest
from tests.collectors.maxmind_file import maxmind_file

from netloom.collectors.flow.enrich_addresses import AddressLabels
from netloom.collectors.geoip import PrefixTable, of_networks, read_geoip
from netloom.collectors.networks import read_networks
from netloom.collectors.site import Network
from netloom.errors import SourceError

RECORDS = {
    "1.0.0.0/24": {"country": {"iso_code": "AU"}, "autonomous_system_number": 13335},
    "1.0.1.0/25": {"country": {"iso_code": "CN"}},
    "8.8.0.0/16": {"registered_country": {"iso_code": "us"}, "asn": "AS15169"},
    "203.0.113.7/32": {"country_code": "JP", "asn": ""},
    "2001:db8::/32": {"country": "FR", "as_number": 64500},
    "2001:db8:5::/127": {"country": {"names": {"en": "Nowhere"}}, "autonomous_system_number": 1 << 33},
}


def told(table: PrefixTable, *texts: str) -> list[tuple[str | None, str | None, int]]:
    """Name, country and number for addresses."""
    labels = AddressLabels([table])
    numbers = [int(ip_address(text)) + (0xFFFF << 32 if "." in text else 0) for text in texts]
    halves = np.array([[number >> 64, number & (1 << 64) - 1] for number in numbers], np.uint64)
    places = labels.places(halves)
    columns = labels.names.of(places).to_pylist(), labels.countries.of(places).to_pylist()
    return list(zip(*columns, labels.as_numbers[places].tolist(), strict=True))


@pytest.mark.parametrize("bits", [24, 28, 32])
@pytest.mark.parametrize("aliases", [False, True])
def test_a_file_in_maxminds_form_tells_countries_and_as_numbers(tmp_path: Path, bits: int, aliases: bool) -> None:
    path = tmp_path / "geo.mmdb"
    path.write_bytes(maxmind_file(RECORDS, bits=bits, aliases=aliases))
    with maxminddb.open_database(path) as reader:  # the file is one by its own library's word too
        assert reader.get("8.8.4.4") == RECORDS["8.8.0.0/16"]
    assert told(read_geoip(path), "1.0.0.9", "1.0.1.9", "1.0.1.200", "8.8.8.8", "203.0.113.7", "2001:db8::1") == [
        (None, "AU", 13335),
        (None, "CN", 0),
        (None, None, 0),
        (None, "US", 15169),
        (None, "JP", 0),
        (None, "FR", 64500),
    ]
    assert told(read_geoip(path), "2001:db8:5::", "2002:808:808::", "9.9.9.9", "::808:808")[1:] == [(None, None, 0)] * 3


def test_a_file_of_ipv4_alone_is_read(tmp_path: Path) -> None:
    path = tmp_path / "geo.mmdb"
    path.write_bytes(maxmind_file({"10.0.0.0/8": {"country": {"iso_code": "DE"}}}, ip_version=4))
    assert told(read_geoip(path), "10.2.3.4", "11.0.0.0", "::1") == [(None, "DE", 0), (None, None, 0), (None, None, 0)]


def test_whatever_part_of_a_file_is_there_it_is_read_or_refused(tmp_path: Path) -> None:
    whole, path = maxmind_file(RECORDS), tmp_path / "geo.mmdb"
    said = []
    for at in range(0, len(whole), 7):
        for broken in (whole[:at], whole[:at] + b"\xff" + whole[at + 1 :], whole[:at] + bytes(3) + whole[at + 3 :]):
            path.write_bytes(broken)
            try:
                read_geoip(path)
            except SourceError as exc:
                said.append(str(exc))
    assert len(said) > len(whole) // 7
    assert all(text.startswith(str(path)) for text in said)


def test_a_tree_whose_nodes_meet_again_ends(tmp_path: Path) -> None:
    whole = bytearray(maxmind_file({"::/1": {"country": "FR"}, "8000::/2": {"country": "DE"}}))
    whole[0:6] = bytes(6)  # the root leads to itself
    (path := tmp_path / "geo.mmdb").write_bytes(bytes(whole))
    with pytest.raises(SourceError, match="whole file"):
        read_geoip(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    for name in ("none.mmdb", "none.csv"):
        with pytest.raises(SourceError, match=r"none.* cannot be read: No such file"):
            read_geoip(tmp_path / name)


def test_networks_are_read_from_csv_with_columns_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "networks.csv"
    path.write_text('# ours\n\nname,prefix,asn\n"Paris, users",10.1.0.0/16,AS64500\n,2001:db8::/32,\n', "utf-8-sig")
    assert read_networks(path) == (
        Network("10.1.0.0/16", "Paris, users", None, 64500),
        Network("2001:db8::/32", None, None, None),
    )
    assert told(read_geoip(path), "10.1.2.3") == [("Paris, users", None, 64500)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prefix,nam\n", "networks.csv:1 expected the columns prefix, name, country, as_number, got prefix, nam"),
        ("name\n", "networks.csv:1 expected the columns"),
        ("prefix,name\n\n10.0.0.1/8,x\n", "networks.csv:3 expected a prefix, got '10.0.0.1/8'; its bits behind"),
        ("prefix,name\n10.0.0.0/8\n", "networks.csv:2 expected 2 columns, got 1"),
        ("prefix,country\n10.0.0.0/8,FRA\n", "networks.csv:2 expected a country of two letters, got 'FRA'"),
        ("prefix,asn\n10.0.0.0/8,4294967296\n", "networks.csv:2 expected an AS number, got '4294967296'"),
        ('prefix,name\n10.0.0.0/8,"x\n', "networks.csv:2 expected CSV"),
    ],
)
def test_what_is_wrong_in_a_table_of_networks_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    (path := tmp_path / "networks.csv").write_text(text)
    with pytest.raises(SourceError) as caught:
        read_networks(path, "networks.csv")
    assert str(caught.value).startswith(said)


def test_what_a_longer_prefix_does_not_tell_a_shorter_one_does() -> None:
    table = of_networks([Network("10.0.0.0/8", "ours", "FR", 64500), Network("10.1.0.0/16", "Paris")])
    assert told(table, "10.1.1.1", "10.2.1.1") == [("Paris", "FR", 64500), ("ours", "FR", 64500)]
