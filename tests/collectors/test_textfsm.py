"""Outputs of any system parsed by TextFSM, in a process that is killed where it takes too much."""

from __future__ import annotations

import asyncio
import time

import pytest

from netloom.collectors.state.textfsm import Job, Limits, Row, TextFsm
from netloom.errors import UsageError

pytest.importorskip("ntc_templates")

ARP = """\
Protocol  Address          Age (min)  Hardware Addr   Type   Interface
Internet  192.0.2.1               5   0000.5e00.5301  ARPA   GigabitEthernet0/1
"""
TEMPLATE = """\
Value PORT (\\S+)
Value List VLANS (\\d+)

Start
  ^port ${PORT}
  ^vlan ${VLANS}
"""
EXPENSIVE = """\
Value LINE (a+)

Start
  ^(a+)+b -> Record
"""


async def parsed(job: Job, limits: Limits | None = None) -> list[Row]:
    async with TextFsm() as parser:
        return await parser.parsed(job, limits)


def test_a_command_is_parsed_by_the_template_of_its_system() -> None:
    (row,) = asyncio.run(parsed(Job(platform="cisco_ios", command="show ip arp", output=ARP)))
    assert row["ip_address"] == "192.0.2.1"
    assert row["interface"] == "GigabitEthernet0/1"


def test_a_template_of_ones_own_parses_too() -> None:
    rows = asyncio.run(parsed(Job(template=TEMPLATE, output="port 7\nvlan 10\nvlan 20\n")))
    assert rows == [{"port": "7", "vlans": ["10", "20"]}]


@pytest.mark.parametrize(
    "job",
    [
        Job(platform="cisco_ios", command="show me a template", output=ARP),
        Job(platform="nobody", command="show ip arp", output=ARP),
        Job(template="no template at all", output=ARP),
    ],
    ids=["command", "platform", "template"],
)
def test_what_is_wrong_with_the_question_is_said(job: Job) -> None:
    with pytest.raises(UsageError, match="template"):
        asyncio.run(parsed(job))


def test_an_output_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="expected an output"):
        asyncio.run(parsed(Job(platform="cisco_ios", command="show ip arp", output="surprise\n")))


@pytest.mark.parametrize("limits", [Limits(cpu_s=1), Limits(wall_s=1.5)], ids=["processor", "clock"])
def test_an_expression_that_takes_for_ever_is_killed(limits: Limits) -> None:
    with pytest.raises(ValueError, match="takes more than"):
        asyncio.run(parsed(Job(template=EXPENSIVE, output="a" * 60 + "\n"), limits))


HOSTILE = {
    ("cisco_ios", "show ip ospf neighbor"): "1" * 3000 + "!",
    ("cisco_nxos", "show interface transceiver"): " " * 3000 + "!",
}
"""Templates of ntc-templates that take minutes on a line that no device of theirs prints."""


@pytest.mark.parametrize(("platform", "command"), HOSTILE)
def test_a_published_template_on_a_hostile_output_ends_with_its_limits(platform: str, command: str) -> None:
    async def parse_while_ticking() -> int:
        ticks = 0
        job = Job(platform=platform, command=command, output=HOSTILE[platform, command] + "\n")
        parsing = asyncio.create_task(parsed(job, Limits(cpu_s=1)))
        while not parsing.done():
            await asyncio.wait([parsing], timeout=0.1)
            ticks += 1
        with pytest.raises(ValueError, match="takes more than 1 s of CPU time"):
            await parsing
        return ticks

    assert asyncio.run(parse_while_ticking()) >= 5, "the others wait"


def test_a_template_that_makes_too_much_is_stopped() -> None:
    template = "Value Filldown A (.*)\nValue B (.*)\n\nStart\n  ^A ${A}\n  ^${B} -> Record\n"
    output = "A " + "x" * 100_000 + "\n" + "y\n" * 2000
    with pytest.raises(ValueError, match=r"makes more than 1 MiB|takes more than"):
        asyncio.run(parsed(Job(template=template, output=output), Limits(output_mib=1)))


def test_many_outputs_are_parsed_though_some_are_killed() -> None:
    """Each at its own cost: those that take for ever take no other with them, before or after."""
    job = Job(platform="cisco_ios", command="show ip arp", output=ARP)
    endless = Job(template=EXPENSIVE, output="a" * 60 + "\n")

    async def several() -> list[list[Row] | BaseException]:
        async with TextFsm() as parser:
            jobs = [(endless, Limits(wall_s=0.5)) if at % 20 == 7 else (job, Limits()) for at in range(60)]
            return await asyncio.gather(*(parser.parsed(*each) for each in jobs), return_exceptions=True)

    found = asyncio.run(several())
    assert [at for at, rows in enumerate(found) if isinstance(rows, ValueError)] == [7, 27, 47]
    assert [len(rows) for rows in found if isinstance(rows, list)] == [1] * 57


def test_the_templates_index_is_read_once_a_process() -> None:
    """Later outputs cost next to nothing, so that a thousand devices are read in seconds."""
    job = Job(platform="cisco_ios", command="show ip arp", output=ARP)

    async def timed() -> tuple[float, float]:
        async with TextFsm() as parser:
            started = time.monotonic()
            await parser.parsed(job)
            first, started = time.monotonic() - started, time.monotonic()
            await asyncio.gather(*(parser.parsed(job) for _ in range(1000)))
            return first, time.monotonic() - started

    first, thousand = asyncio.run(timed())
    assert thousand < first * 50, f"the first took {first:.2f} s, a thousand more {thousand:.2f} s"
