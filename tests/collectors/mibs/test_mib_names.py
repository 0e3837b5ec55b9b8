"""Names of MIB objects, their instances and their values, as people write and read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.collectors.mibs import name_of, oid_of, standard
from netloom.collectors.mibs.objects import MibObject, Mibs
from netloom.collectors.mibs.shown import hinted, instance, octets, shown
from netloom.errors import UsageError

MIBS = standard()


@pytest.mark.parametrize(
    ("name", "oid"),
    [
        ("IF-MIB::ifTable", "1.3.6.1.2.1.2.2"),
        ("ifHCInOctets.3", "1.3.6.1.2.1.31.1.1.1.6.3"),
        ("SNMPv2-MIB::sysUpTime.0", "1.3.6.1.2.1.1.3.0"),
        ("LLDP-MIB::lldpRemSysName", "1.0.8802.1.1.2.1.4.1.1.9"),
        ("cempMemPoolHCUsed", "1.3.6.1.4.1.9.9.221.1.1.1.1.18"),
        ("jnxOperatingTemp", "1.3.6.1.4.1.2636.3.1.13.1.7"),
        ("entSensorValue", "1.3.6.1.4.1.9.9.91.1.1.1.1.4"),
        ("bgpPeerState", "1.3.6.1.2.1.15.3.1.2"),
        ("mib-2", "1.3.6.1.2.1"),
        (".1.3.6.1.2.1.1", "1.3.6.1.2.1.1"),
        ("1.3.6.1.4.1.99999.1", "1.3.6.1.4.1.99999.1"),
    ],
)
def test_names_are_found(name: str, oid: str) -> None:
    assert oid_of(name) == oid


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ifTabel", "no MIB object 'ifTabel'; did you mean IF-MIB::ifTable"),
        ("IP-MIB::ifTable", "did you mean IF-MIB::ifTable"),
        ("nonsenseWithoutLikeness", "folder mibs/"),
        ("ifInOctets.x", "expected an instance in numbers after ifInOctets, got 'x'"),
        ("1..3", "no MIB object"),
    ],
)
def test_a_wrong_name_says_what_was_expected(name: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        oid_of(name)


@pytest.mark.parametrize(
    ("oid", "name"),
    [
        ("1.3.6.1.2.1.2.2.1.8.3", "ifOperStatus.3"),
        ("1.3.6.1.6.3.1.1.5.3", "linkDown"),
        ("1.3.6.1.4.1.9.9.41.2.0.1", "clogMessageGenerated"),
        ("1.3.6.1.4.1.9", "cisco"),
        ("1.3.6.1.4.1.99999.0.1", None),
        ("1.3.6.1.2.1.2.2.1.8." + ".".join(["1"] * 100), None),
        ("", None),
    ],
)
def test_identifiers_are_named(oid: str, name: str | None) -> None:
    assert name_of(oid) == name


def test_every_object_of_the_tables_is_well_formed() -> None:
    types = {"INTEGER", "Counter32", "Counter64", "Gauge32", "TimeTicks", "OCTETS", "OID", "IpAddress", "InetAddress"}
    kinds = {"node", "scalar", "table", "entry", "column", "notification"}
    wrong = [
        f"{one.mib}::{one.name}"
        for one in MIBS
        if one.kind not in kinds
        or not one.oid.replace(".", "").isdecimal()
        or (one.kind in ("scalar", "column")) != (one.type in types | {"BITS", "Opaque"})
        or any(MIBS.named(name.removeprefix("!")) is None for name in one.index)
        or (one.kind == "entry" and not one.index)
        or (one.kind == "column" and MIBS.entry(one) is None and one.mib.startswith(("IF-", "IP-", "BGP4", "OSPF")))
        or MIBS.named(f"{one.mib}::{one.name}") is not one
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("entry", "text", "expected"),
    [
        ("ifEntry", "3", {"ifIndex": 3}),
        ("ifXEntry", "3", {"ifIndex": 3}),
        ("ospfNbrEntry", "10.0.0.1.0", {"ospfNbrIpAddr": "10.0.0.1", "ospfNbrAddressLessIndex": 0}),
        ("ipAddressEntry", "1.4.10.0.0.1", {"ipAddressAddrType": "ipv4", "ipAddressAddr": "10.0.0.1"}),
        ("ipAddressEntry", "1.10.0.0.1", {"ipAddressAddrType": "ipv4", "ipAddressAddr": "10.0.0.1"}),
        (
            "ipAddressEntry",
            "4.20.254.128." + "0." * 13 + "1.0.0.0.2",
            {"ipAddressAddrType": "ipv6z", "ipAddressAddr": "fe80::1%2"},
        ),
        ("dot1dTpFdbEntry", "0.1.2.3.4.255", {"dot1dTpFdbAddress": "00:01:02:03:04:ff"}),
        ("lldpRemEntry", "4200.7.1", {"lldpRemTimeMark": 4200, "lldpRemLocalPortNum": 7, "lldpRemIndex": 1}),
        ("nsExtendConfigEntry", "4.117.112.50.50", None),
        ("ifEntry", "", None),
        ("ifEntry", "3.4", None),
        ("ipAddressEntry", "1.200.1", None),
    ],
)
def test_instances_are_taken_apart(entry: str, text: str, expected: dict[str, object] | None) -> None:
    found = MIBS.named(entry)
    if found is None:  # a name that only Debian's own MIB files have
        assert expected is None
        return
    got = instance(MIBS, found, text)
    assert got == expected or (expected is None and got is not None and entry == "nsExtendConfigEntry")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("ifOperStatus", 7, "lowerLayerDown"),
        ("ifOperStatus", 99, 99),
        ("ifPhysAddress", b"\x00\x1b!<\x9d\xf8", "00:1b:21:3c:9d:f8"),
        ("ifPhysAddress", b"", ""),
        ("ifDescr", b"GigabitEthernet0/1\0", "GigabitEthernet0/1"),
        ("ifAlias", "zum Büro".encode(), "zum Büro"),
        ("ifAlias", b"\xff\xfe", "ff:fe"),
        ("sysObjectID", "1.3.6.1.4.1.9.1.1", "1.3.6.1.4.1.9.1.1"),
        ("ospfRouterId", b"\x0a\x00\x00\x01", "10.0.0.1"),
        ("hrSystemDate", b"\x07\xea\x0b\x14\x10\x05\x03\x00+\x01\x00", "2026-11-20,16:5:3.0,+1:0"),
        ("lldpLocSysCapEnabled", b"\x28\x00", "bridge router"),
        (None, b"\x00\x01\x02", "00:01:02"),
        (None, 5, 5),
        ("ifDescr", None, None),
    ],
)
def test_values_are_shown_as_their_definition_says(name: str | None, value: bytes | int, expected: object) -> None:
    assert shown(value, MIBS.named(name) if name else None) == expected


@pytest.mark.parametrize(
    ("hint", "value", "expected"),
    [
        ("1x:", b"\x0a\xff", "0a:ff"),
        ("1d.1d.1d.1d/2d", b"\x0a\x00\x00\x01\x00\xa1", "10.0.0.1/161"),
        ("*1x:/1x:", b"\x02\x01\x02\x03", "01:02/03"),
        ("2o", b"\x00\x08", "10"),
        ("255a", b"abc", "abc"),
        ("0a", b"abc", None),
        ("", b"abc", None),
    ],
)
def test_display_hints_write_octets(hint: str, value: bytes, expected: str | None) -> None:
    assert hinted(value, hint) == expected


@given(st.binary(max_size=64), st.text("0123456789xdoat*:-.", max_size=12))
def test_any_octets_and_any_hint_come_to_an_end(value: bytes, hint: str) -> None:
    assert hinted(value, hint) is None or isinstance(hinted(value, hint), str)
    assert isinstance(octets(value), str)


@given(st.lists(st.integers(0, 2**32 - 1), max_size=30), st.sampled_from([one for one in MIBS if one.kind == "entry"]))
def test_any_instance_is_taken_apart_or_refused(numbers: list[int], entry: MibObject) -> None:
    found = instance(MIBS, entry, ".".join(map(str, numbers)))
    assert found is None or list(found) == [name.removeprefix("!") for name in entry.index]


def test_later_definitions_win() -> None:
    own = MibObject("ifTable", "1.3.6.1.4.1.99999.1", "OWN-MIB", "table")
    mibs = standard().with_more([own])
    assert mibs.oid_of("ifTable") == own.oid
    assert mibs.oid_of("IF-MIB::ifTable") == "1.3.6.1.2.1.2.2"
    assert Mibs([]).name_of("1.3.6") is None
