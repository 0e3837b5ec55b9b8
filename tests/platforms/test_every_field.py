"""What is wished for shows in the next configuration, or is refused: no platform drops a field without a word."""

from __future__ import annotations

from typing import Any

import pytest
from tests.platforms.every_field import NAMES, samples, says, surroundings

from netloom.errors import Unsupported
from netloom.intent.fields import schema
from netloom.intent.merge import canonical
from netloom.intent.steer import plannable
from netloom.model.config import Config
from netloom.model.noun import Record, nouns
from netloom.platforms.contract import load_platform

NOUNS = {noun.record: name for name, noun in nouns().items()}

UNSAID: dict[str, dict[str, tuple[object, ...]]] = {
    # what holds without a word on these systems, in their own documentation or beside what else the sample says
    "arista_eos": {
        "bgp.log_neighbor_changes": (True,),
        "bgp.multipath_relax": (True,),
        "bgp.default_ipv4_unicast": (True,),
        "ospf.log_adjacency_changes": (True,),
        "ospf_interface.passive": (False,),
        "dns.lookup": (True,),
    },
    "cisco_ios": {
        "bgp.ebgp_requires_policy": (False,),
        "bgp_peer_group.address_families.activate": (False,),
        "bgp_neighbor.address_families.activate": (False,),
        "ospf_interface.passive": (False,),
        "dns.lookup": (True,),
    },
    "cisco_nxos": {
        "bgp.ebgp_requires_policy": (False,),
        "bgp.log_neighbor_changes": (False,),
        "bgp.multipath_relax": (False,),
        "bgp.default_ipv4_unicast": (False,),
        "bgp_neighbor.address_families.activate": (False,),
        "bgp_peer_group.address_families.activate": (False,),
        "ospf.log_adjacency_changes": (False,),
    },
    "frr": {
        "bgp_neighbor.address_families.activate": (True, False),
        "bgp_peer_group.address_families.activate": (True, False),
    },
    "juniper_junos": {
        "acl.type": ("standard",),
        "bgp.ebgp_requires_policy": (False,),
        "bgp.log_neighbor_changes": (False,),
        "bgp.multipath_relax": (False,),
        "bgp.default_ipv4_unicast": (True,),
        "bgp_peer_group.keepalive_s": (7,),  # a third of the hold time
        "bgp_peer_group.address_families.soft_reconfiguration_inbound": (True,),
        "bgp_peer_group.address_families.send_community": ("standard", "extended", "both", "large", "all"),
        "switchport.mode": ("routed",),
        "vrf.routing": (("ipv4", "ipv6"),),
        "ospf.router_id": ("10.0.0.9",),  # one for all protocols, told by bgp where there is one
        "ospf.log_adjacency_changes": (False,),
        "ospf_interface.passive": (False,),
        "dns.lookup": (True,),
    },
    "linux": {"static_route.interface": ("eth1",)},  # a next hop tells it
}


def rendered(platform: Any, config: Config, record: Record) -> Config | None:
    """The configuration with a record, None where it is refused."""
    module = plannable(platform)[NOUNS[type(record)]]
    have = next((found for found in module.configured(config) if found.key == record.key), None)
    try:
        return platform.apply_lines(config, module.render(have, record, config))  # type: ignore[no-any-return] # a Config
    except (Unsupported, ValueError):
        return None


def world(name: str) -> Config:
    """A configuration that holds all that the samples name, as far as the platform has it."""
    platform = load_platform(name)
    spoken = plannable(platform)
    config = platform.parse("")
    for record in surroundings(NAMES[name]):
        if NOUNS[type(record)] in spoken:
            config = rendered(platform, config, record) or config
    return config


@pytest.mark.parametrize("name", NAMES)
def test_no_field_is_dropped_without_a_word(name: str) -> None:
    spoken, config = plannable(load_platform(name)), world(name)
    dropped = []
    for record in samples(NAMES[name]):
        noun = NOUNS[type(record)]
        after = rendered(load_platform(name), config, record) if noun in spoken else None
        if after is None:
            continue
        spelled = canonical(getattr(spoken[noun], "canonical", lambda same: same)(record))
        shown = [found for found in spoken[noun].configured(after) if found.key in (record.key, spelled.key)]
        told = set(values(shown[0])) if shown else set()
        # another spelling is one of the field's own; a field that the spelling leaves out is one not told
        for field, said in values(record):
            ways = [said, *(other for known, other in values(spelled) if known == field)]
            if not any((field, way) in told for way in ways) and said not in UNSAID[name].get(f"{noun}.{field}", ()):
                dropped.append(f"{noun} {record.key} {field}: {said!r}")
    assert dropped == []


def values(record: Record) -> list[tuple[str, object]]:
    """What a record says beside its identity, and its parts' where they say nothing else."""
    return [(field, value) for field, key, value in says(record) if str(value) not in key]


def test_the_samples_say_every_field_of_every_noun() -> None:
    known = {f"{name}.{field}" for name, noun in nouns().items() if noun.record for field in fields(noun.record)}
    said = {f"{NOUNS[type(record)]}.{field}" for record in samples(NAMES["frr"]) for field, _, _ in says(record)}
    assert known - said == set()


def fields(record: type[Record], prefix: str = "") -> set[str]:
    found = set()
    for name, known in schema(record).items():
        found |= fields(known.part, f"{prefix}{name}.") if known.part is not None else {prefix + name}
    return found
