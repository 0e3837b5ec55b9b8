"""Traps: what net-snmp's own client sends is read, in every version; damage is no more than an error."""

from __future__ import annotations

import shutil
import socket
import subprocess
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.codecs.ber import BerError
from netloom.codecs.snmp import Operation, Pdu, encode_v2c
from netloom.codecs.snmp_notification import decode, is_snmp
from netloom.collectors.trap.decode import decode_trap
from netloom.collectors.trap.names import name_of
from netloom.model.trap import Trap, Varbind

LINK_DOWN = "1.3.6.1.6.3.1.1.5.3"
OBJECTS = ("1.3.6.1.2.1.2.2.1.1.3", "i", "3", "1.3.6.1.2.1.31.1.1.1.1.3", "s", "eth3")
VARBINDS = (
    Varbind(oid="1.3.6.1.2.1.2.2.1.1.3", name="ifIndex.3", type="INTEGER", value=3),
    Varbind(oid="1.3.6.1.2.1.31.1.1.1.1.3", name="ifName.3", type="OCTET STRING", value="eth3"),
)
V3 = ("-v3", "-e", "0x8000000001020304", "-u", "ann", "-a", "SHA", "-A", "authpassword", "-x", "AES", "-X", "privacy12")


def sent(*options: str, program: str = "snmptrap") -> bytes:
    """The datagram that net-snmp sends."""
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(10)
        before, rest = options[: options.index("TO")], options[options.index("TO") + 1 :]
        argv = [program, "-r", "0", "-t", "0.1", "-Ci", *before, f"127.0.0.1:{receiver.getsockname()[1]}", *rest]
        if program == "snmptrap":
            argv.remove("-Ci")
        with subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
            return receiver.recv(65535)


@pytest.mark.parametrize("kind", ["trap", "inform"])
def test_a_notification_of_version_2_is_read(kind: str) -> None:
    program = "snmptrap" if kind == "trap" else "snmpinform"
    data = sent("-v2c", "-c", "secret", "TO", "12345", LINK_DOWN, *OBJECTS, program=program)
    assert is_snmp(data)
    assert decode_trap(data, "192.0.2.1", 7) == Trap(
        time_received_ns=7,
        source_address="192.0.2.1",
        version="v2c",
        kind=kind,
        trap_oid=LINK_DOWN,
        trap_name="linkDown",
        uptime=123.45,
        varbinds=VARBINDS,
    )


@pytest.mark.parametrize(
    ("generic", "specific", "oid", "name"),
    [("2", "0", LINK_DOWN, "linkDown"), ("6", "17", "1.3.6.1.4.1.8072.9999.0.17", None)],
)
def test_a_trap_of_version_1_is_translated(generic: str, specific: str, oid: str, name: str | None) -> None:
    enterprise = "1.3.6.1.4.1.8072.9999"
    data = sent("-v1", "-c", "secret", "TO", enterprise, "192.0.2.9", generic, specific, "100", *OBJECTS)
    found = decode_trap(data, None, 7)
    assert found == Trap(
        time_received_ns=7,
        agent_address="192.0.2.9",
        version="v1",
        kind="trap",
        trap_oid=oid,
        trap_name=name,
        uptime=1.0,
        enterprise=enterprise,
        varbinds=VARBINDS,
    )


def test_a_trap_of_version_3_is_read_as_far_as_it_is_not_encrypted() -> None:
    plain = decode_trap(sent(*V3, "-l", "authNoPriv", "TO", "100", LINK_DOWN, *OBJECTS), None, 7)
    assert plain is not None
    assert (plain.version, plain.user, plain.trap_name, plain.varbinds) == ("v3", "ann", "linkDown", VARBINDS)
    hidden = decode_trap(sent(*V3, "-l", "authPriv", "TO", "100", LINK_DOWN, *OBJECTS), None, 7)
    assert hidden is not None
    assert (hidden.user, hidden.encrypted, hidden.trap_oid, hidden.varbinds) == ("ann", True, None, ())


def test_values_of_every_type_are_told_with_it() -> None:
    values = {
        "a": ("192.0.2.1", "IpAddress", "192.0.2.1"),
        "o": ("1.3.6.1", "OBJECT IDENTIFIER", "1.3.6.1"),
        "t": ("99", "TimeTicks", 99),
        "u": ("4000000000", "Gauge32", 4000000000),
        "c": ("7", "Counter32", 7),
        "C": ("18446744073709551615", "Counter64", 18446744073709551615),
        "x": ("00FF10", "OCTET STRING", "00ff10"),
        "s": ("grüße", "OCTET STRING", "grüße"),
    }
    objects = [word for at, (letter, each) in enumerate(values.items(), 1) for word in (f"1.3.9.{at}", letter, each[0])]
    found = decode_trap(sent("-v2c", "-c", "x", "TO", "1", LINK_DOWN, *objects), None, 7)
    assert found is not None
    assert [(each.type, each.value) for each in found.varbinds] == [(kind, value) for _, kind, value in values.values()]


def test_requests_are_no_notifications() -> None:
    assert decode(encode_v2c(b"public", Pdu(Operation.GET, 1))) is None
    assert decode_trap(b"nothing", None, 7) is None


def test_names_have_the_instance_behind_them() -> None:
    assert name_of("1.3.6.1.2.1.2.2.1.1.17.2") == "ifIndex.17.2"
    assert name_of(LINK_DOWN) == "linkDown"
    assert name_of("1.3.6.1.9.9") is None
    assert name_of("1" + ".1" * 500) is None


@given(st.binary(max_size=200), st.booleans())
def test_no_bytes_are_worse_than_an_error(data: bytes, begun: bool) -> None:
    data = b"\x30\x82\x01\x00\x02\x01\x01" + data if begun else data
    is_snmp(data)
    with suppress(BerError):
        decode(data)
