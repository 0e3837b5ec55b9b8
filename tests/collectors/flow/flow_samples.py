"""Where others' captures lie, and what of them tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from netloom.codecs.packet import dissect
from netloom.codecs.pcap import frames

SAMPLES = Path(__file__).parents[4] / "shared" / "samples"


def sample_files(pattern: str) -> list[Path]:
    """The files that are there; a test of none says why."""
    return sorted(SAMPLES.glob(pattern))


def parameters(paths: list[Path], label: int = 2) -> list[object]:
    """Each file a case; one that skips where there are none."""
    if not paths:
        return [pytest.param(None, marks=pytest.mark.skip(reason="no samples beside the checkout"))]
    return [pytest.param(path, id="/".join(path.parts[-label:])) for path in paths]


def datagrams(capture: Path) -> Iterator[tuple[str, int, bytes]]:
    """Source, destination port and payload of each UDP datagram."""
    for frame in frames(capture.read_bytes()):
        packet = dissect(frame.data, frame.link_type)
        if packet.proto == 17 and packet.src_addr and packet.dst_port is not None and packet.payload:
            yield packet.src_addr, packet.dst_port, packet.payload
