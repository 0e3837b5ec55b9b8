"""ARP entries, and IPv6 neighbors."""

from __future__ import annotations

from netloom.model.arp import ArpState
from netloom.platforms import ip_mib
from netloom.platforms.contract import Columns, Read
from netloom.platforms.juniper_junos import show_arp
from netloom.platforms.juniper_junos.outputs import Forms

READ = (
    Read(
        "show arp no-resolve | display xml | no-more",
        rpc="<get-arp-table-information><no-resolve/></get-arp-table-information>",
    ),
    Read("show ipv6 neighbors | display xml | no-more", rpc="<get-ipv6-nd-information/>"),
)
WALK = ip_mib.COLUMNS

_FORMS: Forms[ArpState] = Forms(
    {"arp-table-information": show_arp.arps, "ipv6-nd-information": show_arp.neighbors}, show_arp.SCREENS
)


def observed(*outputs: str) -> list[ArpState]:
    """`show arp` and `show ipv6 neighbors`."""
    return _FORMS.observed(outputs)


def walked(columns: Columns) -> list[ArpState]:
    """Entries from IP-MIB."""
    return ip_mib.arps(columns)
