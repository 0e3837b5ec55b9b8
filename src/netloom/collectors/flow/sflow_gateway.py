"""sFlow's extended_gateway, all at once: what BGP says of the way to the destination.

Paths of one segment are read here, or of none; those of several are odd.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netloom.collectors.flow.sflow_walk import FlowSamples, Octets

Places = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Gateways:
    """Row i of each array is of one record."""

    rows: Places
    """Of the samples."""
    hop: Places
    """Where the next hop's address begins, behind its type."""
    is_ipv6: Flags
    own_as: Places
    src_as: Places
    path: Places
    """Where its numbers begin."""
    path_size: Places
    communities: Places
    communities_size: Places
    usual: Flags

    def only(self, which: Flags) -> Gateways:
        """Those of some samples, by their new rows."""
        keep = which[self.rows]
        return Gateways(
            (np.cumsum(which) - 1)[self.rows[keep]],
            self.hop[keep],
            self.is_ipv6[keep],
            self.own_as[keep],
            self.src_as[keep],
            self.path[keep],
            self.path_size[keep],
            self.communities[keep],
            self.communities_size[keep],
            self.usual[keep],
        )


def read_gateways(samples: FlowSamples, octets: Octets) -> Gateways:
    """The records of those samples that have one."""
    rows = np.flatnonzero(samples.gateway)
    first, end = samples.gateway[rows], samples.gateway_end[rows]
    family = octets.u32(first)
    usual = (family == 1) | (family == 2)
    behind = first + np.where(family == 2, 20, 8)
    usual &= end - behind >= 24  # a record without any path or community
    segments = octets.u32(np.where(usual, behind + 12, 0))
    usual &= segments <= 1
    path = behind + np.where(segments == 1, 24, 16)
    usual &= end - path >= 8
    path_size = np.where(usual & (segments == 1), octets.u32(np.where(usual, path - 4, 0)), 0)
    usual &= path_size <= (end - path - 8) // 4
    communities = np.where(usual, path + 4 * path_size, 0)
    size = np.where(usual, octets.u32(communities), 0)
    communities += 4
    usual &= size <= (end - communities - 4) // 4
    safe = np.where(usual, behind, 0)
    return Gateways(
        rows,
        first + 4,
        family == 2,
        octets.u32(safe),
        octets.u32(safe + 4),
        path,
        np.where(usual, path_size, 0),
        communities,
        np.where(usual, size, 0),
        usual,
    )


def lists(first: Places, size: Places, octets: Octets) -> NDArray[np.int64]:
    """All numbers of lists that begin somewhere and have some size, one list behind the other."""
    before = np.cumsum(size) - size
    places = np.repeat(first - 4 * before, size) + 4 * np.arange(int(size.sum()))
    return octets.u32(places)
