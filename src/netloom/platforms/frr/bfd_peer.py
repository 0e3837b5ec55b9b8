"""BFD sessions of an FRR router."""

from __future__ import annotations

from itertools import pairwise

from netloom.model.bfd_peer import BfdPeer, BfdPeerState
from netloom.model.config import Config, Line
from netloom.platforms.frr import show_bfd
from netloom.platforms.frr.bfd_timers import timer_lines, with_shown_timers
from netloom.platforms.frr.change import change
from netloom.platforms.line_words import number, word

READ = show_bfd.READ


def configured(config: Config) -> list[BfdPeer]:
    """Every `peer` section."""
    found = []
    for header, below in config.sections("peer ", "bfd"):
        words = header.split()[2:]
        named = dict(pairwise(words))
        peer = BfdPeer(
            peer=header.split()[1],
            local_address=named.get("local-address"),
            interface=named.get("interface"),
            vrf=named.get("vrf", "default"),
            multihop="multihop" in words,
            profile=word(below, "profile "),
            detect_multiplier=number(below, "detect-multiplier "),
            receive_interval_ms=number(below, "receive-interval "),
            transmit_interval_ms=number(below, "transmit-interval "),
            enabled="shutdown" not in below,
        )
        found.append(peer)
    return found


def lines(record: BfdPeer, config: Config) -> list[Line]:  # noqa: ARG001 - every noun's lines sees the configuration
    """Its section."""
    header = f"peer {record.peer}" + " multihop" * record.multihop
    if record.local_address:
        header += f" local-address {record.local_address}"
    if record.vrf != "default":
        header += f" vrf {record.vrf}"
    if record.interface:
        header += f" interface {record.interface}"
    texts = [f"profile {record.profile}"] if record.profile else []
    texts += timer_lines(record)
    if not record.enabled:
        texts.append("shutdown")
    return [Line(header, ("bfd",)), *(Line(text, ("bfd", header)) for text in texts)]


def render(have: BfdPeer | None, want: BfdPeer | None, config: Config) -> list[Line]:
    """The least change."""
    return change(have, want, config, lines)


def canonical(record: BfdPeer) -> BfdPeer:
    """Without the timers that FRR does not show."""
    return with_shown_timers(record)


def observed(output: str) -> list[BfdPeerState]:
    """Every VRF's sessions, whoever asked for them."""
    return show_bfd.peers(output)
