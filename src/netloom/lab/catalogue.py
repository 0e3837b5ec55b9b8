"""Where topologies come from: files, those that are shipped, and generated fabrics."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources
from pathlib import Path

from netloom.errors import LabError, UsageError
from netloom.lab.clos import Shape, clos, shape_of
from netloom.lab.sites import beside, sites
from netloom.lab.topology import Endpoint, Link, Node, Sflow, Topology
from netloom.lab.topology_file import parse_topology

WITH_SITE = "vendors"
"""fabric6, and beside it a simulated site of four vendors."""
WITH_SWITCH = "traffic"
"""fabric6, with a switch before host2 that samples what passes."""
_SWITCH_ADDRESS = 31


def shipped() -> tuple[str, ...]:
    """The names of the topologies that come along."""
    folder = resources.files("netloom.lab") / "topologies"
    return tuple(sorted(entry.name.removesuffix(".yml") for entry in folder.iterdir() if entry.name.endswith(".yml")))


def load_topology(source: str | Path) -> Topology:
    """The topology of a file, a shipped name, `clos:SIZE` or `sites:SIZE`; raises LabError, SourceError, UsageError.

    A fabric's shape can be spelled out, as in `clos:spines=2,leaves=4,hosts=2,numbered`.
    """
    if isinstance(source, str):
        if source.startswith("clos:"):
            return _generated(source)
        if source.startswith("sites:"):
            size = source.removeprefix("sites:")
            if not size.isdigit():
                raise UsageError(f"{source}: expected a number of devices", hint="as in sites:8")
            return sites(int(size), f"sites{size}")
        if source == WITH_SWITCH:
            return _switched(load_topology("fabric6"))
        if source == WITH_SITE:
            return beside(load_topology("fabric6"), WITH_SITE)
        if source in shipped():
            entry = resources.files("netloom.lab") / "topologies" / f"{source}.yml"
            return parse_topology(entry.read_text(encoding="utf-8"), f"{source}.yml")
    path = Path(source).expanduser()
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as exc:
        raise LabError(f"{path}: not a topology file: not UTF-8") from exc
    except OSError as exc:
        named = ", ".join((*shipped(), WITH_SITE, WITH_SWITCH))
        hint = f"expected a topology file, clos:SIZE, sites:SIZE, or one of {named}"
        raise LabError(f"{path}: {exc.strerror}", hint=hint) from exc
    topology = parse_topology(text, str(path), lambda name: (path.parent / name).read_text(encoding="utf-8"))
    return _absolute(topology, path.parent.resolve())


def _switched(topology: Topology) -> Topology:
    """The same with a switch in the cable to host2."""
    switch = Node(
        name="sw1",
        kind="ovs",
        mgmt_ipv4=topology.subnet[_SWITCH_ADDRESS],
        group="switch",
        labels={"role": "switch", "tier": "3", "site": "paris"},
        services=frozenset(("snmp", "lldp", "ssh")),
        sflow=Sflow(sampling=64, polling=5),
    )
    links: list[Link] = []
    for link in topology.links:
        if link.b.node == "host2":
            links += [Link(link.a, Endpoint("sw1", "eth1"), link.mtu), Link(Endpoint("sw1", "eth2"), link.b, link.mtu)]
        else:
            links.append(link)
    return replace(topology, name=WITH_SWITCH, nodes=(*topology.nodes, switch), links=tuple(links))


def _absolute(topology: Topology, folder: Path) -> Topology:
    """The same topology, its binds' sources counted from the file's folder."""
    nodes = tuple(
        replace(
            node,
            binds=tuple(replace(bind, source=str(folder / Path(bind.source).expanduser())) for bind in node.binds),
        )
        for node in topology.nodes
    )
    return replace(topology, nodes=nodes)


def _generated(source: str) -> Topology:
    words = [word for word in source.removeprefix("clos:").split(",") if word]
    values: dict[str, int] = {}
    for word in words:
        key, separator, value = word.partition("=")
        if key in ("spines", "leaves", "hosts") and separator and value.isdigit():
            values[key] = int(value)
        elif key.isdigit():
            values["size"] = int(key)
        elif key != "numbered":
            raise UsageError(f"{source}: what is {word!r}?", hint="as in clos:20 or clos:spines=2,leaves=4,hosts=1")
    numbered = "numbered" in words
    if "size" in values:
        return clos(shape_of(values["size"], numbered=numbered), f"clos{values['size']}")
    shape = Shape(
        spines=values.get("spines", 2),
        leaves=values.get("leaves", 2),
        hosts_per_leaf=values.get("hosts", 1),
        numbered=numbered,
    )
    return clos(shape, f"clos{shape.size}")
