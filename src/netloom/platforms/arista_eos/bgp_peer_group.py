"""BGP peer groups of an EOS switch: all stand in the default instance, for every VRF."""

from __future__ import annotations

import re

from netloom.errors import Unsupported
from netloom.model.bgp_peer_group import BgpPeerGroup
from netloom.model.config import Config, Line
from netloom.platforms.arista_eos.bgp_instance import instance_for, instances, needed, said
from netloom.platforms.arista_eos.bgp_settings import canonical_settings, refuse, setting_lines, settings
from netloom.platforms.arista_eos.change import change
from netloom.platforms.arista_eos.rules import rules_of
from netloom.platforms.arista_eos.syntax import peer_group
from netloom.platforms.bgp_lines import remote_as_text
from netloom.platforms.draft import Draft
from netloom.platforms.line_words import word
from netloom.platforms.lines import delta

_WORDS = ("peer group", "peer-group")


def configured(config: Config) -> list[BgpPeerGroup]:
    """Every group."""
    return [
        BgpPeerGroup(name=name, vrf=found.vrf, **settings(its, name))
        for found in instances(config)
        for name, its in said(found.section).items()
        if any(words in its.lines for words in _WORDS)
    ]


def lines(record: BgpPeerGroup, config: Config) -> list[Line]:
    """Its lines in the instance and in the address families; none where there is no instance."""
    there = instance_for(config, record.vrf)
    if there is None:
        return []
    start = f"neighbor {record.name}"
    words = next((words for words in _WORDS if f"{start} {words}" in there.section), peer_group(config))
    found = [Line(f"{start} {words}", there.path)]
    if record.remote_as is not None:
        found.append(Line(remote_as_text(there.section, record.remote_as, f"{start} "), there.path))
    return found + setting_lines(record, record.name, there)


def render(have: BgpPeerGroup | None, want: BgpPeerGroup | None, config: Config) -> list[Line]:
    """The least change; a group that goes takes its members' membership along, and those that are nothing without."""
    if want is not None:
        title = f"BGP peer group {want.name}"
        if want.vrf != "default":
            raise Unsupported(f"{title}: EOS has groups for all VRFs at once", device="", hint="leave its vrf away")
        needed(config, want.vrf, title)
        refuse(want, title, want.name)
    if have is not None and want is None:
        return _without(have, config)
    return change(have, want, config, lines)


def _without(have: BgpPeerGroup, config: Config) -> list[Line]:
    target = Draft(config, rules_of(config))
    for found in instances(config):
        for name, its in said(found.section).items():
            member = any(f"{words} {have.name}" in its.lines for words in _WORDS)
            if (member and word(its.lines, "remote-as ") is None) or (name == have.name and found.vrf == have.vrf):
                target.drop_matching(found.path, re.compile(rf"neighbor {re.escape(name)} .*"))
            elif member:
                target.drop_matching(found.path, re.compile(rf"neighbor {re.escape(name)} peer[ -]group .*"))
    return delta(config, target.config(), rules_of(config))


def canonical(record: BgpPeerGroup) -> BgpPeerGroup:
    """As EOS shows it."""
    return canonical_settings(record)
