"""One rule of an access list as Cisco-like systems write it, and as a record; where they differ is a dialect's data.

    permit tcp 10.0.0.0 0.0.0.255 eq www any established log      wildcard masks
    permit tcp 10.0.0.0/24 eq www host 10.9.9.9                   prefixes

The sequence number is not part of the text: systems put it in different places. A rule that says more than a record
can hold keeps its words in `options`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal, cast

from netloom.model.acl import Acl, AclEntry, AclEntryState
from netloom.model.text import SEEN, canonical_acl_address, canonical_acl_ports
from netloom.platforms.acl_names import ICMP, ICMPV6, PORT_NUMBERS, PROTOCOL_NAMES, PROTOCOLS, SHOWN_PORTS

_GROUPS = ("object-group", "addrgroup", "net-group", "group")
_OPERATORS = ("eq", "neq", "gt", "lt", "range")
_FLAGS = ("ack", "fin", "psh", "rst", "syn", "urg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one system writes rules; all are read alike."""

    wildcards: bool = False
    """IPv4 networks with wildcard masks, else as prefixes."""
    host: bool = True
    """One address as `host A`, else as a prefix."""
    bare_host: bool = False
    """In standard lists one address stands alone."""
    group: str = "object-group"
    """The word before the name of a group of addresses."""
    upper: bool = False
    """IPv6 addresses in capitals."""
    ports: Mapping[str, Mapping[int, str]] = field(default_factory=lambda: SHOWN_PORTS)
    """Protocol → the ports that are shown by name."""
    protocols: Mapping[str, str] = field(default_factory=dict)
    """Records' names of protocols that are shown otherwise."""


def read_rule(text: str, sequence: int, acl: Acl) -> AclEntry:
    """The record of a rule without its number; of the list only its family and type count."""
    return _read(text, sequence, Acl("", acl.family, acl.type))


@lru_cache(SEEN)
def _read(text: str, sequence: int, acl: Acl) -> AclEntry:
    words = text.split()
    if words[:1] == ["remark"]:
        return AclEntry(sequence, remark=text.split("remark", 1)[1].strip())
    if not words or words[0] not in ("permit", "deny"):
        return AclEntry(sequence, options=" ".join(words))
    action = cast("Literal['permit', 'deny']", words[0])
    try:
        return _Reading(words[1:], acl).rule(AclEntry(sequence, action))
    except (ValueError, IndexError):
        return AclEntry(sequence, action, options=" ".join(words[1:]))


def rule_state(entry: AclEntry, options: Iterable[str | None], matches: int | None) -> AclEntryState:
    """A rule as a device shows it at work; `options` are the words that no field of the state holds."""
    return AclEntryState(
        sequence=entry.sequence or None,
        action=entry.action,
        remark=entry.remark,
        protocol=entry.protocol,
        source=entry.source,
        source_ports=entry.source_ports,
        destination=entry.destination,
        destination_ports=entry.destination_ports,
        options=" ".join(word for word in options if word) or None,
        matches=matches,
    )


def option_words(entry: AclEntry) -> Iterator[str | None]:
    """What a rule says beside protocol, ends and ports, in the order of most systems."""
    yield entry.icmp_type.replace("/", " ") if entry.icmp_type else None
    yield "established" if entry.established else None
    yield from entry.tcp_flags
    yield f"dscp {entry.dscp}" if entry.dscp else None
    yield entry.options
    yield "fragments" if entry.fragments else None
    yield "log" if entry.log else None


def write_rule(entry: AclEntry, acl: Acl, dialect: Dialect) -> str:
    """A rule without its number, as the system shows it."""
    if entry.remark is not None:
        return f"remark {entry.remark}".rstrip()
    if entry.action is None and entry.options is None:
        raise ValueError(f"acl {acl.name}, entry {entry.sequence}: expected an action or a remark, got neither")
    words: list[str | None] = [entry.action]
    bare = dialect.bare_host and acl.type == "standard"
    if entry.protocol is not None:
        words.append(dialect.protocols.get(entry.protocol, entry.protocol))
    for address, ports in ((entry.source, entry.source_ports), (entry.destination, entry.destination_ports)):
        if address is not None:
            words.append(_address(address, dialect, bare=bare))
        if ports is not None:
            words.append(_ports(ports, dialect.ports.get(entry.protocol or "", {})))
    words += ["established" if entry.established else None, *entry.tcp_flags]
    if entry.icmp_type is not None:
        words.append(entry.icmp_type.replace("/", " "))
    if entry.dscp is not None:
        words.append(f"dscp {entry.dscp}")
    before, timed, after = (entry.options or "").partition("time-range ")
    words += [before.strip(), "fragments" if entry.fragments else None, "log" if entry.log else None, timed + after]
    return " ".join(word for word in words if word)


def canonical_rule(entry: AclEntry, acl: Acl) -> AclEntry:
    """Names and numbers in the one spelling that a rule read has."""
    if entry.remark is not None or entry.action is None:
        remark = " ".join(entry.remark.split(" ")).strip() if entry.remark is not None else None
        return replace(entry, remark=remark)
    if entry.protocol is None and entry.source is None:
        return entry
    if acl.type == "standard" and acl.family == "ipv4":
        return replace(entry, source=canonical_acl_address(entry.source or "any"))
    protocol = _protocol(entry.protocol or "ip", acl)
    return replace(
        entry,
        protocol=protocol,
        source=canonical_acl_address(entry.source or "any"),
        destination=canonical_acl_address(entry.destination or "any"),
        icmp_type=_icmp(entry.icmp_type, acl) if entry.icmp_type else None,
    )


class _Reading:
    """The words of one rule, from left to right."""

    def __init__(self, words: list[str], acl: Acl) -> None:
        self._words = words
        self._at = 0
        self._acl = acl

    def rule(self, entry: AclEntry) -> AclEntry:
        """The whole rule; raises ValueError or IndexError for another grammar."""
        if self._acl.type == "standard" and self._acl.family == "ipv4":
            return self._rest(replace(entry, source=self._address()))
        protocol = _protocol(self._next(), self._acl)
        source, source_ports = self._address(), self._ports(protocol)
        destination, destination_ports = self._address(), self._ports(protocol)
        entry = replace(
            entry,
            protocol=protocol,
            source=source,
            source_ports=source_ports,
            destination=destination,
            destination_ports=destination_ports,
        )
        if protocol in ("icmp", "icmpv6"):
            entry = replace(entry, icmp_type=self._icmp())
        return self._rest(entry)

    def _peek(self) -> str:
        return self._words[self._at] if self._at < len(self._words) else ""

    def _next(self) -> str:
        word = self._words[self._at]
        self._at += 1
        return word

    def _address(self) -> str:
        word = self._next()
        if word == "any":
            return "any"
        if word in _GROUPS:
            return f"group {self._next()}"
        if word == "host":
            return canonical_acl_address(f"host {self._next()}")
        if "/" not in word and _is_ipv4(word) and _is_ipv4(self._peek()):
            return canonical_acl_address(f"{word} {self._next()}")
        return canonical_acl_address(word)

    def _ports(self, protocol: str) -> str | None:
        if protocol not in ("tcp", "udp", "sctp") or self._peek() not in _OPERATORS:
            return None
        operator, ports = self._next(), list[str]()
        known = PORT_NUMBERS.get(protocol, {})
        while len(ports) < (2 if operator == "range" else 99) and (self._peek().isdigit() or self._peek() in known):
            word = self._next()
            ports.append(word if word.isdigit() else str(known[word]))
        return canonical_acl_ports(" ".join((operator, *ports)))

    def _icmp(self) -> str | None:
        if self._peek() in (ICMPV6 if self._acl.family == "ipv6" else ICMP).values():
            return self._next()
        if not self._peek().isdigit():
            return None
        kind = self._next()
        return _icmp(f"{kind}/{self._next()}" if self._peek().isdigit() else kind, self._acl)

    def _rest(self, entry: AclEntry) -> AclEntry:
        flags: list[str] = []
        options: list[str] = []
        while self._at < len(self._words):
            word = self._next()
            if word == "established":
                entry = replace(entry, established=True)
            elif word == "fragments":
                entry = replace(entry, fragments=True)
            elif word == "log" and self._peek() in ("", "time-range"):
                entry = replace(entry, log=True)
            elif word == "dscp" and self._peek():
                entry = replace(entry, dscp=self._next())
            elif word in _FLAGS and entry.protocol == "tcp" and not options:
                flags.append(word)
            else:
                options.append(word)
        return replace(entry, tcp_flags=tuple(flags), options=" ".join(options) or None)


def _protocol(word: str, acl: Acl) -> str:
    name = PROTOCOLS.get(int(word), word) if word.isdigit() else PROTOCOL_NAMES.get(word.lower())
    if name is None:
        raise ValueError(f"expected a protocol, got {word!r}")
    if acl.family == "ipv6":
        return {"icmp": "icmpv6", "ip": "ipv6"}.get(name, name)
    return name


def _icmp(text: str, acl: Acl) -> str:
    return (ICMPV6 if acl.family == "ipv6" else ICMP).get(text.replace(" ", "/"), text)


def _is_ipv4(word: str) -> bool:
    try:
        ipaddress.IPv4Address(word)
    except ValueError:
        return False
    return True


def _address(text: str, dialect: Dialect, *, bare: bool) -> str:
    if text == "any" or " " in text:
        return f"{dialect.group} {text[6:]}" if text.startswith("group ") else text
    network = ipaddress.ip_network(text)
    shown = str(network.network_address)
    shown = shown.upper() if dialect.upper and network.version == 6 else shown
    if network.prefixlen == network.max_prefixlen and (bare or dialect.host):
        return shown if bare else f"host {shown}"
    if network.version == 4 and dialect.wildcards:
        return f"{shown} {network.hostmask}"
    return f"{shown}/{network.prefixlen}"


def _ports(text: str, names: Mapping[int, str]) -> str:
    operator, *ports = text.split()
    return " ".join((operator, *(names.get(int(port), port) for port in ports)))
