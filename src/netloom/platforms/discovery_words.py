"""The words and letters in which devices tell their neighbors' kinds: LLDP (IEEE 802.1AB) and CDP."""

from __future__ import annotations

CHASSIS_TYPES = (
    "chassis-component",
    "interface-alias",
    "port-component",
    "mac-address",
    "network-address",
    "interface-name",
    "local",
)
"""IEEE 802.1AB table 8-2, from 1."""
PORT_TYPES = (
    "interface-alias",
    "port-component",
    "mac-address",
    "network-address",
    "interface-name",
    "agent-circuit-id",
    "local",
)
"""IEEE 802.1AB table 8-3, from 1."""
LLDP_LETTERS = {
    "O": "other",
    "P": "repeater",
    "B": "bridge",
    "W": "wlan-access-point",
    "R": "router",
    "T": "telephone",
    "C": "docsis-cable-device",
    "S": "station",
}
"""The legend of `show lldp neighbors`, in the order of IEEE 802.1AB table 8-4."""
LLDP_BITS = (*LLDP_LETTERS.values(), "c-vlan", "s-vlan", "two-port-mac-relay")
"""IEEE 802.1AB table 8-4, from bit 0."""
_CDP_WORDS = {
    "router": "router",
    "switch": "bridge",
    "trans-bridge": "bridge",
    "source-route-bridge": "source-route-bridge",
    "host": "station",
    "phone": "telephone",
    "repeater": "repeater",
    "igmp": "igmp",
    "igmp_cnd_filtering": "igmp",
}
_CDP_LETTERS = {
    "R": "router",
    "T": "bridge",
    "B": "source-route-bridge",
    "S": "bridge",
    "H": "station",
    "I": "igmp",
    "r": "repeater",
    "P": "telephone",
    "V": "telephone",
    "D": "remote",
    "C": "cvta",
    "M": "two-port-mac-relay",
    "s": "supports-stp-dispute",
}
"""The legend of `show cdp neighbors`."""
CDP_BITS = tuple(_CDP_LETTERS[letter] for letter in "RTBSHIrPDCM")
"""CDP's capabilities, from bit 0."""


def named(types: tuple[str, ...], number: int | None) -> str:
    """A kind of identifier by its number; what is unknown is local."""
    return types[number - 1] if number is not None and 1 <= number <= len(types) else "local"


def cdp_words(text: str) -> tuple[str, ...]:
    """The capabilities of the details: «IGMP Filtering» and «Two-port Mac Relay» are several words for one."""
    joined = text.lower().replace("igmp filtering", "igmp").replace("two-port mac relay", "two-port-mac-relay")
    return tuple(dict.fromkeys(_CDP_WORDS.get(word, word) for word in joined.split()))


def cdp_letters(text: str) -> tuple[str, ...]:
    """The capabilities of the table, letters with spaces between them."""
    return tuple(dict.fromkeys(_CDP_LETTERS.get(letter, letter) for letter in text.split()))
