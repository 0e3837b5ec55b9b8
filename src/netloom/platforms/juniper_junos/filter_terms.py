"""One term of a firewall filter as a rule of an access list; what a rule cannot hold stays in its options."""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from typing import Any

from netloom.model.acl import AclEntry
from netloom.model.config import Tree
from netloom.model.text import canonical_acl_address
from netloom.platforms.juniper_junos import filter_names
from netloom.platforms.juniper_junos.spelling import Words
from netloom.platforms.juniper_junos.terms import Said, ends, said_words
from netloom.platforms.juniper_junos.tree import leaves

_SEPARATOR = "; "
_LARGEST = 65535
_FLAGS = ("syn", "ack", "fin", "rst", "psh", "urg")
_PROTOCOL_WORDS = {"ipv4": ("protocol",), "ipv6": ("next-header", "payload-protocol")}
_EVERY = {"ipv4": "ip", "ipv6": "ipv6"}
_DSCP = {"ipv4": "dscp", "ipv6": "traffic-class"}


def read_term(entry: AclEntry, term: Tree, family: str) -> AclEntry:
    """The rule of a term."""
    said = Said(term)
    found: dict[str, Any] = {"action": "permit"}
    if said.take("then", "accept"):
        pass
    elif said.take("then", "discard") or any(path[:2] == ("then", "reject") for path in leaves(term)):
        found["action"] = "deny"
    for word in _PROTOCOL_WORDS[family]:
        if text := said.only("from", word):
            found["protocol"] = filter_names.protocol(text)
    found.setdefault("protocol", None if _says(term, _PROTOCOL_WORDS[family]) else _EVERY[family])
    for side in ("source", "destination"):
        found[side] = _read_address(said, term, side)
        found[f"{side}_ports"] = _read_ports(said, side)
    found["icmp_type"] = _read_icmp(said, family)
    found["established"] = said.take("from", "tcp-established")
    found["tcp_flags"] = _read_flags(said)
    found["dscp"] = said.only("from", _DSCP[family])
    found["fragments"] = said.take("from", "is-fragment")
    found["log"] = said.take("then", "log")
    return replace(entry, **found, options=_SEPARATOR.join(said.rest()) or None)


def write_term(entry: AclEntry, there: Tree | None, family: str) -> list[Words]:
    """The statements of a rule, spelled as the term that is there spells them."""
    term = there or {}
    others = said_words((entry.options or "").split(_SEPARATOR))
    found: list[Words] = []
    for side in ("source", "destination"):
        found += _write_address(getattr(entry, side), side, term)
        found += _write_ports(getattr(entry, f"{side}_ports"), side, term)
    if entry.protocol not in (None, _EVERY[family]):
        found.append(_write_protocol(str(entry.protocol), term, family))
    if entry.icmp_type is not None:
        found += _write_icmp(entry.icmp_type, term, family)
    found += [("from", "tcp-established")] if entry.established else []
    found += [("from", "tcp-flags", _write_flags(entry.tcp_flags, term))] if entry.tcp_flags else []
    found += [("from", _DSCP[family], entry.dscp)] if entry.dscp is not None else []
    found += [("from", "is-fragment")] if entry.fragments else []
    found += [path for path in others if path not in found]
    found += [("then", "log")] if entry.log else []
    if entry.action == "deny" and not ends(others):
        found.append(("then", "discard"))
    silent = there is not None and not ends(leaves(there))
    if entry.action == "permit" and not ends(others) and not silent:
        found.append(("then", "accept"))
    return found


def canonical_term(entry: AclEntry, family: str) -> AclEntry:
    """A rule as a term is read."""
    ports: dict[str, Any] = {
        f"{side}_ports": _canonical_ports(getattr(entry, f"{side}_ports")) for side in ("source", "destination")
    }
    options = sorted(text.strip() for text in (entry.options or "").split(_SEPARATOR.strip()) if text.strip())
    said = said_words(options)
    sides: dict[str, Any] = {
        side: getattr(entry, side) or (None if any(_is_about(path, side) for path in said) else "any")
        for side in ("source", "destination")
    }
    named = any(path[:1] == ("from",) and path[1:2] and path[1] in _PROTOCOL_WORDS[family] for path in said)
    return replace(
        entry,
        protocol=entry.protocol or (None if named else _EVERY[family]),
        icmp_type=filter_names.canonical_icmp(entry.icmp_type, family) if entry.icmp_type else None,
        tcp_flags=tuple(sorted(entry.tcp_flags)),
        options=_SEPARATOR.join(options) or None,
        **sides,
        **ports,
    )


def _says(term: Tree, words: tuple[str, ...]) -> bool:
    return any(word in term.get("from", {}) for word in words)


def _is_about(path: Words, side: str) -> bool:
    return path[:1] == ("from",) and path[1:2] in ((f"{side}-address",), (f"{side}-prefix-list",))


def _read_address(said: Said, term: Tree, side: str) -> str | None:
    there = term.get("from", {})
    words = (f"{side}-address", f"{side}-prefix-list")
    if not any(word in there for word in words):
        return "any"
    if all(word in there for word in words):
        return None
    if group := said.only("from", words[1]):
        return f"group {group}"
    found = said.values("from", words[0])
    address = _address(found[0]) if len(found) == 1 else None
    if address is not None:
        said.take("from", words[0], found[0])
    return address


def _address(text: str) -> str | None:
    """An address of a record: a prefix, or an address and a wildcard mask where the mask has holes."""
    base, _, mask = text.partition("/")
    try:
        if mask.count(".") == 3:
            return canonical_acl_address(
                f"{base} {ipaddress.IPv4Address(int(ipaddress.IPv4Address(mask)) ^ 0xFFFFFFFF)}"
            )
        return canonical_acl_address(text)
    except ValueError:
        return None


def _write_address(address: str | None, side: str, term: Tree) -> list[Words]:
    if address is None or address == "any":
        return []
    if address.startswith("group "):
        return [("from", f"{side}-prefix-list", address.removeprefix("group "))]
    for text in term.get("from", {}).get(f"{side}-address", {}):
        if _address(text) == address:
            return [("from", f"{side}-address", text)]
    base, _, wildcard = address.partition(" ")
    if wildcard:
        base += f"/{ipaddress.IPv4Address(int(ipaddress.IPv4Address(wildcard)) ^ 0xFFFFFFFF)}"
    return [("from", f"{side}-address", base)]


def _read_ports(said: Said, side: str) -> str | None:
    found, excluded = said.values("from", f"{side}-port"), said.values("from", f"{side}-port-except")
    if bool(found) == bool(excluded):
        return None
    text = _ports(found or excluded, "eq" if found else "neq")
    if text is not None:
        said.all("from", f"{side}-port" if found else f"{side}-port-except")
    return text


def _ports(texts: tuple[str, ...], operator: str) -> str | None:
    """Several ports, or one range."""
    if len(texts) == 1 and (match := texts[0].partition("-"))[1] and match[0].isdigit():
        return f"range {match[0]} {match[2]}" if operator == "eq" and match[2].isdigit() else None
    numbers = [filter_names.port(text) for text in texts]
    if any(number is None for number in numbers):
        return None
    return " ".join((operator, *map(str, sorted(number for number in numbers if number is not None))))


def _write_ports(ports: str | None, side: str, term: Tree) -> list[Words]:
    if ports is None:
        return []
    operator, *numbers = str(_canonical_ports(ports)).split()
    word = f"{side}-port-except" if operator == "neq" else f"{side}-port"
    if operator == "range":
        return [("from", word, "-".join(numbers))]
    spelled = {filter_names.port(text): text for text in term.get("from", {}).get(word, {})}
    return [("from", word, spelled.get(int(number), number)) for number in numbers]


def _canonical_ports(ports: str | None) -> str | None:
    """Junos has ranges instead of `gt` and `lt`."""
    if ports is None:
        return None
    operator, *numbers = ports.split()
    if operator == "gt":
        return f"range {int(numbers[0]) + 1} {_LARGEST}"
    if operator == "lt":
        return f"range 0 {int(numbers[0]) - 1}"
    if operator == "range":
        return f"range {numbers[0]} {numbers[1]}"
    return " ".join((operator, *map(str, sorted({int(number) for number in numbers}))))


def _read_icmp(said: Said, family: str) -> str | None:
    kinds, codes = said.values("from", "icmp-type"), said.values("from", "icmp-code")
    if len(kinds) != 1 or len(codes) > 1:
        return None
    name = filter_names.icmp(kinds[0], codes[0] if codes else None, family)
    if name is not None:
        said.all("from", "icmp-type")
        said.all("from", "icmp-code")
    return name


def _write_icmp(name: str, term: Tree, family: str) -> list[Words]:
    said = Said(term)
    if _read_icmp(said, family) == filter_names.canonical_icmp(name, family):
        there = term.get("from", {})
        return [("from", word, text) for word in ("icmp-type", "icmp-code") for text in there.get(word, {})]
    kind, code = filter_names.icmp_numbers(name, family)
    found: list[Words] = [("from", "icmp-type", filter_names.shown_icmp(kind, family))]
    return found + ([("from", "icmp-code", code)] if code is not None else [])


def _read_flags(said: Said) -> tuple[str, ...]:
    found = said.values("from", "tcp-flags")
    words = [word.strip() for word in found[0].strip("() ").split("&")] if len(found) == 1 else []
    if not words or any(word not in _FLAGS for word in words):
        return ()
    said.take("from", "tcp-flags", found[0])
    return tuple(sorted(words))


def _write_flags(flags: tuple[str, ...], term: Tree) -> str:
    said = Said(term)
    there = said.values("from", "tcp-flags")
    if there and _read_flags(said) == tuple(sorted(flags)):
        return there[0]
    return " & ".join(flags) if len(flags) < 2 else f"({' & '.join(flags)})"


def _write_protocol(name: str, term: Tree, family: str) -> Words:
    for word in _PROTOCOL_WORDS[family]:
        for text in term.get("from", {}).get(word, {}):
            if filter_names.protocol(text) == name:
                return ("from", word, text)
    return ("from", _PROTOCOL_WORDS[family][0], filter_names.shown_protocol(name))
