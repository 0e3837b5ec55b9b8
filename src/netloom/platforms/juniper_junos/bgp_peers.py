"""What BGP groups and neighbors have in common on Junos: their settings as fields and as statements.

Import and export policies are not a family's on Junos but the peer's: they are told of every family that the peer has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal, TypeVar

from netloom.errors import Unsupported
from netloom.model.bgp import Bgp
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.bgp_peer_group import BgpAddressFamily, BgpPeerGroup
from netloom.model.config import Config, Tree
from netloom.platforms.juniper_junos.spelling import Words
from netloom.platforms.juniper_junos.statements import number, only, section, text, text_path, value

Peer = TypeVar("Peer", BgpNeighbor, BgpPeerGroup)
FamilyName = Literal["ipv4-unicast", "ipv6-unicast"]

_FAMILIES: Mapping[FamilyName, str] = {"ipv4-unicast": "inet", "ipv6-unicast": "inet6"}
_WORDS = {"update_source": "local-address", "password": "authentication-key"}
_NUMBERS = {"hold_time_s": "hold-time", "advertisement_interval_s": "out-delay", "local_as": "local-as"}
_DEFAULT_TTL = 64
_BFD_INTERVAL = 300
_CANNOT = ("connect_retry_s", "bfd_profile", "password_type")
_FAMILY_CANNOT = ("prefix_list_in", "prefix_list_out", "next_hop_self", "default_originate")


def settings(below: Tree, effective: tuple[FamilyName, ...]) -> dict[str, Any]:
    """The fields that groups and neighbors share; `effective` are the families where none is stated."""
    found: dict[str, Any] = {field: value(below, word) for field, word in _WORDS.items()}
    found |= {field: number(below, word) for field, word in _NUMBERS.items()}
    multihop = below.get("multihop")
    return found | {
        "description": text(below, "description"),
        "ebgp_multihop": None if multihop is None else number(multihop, "ttl") or _DEFAULT_TTL,
        "bfd": "bfd-liveness-detection" in below,
        "enabled": "shutdown" not in below,
        "address_families": tuple(_families(below, effective)),
    }


def stated_families(below: Tree) -> tuple[FamilyName, ...]:
    """The families that a group, a neighbor or the whole instance names."""
    stated = below.get("family", {})
    return tuple(name for name, word in _FAMILIES.items() if "unicast" in stated.get(word, {}))


def setting_paths(record: BgpNeighbor | BgpPeerGroup, base: Words, config: Config) -> list[Words]:
    """The statements of those fields."""
    there = section(config, *base)
    found: list[Words] = []
    if record.description is not None:
        found.append(text_path(config, (*base, "description"), record.description))
    for field, word in (_WORDS | _NUMBERS).items():
        if (said := getattr(record, field)) is not None:
            found.append((*base, word, str(said)))
    if record.ebgp_multihop is not None:
        bare = record.ebgp_multihop == _DEFAULT_TTL and "multihop" in there and not there["multihop"].get("ttl")
        found.append((*base, "multihop"))
        found += [] if bare else [(*base, "multihop", "ttl", str(record.ebgp_multihop))]
    if record.bfd:
        path = (*base, "bfd-liveness-detection")
        interval = value(there.get(path[-1], {}), "minimum-interval")
        found.append(path)
        if interval is not None or path[-1] not in there:
            found.append((*path, "minimum-interval", interval or str(_BFD_INTERVAL)))
    if not record.enabled:
        found.append((*base, "shutdown"))
    return found + list(_family_paths(record, base, there))


def canonical_settings(record: Peer) -> Peer:
    """As Junos shows it: communities are always sent, refused routes are kept, a hold time tells the keepalive."""
    families = [_canonical_family(family) for family in record.address_families]
    stated = sorted((each for each in families if each != BgpAddressFamily(each.name)), key=lambda each: each.name)
    return replace(record, address_families=tuple(stated), keepalive_s=own_keepalive(record))


def own_keepalive(record: BgpNeighbor | BgpPeerGroup | Bgp) -> int | None:
    """A keepalive that the hold time does not tell already: it is a third of that."""
    third = record.hold_time_s // 3 if record.hold_time_s is not None else None
    return None if record.keepalive_s == third else record.keepalive_s


def refuse(record: BgpNeighbor | BgpPeerGroup, title: str) -> None:
    """Raise Unsupported for what Junos cannot do."""
    for field in _CANNOT:
        if getattr(record, field) is not None:
            raise Unsupported(f"{title}: Junos has no {field}", device="")
    if own_keepalive(record) is not None:
        hint = "leave keepalive_s out, or state a third of hold_time_s"
        raise Unsupported(f"{title}: Junos sends keepalives at a third of the hold time", device="", hint=hint)
    for family in record.address_families:
        for field in _FAMILY_CANNOT:
            if getattr(family, field):
                hint = "let a policy (policy_in, policy_out) do it"
                raise Unsupported(f"{title}, {family.name}: Junos has no {field}", device="", hint=hint)
    if any(family.activate is False for family in record.address_families) and not any(
        family.activate for family in record.address_families
    ):
        raise Unsupported(f"{title}: Junos leaves a family out by naming the others", device="")
    for field in ("policy_in", "policy_out"):
        if len({name for family in record.address_families if (name := getattr(family, field))}) > 1:
            hint = "use a policy with `from family`, or a group for each family"
            raise Unsupported(f"{title}: Junos has one {field} for all families", device="", hint=hint)


def _families(below: Tree, effective: tuple[FamilyName, ...]) -> Iterator[BgpAddressFamily]:
    stated = stated_families(below)
    policy_in, policy_out = only(below, "import"), only(below, "export")
    reflects = "cluster" in below
    for name, word in _FAMILIES.items():
        if name not in (stated or effective):
            continue
        unicast = below.get("family", {}).get(word, {}).get("unicast", {})
        family = BgpAddressFamily(
            name=name,
            activate=True if name in stated else None,
            policy_in=policy_in,
            policy_out=policy_out,
            route_reflector_client=reflects,
            maximum_prefix=number(unicast.get("prefix-limit", {}), "maximum"),
            allow_as_in=number(unicast, "loops"),
        )
        if family != BgpAddressFamily(name):
            yield family


def _canonical_family(family: BgpAddressFamily) -> BgpAddressFamily:
    states = family.activate or family.maximum_prefix is not None or family.allow_as_in is not None
    return replace(family, activate=True if states else None, send_community=None, soft_reconfiguration_inbound=False)


def _family_paths(record: BgpNeighbor | BgpPeerGroup, base: Words, there: Tree) -> Iterator[Words]:
    families = [_canonical_family(family) for family in record.address_families]
    for family in families:
        if not family.activate:
            continue
        path = (*base, "family", _FAMILIES[family.name], "unicast")
        yield path
        if family.maximum_prefix is not None:
            yield (*path, "prefix-limit", "maximum", str(family.maximum_prefix))
        if family.allow_as_in is not None:
            yield (*path, "loops", str(family.allow_as_in))
    for field, word in (("policy_in", "import"), ("policy_out", "export")):
        if name := next((name for family in families if (name := getattr(family, field))), None):
            yield (*base, word, name)
    if any(family.route_reflector_client for family in families):
        cluster = value(there, "cluster")
        if cluster is not None:
            yield (*base, "cluster", cluster)
