"""A running configuration of about 5,000 lines for each platform, and the same with two lines in a hundred changed.

Every seed makes another device's: the same ports, but names, networks and neighbors of its own, so that what a tool
remembers of one helps it no more with the next than it does in a network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

PORTS = 280
VLANS = 240
LISTS, RULES = 20, 40
PREFIX_LISTS, PREFIXES = 20, 40
POLICIES, STEPS = 25, 4
NEIGHBORS = 110
ROUTES = 240
EVERY = 23
"""One object in so many differs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one system writes what the others write as well."""

    port: str
    address: Callable[[str, int], str]
    source: Callable[[str, int], str]
    """A network in a rule of an access list."""
    pad: str = " "
    access_list: str = "ip access-list {}"
    family: str = "address-family ipv4"
    family_end: str = "!"
    end: str = "!"
    router_id: str = "bgp router-id"
    switched: bool = True
    """Has VLANs, trunks and access lists; a router has more ports and prefixes in their place."""
    preamble: tuple[str, ...] = ()
    port_lines: tuple[str, ...] = ()
    """What a routed port says besides."""
    flat: bool = True
    """`neighbor A remote-as N` in a line, rather than a section for each neighbor."""
    limit: str | None = "maximum-prefix {}"


def _masked(address: str, length: int) -> str:
    return f"{address} {_quads(0xFFFFFFFF << (32 - length) & 0xFFFFFFFF)}"


def _wild(address: str, length: int) -> str:
    return f"{address} {_quads(0xFFFFFFFF >> length)}"


def _quads(bits: int) -> str:
    return ".".join(str(bits >> shift & 255) for shift in (24, 16, 8, 0))


def _slashed(address: str, length: int) -> str:
    return f"{address}/{length}"


DIALECTS = {
    "cisco_ios": Dialect(
        port="GigabitEthernet1/0/{}",
        address=_masked,
        source=_wild,
        access_list="ip access-list extended {}",
        family_end=" exit-address-family",
        preamble=("version 17.3", "service timestamps log datetime msec"),
        port_lines=("ip ospf network point-to-point", "load-interval 30"),
    ),
    "arista_eos": Dialect(
        port="Ethernet{}",
        address=_slashed,
        source=_slashed,
        pad="   ",
        router_id="router-id",
        preamble=("service routing protocols model multi-agent",),
        port_lines=("ip ospf network point-to-point", "load-interval 30"),
        limit=None,
    ),
    "cisco_nxos": Dialect(
        port="Ethernet1/{}",
        address=_slashed,
        source=_slashed,
        pad="  ",
        router_id="router-id",
        end="",
        preamble=("version 9.3(5)", "feature bgp", "feature ospf", "feature interface-vlan"),
        port_lines=("ip ospf network point-to-point", "load-interval counter 1 30"),
        flat=False,
    ),
    "frr": Dialect(
        port="eth{}",
        address=_slashed,
        source=_slashed,
        family="address-family ipv4 unicast",
        family_end=" exit-address-family",
        switched=False,
        preamble=("frr version 8.5", "frr defaults traditional", "service integrated-vtysh-config"),
        port_lines=("ip ospf network point-to-point", "ip ospf dead-interval 8", "ip ospf hello-interval 2"),
    ),
}


@dataclass(frozen=True, slots=True)
class _Device:
    dialect: Dialect
    seed: int
    changed: bool

    def differs(self, number: int) -> bool:
        return self.changed and number % EVERY == self.seed % EVERY

    def net(self, site: int, number: int) -> str:
        """The first three octets of a network of this device's own."""
        return f"{10 + site}.{(self.seed * 7 + number // 250) % 250}.{number % 250}"


def pair(platform: str, seed: int = 0) -> tuple[str, str]:
    """The configuration that runs, and the one that is wanted."""
    if platform == "juniper_junos":
        return _junos(seed, changed=False), _junos(seed, changed=True)
    device = _Device(DIALECTS[platform], seed, changed=False)
    return _text(device), _text(replace(device, changed=True))


def _text(device: _Device) -> str:
    parts = (_system, _vlans, _access_lists, _ports, _prefix_lists, _policies, _routes, _bgp)
    return "\n".join(line for part in parts for line in part(device)) + "\n"


def _system(device: _Device) -> Iterator[str]:
    yield from device.dialect.preamble
    yield f"hostname router-{device.seed}"
    yield "!"
    if device.dialect.switched:
        yield from (f"ntp server 10.255.{device.seed % 250}.{number}" for number in range(1, 4 + device.changed))
        yield "!"


def _vlans(device: _Device) -> Iterator[str]:
    for number in range(100, 100 + VLANS) if device.dialect.switched else ():
        name = "moved" if device.differs(number) else "site"
        yield from (f"vlan {number}", f"{device.dialect.pad}name {name}-{device.seed}-{number}", "!")


def _ports(device: _Device) -> Iterator[str]:
    dialect, pad = device.dialect, device.dialect.pad
    for number in range(1, PORTS + 1):
        differs = device.differs(number)
        yield f"interface {dialect.port.format(number)}"
        yield f"{pad}description {'moved to' if differs else 'to'} customer {device.seed}-{number}"
        if dialect.switched and number % 2:
            yield f"{pad}switchport"
            yield f"{pad}switchport mode trunk"
            yield f"{pad}switchport trunk allowed vlan {100 + number % 50}-{160 + number % 30}"
        else:
            if dialect.switched:
                yield f"{pad}no switchport"
            yield f"{pad}ip address {dialect.address(f'{device.net(1, number)}.1', 30)}"
            yield f"{pad}ip ospf cost {200 if differs else 100}"
            yield from (pad + line for line in dialect.port_lines)
        yield dialect.end


def _access_lists(device: _Device) -> Iterator[str]:
    dialect = device.dialect
    for number in range(LISTS) if dialect.switched else ():
        yield dialect.access_list.format(f"EDGE-{device.seed}-{number}")
        for rule in range(1, RULES + 1):
            if not device.differs(number * RULES + rule):
                source = dialect.source(f"{device.net(2, number * RULES + rule)}.0", 24)
                yield f"{dialect.pad}{rule * 10} permit tcp {source} any eq {9000 + rule}"
        yield dialect.end


def _prefix_lists(device: _Device) -> Iterator[str]:
    for number in range(PREFIX_LISTS if device.dialect.switched else 2 * PREFIX_LISTS):
        for entry in range(1, PREFIXES + 1):
            length = 28 if device.differs(number * PREFIXES + entry) else 26
            network = f"{device.net(3, number * PREFIXES + entry)}.0/24"
            yield f"ip prefix-list CUSTOMER-{device.seed}-{number} seq {entry * 5} permit {network} le {length}"
    yield "!"


def _policies(device: _Device) -> Iterator[str]:
    pad = device.dialect.pad
    for number in range(POLICIES):
        for step in range(1, STEPS + 1):
            preference = 200 if device.differs(number * STEPS + step) else 100
            yield f"route-map FROM-{device.seed}-{number} permit {step * 10}"
            yield f"{pad}match ip address prefix-list CUSTOMER-{device.seed}-{(number + step) % PREFIX_LISTS}"
            yield f"{pad}set local-preference {preference + step}"
            yield device.dialect.end


def _routes(device: _Device) -> Iterator[str]:
    moved = [(5, number) for number in range(8 if device.changed else 0)]
    for site, number in [*((4, number) for number in range(ROUTES) if not device.differs(number)), *moved]:
        yield f"ip route {device.dialect.address(f'{device.net(site, number)}.0', 24)} {device.net(1, 2)}.2"
    yield "!"


def _bgp(device: _Device) -> Iterator[str]:
    dialect, pad = device.dialect, device.dialect.pad
    yield "router bgp 65000"
    yield f"{pad}{dialect.router_id} 10.255.255.1"
    for number in range(1, NEIGHBORS + 1):
        peer = f"{pad}neighbor {device.net(1, number)}.2"
        start = f"{peer} " if dialect.flat else pad * 2
        if not dialect.flat:
            yield peer
        yield f"{start}remote-as {64512 + number}"
        yield f"{start}description {'moved' if device.differs(number) else 'customer'} {number}"
        if not dialect.flat:
            yield f"{pad * 2}{dialect.family} unicast"
            yield from (f"{pad * 3}{line}" for line in _policy_of(device, number))
    if dialect.flat:
        yield f"{pad}!"
        yield f"{pad}{dialect.family}"
        for number in range(1, NEIGHBORS + 1):
            peer = f"{pad * 2}neighbor {device.net(1, number)}.2"
            yield f"{peer} activate"
            yield from (f"{peer} {line}" for line in _policy_of(device, number))
        yield dialect.family_end
    yield dialect.end


def _policy_of(device: _Device, number: int) -> Iterator[str]:
    yield f"route-map FROM-{device.seed}-{number % POLICIES} in"
    if device.dialect.limit:
        yield device.dialect.limit.format(2000 if device.differs(number) else 1000)


def _junos(seed: int, *, changed: bool) -> str:
    """Curly braces, as `show configuration` prints them."""
    device = _Device(DIALECTS["arista_eos"], seed, changed)
    parts = (_junos_ports, _junos_policy, _junos_peers, _junos_filters)
    return (
        "\n".join([f"system {{\n    host-name router-{seed};\n}}", *(line for part in parts for line in part(device))])
        + "\n"
    )


def _junos_ports(device: _Device) -> Iterator[str]:
    yield "interfaces {"
    for number in range(PORTS):
        word = "moved to" if device.differs(number) else "to"
        yield from (
            f"    ge-{number // 48}/0/{number % 48} {{",
            f'        description "{word} customer {device.seed}-{number}";',
            "        unit 0 {",
            "            family inet {",
            f"                address {device.net(1, number)}.1/30;",
            *("            }", "        }", "    }"),
        )
    yield "}"


def _junos_policy(device: _Device) -> Iterator[str]:
    yield "policy-options {"
    for number in range(PREFIX_LISTS):
        yield f"    prefix-list CUSTOMER-{device.seed}-{number} {{"
        networks = (number * PREFIXES + entry for entry in range(PREFIXES))
        yield from (f"        {device.net(3, at)}.0/24;" for at in networks if not device.differs(at))
        yield "    }"
    for number in range(POLICIES):
        yield f"    policy-statement FROM-{device.seed}-{number} {{"
        for step in range(STEPS):
            preference = 200 if device.differs(number * STEPS + step) else 100
            yield from (
                f"        term {step} {{",
                f"            from prefix-list CUSTOMER-{device.seed}-{(number + step) % PREFIX_LISTS};",
                "            then {",
                f"                local-preference {preference + step};",
                "                accept;",
                *("            }", "        }"),
            )
        yield "    }"
    yield "}"


def _junos_peers(device: _Device) -> Iterator[str]:
    yield from ("protocols {", "    bgp {", "        group customers {", "            type external;")
    for number in range(NEIGHBORS):
        word = "moved" if device.differs(number) else "customer"
        yield from (
            f"            neighbor {device.net(1, number)}.2 {{",
            f'                description "{word} {number}";',
            f"                import FROM-{device.seed}-{number % POLICIES};",
            f"                peer-as {64512 + number};",
            "            }",
        )
    yield from ("        }", "    }", "}")


def _junos_filters(device: _Device) -> Iterator[str]:
    yield from ("firewall {", "    family inet {")
    for number in range(4):
        yield f"        filter EDGE-{device.seed}-{number} {{"
        for term in range(RULES):
            at = number * RULES + term
            yield from (
                f"            term T{term} {{",
                "                from {",
                "                    source-address {",
                f"                        {device.net(2, at)}.0/{25 if device.differs(at) else 24};",
                "                    }",
                "                    protocol tcp;",
                f"                    destination-port {9000 + term};",
                "                }",
                "                then accept;",
                "            }",
            )
        yield "        }"
    yield from ("    }", "}")
