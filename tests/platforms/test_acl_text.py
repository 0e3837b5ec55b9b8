"""Rules of access lists as text and as records."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.model.acl import Acl, AclEntry
from netloom.platforms.acl_names import ICMP
from netloom.platforms.acl_text import Dialect, canonical_rule, read_rule, write_rule

EXTENDED = Acl("A")
STANDARD = Acl("10", type="standard")
IPV6 = Acl("V6", family="ipv6")
WILDCARDS = Dialect(wildcards=True, bare_host=True, upper=True, protocols={"icmpv6": "icmp"})
PREFIXES = Dialect(group="addrgroup")

RULES = [
    ("permit ip any any", EXTENDED, AclEntry(10, "permit", None, "ip", "any", None, "any")),
    (
        "permit tcp 10.0.0.0 0.0.0.255 eq www host 10.9.9.9 range 5000 5010 established log",
        EXTENDED,
        AclEntry(
            10,
            "permit",
            protocol="tcp",
            source="10.0.0.0/24",
            source_ports="eq 80",
            destination="10.9.9.9/32",
            destination_ports="range 5000 5010",
            established=True,
            log=True,
        ),
    ),
    (
        "deny udp any neq snmp object-group SERVERS eq domain ntp 5000 dscp ef fragments",
        EXTENDED,
        AclEntry(
            10,
            "deny",
            protocol="udp",
            source="any",
            source_ports="neq 161",
            destination="group SERVERS",
            destination_ports="eq 53 123 5000",
            dscp="ef",
            fragments=True,
        ),
    ),
    (
        "permit icmp any 10.0.0.1 0.255.0.0 3 77 log time-range NIGHT",
        EXTENDED,
        AclEntry(
            10,
            "permit",
            protocol="icmp",
            source="any",
            destination="10.0.0.1 0.255.0.0",
            icmp_type="3/77",
            log=True,
            options="time-range NIGHT",
        ),
    ),
    (
        "permit tcp any any ack syn ttl eq 255",
        EXTENDED,
        AclEntry(
            10,
            "permit",
            protocol="tcp",
            source="any",
            destination="any",
            tcp_flags=("ack", "syn"),
            options="ttl eq 255",
        ),
    ),
    (
        "permit icmp 2001:DB8::/32 host 2001:DB8::1 nd-na",
        IPV6,
        AclEntry(
            10,
            "permit",
            protocol="icmpv6",
            source="2001:db8::/32",
            destination="2001:db8::1/128",
            icmp_type="nd-na",
        ),
    ),
    ("permit 99 any any", EXTENDED, AclEntry(10, "permit", protocol="99", source="any", destination="any")),
    ("permit 10.1.1.1", STANDARD, AclEntry(10, "permit", source="10.1.1.1/32")),
    ("deny any log", STANDARD, AclEntry(10, "deny", source="any", log=True)),
    ("permit 10.0.0.0 0.0.3.255", STANDARD, AclEntry(10, "permit", source="10.0.0.0/22")),
    ("remark permit ip any any", EXTENDED, AclEntry(10, remark="permit ip any any")),
    ("remark", EXTENDED, AclEntry(10, remark="")),
    ("evaluate MIRROR", EXTENDED, AclEntry(10, options="evaluate MIRROR")),
    (
        "permit object-group WEB any object-group X",
        EXTENDED,
        AclEntry(10, "permit", options="object-group WEB any object-group X"),
    ),
    ("permit tcp any", EXTENDED, AclEntry(10, "permit", options="tcp any")),
]


@pytest.mark.parametrize(("text", "acl", "entry"), RULES, ids=[text for text, _, _ in RULES])
def test_a_rule_is_read_and_written_again(text: str, acl: Acl, entry: AclEntry) -> None:
    assert read_rule(text, 10, acl) == entry
    assert write_rule(entry, acl, WILDCARDS) == text
    assert canonical_rule(entry, acl) == entry


@pytest.mark.parametrize(
    ("text", "acl", "same"),
    [
        ("permit 6 any any eq 80", EXTENDED, "permit tcp any any eq www"),
        ("deny   icmp any any 8", EXTENDED, "deny icmp any any echo"),
        ("permit icmp any any 3 4", EXTENDED, "permit icmp any any packet-too-big"),
        ("permit ip 10.0.0.7 0.0.0.255 0.0.0.0 255.255.255.255", EXTENDED, "permit ip 10.0.0.0 0.0.0.255 any"),
        ("permit tcp 10.0.0.0/24 any eq ssh", EXTENDED, "permit tcp 10.0.0.0 0.0.0.255 any eq 22"),
        ("permit ip 10.0.0.9/32 addrgroup X", EXTENDED, "permit ip host 10.0.0.9 object-group X"),
        ("permit host 10.1.1.1", STANDARD, "permit 10.1.1.1"),
    ],
)
def test_spellings_of_the_same_rule_make_the_same_record(text: str, acl: Acl, same: str) -> None:
    assert read_rule(text, 10, acl) == read_rule(same, 10, acl)
    assert write_rule(read_rule(text, 10, acl), acl, WILDCARDS) == same


def test_a_dialect_with_prefixes_writes_prefixes() -> None:
    entry = read_rule("permit tcp 10.0.0.0 0.0.0.255 object-group X eq www", 10, EXTENDED)
    assert write_rule(entry, EXTENDED, PREFIXES) == "permit tcp 10.0.0.0/24 addrgroup X eq www"
    plain = Dialect(host=False, ports={})
    assert write_rule(read_rule("permit udp host 10.0.0.1 any eq ntp", 10, EXTENDED), EXTENDED, plain) == (
        "permit udp 10.0.0.1/32 any eq 123"
    )


def test_what_people_leave_out_of_a_wish_is_any() -> None:
    wish = AclEntry(5, "permit", protocol="icmp", icmp_type="8/0")
    assert canonical_rule(wish, IPV6) == AclEntry(
        5, "permit", protocol="icmpv6", source="any", destination="any", icmp_type="8/0"
    )
    assert canonical_rule(AclEntry(5, "deny", protocol="1", icmp_type="8", source="any"), EXTENDED).icmp_type == "echo"


ADDRESSES = st.sampled_from(["any", "10.0.0.0/8", "10.1.1.1/32", "10.0.0.1 0.255.0.0", "group G"])
PORTS = st.sampled_from([None, "eq 80", "eq 22 80 514", "neq 53", "gt 1023", "lt 1024", "range 5000 5010"])


@given(
    protocol=st.sampled_from(["tcp", "udp"]),
    addresses=st.tuples(ADDRESSES, ADDRESSES),
    ports=st.tuples(PORTS, PORTS),
    icmp=st.sampled_from(["7/7", *ICMP.values()]),
    log=st.booleans(),
)
def test_no_field_is_lost_on_the_way_through_text(
    protocol: str, addresses: tuple[str, str], ports: tuple[str | None, str | None], icmp: str, log: bool
) -> None:
    entry = AclEntry(10, "permit", None, protocol, addresses[0], ports[0], addresses[1], ports[1], log=log)
    ping = AclEntry(20, "deny", None, "icmp", addresses[0], None, addresses[1], None, icmp_type=icmp, log=log)
    for dialect in (WILDCARDS, PREFIXES):
        for rule in (entry, ping):
            assert read_rule(write_rule(rule, EXTENDED, dialect), rule.sequence, EXTENDED) == rule
