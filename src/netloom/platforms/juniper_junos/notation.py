"""How Junos writes names, sizes and moments."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache

from netloom.model.text import canonical_mac
from netloom.platforms import durations

_SPEED = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?)(?:bps|b/s)?$", re.IGNORECASE)
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?(?:ytes)?$", re.IGNORECASE)
_AGE = re.compile(r"(?:(\d+)y)?\s*(?:(\d+)w)?\s*(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+):)?(?:(\d+):(\d+))?")
_MAC = re.compile(r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}", re.IGNORECASE)


def vrf(instance: str | None) -> str:
    """A routing instance as a VRF's name: `master` is the default one."""
    return "default" if instance in (None, "", "master", "default-switch", "default") else str(instance)


def of_table(table: str) -> tuple[str, str]:
    """A routing table's instance and family: `blue.inet6.0` → blue, inet6."""
    match = re.fullmatch(r"(?:(.+)\.)?([a-z0-9-]+)\.\d+", table, re.IGNORECASE)
    return (vrf(match[1]), match[2]) if match else ("default", table)


def bits(words: str | None) -> int | None:
    """A speed in bit/s: `1000mbps`, `10Gbps`, `1000m`; None for `Auto`, `Unlimited` and the like."""
    match = _SPEED.match(words.strip()) if words else None
    return int(float(match[1]) * _UNITS[match[2].lower()]) if match else None


def octets(words: str | None) -> int | None:
    """A size in bytes: `512M`, `2048 MB`, `12G`."""
    match = _SIZE.match(words.strip()) if words else None
    if match is None:
        return None
    return int(float(match[1]) * 1024 ** "_kmgt".index(match[2].lower() or "_"))


def seconds(words: str | None) -> int | None:
    """An age: `1w2d 03:04:05`, `9w2d 5:23:37`, `05:06` (minutes first), `2d 3:04`; None for what is none."""
    text = (words or "").strip().removesuffix(" ago")
    match = _AGE.fullmatch(text)
    if not text or match is None or not any(match.groups()):
        try:
            return durations.seconds(text)
        except ValueError:
            return None
    years, weeks, days, hours, first, second, third = (int(part or 0) for part in match.groups())
    total = ((years * 365 + weeks * 7 + days) * 24 + hours) * 3600
    if match[5] is not None:
        return total + first * 3600 + second * 60 + third
    if match[6] is None:
        return total
    # «1d 03:04» counts hours and minutes, «03:04» alone minutes and seconds
    return total + (second * 3600 + third * 60 if total else second * 60 + third)


def mac(words: str | None) -> str | None:
    """A MAC address in canonical form, None where there is none."""
    match = _MAC.search(words or "")
    return canonical_mac(match[0]) if match else None


@lru_cache(maxsize=4096)
def address(words: str | None) -> str | None:
    """An address in canonical form, without `+port`, `%zone` or length; None where it is none."""
    text = re.split(r"[+/%]", (words or "").strip())[0]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None


def interface_address(local: str | None, network: str | None) -> str | None:
    """An interface's address with its length: from itself, else from its network (`192.168.2/24`), else whole."""
    bare = address(local)
    if bare is None or local is None:
        return None
    length = local.partition("/")[2] or (network or "").partition("/")[2]
    try:
        return str(ipaddress.ip_interface(f"{bare}/{length}" if length.isdigit() else bare))
    except ValueError as exc:
        raise ValueError(f"expected an address with its length, got {local!r} in {network!r}") from exc


def prefix(words: str | None) -> str | None:
    """A prefix in canonical form; zeros at its end may be left out (`10.1/16`); None where it is none."""
    text, _, length = (words or "").strip().partition("/")
    if re.fullmatch(r"\d+(?:\.\d+){0,2}", text) and length:
        text += ".0" * (3 - text.count("."))
    try:
        return str(ipaddress.ip_network(f"{text}/{length}" if length else text, strict=False))
    except ValueError:
        return None
