"""FRR's configuration by example: what is read, and what is typed to change it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from netloom.errors import Unsupported
from netloom.model.bgp import Bgp
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.bgp_peer_group import BgpAddressFamily
from netloom.model.config import Config, Line
from netloom.model.device import Device
from netloom.model.interface import Interface
from netloom.model.ospf_interface import OspfInterface
from netloom.model.prefix_list import PrefixList, PrefixListEntry
from netloom.model.route_map import RouteMap, RouteMapEntry
from netloom.model.static_route import StaticRoute
from netloom.platforms.contract import load_platform
from netloom.platforms.lines import unmodelled

FRR = load_platform("frr")
SAMPLES = Path(__file__).parents[2].parent / "shared/samples/lab-validation"

RUNNING = """\
Building configuration...

Current configuration:
!
frr version 8.4.4
frr defaults traditional
hostname leaf1
log syslog informational
service integrated-vtysh-config
!
ip route 10.50.0.0/16 10.1.0.9 tag 5 200
ip route 10.51.0.0/16 Null0
!
interface eth1
 description to spine 1
 ip address 10.1.0.1/24
 ip ospf area 0
 ip ospf message-digest-key 1 md5 hunter2
exit
!
router bgp 65000
 no bgp ebgp-requires-policy
 neighbor GA peer-group
 neighbor GA remote-as external
 neighbor 10.1.0.2 remote-as 65001
 neighbor 10.1.0.2 password sesame
 neighbor 10.1.0.3 peer-group GA
 neighbor eth1 interface peer-group GA
 !
 address-family ipv4 unicast
  network 10.0.0.0/8
  redistribute connected metric 5 route-map RM
  neighbor GA route-map RM in
  neighbor 10.1.0.2 route-map RM in
 exit-address-family
exit
!
ip prefix-list PL seq 5 permit 10.0.0.0/8 le 24
ip prefix-list PL seq 10 deny any
!
route-map RM permit 10
 match ip address prefix-list PL
 set large-community 1:2:3
exit
!
end
"""


def config() -> Config:
    return FRR.parse(RUNNING)


def module(noun: str) -> Any:
    found = FRR.module(noun)
    assert found is not None
    return found


def typed(noun: str, have: Any, want: Any, base: Config | None = None) -> list[str]:
    return FRR.script(module(noun).render(have, want, base or config()))


def only(noun: str, **fields: Any) -> Any:
    found = [
        record
        for record in module(noun).configured(config())
        if all(getattr(record, name) == value for name, value in fields.items())
    ]
    assert len(found) == 1
    return found[0]


def test_the_archive_keeps_what_frr_can_load_again_and_nothing_that_changes_by_itself() -> None:
    text = FRR.normalise(RUNNING.replace("\n", "  \r\n"))
    assert text.startswith("!\nfrr version 8.4.4\n")
    assert FRR.normalise(text) == text
    assert FRR.parse(text) == config()


def test_a_section_is_written_as_frr_writes_it() -> None:
    text = FRR.format(FRR.parse("router bgp 1\n address-family ipv4 unicast\n  network 10.0.0.0/8\nvrf RED\n vni 5\n"))
    assert text == (
        "router bgp 1\n !\n address-family ipv4 unicast\n  network 10.0.0.0/8\n exit-address-family\nexit\n!\n"
        "vrf RED\n vni 5\nexit-vrf\n!\n"
    )


@pytest.mark.parametrize("noun", [name for name in FRR.nouns() if hasattr(FRR.module(name), "configured")])
def test_configured_needs_no_change(noun: str) -> None:
    for record in module(noun).configured(config()):
        assert module(noun).render(record, record, config()) == []


def test_what_no_noun_models_is_told() -> None:
    assert {str(line) for line in unmodelled(FRR, config())} == {
        "frr version 8.4.4",
        "frr defaults traditional",
        "log syslog informational",
        "service integrated-vtysh-config",
        "interface eth1 > ip ospf message-digest-key 1 md5 hunter2",
        "router bgp 65000 > neighbor 10.1.0.2 password sesame",
        "route-map RM permit 10 > set large-community 1:2:3",
    }


def test_a_description_changes_in_its_place() -> None:
    have = only("interface", name="eth1")
    assert typed("interface", have, replace(have, description="spine  1")) == [
        "interface eth1",
        "description spine 1",
        "exit",
    ]


def test_an_interface_loses_what_is_modelled_and_nothing_else() -> None:
    lines = module("interface").render(only("interface", name="eth1"), None, config())
    after = FRR.apply_lines(config(), lines)
    assert set(after.section("interface eth1")) == {"ip ospf area 0", "ip ospf message-digest-key 1 md5 hunter2"}


def test_a_neighbor_that_joins_a_group_is_made_anew_with_what_nobody_models() -> None:
    have = only("bgp_neighbor", peer="10.1.0.2")
    want = BgpNeighbor(peer="10.1.0.2", peer_group="GA")
    assert typed("bgp_neighbor", have, want) == [
        "router bgp 65000",
        "no neighbor 10.1.0.2",
        "neighbor 10.1.0.2 peer-group GA",
        "neighbor 10.1.0.2 password sesame",
        "exit",
    ]


def test_a_neighbor_goes_by_one_line() -> None:
    lines = module("bgp_neighbor").render(only("bgp_neighbor", peer="10.1.0.2"), None, config())
    assert lines == [Line("no neighbor 10.1.0.2", ("router bgp 65000",))]
    assert not [line for line in FRR.apply_lines(config(), lines).lines() if "10.1.0.2" in line.text]


def test_a_member_with_an_as_of_its_own_goes_too() -> None:
    """Each of its lines would take the other along; one of them has to be sent."""
    kept = "router bgp 65001\n neighbor G peer-group\n"
    member = " neighbor 10.1.0.2 remote-as 65002\n neighbor 10.1.0.2 peer-group G\n"
    have, want = FRR.parse(kept + member), FRR.parse(kept)
    assert FRR.apply_lines(have, FRR.delta(have, want)) == want


def test_another_as_number_takes_everything_along() -> None:
    have = only("bgp", vrf="default")
    lines = module("bgp").render(have, replace(have, asn=65009), config())
    after = FRR.apply_lines(config(), lines)
    assert lines[0] == Line("no router bgp 65000")
    assert after.section("router bgp 65009") == config().section("router bgp 65000")


def test_a_policy_changes_and_options_that_nobody_models_stay() -> None:
    have = only("bgp", vrf="default")
    want = replace(have, redistribute=(replace(have.redistribute[0], policy="RM2"),))
    after = FRR.apply_lines(config(), module("bgp").render(have, want, config()))
    family = after.section("router bgp 65000", "address-family ipv4 unicast")
    assert "redistribute connected metric 5 route-map RM2" in family


def test_a_member_does_not_repeat_its_group() -> None:
    family = BgpAddressFamily("ipv4-unicast", policy_in="RM", activate=True)
    have = only("bgp_neighbor", peer="10.1.0.3")
    assert typed("bgp_neighbor", have, replace(have, address_families=(family,))) == []


def test_a_rule_moves_to_another_number_by_going_first() -> None:
    have = only("prefix_list", name="PL")
    want = PrefixList("PL", entries=(replace(have.entries[0], sequence=7), have.entries[1]))
    assert typed("prefix_list", have, want) == [
        "no ip prefix-list PL seq 5",
        "ip prefix-list PL seq 7 permit 10.0.0.0/8 le 24",
    ]


def test_a_rule_that_frr_would_ignore_is_refused() -> None:
    entry = PrefixListEntry(5, "deny", "any")
    with pytest.raises(ValueError, match=r"prefix list X: expected different rules, got entry 9 equal to entry 5"):
        typed("prefix_list", None, PrefixList("X", entries=(entry, replace(entry, sequence=9))))


def a_list(*, prefix: str, le: int) -> PrefixList:
    return PrefixList("X", entries=(PrefixListEntry(5, "deny", prefix, le=le),))


@pytest.mark.parametrize(
    ("noun", "want", "message"),
    [
        ("prefix_list", a_list(prefix="10.0.0.0/8", le=4), "got 10.0.0.0/8 ge None le 4"),
        ("prefix_list", a_list(prefix="any", le=4), "got any ge None le 4"),
        ("route_map", RouteMapEntry(10, "permit", match_metric=0), "expected match_metric 1–4294967295, got 0"),
        ("route_map", RouteMapEntry(10, "deny", on_match="next"), "expected on_match with permit only"),
        ("route_map", RouteMapEntry(10, "permit", on_match="goto 10"), "`goto` a later entry, got 'goto 10'"),
        ("bgp_neighbor", BgpNeighbor("10.1.0.9"), "expected remote_as or peer_group, got neither"),
        ("bgp_neighbor", BgpNeighbor("10.1.0.9", remote_as=65000, ebgp_multihop=2), "expected no ebgp_multihop"),
        ("bgp_neighbor", BgpNeighbor("eth1", unnumbered=True, peer_group="GA", update_source="lo"), "by interface"),
    ],
)
def test_what_frr_would_refuse_is_refused_first(noun: str, want: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        module(noun).render(None, RouteMap("X", (want,)) if isinstance(want, RouteMapEntry) else want, config())


def test_lists_and_maps_go_as_a_whole() -> None:
    assert typed("prefix_list", only("prefix_list", name="PL"), None) == ["no ip prefix-list PL"]
    assert typed("route_map", only("route_map", name="RM"), None) == ["no route-map RM"]


def test_null0_is_a_black_hole() -> None:
    assert StaticRoute("10.51.0.0/16", interface="blackhole") in module("static_route").configured(config())


@pytest.mark.parametrize(
    ("noun", "want", "message"),
    [
        ("interface", Interface("eth1", mtu=9000), "interface eth1: FRR cannot set the MTU"),
        ("device", Device("leaf2"), "FRR cannot set the host name"),
        ("bgp_neighbor", BgpNeighbor("10.1.0.2", vrf="RED", remote_as=1), "there is no BGP instance in VRF RED"),
    ],
)
def test_what_frr_cannot_do_is_refused_before_anything_is_sent(noun: str, want: Any, message: str) -> None:
    with pytest.raises(Unsupported, match=message):
        module(noun).render(None, want, config())


def test_the_datacenter_profile_has_other_defaults() -> None:
    base = FRR.parse("frr defaults datacenter\nrouter bgp 65000\n")
    [bgp] = module("bgp").configured(base)
    assert (bgp.ebgp_requires_policy, bgp.log_neighbor_changes) == (False, True)
    assert module("bgp").render(bgp, Bgp(65000, ebgp_requires_policy=False, log_neighbor_changes=True), base) == []
    assert module("bgp").render(bgp, Bgp(65000), base) == []
    assert typed("bgp", bgp, Bgp(65000, ebgp_requires_policy=True, log_neighbor_changes=False), base) == [
        "router bgp 65000",
        "bgp ebgp-requires-policy",
        "no bgp log-neighbor-changes",
        "exit",
    ]


def test_the_default_family_decides_which_activations_are_shown() -> None:
    lines = [Line("no bgp default ipv4-unicast", ("router bgp 65000",))]
    family = FRR.apply_lines(config(), lines).section("router bgp 65000", "address-family ipv4 unicast")
    assert [text for text in family if "activate" in text] == ["neighbor 10.1.0.2 activate", "neighbor GA activate"]


@pytest.mark.parametrize(
    "line",
    [
        "neighbor 10.1.0.2 password sesame",
        " neighbor PG password sesame",
        " ip ospf authentication-key sesame",
        " ip ospf message-digest-key 1 md5 sesame",
        "enable password sesame",
        "password 8 sesame",
        "  key-string sesame",
        " isis password md5 sesame",
        " ip rip authentication string sesame",
        "snmp-server community sesame ro",
    ],
)
def test_secrets_are_found(line: str) -> None:
    text = f"hostname r1\n{line}\nend\n"
    found = [match["secret"] for pattern in FRR.secrets for match in pattern.finditer(text)]
    assert found
    assert set(found) == {"sesame"}


def frr_samples() -> Iterator[Any]:
    for path in sorted(SAMPLES.rglob("*.cfg")) if SAMPLES.is_dir() else []:
        if "frr defaults" in path.read_text(errors="replace"):
            yield pytest.param(path, id=str(path.relative_to(SAMPLES)))


@pytest.mark.samples
@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no samples beside the checkout")
@pytest.mark.parametrize("path", list(frr_samples()))
def test_configurations_of_others_lose_no_line(path: Path) -> None:
    text = path.read_text().partition("#frr version\n")[2]
    kept = {line.strip() for line in text.splitlines() if line.strip(" !")}
    parsed = FRR.parse(text)
    assert {line.text for line in parsed.lines()} == kept
    assert FRR.delta(parsed, parsed) == []
    assert FRR.parse(FRR.format(parsed)) == parsed
    modelled = {line for noun in FRR.nouns() for line in lines_of(noun, parsed)}
    assert modelled & set(unmodelled(FRR, parsed)) == set()
    assert {line for line in parsed.lines() if line not in modelled} >= set(unmodelled(FRR, parsed))


def lines_of(noun: str, parsed: Config) -> list[Line]:
    if not hasattr(module(noun), "configured"):
        return []
    return [line for record in module(noun).configured(parsed) for line in module(noun).lines(record, parsed)]


def test_passive_interfaces_of_older_releases_are_read_from_the_instance() -> None:
    base = FRR.parse("interface swp2\n ip ospf area 0\n!\nrouter ospf\n passive-interface swp2\n")
    [interface] = module("ospf_interface").configured(base)
    assert interface == OspfInterface("swp2", area="0", passive=True)
    assert typed("ospf_interface", interface, replace(interface, passive=None), base) == [
        "router ospf",
        "no passive-interface swp2",
        "exit",
    ]
