"""Feeds a decoder blind and grammar-aware mutations, and honest datagrams between them.

usage: python -m benchmarks.fuzz TARGET [--datagrams N] [--seed N] [--jobs N]

Any exception that leaves the decoder, an honest datagram not answered, a datagram that takes more than a second of
processor time, and memory beyond 512 MB end the run with the datagram's octets.
"""

from __future__ import annotations

import argparse
import importlib
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from random import Random

from benchmarks.fuzz.mutate import mutated
from benchmarks.fuzz.target import Target

EVERY = 1000
SLOWEST_S = 1.0
MEMORY_MB = 512


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one process' share."""

    datagrams: int
    records: int
    seconds: float
    slowest_s: float
    memory_mb: int


def load(name: str) -> Target:
    """The module's target."""
    target = importlib.import_module(f"benchmarks.fuzz.{name}").TARGET
    assert isinstance(target, Target)
    return target


def run(name: str, datagrams: int, seed: int) -> Outcome:
    """Half blind, half by grammar; raises RuntimeError with the datagram on a finding."""
    target, rng = load(name), Random(seed)  # noqa: S311 - the same datagrams for the same seed
    feed, (honest, answers) = target.open(), target.honest
    if target.prepare:
        feed(target.prepare)
    records, slowest, start = 0, 0.0, time.process_time()
    for number in range(datagrams):
        datagram = mutated(target.seeds, rng) if number % 2 else target.grammar(rng)
        before = time.process_time()
        try:
            records += feed(datagram)
        except Exception as exc:  # whatever leaves the decoder is a finding
            raise RuntimeError(f"seed {seed}, datagram {number}: {exc!r}: {datagram.hex()}") from exc
        took = time.process_time() - before
        slowest = max(slowest, took)
        if took > SLOWEST_S:
            raise RuntimeError(f"seed {seed}, datagram {number}: {took:.1f} s: {datagram.hex()}")
        if number % EVERY == 0 and feed(honest) != answers:
            raise RuntimeError(f"seed {seed}, datagram {number}: the honest datagram was not answered")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if memory > MEMORY_MB:
        raise RuntimeError(f"seed {seed}: {memory} MB")
    return Outcome(datagrams, records, time.process_time() - start, slowest, memory)


def main() -> int:
    """Prints one line a process."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz")
    parser.add_argument("target")
    parser.add_argument("--datagrams", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args()
    share = asked.datagrams // asked.jobs
    with ProcessPoolExecutor(asked.jobs) as pool:
        seeds = range(asked.seed, asked.seed + asked.jobs)
        for seed, outcome in zip(
            seeds, pool.map(run, [asked.target] * asked.jobs, [share] * asked.jobs, seeds), strict=True
        ):
            rate = outcome.datagrams / outcome.seconds
            print(
                f"{asked.target} seed {seed}: {outcome.datagrams} datagrams, {outcome.records} records, no finding;"
                f" {rate:.0f}/s of processor, slowest {outcome.slowest_s * 1000:.0f} ms, {outcome.memory_mb} MB"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
