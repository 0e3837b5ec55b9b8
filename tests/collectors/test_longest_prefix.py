"""Longest-prefix match: the same as asking every prefix in turn."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from netloom.collectors import longest_prefix
from netloom.collectors.longest_prefix import NONE, LongestPrefix, Spans, parse_prefixes

Network = IPv4Network | IPv6Network


def words(texts: list[str]) -> NDArray[np.uint64]:
    """Addresses as tables keep them."""
    numbers = [int(ip_address(text)) + (0xFFFF << 32 if "." in text else 0) for text in texts]
    return np.array([[number >> 64, number & (1 << 64) - 1] for number in numbers], np.uint64).reshape(-1, 2)


def modelled(pairs: list[tuple[Network, int]], text: str) -> int:
    """What plain reading finds; of the same prefix given twice the later one counts."""
    address = ip_address(text)
    fitting = [(net.prefixlen, at, value) for at, (net, value) in enumerate(pairs) if address in net]
    return max(fitting)[2] if fitting else NONE


def networks(family: type[IPv4Network] | type[IPv6Network], bits: int) -> st.SearchStrategy[Network]:
    """Few distinct bits, so that prefixes nest and meet, at both ends of the family."""
    number = st.builds(
        lambda top, end, low: (top << bits - 3 | (end * ((1 << 8) - 1)) << 60 % bits | low) & (1 << bits) - 1,
        st.integers(0, 7),
        st.integers(0, 1),
        st.integers(0, 15),
    ) | st.integers(0, (1 << bits) - 1)
    return st.builds(lambda n, length: family((n, length), strict=False), number, st.integers(0, bits))


PAIRS = st.lists(
    st.tuples(networks(IPv4Network, 32) | networks(IPv6Network, 128), st.integers(0, 5)), min_size=0, max_size=30
)


def edges(pairs: list[tuple[Network, int]]) -> list[str]:
    """The addresses at, before and behind each prefix's ends."""
    found = {"0.0.0.1", "255.255.255.255", "::", "::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}
    for net, _ in pairs:
        for end in (int(net[0]), int(net[-1])):
            near = (number for number in (end - 1, end, end + 1) if 0 <= number < 1 << net.max_prefixlen)
            found |= {str(type(net)(number)[0]) for number in near}
    # An address that is IPv4's, mapped, is IPv4's.
    return sorted(text for text in found if ":" not in text or getattr(ip_address(text), "ipv4_mapped", None) is None)


@given(PAIRS)
@settings(max_examples=150, deadline=None)
def test_every_edge_is_found_as_asking_each_prefix_finds_it(pairs: list[tuple[Network, int]]) -> None:
    asked = edges(pairs)
    found = LongestPrefix.of(pairs).lookup(words(asked))
    assert found.tolist() == [modelled(pairs, text) for text in asked]


@pytest.mark.parametrize("blocks", [1 << 16, 10])
def test_many_prefixes_take_the_table_and_find_the_same(monkeypatch: pytest.MonkeyPatch, blocks: int) -> None:
    monkeypatch.setattr(longest_prefix, "_BLOCKS", blocks)
    rng = Random(1)  # noqa: S311 - the same prefixes each time
    numbers = [
        (rng.getrandbits(32) & 0x0F0F00FF | 1 << 30, rng.choice((8, 12, 16, 20, 24, 27, 32))) for _ in range(3000)
    ]
    pairs: list[tuple[Network, int]] = [(IPv4Network(number, strict=False), at) for at, number in enumerate(numbers)]
    asked = edges(pairs)[::40]
    found = LongestPrefix.of(pairs).lookup(words(asked))
    assert found.tolist() == [modelled(pairs, text) for text in asked]


@given(st.lists(PAIRS, min_size=1, max_size=3))
@settings(max_examples=80, deadline=None)
def test_joined_tables_answer_as_each_of_them(tables: list[list[tuple[Network, int]]]) -> None:
    spans = [(Spans.of(v4, 32), Spans.of(v6, 128)) for v4, v6 in map(parse_prefixes, tables)]
    ipv4, of_ipv4 = Spans.joined([each for each, _ in spans])
    ipv6, of_ipv6 = Spans.joined([each for _, each in spans])
    joined = LongestPrefix(ipv4, ipv6)
    asked = edges([pair for pairs in tables for pair in pairs])
    codes = joined.lookup(words(asked)).tolist()
    for at, pairs in enumerate(tables):
        values = [
            NONE if code == NONE else int((of_ipv6 if ":" in text else of_ipv4)[at][code])
            for text, code in zip(asked, codes, strict=True)
        ]
        assert values == [modelled(pairs, text) for text in asked]


def test_ipv6_defaults_hold_no_ipv4() -> None:
    table = LongestPrefix.of([("::/0", 1), ("10.0.0.0/8", 2)])
    assert table.lookup(words(["10.1.1.1", "11.1.1.1", "2001:db8::"])).tolist() == [2, NONE, 1]


def test_an_address_without_a_length_is_a_host_and_host_bits_are_cleared() -> None:
    table = LongestPrefix.of([("10.0.0.1", 1), ("192.0.2.77/24", 2), (ip_network("2001:db8::/32"), 3)])
    assert table.lookup(words(["10.0.0.1", "10.0.0.2", "192.0.2.1", "2001:db8::9"])).tolist() == [1, NONE, 2, 3]


@pytest.mark.parametrize(
    "text", ["", "10.0.0", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/²", "x/8", "10.0.0.0/"]
)
def test_what_is_no_prefix_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="expected a"):
        LongestPrefix.of([(text, 1)])
