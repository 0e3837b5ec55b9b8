"""The SNMP agent of a Junos device.

A receiver of traps is a target of a trap group, whose name is the community that the traps carry; several receivers
may share a group, and with it the version, the port and the VRF.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from netloom.errors import Unsupported
from netloom.model.config import Config, Line, Tree
from netloom.model.snmp_server import SnmpCommunity, SnmpHost, SnmpServer
from netloom.platforms.juniper_junos.spelling import Words
from netloom.platforms.juniper_junos.statements import changed, lines_of, number, section, text, text_path, value

_TEXTS = {"location": "location", "contact": "contact"}
_VERSIONS: dict[str, Literal["1", "2c"]] = {"v1": "1", "v2": "2c"}
_ACCESS: dict[str, Literal["ro", "rw"]] = {"read-only": "ro", "read-write": "rw"}
_COMMUNITY_CANNOT = ("group", "ipv6_acl")


def configured(config: Config) -> list[SnmpServer]:
    """Communities and trap groups; version 3 is left out."""
    snmp = section(config, "snmp")
    groups = snmp.get("trap-group", {})
    categories = {tuple(sorted(group.get("categories", {}))) for group in groups.values()}
    record = SnmpServer(
        location=text(snmp, "location"),
        contact=text(snmp, "contact"),
        communities=tuple(_community(name, below) for name, below in snmp.get("community", {}).items()),
        hosts=tuple(host for name, below in groups.items() for host in _hosts(name, below)),
        traps=categories.pop() if len(categories) == 1 else (),
        source_interface=value(snmp.get("trap-options", {}), "source-address"),
    )
    return [canonical(record)] if record != SnmpServer() else []


def lines(record: SnmpServer, config: Config) -> list[Line]:
    """Its statements."""
    return lines_of(_paths(record, config), config)


def render(have: SnmpServer | None, want: SnmpServer | None, config: Config) -> list[Line]:
    """The least change; a community or a trap group goes with all that is said of it."""
    before = _paths(have, config) if have is not None else []
    after: list[Words] = []
    if want is not None:
        _refuse(want)
        if want.traps and not want.hosts and (have is None or have.traps != want.traps):
            hint = "state hosts beside them"
            raise Unsupported("snmp server: Junos has traps for the groups of receivers only", device="", hint=hint)
        after = _paths(want, config)
    gone = [path for path in before if len(path) == 3 and path[1] in ("community", "trap-group") and path not in after]
    return changed(config, before, after, gone)


def canonical(record: SnmpServer) -> SnmpServer:
    """Kinds of traps in order; they are told where there is a receiver."""
    return SnmpServer(
        location=record.location,
        contact=record.contact,
        communities=tuple(sorted(record.communities, key=lambda community: community.key)),
        hosts=tuple(sorted(record.hosts, key=lambda host: host.key)),
        traps=tuple(sorted(record.traps)) if record.hosts else (),
        source_interface=record.source_interface,
        chassis_id=record.chassis_id,
    )


def _community(name: str, below: Tree) -> SnmpCommunity:
    return SnmpCommunity(
        name=name,
        access=_ACCESS.get(value(below, "authorization") or "", "ro"),
        view=value(below, "view"),
        acl=value(below, "client-list-name"),
    )


def _hosts(name: str, below: Tree) -> Iterator[SnmpHost]:
    for address in below.get("targets", {}):
        yield SnmpHost(
            address=address,
            user=name,
            vrf=value(below, "routing-instance") or "default",
            version=_VERSIONS.get(value(below, "version") or "", "2c"),
            port=number(below, "destination-port"),
        )


def _paths(record: SnmpServer, config: Config) -> list[Words]:
    found: list[Words] = []
    for field, word in _TEXTS.items():
        if (said := getattr(record, field)) is not None:
            found.append(text_path(config, ("snmp", word), said))
    for community in record.communities:
        found += _community_paths(community, config)
    for host in record.hosts:
        found += _host_paths(host, config)
        found += [("snmp", "trap-group", host.user, "categories", kind) for kind in record.traps]
    if record.source_interface is not None:
        found.append(("snmp", "trap-options", "source-address", record.source_interface))
    return found


def _community_paths(community: SnmpCommunity, config: Config) -> Iterator[Words]:
    base = ("snmp", "community", community.name)
    yield base
    there = section(config, *base)
    is_new = community.name not in section(config, "snmp", "community")
    if community.access == "rw" or "authorization" in there or is_new:
        yield (*base, "authorization", "read-only" if community.access == "ro" else "read-write")
    if community.view is not None:
        yield (*base, "view", community.view)
    if community.acl is not None:
        yield (*base, "client-list-name", community.acl)


def _host_paths(host: SnmpHost, config: Config) -> Iterator[Words]:
    base = ("snmp", "trap-group", host.user)
    yield base
    there = value(section(config, *base), "version")
    wished = next(word for word, meant in _VERSIONS.items() if meant == host.version) if host.version != "3" else "v2"
    if there != "all" or host.version != "2c":
        if there is not None or wished != "v2" or host.user not in section(config, "snmp", "trap-group"):
            yield (*base, "version", wished)
    else:
        yield (*base, "version", "all")
    if host.port is not None:
        yield (*base, "destination-port", str(host.port))
    if host.vrf != "default":
        yield (*base, "routing-instance", host.vrf)
    yield (*base, "targets", host.address)


def _refuse(want: SnmpServer) -> None:
    if want.chassis_id is not None:
        raise Unsupported("snmp server: Junos has no chassis_id", device="")
    for community in want.communities:
        for field in _COMMUNITY_CANNOT:
            if getattr(community, field) is not None:
                raise Unsupported(f"snmp server: a community on Junos has no {field}", device="")
    shared: dict[str, tuple[str, str, int | None]] = {}
    for host in want.hosts:
        if host.version == "3" or host.informs or host.level is not None:
            hint = "set up version 3 with a template ([edit snmp v3])"
            raise Unsupported(f"snmp server, host {host.address}: trap groups send v1 and v2", device="", hint=hint)
        if shared.setdefault(host.user, (host.version, host.vrf, host.port)) != (host.version, host.vrf, host.port):
            raise Unsupported(
                f"snmp server, host {host.address}: the receivers of a trap group share version, VRF and port",
                device="",
            )
