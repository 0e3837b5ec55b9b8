"""NAPALM's get_bgp_config, from the records of the running configuration."""

from __future__ import annotations

from typing import Any

from netloom.compat.napalm.replies import Replies
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.bgp_peer_group import BgpAddressFamily, BgpPeerGroup
from netloom.platforms.cisco_nxos import bgp, bgp_neighbor, bgp_peer_group
from netloom.platforms.contract import load_platform

_NO_GROUP = "_"
_FAMILIES = {"ipv4-unicast": "inet", "ipv6-unicast": "inet6"}


def get_bgp_config(asked: Replies) -> object:
    """Groups with their neighbors, those without a group under `_`; VRFs other than the default are left out."""
    config = load_platform("cisco_nxos").parse(asked.first("show running-config", "show running-config | section bgp"))
    instance = next((each for each in bgp.configured(config) if each.vrf == "default"), None)
    if instance is None:
        return {}
    asn = instance.asn
    groups = {each.name: _group(each, asn) for each in bgp_peer_group.configured(config) if each.vrf == "default"}
    groups[_NO_GROUP] = _group(BgpPeerGroup(_NO_GROUP), asn)
    for each in bgp_neighbor.configured(config):
        if each.vrf == "default":
            group = groups.get(each.peer_group or _NO_GROUP, groups[_NO_GROUP])
            group["neighbors"][each.peer] = _neighbor(each, asn)
    return groups


def _remote(record: BgpNeighbor | BgpPeerGroup, asn: int) -> int:
    return record.remote_as if isinstance(record.remote_as, int) else asn if record.remote_as == "internal" else 0


def _shared(record: BgpNeighbor | BgpPeerGroup, asn: int) -> dict[str, Any]:
    families = record.address_families
    return {
        "description": record.description or "",
        "local_address": record.update_source or "",
        "local_as": record.local_as or asn,
        "remote_as": _remote(record, asn),
        "import_policy": next((family.policy_in for family in families if family.policy_in), ""),
        "export_policy": next((family.policy_out for family in families if family.policy_out), ""),
        "prefix_limit": dict(limit for family in families if (limit := _limit(family))),
    }


def _limit(family: BgpAddressFamily) -> tuple[str, dict[str, Any]] | None:
    if family.maximum_prefix is None:
        return None
    teardown = {"threshold": 0, "timeout": 0}
    return _FAMILIES[family.name], {"unicast": {"limit": family.maximum_prefix, "teardown": teardown}}


def _group(record: BgpPeerGroup, asn: int) -> dict[str, Any]:
    remote = _remote(record, asn)
    return _shared(record, asn) | {
        "type": "" if not remote else "internal" if remote == asn else "external",
        "apply_groups": [],
        "multihop_ttl": record.ebgp_multihop or 0,
        "multipath": False,
        "remove_private_as": False,
        "neighbors": {},
    }


def _neighbor(record: BgpNeighbor, asn: int) -> dict[str, Any]:
    families = record.address_families
    return _shared(record, asn) | {
        "authentication_key": record.password or "",
        "nhs": any(family.next_hop_self for family in families),
        "route_reflector_client": any(family.route_reflector_client for family in families),
    }
