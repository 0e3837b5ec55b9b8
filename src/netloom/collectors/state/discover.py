"""A network found from one device: its LLDP neighbors, their neighbors, and so on, each device once."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from itertools import product

from netloom.collectors.state.identity import Identities, address_sign, signs_of_interfaces, signs_of_neighbor
from netloom.collectors.state.observe import Observable, Observer, reads_of
from netloom.errors import DeviceError, Unreachable
from netloom.model.device import DeviceState
from netloom.model.host import Access
from netloom.model.interface import InterfaceState
from netloom.model.neighbor import NeighborState
from netloom.platforms.contract import load_platform, platform_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One device of the network, reached or only heard of."""

    name: str
    """Its own where it was reached, else the one its neighbors know."""
    address: str | None = None
    platform: str | None = None
    """The one that understood it; for a device that was not reached the likeliest guess, None without any."""
    host: str | None = None
    """The inventory's name for it, None where the inventory does not know it."""
    via: tuple[str, ...] = ()
    """The device and interface that first told of it, from the seed outwards; empty for the seed."""
    evidence: tuple[str, ...] = ()
    """What was told: addresses, chassis, description."""
    description: str | None = None
    access: Access | None = None
    """How it was reached; None where it was not."""
    reason: str | None = None
    """Why it was not reached, or why its neighbors are not known."""

    @property
    def reached(self) -> bool:
        """Whether it was logged in to."""
        return self.access is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoverySettings:
    """How far and how hard to look."""

    limit: int = 20
    """Devices asked at the same time."""
    device_timeout_s: float = 30.0
    """For one device, all its addresses and platforms tried."""
    most: int = 10_000
    """Devices; the search ends there."""
    known: Mapping[str, str] = field(default_factory=dict)
    """The inventory's hosts: name → address."""


OpenSession = Callable[[Access], AbstractAsyncContextManager[Observable]]
AccessFor = Callable[[str, str, str], Access | None]
"""Name (the inventory's, where it knows the device), address, platform → how to log in; None: not to be tried."""


@dataclass(frozen=True, slots=True)
class _Lead:
    """A device to visit: the ways to try, and who told of it."""

    name: str
    attempts: tuple[Access, ...]
    via: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    description: str | None = None
    platform: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class _Visit:
    """What a visit brought home."""

    lead: _Lead
    access: Access | None = None
    device: DeviceState | None = None
    interfaces: tuple[InterfaceState, ...] = ()
    neighbors: tuple[NeighborState, ...] = ()
    reason: str | None = None


async def discover(
    seed: Access, *, open_session: OpenSession, access_for: AccessFor, settings: DiscoverySettings | None = None
) -> AsyncGenerator[Found, None]:
    """Every device that the seed and those behind it tell of, as they are found, each once."""
    search = _Search(access_for, settings or DiscoverySettings())
    gate = asyncio.Semaphore(search.settings.limit)
    pending = {asyncio.create_task(_visit(_Lead(seed.name, (seed,)), open_session, search.settings, gate))}
    search.leads = 1
    try:
        while pending:
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                found, leads = search.brought(task.result())
                if found is not None:
                    yield found
                pending |= {asyncio.create_task(_visit(lead, open_session, search.settings, gate)) for lead in leads}
    finally:
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)


class _Search:
    """What is known so far, and where to look next."""

    def __init__(self, access_for: AccessFor, settings: DiscoverySettings) -> None:
        self.settings = settings
        self.leads = 0
        self._access_for = access_for
        self._heard = Identities()
        """Every device that was ever told of, so that each is visited once."""
        self._visited = Identities()
        self._hosts = Identities()
        for name, address in settings.known.items():
            self._hosts.add(name, address_sign(address), name, address)

    def brought(self, visit: _Visit) -> tuple[Found | None, list[_Lead]]:
        """The device found, None where it is known already, and its neighbors not heard of before."""
        lead = visit.lead
        name = visit.device.hostname if visit.device else lead.name
        signs = signs_of_interfaces(visit.interfaces)
        address = visit.access.address if visit.access else next((to.address for to in lead.attempts), None)
        # one name and one address in common: what several gateways share (an anycast address) is not enough alone
        if visit.access is not None and self._visited.find(signs) == name:
            return None, []
        if address:
            signs += address_sign(address)
        self._visited.add(name, signs if visit.access else ())
        self._heard.add(name, signs, name, lead.name)
        found = Found(
            name=name,
            address=address,
            platform=visit.access.platform if visit.access else lead.platform,
            host=self._hosts.find(signs, name) or self._hosts.find((), lead.name),
            via=lead.via,
            evidence=lead.evidence,
            description=(visit.device.description if visit.device else None) or lead.description,
            access=replace(visit.access, name=name) if visit.access else None,
            reason=visit.reason,
        )
        return found, [] if visit.access is None else self._followed(visit, name, visit.access)

    def _followed(self, visit: _Visit, name: str, access: Access) -> list[_Lead]:
        leads = []
        for neighbor in visit.neighbors:
            signs = signs_of_neighbor(neighbor)
            if self._heard.find(signs, neighbor.system_name) is None and self.leads < self.settings.most:
                self.leads += 1
                lead = self._lead(neighbor, (*visit.lead.via, f"{name} {neighbor.local_interface}"), access.platform)
                self._heard.add(lead.name, signs, neighbor.system_name)
                leads.append(lead)
        return leads

    def _lead(self, neighbor: NeighborState, via: tuple[str, ...], teller: str) -> _Lead:
        host = self._hosts.find(signs_of_neighbor(neighbor), neighbor.system_name)
        addresses = _reachable_first(neighbor.management_addresses)
        platforms = guessed_platforms(neighbor, teller)
        if host is not None:  # the inventory may know what the neighbor does not tell
            addresses = addresses or [self.settings.known[host]]
            platforms = platforms or [teller]
        name = neighbor.system_name or next(iter(addresses), neighbor.chassis_id)
        attempts: list[Access] = []
        for address, platform in product(addresses, platforms):
            access = self._access_for(host or name, address, platform)
            if access is not None and access not in attempts:
                attempts.append(access)
        reason = None
        if not addresses:
            reason = "it tells no management address"
        elif not platforms:
            reason = f"no platform is known for {neighbor.system_description!r}"
        elif not attempts:
            reason = "no access is configured for it"
        return _Lead(
            name=name,
            attempts=tuple(attempts),
            via=via,
            evidence=_evidence(neighbor),
            description=neighbor.system_description,
            platform=next(iter(platforms), None),
            reason=reason,
        )


async def _visit(
    lead: _Lead, open_session: OpenSession, settings: DiscoverySettings, gate: asyncio.Semaphore
) -> _Visit:
    """Try a lead's accesses in turn: another platform where the words are not understood, another address else."""
    if lead.reason is not None:
        return _Visit(lead, reason=lead.reason)
    reasons: dict[str, str] = {}
    unreachable: set[str] = set()
    async with gate:
        try:
            async with asyncio.timeout(settings.device_timeout_s):
                for access in lead.attempts:
                    if access.address in unreachable:
                        continue
                    try:
                        async with open_session(access) as session:
                            return await _look_around(lead, access, session)
                    except Unreachable as exc:
                        unreachable.add(access.address)
                        reasons[access.address] = exc.message
                    except DeviceError as exc:
                        reasons[f"{access.address} as {access.platform}"] = exc.message
        except TimeoutError:
            reasons["in all"] = f"no answer within {settings.device_timeout_s:g} s"
    return _Visit(lead, reason="; ".join(f"{where}: {why}" for where, why in reasons.items()))


async def _look_around(lead: _Lead, access: Access, session: Observable) -> _Visit:
    for read in reads_of(session.platform.module("device")):
        if read.where == "cli":
            await session.read(read)  # a shell or an agent may answer for a platform that is not there at all
    observer = Observer(session)
    told = (await observer.observe("device")).records
    device = next((record for record in told if isinstance(record, DeviceState)), DeviceState(hostname=lead.name))
    reasons: list[str] = []

    async def asked(noun: str) -> list[object]:
        try:
            return list((await observer.observe(noun)).records)
        except DeviceError as exc:
            reasons.append(f"its {noun}s are not known: {exc.message}")
            return []

    return _Visit(
        lead,
        access,
        device,
        tuple(record for record in await asked("interface") if isinstance(record, InterfaceState)),
        tuple(record for record in await asked("neighbor") if isinstance(record, NeighborState)),
        "; ".join(reasons) or None,
    )


def guessed_platforms(neighbor: NeighborState, teller: str) -> list[str]:
    """The platforms that may understand a neighbor, the likeliest first, by what it says of its system.

    A platform's fingerprints go from specific to general. Where a general one alone matches, a router is likelier of
    its teller's platform than of another: a plain Linux description may be any system built on Linux.
    """
    routes = "router" in neighbor.capabilities
    ranked = []
    for name in platform_names():
        for rank, pattern in enumerate(load_platform(name).fingerprints):
            if neighbor.system_description and pattern.search(neighbor.system_description):
                likely = -1 if rank and routes and name == teller else rank
                ranked.append((likely, name))
                break
    return [name for _, name in sorted(ranked)] or ([] if neighbor.system_description else [teller])


def _reachable_first(addresses: tuple[str, ...]) -> list[str]:
    """The management addresses that can be dialled, IPv4 before IPv6."""
    usable = []
    for address in addresses:
        try:
            ip = ipaddress.ip_address(address)
        except ValueError:
            continue
        if not (ip.is_link_local or ip.is_loopback or ip.is_unspecified):
            usable.append((ip.version, address))
    return [address for _, address in sorted(usable, key=lambda pair: pair[0])]


def _evidence(neighbor: NeighborState) -> tuple[str, ...]:
    told = {
        neighbor.protocol: f"{neighbor.chassis_id_type} {neighbor.chassis_id}, port {neighbor.port_id}",
        "name": neighbor.system_name,
        "description": neighbor.system_description,
        "management address": ", ".join(neighbor.management_addresses),
        "capabilities": ", ".join(neighbor.capabilities),
    }
    return tuple(f"{what}: {words}" for what, words in told.items() if words)
