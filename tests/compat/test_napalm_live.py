"""NAPALM's getters on devices: the same answers as NAPALM's own drivers give on the same simulated device."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.lab import eos_site, ios_site, junos_site, nxos_site

from netloom.compat.napalm.live import askers, live
from netloom.devices.session import Session, connect
from netloom.errors import UsageError
from netloom.lab.simulation.running import Running
from netloom.transports.host_keys import HostKeys

JUDGE = Path(__file__).parent / "judges" / "by_napalm.py"
SITES: Mapping[str, tuple[Any, Any, str]] = {
    "eos": (eos_site.leaf, eos_site.access, "https"),
    "ios": (ios_site.edge, ios_site.access, "ssh"),
    "nxos": (nxos_site.nexus, nxos_site.access, "https"),
    "nxos_ssh": (nxos_site.nexus, nxos_site.access, "ssh"),
    "junos": (junos_site.router, junos_site.access, "netconf"),
}
ASKED: Mapping[str, dict[str, Any]] = {"get_route_to": {"destination": "10.0.0.0/30"}}
MOVING = (
    "uptime",
    "age",
    "last_flapped",
    "last_move",
    "octets",
    "packets",
    "messages",
    "updates",
    "used_ram",
    "%usage",
)
"""Parts of the names of what has moved on between two questions."""
NOT_COMPARED = {
    "get_interfaces_vlans",  # NAPALM has it no more
    "get_probes_results",  # the simulated devices have no probes
    "ping",
    "traceroute",
}
KNOWN = {
    "ios": [
        # NAPALM gives a neighbor the description of the one before it where it has none of its own
        "get_bgp_neighbors/global/peers/10.9.9.9/description",
        # NAPALM takes the line of what was sent, which newer releases have, for one of what was received
        "/rx_multicast_packets",
        "/rx_broadcast_packets",
    ],
    # NAPALM takes the length of a single IPv6 address from a field that newer releases do not have
    "nxos": ["ipv6/2001:db8::1/prefix_length"],
}
"""Where our answer is meant to differ."""


@asynccontextmanager
async def device(driver: str, folder: Path) -> AsyncIterator[tuple[Running, Session]]:
    make, access, transport = SITES[driver]
    async with (
        make() as running,
        connect(access(running, transport), keys=HostKeys(folder / "known_hosts")) as session,
    ):
        yield running, session


async def napalm(driver: str, running: Running, names: list[str]) -> dict[str, Any]:
    """What NAPALM returns, in a process of its own."""
    if importlib.util.find_spec("napalm") is None:
        pytest.skip("napalm is not installed")
    transport = SITES[driver][2]
    asked = {name: ASKED.get(name, {}) for name in names}
    words = [driver, "127.0.0.1", str(running.ports[transport]), transport, json.dumps(asked)]  # type: ignore[index] # a service's name
    argv = [sys.executable, "-W", "ignore", str(JUDGE), *words]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*argv, stdout=pipe, stderr=pipe)
    said, why = await asyncio.wait_for(process.communicate(), 90)
    assert process.returncode == 0, why.decode()[-3000:]
    found: dict[str, Any] = json.loads(said)
    return found


def differences(ours: Any, theirs: Any, place: str = "") -> list[str]:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return [
            word
            for key in [*ours, *(key for key in theirs if key not in ours)]
            for word in differences(ours.get(key, "nothing"), theirs.get(key, "nothing"), f"{place}/{key}")
        ]
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return [
            word
            for at, pair in enumerate(zip(ours, theirs, strict=True))
            for word in differences(*pair, f"{place}/{at}")
        ]
    moves = any(word in place.rpartition("/")[2] for word in MOVING)
    if moves and isinstance(ours, int | float) and isinstance(theirs, int | float):
        # a number that is not known is -1
        return [] if (ours < 0) == (theirs < 0) else [f"{place}: ours {ours!r}, NAPALM's {theirs!r}"]
    return [] if ours == theirs else [f"{place}: ours {ours!r}, NAPALM's {theirs!r}"]


@pytest.mark.parametrize("driver", SITES)
async def test_a_device_answers_as_napalms_own_driver_has_it(driver: str, tmp_path: Path) -> None:
    async with device(driver, tmp_path) as (running, session):
        names = [name for name in askers(session.platform.name) if name not in NOT_COMPARED]
        theirs = await napalm(driver, running, names)
        found = []
        for name in names:
            if theirs[name] != "not implemented":
                ours = json.loads(json.dumps(await live(session, name, **ASKED.get(name, {}))))
                found += differences(ours, theirs[name], name)
        assert [word for word in found if not any(known in word for known in KNOWN.get(driver, ()))] == []
        assert sum(answer != "not implemented" for answer in theirs.values()) >= 15


async def test_arguments_choose_as_in_napalm(tmp_path: Path) -> None:
    async with device("eos", tmp_path) as (_, session):
        detail = await live(session, "get_lldp_neighbors_detail", interface="Ethernet1")
        assert list(detail) == ["Ethernet1"]
        assert await live(session, "get_lldp_neighbors_detail", interface="Ethernet99") == {}
        assert list(await live(session, "get_network_instances", name="red")) == ["red"]
        configuration = await live(session, "get_config", retrieve="running", sanitized=True)
        assert configuration["startup"] == ""
        assert "hostname leaf1" in configuration["running"]
        rows = await live(session, "get_bgp_neighbors_detail", neighbor_address="10.0.0.0")
        assert [row["remote_address"] for row in rows["default"][65002]] == ["10.0.0.0"]
        of_one = await live(session, "get_bgp_config", neighbor="10.0.0.0")
        assert [list(group["neighbors"]) for group in of_one.values()] == [["10.0.0.0"]]
        assert await live(session, "get_bgp_config", group="nobody") == {}
        said = await live(session, "cli", commands=["show hostname"])
        assert "leaf1" in said["show hostname"]


async def test_what_napalm_does_not_know_is_told(tmp_path: Path) -> None:
    async with device("ios", tmp_path) as (_, session):
        with pytest.raises(
            UsageError, match="cisco_ios has no getter 'get_weather'; expected one of cli, get_arp_table"
        ):
            await live(session, "get_weather")
        with pytest.raises(UsageError, match="get_facts: got an unexpected keyword argument 'colour'"):
            await live(session, "get_facts", colour="red")
        with pytest.raises(UsageError, match="edge1: get_route_to: expected one prefix, got longer=True"):
            await live(session, "get_route_to", destination="10.0.0.0/8", longer=True)


async def test_a_device_that_does_not_answer_is_not_alive(tmp_path: Path) -> None:
    async with device("ios", tmp_path) as (running, session):
        assert await live(session, "is_alive") == {"is_alive": True}
        await running.stop()
        access = ios_site.access(running, "ssh")
        async with connect(access, keys=HostKeys(tmp_path / "other")) as gone:
            assert await live(gone, "is_alive") == {"is_alive": False}


async def test_a_ping_says_what_came_back(tmp_path: Path) -> None:
    async with device("ios", tmp_path) as (_, session):
        answer = await live(session, "ping", destination="10.0.0.2", count=3)
        assert answer["success"]["probes_sent"] == 3
