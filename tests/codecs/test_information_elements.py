from __future__ import annotations

import math
from typing import Any

import pytest

from netloom.codecs.information_elements import NTOP, Type, element, numbers, registry
from netloom.codecs.ipfix import SCOPE, Field
from netloom.codecs.ipfix_values import value

MAPPED = "00000000000000000000ffffcb007117"


@pytest.mark.parametrize(
    ("pen", "number", "name", "kind", "octets"),
    [
        (0, 1, "octetDeltaCount", Type.UNSIGNED, 8),
        (0, 8, "sourceIPv4Address", Type.IPV4, 4),
        (0, 155, "flowEndMicroseconds", Type.MICROSECONDS, 8),
        (0, 293, "subTemplateMultiList", Type.SUB_TEMPLATE_MULTI_LIST, 0),
        (0, 311, "samplingProbability", Type.FLOAT, 8),
        (0, 434, "mibObjectValueInteger", Type.SIGNED, 4),
        (0, 520, "tcpOptionsFull", Type.UNSIGNED, 32),
        (0, 533, "pathDelaySumDeltaMicroseconds", Type.UNSIGNED, 8),
        (29305, 1, "reverseOctetDeltaCount", Type.UNSIGNED, 8),
        (6871, 40, "flowAttributes", Type.UNSIGNED, 2),
        (6871, 16424, "reverseFlowAttributes", Type.UNSIGNED, 2),
        (0, 33002, "firewallExtendedEvent", Type.UNSIGNED, 2),
    ],
)
def test_elements_have_their_names_and_types(pen: int, number: int, name: str, kind: Type, octets: int) -> None:
    found = element(pen, number)
    assert found is not None
    assert (found.name, found.type, found.octets) == (name, kind, octets)


def test_nprobe_s_numbers_in_netflow_9_are_ntop_s_elements() -> None:
    assert element(0, 57590) == element(NTOP, 118)


def test_what_nobody_assigned_is_unknown() -> None:
    assert element(0, 0) is None
    assert element(0, 65) is None
    assert element(4242, 1) is None
    assert element(29305, 9999) is None


def test_names_lead_to_one_element_each() -> None:
    assert numbers()["sourceIPv4Address"] == (0, 8)
    assert numbers()["flowDirection"] == (0, 61), "IANA's, not VMware's"
    iana = [item.name for key, item in registry().items() if key[0] == 0]
    assert len(set(iana)) == len(iana)


@pytest.mark.parametrize(
    ("name", "raw", "expected"),
    [
        ("octetDeltaCount", "05dc", 1500),
        ("octetDeltaCount", "00000000000005dc", 1500),
        ("octetDeltaCount", "", None),
        ("mibObjectValueInteger", "fffffffe", -2),
        ("mibObjectValueInteger", "fe", -2),
        ("samplingProbability", "3f800000", 1.0),
        ("samplingProbability", "3ff0000000000000", 1.0),
        ("samplingProbability", "7ff8000000000000", "nan"),
        ("samplingProbability", "3ff0", "3ff0"),
        ("dot1qDEI", "01", True),
        ("dot1qDEI", "02", False),
        ("dot1qDEI", "07", 7),
        ("applicationId", "03000050", "03000050"),
        ("interfaceName", "4769302f310000", "Gi0/1"),
        ("interfaceName", "c3bc62ff", "üb\\xff"),
        ("interfaceName", "", ""),
        ("sourceMacAddress", "001b213c9df8", "00:1b:21:3c:9d:f8"),
        ("sourceMacAddress", "001b213c9df80000", "001b213c9df80000"),
        ("sourceIPv4Address", "c0000201", "192.0.2.1"),
        ("sourceIPv4Address", "c000", "c000"),
        ("sourceIPv6Address", "20010db8000000000000000000000001", "2001:db8::1"),
        ("sourceIPv6Address", MAPPED, "::ffff:203.0.113.23"),
        ("flowStartSeconds", "6553f100", 1_700_000_000),
        ("flowStartMilliseconds", "0000018bcfe56801", 1_700_000_000_001),
        ("flowStartMicroseconds", "e8fe6f8080000000", 1_700_000_000_500_000),
        ("flowStartNanoseconds", "e8fe6f8080000000", 1_700_000_000_500_000_000),
        ("flowStartMicroseconds", "00060a24181e4000", 1_700_000_000_000_000),
        ("basicList", "ff00100004", "ff00100004"),
        ("tcpOptionsFull", "00" * 31 + "04", 4),
    ],
)
def test_values_are_read_by_their_type(name: str, raw: str, expected: Any) -> None:
    pen, number = numbers()[name]
    found = value(Field(pen, number, len(raw) // 2), bytes.fromhex(raw))
    assert found == expected
    assert type(found) is type(expected)


def test_unknown_elements_are_octets_and_scopes_numbers() -> None:
    assert value(Field(4242, 1, 2), b"\x01\x02") == "0102"
    assert value(Field(SCOPE, 2, 4), b"\0\0\0\x07") == 7
    assert value(Field(0, 1, 40), bytes(40)) == "00" * 40


def test_no_value_is_a_number_that_json_lacks() -> None:
    for raw in ("7ff0000000000000", "fff0000000000000", "7ff8000000000001"):
        found = value(Field(0, 311, 8), bytes.fromhex(raw))
        assert isinstance(found, str)
        assert not math.isfinite(float(found))
