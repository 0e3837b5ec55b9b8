"""Interfaces' names, as screens shorten them and as the running configuration spells them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

_NAME = re.compile(r"([A-Za-z][A-Za-z-]*?)[ ]?(\d[\d/.:_-]*)?")


@dataclass(frozen=True, slots=True, eq=False)
class InterfaceNames:
    """One system's kinds of interfaces."""

    kinds: Mapping[str, tuple[str, ...]]
    """The running configuration's word → the short ones, the system's own first; their case says nothing."""

    def long(self, name: str) -> str:
        """The name as the running configuration spells it; what is no known interface stays as it is."""
        word, number = _parts(name.strip())
        kind = _kind(self, word) if number else None
        return f"{kind}{number}" if kind else name.strip()

    def short(self, name: str) -> str:
        """The name as the system's tables spell it."""
        word, number = _parts(self.long(name))
        shorts = self.kinds.get(word)
        return f"{shorts[0]}{number}" if shorts else name.strip()

    def knows(self, name: str) -> bool:
        """Whether this names an interface, in any spelling."""
        word, number = _parts(name.strip())
        return bool(word and number) and _kind(self, word) is not None


@cache
def _words(names: InterfaceNames) -> dict[str, str]:
    """Any spelling in lower case → the configuration's."""
    spelled = {short.lower(): kind for kind, shorts in names.kinds.items() for short in shorts}
    return spelled | {kind.lower(): kind for kind in names.kinds}


@lru_cache(maxsize=1024)
def _kind(names: InterfaceNames, word: str) -> str | None:
    """The kind by one of its spellings, or by a beginning of three letters or more that only one kind has."""
    known = _words(names)
    lowered = word.lower()
    if lowered in known or len(lowered) < 3:
        return known.get(lowered)
    beginnings = {kind for kind in names.kinds if kind.lower().startswith(lowered)}
    return beginnings.pop() if len(beginnings) == 1 else None


def _parts(name: str) -> tuple[str, str]:
    match = _NAME.fullmatch(name)
    return (match[1], match[2] or "") if match else ("", "")


CISCO_IOS = InterfaceNames(
    {
        "Ethernet": ("Et", "Eth", "E"),
        "FastEthernet": ("Fa", "FE"),
        "GigabitEthernet": ("Gi", "Gig", "GE", "GigE", "Gigabit"),
        "TwoGigabitEthernet": ("Tw", "Two"),
        "FiveGigabitEthernet": ("Fi", "Five"),
        "TenGigabitEthernet": ("Te", "Ten", "TenGig", "TenGigE", "TenGE", "XGE"),
        "TwentyFiveGigE": ("Twe", "TwentyFiveGigabitEthernet"),
        "FortyGigabitEthernet": ("Fo", "Fort", "FortyGigE", "FortyGE"),
        "FiftyGigE": ("Fif", "FiftyGigabitEthernet"),
        "HundredGigE": ("Hu", "Hun", "HundredGigabitEthernet"),
        "TwoHundredGigE": ("TwoH", "TwoHundredGigabitEthernet"),
        "FourHundredGigE": ("Fou", "FourHundredGigabitEthernet"),
        "AppGigabitEthernet": ("Ap", "App"),
        "Wlan-GigabitEthernet": ("Wl", "Wlan-Gi"),
        "Port-channel": ("Po", "Port-Channel", "PortChannel"),
        "Vlan": ("Vl", "VLAN"),
        "Loopback": ("Lo",),
        "Tunnel": ("Tu", "Tun"),
        "Tunnel-TP": ("Tunnel-tp",),
        "BDI": ("BD",),
        "BVI": ("BV",),
        "Serial": ("Se", "Ser"),
        "POS": ("POS",),
        "ATM": ("AT",),
        "Dialer": ("Di",),
        "Multilink": ("Mu",),
        "MFR": ("MF",),
        "Virtual-Access": ("Vi",),
        "Virtual-Template": ("Vt",),
        "Virtual-PPP": ("Vp",),
        "Virtual-TokenRing": ("Vo",),
        "VirtualPortGroup": ("VPG", "Vir"),
        "Group-Async": ("Gr",),
        "Async": ("As",),
        "BRI": ("BR",),
        "Cellular": ("Ce", "Cel"),
        "Container": ("Co",),
        "Dot11Radio": ("Do",),
        "EOBC": ("EO",),
        "Embedded-Service-Engine": ("Em",),
        "Service-Engine": ("SE-",),
        "LISP": ("LI",),
        "NVI": ("NVI",),
        "nve": ("nv",),
        "Null": ("Nu",),
        "pseudowire": ("pw", "ps"),
        "TokenRing": ("To",),
        "ucse": ("uc",),
        "wlan-ap": ("wl-ap",),
        "mgmt": ("mg",),
        "Sdwan-system-intf": ("sd",),
    }
)
"""Cisco IOS and IOS-XE, as `show interfaces` and `show ip interface brief` call them."""

CISCO_NXOS = InterfaceNames(
    {
        "Ethernet": ("Eth", "Et", "E"),
        "port-channel": ("Po", "Port-channel"),
        "Vlan": ("Vlan", "Vl"),
        "loopback": ("Lo",),
        "mgmt": ("mgmt",),
        "Tunnel": ("Tu", "Tunnel"),
        "nve": ("nve", "nv"),
        "Null": ("Null", "Nu"),
        "fc": ("fc",),
        "vfc": ("vfc",),
        "san-port-channel": ("San-po",),
        "sup-eth": ("sup-eth",),
        "Bdi": ("Bdi",),
        "Vethernet": ("Veth",),
    }
)
"""Cisco NX-OS."""

ARISTA_EOS = InterfaceNames(
    {
        "Ethernet": ("Et", "Eth", "E"),
        "Management": ("Ma", "Mgmt"),
        "Port-Channel": ("Po",),
        "Vlan": ("Vl",),
        "Loopback": ("Lo",),
        "Tunnel": ("Tu",),
        "Vxlan": ("Vx",),
        "Recirc-Channel": ("Rc",),
        "UnconnectedEthernet": ("Ue",),
        "Dps": ("Dp",),
        "Null": ("Nu",),
        "Fabric": ("Fa",),
        "Internal": ("Internal",),
        "Switch": ("Switch",),
    }
)
"""Arista EOS."""
