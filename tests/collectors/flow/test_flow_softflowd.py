"""A real exporter: softflowd reads packets that are known to the octet, and sends what it makes of them."""

from __future__ import annotations

import asyncio
import shutil
import struct
from pathlib import Path

import pytest
from tests.collectors.flow.flow_collector import running

_ETHERNET = bytes(12) + b"\x08\0"
HOSTS = 20
PACKETS = 30


def packet(host: int, number: int, size: int) -> bytes:
    """An Ethernet frame with UDP over IPv4."""
    total = 28 + size
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, total, number, 0, 64, 17, 0, bytes((10, 0, 0, host)), b"\x0a\1\0\1")
    return _ETHERNET + head + struct.pack(">HHHH", 40_000 + host, 5001, 8 + size, 0) + bytes(size)


def capture(path: Path) -> dict[str, int]:
    """A file of packets, and each sender's octets."""
    octets: dict[str, int] = {}
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1))
        for number in range(PACKETS):
            for host in range(1, HOSTS + 1):
                frame = packet(host, number, 10 * host + number)
                file.write(struct.pack("<IIII", 1_700_000_000 + number, host * 1000, len(frame), len(frame)) + frame)
                source = f"10.0.0.{host}"
                octets[source] = octets.get(source, 0) + len(frame) - len(_ETHERNET)
    return octets


@pytest.mark.parametrize("version", ["5", "9", "10"])
async def test_what_softflowd_saw_is_stored_to_the_octet(tmp_path: Path, version: str) -> None:
    if shutil.which("softflowd") is None:
        pytest.skip("softflowd is not installed")
    expected = capture(tmp_path / "packets.pcap")
    async with running(tmp_path) as flow:
        target = ["-n", f"127.0.0.1:{flow.port}", "-v", version, "-d"]
        argv = ["softflowd", "-r", str(tmp_path / "packets.pcap"), *target, "-p", str(tmp_path / "pid"), "-c", "none"]
        process = await asyncio.create_subprocess_exec(
            *argv, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
        async with asyncio.timeout(30):
            assert await process.wait() == 0
        await flow.until(lambda: flow.total("stored_records_total", stream="flow") >= HOSTS)
        rows = flow.rows()
        assert flow.total("malformed_total") == 0
    seen: dict[str, int] = {}
    for row in rows:
        if row["packets"]:
            seen[row["src_addr"]] = seen.get(row["src_addr"], 0) + row["bytes"]
            assert (row["dst_addr"], row["proto"], row["dst_port"]) == ("10.1.0.1", 17, 5001)
    assert seen == expected
    assert sum(row["packets"] for row in rows) == HOSTS * PACKETS
