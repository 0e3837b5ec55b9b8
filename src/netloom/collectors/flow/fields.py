"""Which information element fills which field of a flow: one table, for records and for columns alike.

A field takes its first source whose octets are not all zero, or its first one. An element that a field holds exactly
is said there only; all others stay in `ie` too: those that no field takes, those whose conversion loses something
(uptimes, label stacks), and those that stand in for a field's own element.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto


class Form(Enum):
    """How an element's octets become a field's value."""

    NUMBER = auto()
    ADDRESS = auto()
    MAC = auto()
    HIGH_OCTET = auto()
    """The upper of two octets."""
    LOW_OCTET = auto()
    """The lower of two octets."""
    DSCP = auto()
    """Six bits of the eight of a traffic class."""
    IP_VERSION = auto()
    """4 and 6 to their EtherTypes."""
    SECONDS = auto()
    MILLISECONDS = auto()
    NTP = auto()
    """NTP's 64 bits (RFC 7011 §6.1.9)."""
    NTP_MICROSECONDS = auto()
    """The same without its lowest 11 bits (RFC 7011 §6.1.9)."""
    UPTIME = auto()
    """Milliseconds since the exporter started."""
    BEFORE_EXPORT = auto()
    """Microseconds before the message's export time."""


@dataclass(frozen=True, slots=True)
class Source:
    """An element that fills a field."""

    number: int
    form: Form = Form.NUMBER
    exact: bool = True
    """The field says all that the element says."""
    pen: int = 0


def _address(*numbers: int) -> tuple[Source, ...]:
    return tuple(Source(number, Form.ADDRESS) for number in numbers)


def _instead(*numbers: int, form: Form = Form.NUMBER) -> tuple[Source, ...]:
    return tuple(Source(number, form, exact=False) for number in numbers)


SOURCES: dict[str, tuple[Source, ...]] = {
    "time_flow_start_ns": (
        Source(156, Form.NTP),
        Source(154, Form.NTP_MICROSECONDS),
        Source(152, Form.MILLISECONDS),
        Source(150, Form.SECONDS),
        Source(22, Form.UPTIME, exact=False),
        Source(158, Form.BEFORE_EXPORT, exact=False),
        Source(325, Form.NTP, exact=False),  # a packet or an event, seen at one moment
        Source(324, Form.NTP_MICROSECONDS, exact=False),
        Source(323, Form.MILLISECONDS, exact=False),
        Source(322, Form.SECONDS, exact=False),
    ),
    "time_flow_end_ns": (
        Source(157, Form.NTP),
        Source(155, Form.NTP_MICROSECONDS),
        Source(153, Form.MILLISECONDS),
        Source(151, Form.SECONDS),
        Source(21, Form.UPTIME, exact=False),
        Source(159, Form.BEFORE_EXPORT, exact=False),
        Source(325, Form.NTP, exact=False),
        Source(324, Form.NTP_MICROSECONDS, exact=False),
        Source(323, Form.MILLISECONDS, exact=False),
        Source(322, Form.SECONDS, exact=False),
    ),
    # Totals where there are no deltas, what went out where nothing tells what came in, layer 2, ASA's initiator.
    "bytes": (Source(1), *_instead(85, 23, 171, 352, 353, 231)),
    "packets": (Source(2), *_instead(86, 24, 172, 430, 431, 298)),
    "src_addr": _address(8, 27),
    "dst_addr": _address(12, 28),
    "src_port": (Source(7), *_instead(182, 180)),
    "dst_port": (Source(11), *_instead(183, 181)),
    "proto": (Source(4), *_instead(193)),
    "etype": (Source(256), Source(60, Form.IP_VERSION, exact=False)),
    "tcp_flags": (Source(6),),
    "ip_tos": (Source(5), *_instead(195, form=Form.DSCP)),
    "icmp_type": (
        Source(176),
        Source(178),
        Source(32, Form.HIGH_OCTET),
        Source(139, Form.HIGH_OCTET),
    ),
    "icmp_code": (
        Source(177),
        Source(179),
        Source(32, Form.LOW_OCTET),
        Source(139, Form.LOW_OCTET),
    ),
    "forwarding_status": (Source(89),),
    "in_if": (Source(10), *_instead(252)),
    "out_if": (Source(14), *_instead(253)),
    "src_as": (Source(16),),
    "dst_as": (Source(17),),
    "src_net": (Source(9), Source(29)),
    "dst_net": (Source(13), Source(30)),
    "next_hop": _address(15, 62),
    "src_vlan": (Source(58), *_instead(243)),
    "dst_vlan": (Source(59), *_instead(254)),
    "src_mac": (Source(56, Form.MAC), *_instead(81, form=Form.MAC)),
    "dst_mac": (Source(80, Form.MAC), *_instead(57, form=Form.MAC)),
    "ingress_vrf_id": (Source(234),),
    "egress_vrf_id": (Source(235),),
    # ASA's first releases had numbers of their own.
    "post_nat_src_addr": (*_address(225, 281), *_instead(40001, form=Form.ADDRESS)),
    "post_nat_dst_addr": (*_address(226, 282), *_instead(40002, form=Form.ADDRESS)),
    "post_nat_src_port": (Source(227), *_instead(40003)),
    "post_nat_dst_port": (Source(228), *_instead(40004)),
    "direction": (Source(61),),
}
"""Field → its sources, the best first."""

LABELS = range(70, 80)
"""The label stack's entries from the top: label, three bits of class, bottom of stack (RFC 3032 §2.1)."""
AS_PATH = 512
COMMUNITIES = 485
BOOT = 160
"""systemInitTimeMilliseconds: when the exporter started."""
IMPLIED = {
    "0/22": "time_flow_start_ns",
    "0/158": "time_flow_start_ns",
    "0/21": "time_flow_end_ns",
    "0/159": "time_flow_end_ns",
    "0/60": "etype",
}
"""Elements that tell nothing more where this field is known: uptimes, times before export, IP's version."""
DURATIONS = {"0/161": 1_000_000, "0/162": 1_000}
"""How long a flow lasted, where only one of its ends is told, in this many nanoseconds."""

LONGEST_NS = 100 * 24 * 3600 * 1_000_000_000
"""No flow lasts longer than a hundred days."""

_SIZES: dict[Form, Callable[[int], bool]] = {
    Form.NUMBER: range(1, 9).__contains__,
    Form.ADDRESS: (4, 16).__contains__,
    Form.MAC: (6).__eq__,
    Form.HIGH_OCTET: (2).__eq__,
    Form.LOW_OCTET: (2).__eq__,
    Form.DSCP: (1).__eq__,
    Form.IP_VERSION: (1).__eq__,
    Form.SECONDS: (4, 8).__contains__,
    Form.MILLISECONDS: (8).__eq__,
    Form.NTP: (8).__eq__,
    Form.NTP_MICROSECONDS: (8).__eq__,
    Form.UPTIME: (4, 8).__contains__,
    Form.BEFORE_EXPORT: (4).__eq__,
}


def fits(form: Form, length: int) -> bool:
    """Whether an element of so many octets has this form; else it stays in `ie` as it came."""
    return _SIZES[form](length)
