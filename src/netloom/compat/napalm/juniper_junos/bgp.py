"""Getters of BGP sessions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from netloom.compat.napalm.juniper_junos import reading
from netloom.compat.napalm.replies import Replies
from netloom.compat.napalm.shapes import Shape
from netloom.platforms.juniper_junos import notation, outputs
from netloom.platforms.xml_output import every, has, integer, number_of, text

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element

_NEIGHBORS, _SUMMARY = "get-bgp-neighbor-information", "get-bgp-summary-information"
_TABLES = {"inet": "ipv4", "inet6": "ipv6", "inetflow": "flow"}
_OPTIONS = {
    "RemovePrivateAS": "remove_private_as",
    "Multipath": "multipath",
    "Multihop": "multihop",
    "AddressFamily": "local_address_configured",
}
"""What NAPALM takes the device's words for."""
_FOREIGN = re.compile(r"<bgp-option-information\s+xmlns=.*?</bgp-option-information>", re.DOTALL)
_UNKNOWN = dict.fromkeys(("received_prefixes", "accepted_prefixes", "sent_prefixes"), -1)


def _instances(replies: Replies) -> Iterator[tuple[str, str]]:
    """Routing instances and what each was answered; an empty name where one answer is for all."""
    names = [
        text(element, "instance-name") or ""
        for element in reading.every(replies, "get-instance-information", "instance-core")
    ]
    asked = [name for name in names if not name.startswith("__") and f"{_NEIGHBORS}{name}" in replies]
    if not asked:
        yield "", replies.first(_NEIGHBORS)
    for name in asked:
        yield name, replies[f"{_NEIGHBORS}{name}"]


def _peers(answer: str) -> list[Element]:
    return outputs.only(answer, "bgp-peer")


def _name(instance: str) -> str:
    return "global" if notation.vrf(instance) == "default" else instance


def get_bgp_neighbors(replies: Replies) -> dict[str, Shape]:
    """By routing instance; only instances with peers."""
    found: dict[str, Shape] = {}
    for asked, answer in _instances(replies):
        summary = outputs.only(replies.first(f"{_SUMMARY}{asked}", _SUMMARY), "bgp-peer")
        uptimes = {_address(text(peer, "peer-address")): number_of(peer, "elapsed-time", "seconds") for peer in summary}
        for peer in _peers(answer):
            instance = asked or text(peer, "peer-fwd-rti", "peer-cfg-rti") or "master"
            group = found.setdefault(_name(instance), {"router_id": "", "peers": {}})
            group["router_id"] = group["router_id"] or text(peer, "local-id") or ""
            address = _address(text(peer, "peer-address"))
            group["peers"][address] = _peer(peer, instance) | {"uptime": uptimes.get(address) or -1}
    return found


def _peer(peer: Element, instance: str) -> Shape:
    extended = (text(peer, "bgp-option-information/bgp-options-extended") or "").split()
    return {
        "local_as": integer(peer, "local-as") or -1,
        "remote_as": integer(peer, "peer-as") or -1,
        "remote_id": text(peer, "peer-id") or "",
        "is_up": text(peer, "peer-state") == "Established",
        "is_enabled": "Shutdown" not in extended,
        "description": text(peer, "description") or "",
        "address_family": _families(peer, instance),
    }


def _families(peer: Element, instance: str) -> Shape:
    """The tables of the instance's own name: the default one's have none before their family."""
    found: Shape = {"ipv4": dict(_UNKNOWN), "ipv6": dict(_UNKNOWN)}
    if text(peer, "peer-state") != "Established":
        return found
    for rib in every(peer, "bgp-rib"):
        table = (text(rib, "name") or "").rpartition(".")[0]
        family = _TABLES.get(table if instance == "master" else table.rpartition(".")[2])
        if family is not None:
            sent = integer(rib, "advertised-prefix-count") if "in sync" in (text(rib, "send-state") or "") else 0
            found[family] = {
                "received_prefixes": integer(rib, "received-prefix-count") or 0,
                "accepted_prefixes": integer(rib, "accepted-prefix-count") or 0,
                "sent_prefixes": sent or 0,
            }
    return found


def get_bgp_neighbors_detail(replies: Replies) -> dict[str, dict[int, list[Shape]]]:
    """By routing instance and AS."""
    found: dict[str, dict[int, list[Shape]]] = {}
    for asked, answer in _instances(replies):
        # NAPALM does not see options that stand in another namespace than the reply around them
        visible = answer if re.search(r"<bgp-information\s+xmlns", answer) else _FOREIGN.sub("", answer)
        for peer in _peers(visible):
            instance = _name(asked or text(peer, "peer-fwd-rti", "peer-cfg-rti") or "master")
            remote = integer(peer, "peer-as") or 0
            found.setdefault(instance, {}).setdefault(remote, []).append(_detail(peer, instance, remote))
    return found


def _detail(peer: Element, instance: str, remote: int) -> Shape:
    local, local_port = _endpoint(text(peer, "local-address"))
    address, port = _endpoint(text(peer, "peer-address"))
    options = (text(peer, "bgp-option-information/bgp-options") or "").split()
    detail: Shape = dict.fromkeys(_OPTIONS.values(), False)
    detail |= {_OPTIONS[option]: True for option in options if option in _OPTIONS}
    return (
        detail
        | _counters(peer)
        | {
            "up": text(peer, "peer-state") == "Established",
            "local_as": integer(peer, "local-as") or 0,
            "remote_as": remote,
            "router_id": text(peer, "peer-id") or "",
            "local_address": local,
            "local_port": local_port,
            "remote_address": address,
            "remote_port": port,
            "routing_table": instance,
            "import_policy": text(peer, "bgp-option-information/import-policy") or "",
            "export_policy": text(peer, "bgp-option-information/export-policy") or "",
            "connection_state": text(peer, "peer-state") or "",
            "previous_connection_state": text(peer, "last-state") or "",
            "last_event": text(peer, "last-event") or "",
            "suppress_4byte_as": remote != integer(peer, "peer-4byte-as-capability-advertised"),
            # what NAPALM takes for it
            "local_as_prepend": has(peer, "peer-addpath-not-supported"),
            "holdtime": integer(peer, "active-holdtime") or 0,
            "configured_holdtime": integer(peer, "bgp-option-information/holdtime") or 0,
            "keepalive": integer(peer, "keepalive-interval") or 0,
            "configured_keepalive": integer(peer, "keepalive-interval") or 0,
            "flap_count": integer(peer, "flap-count") or 0,
        }
    )


def _counters(peer: Element) -> Shape:
    ribs = every(peer, "bgp-rib")
    found: Shape = {
        f"{kind}_prefix_count": sum(integer(rib, f"{kind}-prefix-count") or 0 for rib in ribs) if ribs else -1
        for kind in ("active", "received", "accepted", "suppressed", "advertised")
    }
    for counter in ("input_messages", "output_messages", "input_updates", "output_updates"):
        value = integer(peer, counter.replace("_", "-"))
        found[counter] = -1 if value is None else value
    found["messages_queued_out"] = sum(integer(queue, "count") or 0 for queue in every(peer, "bgp-output-queue"))
    return found


def _endpoint(shown: str | None) -> tuple[str, int]:
    """`192.0.2.1+50877`: an address and its port, BGP's own where none is told."""
    port = (shown or "").partition("+")[2]
    return _address(shown), int(port) if port.isdigit() else 179


def _address(shown: str | None) -> str:
    return notation.address(shown) or (shown or "")
