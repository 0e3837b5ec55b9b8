"""Longest-prefix match over a full table: netloom's beside pytricia's and py-radix's.

usage: python -m benchmarks.telemetry prefixes [--prefixes N] [--peers PYTHON]

PYTHON is an interpreter that has the peers. Each looks up the same addresses, in processor time of its own process.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

import numpy as np
from numpy.typing import NDArray

from netloom.collectors.longest_prefix import LongestPrefix, Prefixes, Spans

LENGTHS = (8, 10, 12, 14, 16, 18, 19, 20, 21, 22, 23, 24, 28, 32)
SHARES = (0.0001, 0.0003, 0.001, 0.003, 0.014, 0.014, 0.026, 0.043, 0.05, 0.11, 0.1, 0.618, 0.01, 0.0106)
"""Roughly those of the Internet's table."""
LENGTHS6 = (20, 24, 28, 29, 32, 36, 40, 44, 46, 47, 48, 56, 64)
SHARES6 = (0.002, 0.004, 0.01, 0.03, 0.14, 0.05, 0.08, 0.06, 0.02, 0.02, 0.48, 0.054, 0.05)
LOOKUPS = 1_000_000
PEER = """
import sys, time
kind, count = sys.argv[1], int(sys.argv[2])
rows = [line.split() for line in sys.stdin]
prefixes, addresses = [row[0] for row in rows[:count]], [int(row[0]) for row in rows[count:]]
if kind == "pytricia":
    import pytricia
    table = pytricia.PyTricia(32)
    for at, prefix in enumerate(prefixes):
        table.insert(prefix, at)
    def look(addresses):
        get = table.get
        return [get(address) for address in addresses]
else:
    import radix, socket, struct
    table = radix.Radix()
    for at, prefix in enumerate(prefixes):
        table.add(prefix).data["value"] = at
    packed = [struct.pack(">I", address) for address in addresses]
    def look(addresses):
        best = table.search_best
        return [best(packed=address) for address in packed]
best = 1e9
for _ in range(3):
    began = time.process_time()
    look(addresses)
    best = min(best, time.process_time() - began)
print(len(addresses) / best / 1e6)
"""


def run(arguments: list[str]) -> None:
    """Measure, and print a line for each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.telemetry prefixes")
    parser.add_argument("--prefixes", type=int, default=1_000_000)
    parser.add_argument("--peers", default=sys.executable)
    asked = parser.parse_args(arguments)
    rng = np.random.default_rng(1)
    ipv4 = _prefixes(rng, asked.prefixes, LENGTHS, SHARES)
    ipv6 = _prefixes(rng, asked.prefixes // 5, LENGTHS6, SHARES6)
    began = time.process_time()
    table = LongestPrefix(Spans.of(ipv4, 32), Spans.of(ipv6, 128))
    built = time.process_time() - began
    print(f"netloom: {len(ipv4)} prefixes of IPv4 and {len(ipv6)} of IPv6 in {built:.2f} s of processor")
    mapped, wide = _addresses(rng, ipv4, ipv6)
    own = _rate(table, mapped)
    print(f"netloom: {own:.1f} M lookups/s of IPv4, {_rate(table, wide):.1f} M/s of IPv6")
    for kind in ("pytricia", "radix"):
        rate = _peer(asked.peers, kind, ipv4, mapped[: LOOKUPS // 4])
        if rate is None:
            print(f"{kind}: not installed; --peers names an interpreter that has it")
        else:
            print(f"{kind}: {rate:.2f} M lookups/s of IPv4; netloom {own / rate:.0f} times as many")


def _prefixes(rng: np.random.Generator, count: int, lengths: tuple[int, ...], shares: tuple[float, ...]) -> Prefixes:
    """Random ones, without the host's bits."""
    length = rng.choice(lengths, count, p=np.array(shares) / sum(shares)).astype(np.int64)
    value = np.arange(count, dtype=np.int32)
    if max(length) <= 32:
        free = (32 - length).astype(np.uint64)
        low = rng.integers(0x0100_0000, 0xDF00_0000, count, dtype=np.uint64) >> free << free
        return Prefixes(np.zeros(count, np.uint64), low, length, value)
    free = (64 - length).astype(np.uint64)
    high = (np.uint64(0x2000 << 48) | rng.integers(0, 1 << 61, count, dtype=np.uint64)) >> free << free
    return Prefixes(high, np.zeros(count, np.uint64), length, value)


def _addresses(
    rng: np.random.Generator, ipv4: Prefixes, ipv6: Prefixes
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Half of IPv4's within a prefix, half anywhere; IPv6's all within one."""
    low = rng.integers(0x0100_0000, 0xDF00_0000, LOOKUPS, dtype=np.uint64)
    low[::2] = ipv4.low[rng.integers(0, len(ipv4), LOOKUPS // 2)] + np.uint64(1)
    mapped = np.stack([np.zeros(LOOKUPS, np.uint64), low | np.uint64(0xFFFF << 32)], 1)
    high = ipv6.high[rng.integers(0, len(ipv6), LOOKUPS)]
    return mapped, np.stack([high, rng.integers(0, 1 << 63, LOOKUPS, dtype=np.uint64)], 1)


def _rate(table: LongestPrefix, addresses: NDArray[np.uint64]) -> float:
    """Million lookups a second of processor, in batches as flows come in."""
    batches = np.array_split(addresses, 10)
    best = 1e9
    for _ in range(5):
        began = time.process_time()
        for batch in batches:
            table.lookup(batch)
        best = min(best, time.process_time() - began)
    return len(addresses) / best / 1e6


def _peer(python: str, kind: str, ipv4: Prefixes, addresses: NDArray[np.uint64]) -> float | None:
    lines = [f"{_text(low)}/{length}" for low, length in zip(ipv4.low.tolist(), ipv4.length.tolist(), strict=True)]
    lines += [str(low & 0xFFFF_FFFF) for low in addresses[:, 1].tolist()]
    command = [python, "-c", PEER, kind, str(len(ipv4))]
    done = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, check=False)
    return float(done.stdout) if done.returncode == 0 else None


def _text(number: int) -> str:
    return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
