"""A question to a name server: its answer's code, its records, a zone's serial number."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING

from netloom.collectors.probe.look import Failed, Look, matches
from netloom.transports.dialogue import connect, family_of

if TYPE_CHECKING:
    from dns.message import Message


async def look(look: Look) -> None:
    """Ask, and judge the answer."""
    import dns.exception  # noqa: PLC0415 - slow to import
    import dns.flags  # noqa: PLC0415 - as above
    import dns.message  # noqa: PLC0415 - as above

    options = look.module.dns
    host, port = look.place(53)
    address = (await look.addresses(host))[0]
    try:
        asked = dns.message.make_query(options.name, options.type, use_edns=True, payload=1232)
    except (dns.exception.DNSException, ValueError) as exc:
        raise Failed(f"{options.name} {options.type}: no question: {exc}") from exc
    if not options.recursion:
        asked.flags &= ~dns.flags.RD
    answer = None if options.tcp else await _by_udp(look, asked, address, port)
    if answer is None or answer.flags & dns.flags.TC:
        answer = await _by_tcp(look, asked, address, port)
    _judge(look, answer)


async def _by_udp(look: Look, asked: Message, address: str, port: int) -> Message:
    with look.open_socket(family_of(address), socket.SOCK_DGRAM) as opened:
        opened.setblocking(False)
        opened.connect((address, port))
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(opened, asked.to_wire())
        while True:
            answer = _read(await loop.sock_recv(opened, 65535))
            if answer is not None and asked.is_response(answer):
                return answer


async def _by_tcp(look: Look, asked: Message, address: str, port: int) -> Message:
    """Over TCP each message stands behind its length (RFC 1035, section 4.2.2)."""
    async with await connect(address, port, look.open_socket) as dialogue:
        wire = asked.to_wire()
        await dialogue.write(struct.pack("!H", len(wire)) + wire)
        data = b""
        while len(data) < 2 or len(data) < 2 + struct.unpack("!H", data[:2])[0]:
            if not (more := await dialogue.read()):
                raise Failed("the connection was closed before the answer")
            data += more
    answer = _read(data[2 : 2 + struct.unpack("!H", data[:2])[0]])
    if answer is None or not asked.is_response(answer):
        raise Failed("the answer is none to what was asked")
    return answer


def _read(data: bytes) -> Message | None:
    import dns.exception  # noqa: PLC0415 - slow to import
    import dns.message  # noqa: PLC0415 - as above

    try:
        return dns.message.from_wire(data, ignore_trailing=True)
    except (dns.exception.DNSException, ValueError, IndexError, struct.error):
        return None


def _judge(look: Look, answer: Message) -> None:
    import dns.rcode  # noqa: PLC0415 - slow to import

    options = look.module.dns
    rcode = dns.rcode.to_text(answer.rcode())
    look.told["probe_dns_rcode"] = rcode
    for name, section in (
        ("answer", answer.answer),
        ("authority", answer.authority),
        ("additional", answer.additional),
    ):
        look.told[f"probe_dns_{name}_rrs"] = sum(len(each) for each in section)
    records = [line for each in answer.answer for line in each.to_text().splitlines()]
    serials = [record.serial for each in answer.answer for record in each if hasattr(record, "serial")]
    if serials:
        look.told["probe_dns_serial"] = int(serials[0])
    if rcode not in options.rcodes:
        raise Failed(f"it answers {rcode}, expected {' or '.join(options.rcodes)}")
    wanted, unwanted = options.fail_if_answer_not_matches, options.fail_if_answer_matches
    if wanted or unwanted:
        look.told["probe_failed_due_to_regex"] = True
        for expression in unwanted:
            if found := [record for record in records if matches(expression, record)]:
                raise Failed(f"{found[0]!r} matches {expression!r}")
        for expression in wanted:
            if not any(matches(expression, record) for record in records):
                raise Failed(f"no record of {len(records)} matches {expression!r}")
        look.told["probe_failed_due_to_regex"] = False
