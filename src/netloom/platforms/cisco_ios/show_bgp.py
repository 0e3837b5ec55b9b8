"""`show ip bgp summary` and its likes for other address families."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.bgp_session import BgpSessionState
from netloom.model.text import canonical_address
from netloom.platforms.as_numbers import as_number
from netloom.platforms.durations import seconds
from netloom.platforms.replies import Reader

FAMILY = re.compile(r"For address family: (?P<family>\S.*?)\s*$")
_ROUTER = re.compile(r"^BGP router identifier (?P<id>[\d.]+), local AS number (?P<asn>[\d.]+)")
_HEADER = re.compile(r"(?m)^(?:BGP router identifier |For address family: |Neighbor\s+V\s+AS\s+MsgRcvd)")
_ADDRESS = r"\*?(?P<peer>\d+\.\d+\.\d+\.\d+|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+(?:%\S+)?)"
_COUNTS = (
    r"\s+(?P<version>\d)\s+(?P<asn>[\d.]+)\s+(?P<rx>\d+)\s+(?P<tx>\d+)\s+(?P<table>\d+)\s+(?P<inq>\d+)\s+(?P<outq>\d+)\s+"
    r"(?P<uptime>\S+)\s+(?P<state>\S.*?)\s*$"
)
_ROW = re.compile(f"^{_ADDRESS}{_COUNTS}")
_ALONE = re.compile(rf"^{_ADDRESS}\s*$")
_REST = re.compile(f"^{_COUNTS}")
_BEGINS = re.compile(r"^\*?\d+\.\d+\.\d+\.\d+\s+4\s")


def family(words: str) -> tuple[str, str]:
    """`IPv4 Unicast` → ipv4, unicast; `L2VPN E-VPN` → l2vpn, evpn."""
    afi, _, safi = words.lower().partition(" ")
    return afi, safi.replace("-", "") if afi == "l2vpn" else safi.strip().replace(" ", "-")


def _summaries(text: str) -> Iterator[BgpSessionState]:
    told: tuple[str, str] | None = None
    router, own, alone = None, None, ""
    for line in text.splitlines():
        if match := FAMILY.match(line):
            told = family(match["family"])
        elif match := _ROUTER.match(line):
            router, own = match["id"], as_number(match["asn"])
        elif match := _ALONE.match(line):
            alone = match["peer"]
        elif (match := _ROW.match(line)) or (alone and (match := _REST.match(line))):
            peer = match.groupdict().get("peer") or alone
            afi, safi = told or ("ipv6" if ":" in peer else "ipv4", "unicast")
            yield _session(match, peer=peer, families=(afi, safi), local=(router, own))
            alone = ""
        elif _BEGINS.match(line):
            raise ValueError(f"expected a BGP neighbor, got {line.strip()[:100]!r}")


def _session(
    match: re.Match[str], *, peer: str, families: tuple[str, str], local: tuple[str | None, int | None]
) -> BgpSessionState:
    counted = match["state"].isdigit()
    uptime = None if match["uptime"].lower() == "never" else seconds(match["uptime"])
    # (NoNeg): the session stands, without this family
    established = counted or match["state"].startswith("(NoNeg")
    return BgpSessionState(
        peer=canonical_address(peer),
        afi=families[0],
        safi=families[1],
        state="Established" if established else match["state"].split()[0],
        asn=local[1],
        peer_asn=as_number(match["asn"]),
        enabled=False if "(Admin)" in match["state"] else None,
        local_router_id=local[0],
        pfx_rx=int(match["state"]) if counted else None,
        uptime_s=uptime if established else None,
        messages_rx=int(match["rx"]),
        messages_tx=int(match["tx"]),
        table_version=int(match["table"]),
        in_queue=int(match["inq"]),
        out_queue=int(match["outq"]),
    )


READERS = (Reader(_HEADER, _summaries),)
