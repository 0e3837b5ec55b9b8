"""Syslog messages, through everything between the socket and the store."""

from __future__ import annotations

from collections import Counter
from datetime import UTC
from random import Random

import pyarrow as pa
from benchmarks.fuzz.target import Feed, Target

from netloom.codecs.syslog_framing import SyslogFraming
from netloom.collectors.secrecy import Secrecy
from netloom.collectors.syslog.columns import log_columns
from netloom.collectors.syslog.finding import Finder, event_columns
from netloom.collectors.syslog.rows import Row, Rows
from netloom.store.stream_schema import stream_table

HONEST = b"<187>45: *Nov 14 22:13:20.123: %LINK-3-UPDOWN: Interface Gi0/1, changed state to down"
SEEDS = (
    HONEST,
    b"<165>Feb  6 09:42:36 leaf1 Ebra: %LINEPROTO-5-UPDOWN: Line protocol on Interface Ethernet28, changed state to up",
    b"<28>Jun 21 14:03:12  re0.mx1 rpd[2902]: RPD_BGP_NEIGHBOR_STATE_CHANGED: BGP peer 192.0.2.1",
    b'<165>1 2026-11-04T07:05:36.123Z r1 mgd 3046 UI_CMDLINE_READ_LINE [j@2636.1 username="ann" command="set x"] gone',
    b"<189>94307: gw2 LC/0/2/CPU0:Jul  7 20:16:14.834 CEST: ifmgr[214]: %PKT_INFRA-LINK-3-UPDOWN : Down",
    b"<189>1: %PARSER-5-CFGLOG_LOGGEDCMD: User:ann  logged command:snmp-server community s3cret RO",
    b"17 <13>one two three<14>Nov 14 22:13:20 h sshd[1]: Accepted password for ann from 192.0.2.1\n<13>four\0",
)
PIECES = (
    "<13>", "<191>", "<999>", "1 ", "45: ", "r1: ", "r1 ", "*", "Nov 14 22:13:20", "Feb 29 23:59:60",
    "2026-01-01T00:00:01", ".123", ".123456789", "Z", "+01:00", " UTC", ": ", " ", "  ", "%LINK-3-UPDOWN: ",
    "%%01IFNET/4/X(l)[1]:", "RT_FLOW: ", "sshd[12]: ", "/kernel: ", "- - - ", '[a@1 b="c\\"d"] ', "[", "]", '"',
    "\\", "password ", "key 7 ", "community ", "://a:b@", "0123456789abcdef0123",
    "Interface Gi0/1, changed state to down", "neighbor 192.0.2.1 Up", "\ufeff", "é", "\0", "\n", "\x1b[2J",
)  # fmt: skip


def grammar(rng: Random) -> bytes:
    """Pieces of headers in an order that is right now and then; seldom something long."""
    text = "".join(rng.choice(PIECES) for _ in range(rng.randrange(1, 14)))
    if rng.random() < 0.01:
        text += rng.choice(PIECES) * rng.randrange(1, 8192 // 4)
    return text.encode()[:8192]


def _open() -> Feed:
    rows, secrecy, finder, table = Rows({None: UTC}), Secrecy(b"k" * 32), Finder(), stream_table("log")
    framing, counts = SyslogFraming(8192), Counter[str]()

    def feed(datagram: bytes) -> int:
        counts["framed"] += len(framing.feed(datagram))
        texts = [datagram.decode(errors="replace").strip("\r\n\0 ")]
        counts["fed"] += 1
        moment = 1_700_000_000_000_000_000 + counts["fed"] * 1_000_000
        found = rows.read(texts, [None], [moment])
        if secrecy.suspects(pa.array(texts)):
            secrecy.secrets([Row._make(found[0]).message])
        columns = log_columns(found, texts, [None], [moment])
        table.fitting(pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns)))
        events = finder.find(columns["message"], [found[0][12]], [found[0][8]])
        if events:
            event_columns(events, columns)
        return len(found) + len(events)

    return feed


TARGET = Target(_open, SEEDS, grammar, (HONEST, 2))
