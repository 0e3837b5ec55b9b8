"""The columns of `show interfaces counters` on Cisco-like switches."""

from __future__ import annotations

COUNTER_COLUMNS = {
    "InOctets": "in_octets",
    "InUcastPkts": "in_unicast_packets",
    "InMcastPkts": "in_multicast_packets",
    "InBcastPkts": "in_broadcast_packets",
    "OutOctets": "out_octets",
    "OutUcastPkts": "out_unicast_packets",
    "OutMcastPkts": "out_multicast_packets",
    "OutBcastPkts": "out_broadcast_packets",
    "InDiscards": "in_discards",
    "OutDiscards": "out_discards",
}
"""Heading → the field of an interface."""
