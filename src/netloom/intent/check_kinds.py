"""The kinds of checks that `checks/*.yml` can ask for: what each may be told, and how it judges what a device says."""

from __future__ import annotations

import ipaddress
import re
import shlex
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, cast

from netloom.model.bfd_peer import BfdPeerState
from netloom.model.bgp_session import BgpSessionState
from netloom.model.interface import InterfaceState
from netloom.model.neighbor import NeighborState
from netloom.model.noun import Record
from netloom.model.ospf_neighbor import OspfNeighborState
from netloom.model.route import RouteState

Form = Literal["word", "words", "number", "percent", "prefixes", "targets", "links"]
Options = Mapping[str, Any]


class Asked(Protocol):
    """What a check may ask of the network."""

    async def observe(self, device: str, noun: str) -> Sequence[Record]:
        """A device's records of a noun."""
        ...

    async def run(self, device: str, command: str) -> str:
        """A command in the shell of a device's system."""
        ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check found on one device."""

    passed: bool
    expected: str
    actual: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: its options with their forms, the ones that must be there, and the judge."""

    options: Mapping[str, Form]
    judge: Callable[[str, Options, Asked], Awaitable[Verdict]]
    required: tuple[str, ...] = ()


async def _bgp(device: str, options: Options, asked: Asked) -> Verdict:
    sessions = cast("Sequence[BgpSessionState]", await asked.observe(device, "bgp_session"))
    peers, vrf = options.get("peers"), options.get("vrf")
    chosen = [row for row in sessions if (not peers or row.peer in peers) and (vrf is None or row.vrf == vrf)]
    states = {f"{row.peer} {row.afi}": row.state for row in chosen}
    missing = set(peers or ()) - {row.peer for row in chosen}
    return _all("session", states | dict.fromkeys(missing, "missing"), {"Established"}, options.get("count"))


async def _ospf(device: str, options: Options, asked: Asked) -> Verdict:
    rows = cast("Sequence[OspfNeighborState]", await asked.observe(device, "ospf_neighbor"))
    interfaces = options.get("interfaces")
    chosen = {row.interface: row for row in rows if not interfaces or row.interface in interfaces}
    # Between two routers that are neither DR nor backup, 2-Way is all there is (RFC 2328, 10.4).
    states = {
        name: "Full" if row.role == "DROther" and row.state == "2-Way" else row.state for name, row in chosen.items()
    }
    states |= dict.fromkeys(set(interfaces or ()) - set(states), "missing")
    return _all("adjacency", states, {"Full"}, options.get("count"))


async def _bfd(device: str, options: Options, asked: Asked) -> Verdict:
    rows = cast("Sequence[BfdPeerState]", await asked.observe(device, "bfd_peer"))
    peers = options.get("peers")
    states = {row.peer: row.state for row in rows if not peers or row.peer in peers}
    states |= dict.fromkeys(set(peers or ()) - set(states), "missing")
    return _all("BFD session", states, {"up"}, options.get("count"))


async def _interfaces(device: str, options: Options, asked: Asked) -> Verdict:
    rows = cast("Sequence[InterfaceState]", await asked.observe(device, "interface"))
    names, wanted = options.get("names"), options.get("state", "up")
    states = {row.name: row.oper_status or "unknown" for row in rows if not names or row.name in names}
    states |= dict.fromkeys(set(names or ()) - set(states), "missing")
    return _all("interface", states, {wanted}, None)


async def _interface_errors(device: str, options: Options, asked: Asked) -> Verdict:
    rows = cast("Sequence[InterfaceState]", await asked.observe(device, "interface"))
    names, most = options.get("names"), options.get("max", 0)
    counts = {row.name: (row.in_errors or 0) + (row.out_errors or 0) for row in rows if not names or row.name in names}
    over = {name: count for name, count in counts.items() if count > most}
    missing = sorted(set(names or ()) - set(counts))
    actual = [f"{name} {count}" for name, count in sorted(over.items())] + [f"{name} missing" for name in missing]
    return Verdict(not actual, f"no interface with more than {most} errors", ", ".join(actual) or "none")


async def _routes(device: str, options: Options, asked: Asked) -> Verdict:
    rows = cast("Sequence[RouteState]", await asked.observe(device, "route"))
    protocol, count, via = options.get("protocol"), options.get("next_hops"), options.get("via")
    expected = ", ".join(options["prefix"]) + (f" by {protocol}" if protocol else "")
    expected += f" over {count} next hops" if count is not None else ""
    expected += f" via {', '.join(via)}" if via else ""
    faults = []
    for prefix in options["prefix"]:
        found = [
            row
            for row in rows
            if row.prefix == prefix and row.selected and (protocol is None or row.protocol == protocol)
        ]
        hops = [hop for row in found for hop in row.next_hops if hop.active]
        ways = {way for hop in hops for way in (hop.address, hop.interface) if way}
        if not found:
            faults.append(f"{prefix} missing")
        elif count is not None and len(hops) != count:
            faults.append(f"{prefix} over {len(hops)} next hops")
        elif via and not set(via) <= ways:
            faults.append(f"{prefix} via {', '.join(sorted(ways)) or 'nothing'}")
    return Verdict(not faults, expected, "; ".join(faults) or "present")


async def _ping(device: str, options: Options, asked: Asked) -> Verdict:
    count, most = options.get("count", 3), options.get("max_loss", 0)
    losses: dict[str, str] = {}
    for target in options["to"]:
        output = await asked.run(device, ping_command(target, count))
        lost = ping_loss(output)
        if lost is None or lost > most:
            losses[target] = "no answer from ping" if lost is None else f"{lost:g} % lost"
    expected = f"{', '.join(options['to'])} answers, at most {most} % lost"
    return Verdict(not losses, expected, ", ".join(f"{to}: {lost}" for to, lost in losses.items()) or "answers")


def ping_command(target: str, count: int) -> str:
    """A ping that ends by itself and succeeds as a command, whatever it finds."""
    return f"ping -n -q -c {count} -i 0.2 -W 1 {shlex.quote(target)} 2>&1 || true"


def ping_loss(output: str) -> float | None:
    """Percent lost, as iputils and BusyBox print it; None where ping itself failed."""
    found = re.search(r"([\d.]+)% packet loss", output)
    return float(found.group(1)) if found else None


async def _neighbors(device: str, options: Options, asked: Asked) -> Verdict:
    rows = cast("Sequence[NeighborState]", await asked.observe(device, "neighbor"))
    seen: dict[str, set[tuple[str, str]]] = {}
    for row in rows:
        name = (row.system_name or row.chassis_id).partition(".")[0]
        ports = {row.port_id, row.port_description or ""}
        seen.setdefault(row.local_interface, set()).update((name, port) for port in ports if port)
    faults, expected = [], []
    for port, peer, peer_port in ends(options["links"], device):
        expected.append(f"{port} to {peer}:{peer_port}")
        if (peer.partition(".")[0], peer_port) not in seen.get(port, set()):
            others = sorted(f"{name}:{at}" for name, at in seen.get(port, set()))
            faults.append(f"{port} to {' or '.join(others) or 'nobody'}")
    return Verdict(not faults, ", ".join(expected), "; ".join(faults) or "as expected")


def ends(links: Sequence[tuple[str, str]], device: str) -> list[tuple[str, str, str]]:
    """The links of one device: its port, the other device, and the port there."""
    found = []
    for pair in links:
        for near, far in (pair, pair[::-1]):
            name, _, port = near.partition(":")
            peer, _, peer_port = far.partition(":")
            if name == device:
                found.append((port, peer, peer_port))
    return found


def _all(what: str, states: Mapping[str, str], good: set[str], count: int | None) -> Verdict:
    """All in a good state, and as many as wished, at least one."""
    wanted = "/".join(sorted(good))
    well = [name for name, state in states.items() if state in good]
    bad = [f"{name} {state}" for name, state in sorted(states.items()) if state not in good]
    expected = f"every {what} {wanted}" if count is None else f"{count} times {what} {wanted}, no other"
    right = not bad and (len(well) == count if count is not None else bool(well))
    actual = f"{len(well)} of {len(states)} {wanted}" + (f": {', '.join(bad)}" if bad else "")
    return Verdict(right, expected, actual)


KINDS: dict[str, Kind] = {
    "bgp": Kind({"peers": "words", "vrf": "word", "count": "number"}, _bgp),
    "ospf": Kind({"interfaces": "words", "count": "number"}, _ospf),
    "bfd": Kind({"peers": "words", "count": "number"}, _bfd),
    "interfaces": Kind({"names": "words", "state": "word"}, _interfaces),
    "interface_errors": Kind({"names": "words", "max": "number"}, _interface_errors),
    "routes": Kind(
        {"prefix": "prefixes", "next_hops": "number", "via": "words", "protocol": "word"}, _routes, ("prefix",)
    ),
    "ping": Kind({"to": "targets", "count": "number", "max_loss": "percent"}, _ping, ("to",)),
    "neighbors": Kind({"links": "links"}, _neighbors, ("links",)),
}


def canonical_target(text: str) -> str:
    """An address or a name that can be pinged, and nothing else."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        if re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?", text):
            return text
        raise ValueError(f"expected an address or a name, got {text!r}") from None
