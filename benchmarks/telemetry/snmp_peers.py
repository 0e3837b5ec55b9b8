"""Clients that walk a table by GETBULK and say what it cost them; run with the Python that has them.

usage: python snmp_peers.py gufo|pysnmp v2c|v3 REPETITIONS COLUMNS PORT...

It prints the values got, the seconds of processor time in the walks alone, and those of the wall.
"""

# ruff: noqa: PLC0415, S508 - a script whose clients are imported where they are installed; v2c is what is measured
from __future__ import annotations

import asyncio
import sys
import time

IFX = "1.3.6.1.2.1.31.1.1.1"


async def gufo(version: str, repetitions: int, columns: list[int], ports: list[int]) -> int:
    """gufo-snmp's asynchronous session, a column each at once."""
    from gufo.snmp import Aes128Key, Sha1Key, User
    from gufo.snmp.aio import SnmpSession

    async def column(port: int, number: int) -> int:
        user = User("bench", auth_key=Sha1Key(b"authpass123"), priv_key=Aes128Key(b"privpass123"))
        how = {"user": user} if version == "v3" else {"community": "public"}
        count = 0
        async with SnmpSession("127.0.0.1", port=port, max_repetitions=repetitions, **how) as session:
            async for _oid, _value in session.getbulk(f"{IFX}.{number}"):
                count += 1
        return count

    return sum(await asyncio.gather(*(column(port, number) for port in ports for number in columns)))


async def pysnmp(version: str, repetitions: int, columns: list[int], ports: list[int]) -> int:
    """pysnmp's asynchronous walk, without looking names up."""
    import pysnmp.hlapi.v3arch.asyncio as api

    engine = api.SnmpEngine()
    community = api.CommunityData("public", mpModel=1)
    user = api.UsmUserData("bench", "authpass123", "privpass123", api.usmHMACSHAAuthProtocol, api.usmAesCfb128Protocol)

    async def column(port: int, number: int) -> int:
        target = await api.UdpTransportTarget.create(("127.0.0.1", port), timeout=10)
        who = user if version == "v3" else community
        start = api.ObjectType(api.ObjectIdentity(f"{IFX}.{number}"))
        count = 0
        walk = api.bulk_walk_cmd(
            engine, who, target, api.ContextData(), 0, repetitions, start, lexicographicMode=False, lookupMib=False
        )
        async for error, _status, _index, found in walk:
            if error:
                raise SystemExit(str(error))
            count += len(found)
        return count

    return sum(await asyncio.gather(*(column(port, number) for port in ports for number in columns)))


def main() -> None:
    """Walk, and tell."""
    client = {"gufo": gufo, "pysnmp": pysnmp}[sys.argv[1]]
    columns = [int(number) for number in sys.argv[4].split(",")]
    ports = [int(port) for port in sys.argv[5:]]
    used, began = time.process_time(), time.perf_counter()
    count = asyncio.run(client(sys.argv[2], int(sys.argv[3]), columns, ports))
    print(count, time.process_time() - used, time.perf_counter() - began)


if __name__ == "__main__":
    main()
