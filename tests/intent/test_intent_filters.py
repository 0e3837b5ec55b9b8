from __future__ import annotations

from typing import Any

import pytest

from netloom.intent.expression import Evaluation, ExpressionError, Variables


def value(expression: str) -> Any:
    evaluation = Evaluation({}, 1 << 20)
    variables = Variables(evaluation, {"h": {}}, {})
    ((found, _),) = evaluation.entry("item", {"x": "{{ " + expression + " }}"}, variables.of("h"))
    return found["x"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'10.0.0.1/24' | network", "10.0.0.0/24"),
        ("'10.0.0.1/24' | address", "10.0.0.1"),
        ("'10.0.0.1/24' | netmask", "255.255.255.0"),
        ("'10.0.0.1/24' | hostmask", "0.0.0.255"),
        ("'2001:db8::1/64' | prefixlen", 64),
        ("'2001:db8::1/64' | version", 6),
        ("'10.0.0.0/24' | host(5)", "10.0.0.5/24"),
        ("'10.0.0.0/24' | host(-2)", "10.0.0.254/24"),
        ("'10.0.0.0/16' | subnet(24, 3)", "10.0.3.0/24"),
        ("'2001:db8::/32' | subnet(64, 1)", "2001:db8:0:1::/64"),
        ("'10.0.0.0/16' | subnet(24, 3) | host(1) | address", "10.0.3.1"),
        ("'10.0.0.9/24' | ipaddr('network/prefix')", "10.0.0.0/24"),
        ("'10.0.0.9/24' | ipaddr('broadcast')", "10.0.0.255"),
        ("'10.0.0.9/24' | ipaddr('prefix')", 24),
        ("'10.0.0.9/24' | ipaddr(1)", "10.0.0.1/24"),
        ("'eth1' | regex_replace('^eth', 'Ethernet')", "Ethernet1"),
        ("'leaf12' | regex_search('(\\\\d+)') | int", 12),
        ("'x' | regex_search('y')", None),
        ("[10, 9] | sort", [9, 10]),
        ("range(3) | map('string')", ["0", "1", "2"]),
    ],
)
def test_filters_give(expression: str, expected: Any) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("'x' | network", "expected an address or a prefix, got 'x'"),
        ("'10.0.0.0/30' | host(4)", "10.0.0.0/30 has no address number 4"),
        ("'10.0.0.0/30' | subnet(31, 2)", "10.0.0.0/30 has no /31 number 2"),
        ("'10.0.0.0/30' | subnet(24, 0)", "10.0.0.0/30 has no /24 number 0"),
        ("'10.0.0.0/30' | ipaddr('nonsense')", "unknown query 'nonsense'"),
        ("'x' | nonsense", "No filter named 'nonsense'"),
    ],
)
def test_filters_refuse(expression: str, message: str) -> None:
    with pytest.raises(ExpressionError, match=message):
        value(expression)
