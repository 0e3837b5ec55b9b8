"""What holds for every plan, whatever is configured and whatever is wished for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.intent.toy_platform import TOY, text_of

from netloom.intent.merge import canonical
from netloom.intent.plan import Target, plan_device, plan_towards
from netloom.intent.planned import DevicePlan
from netloom.intent.wish import Place, Said, Stated, Wish
from netloom.model.bgp import Bgp, BgpNetwork
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.bgp_peer_group import BgpAddressFamily
from netloom.model.interface import Interface
from netloom.model.noun import Record, nouns
from netloom.model.prefix_list import PrefixList, PrefixListEntry
from netloom.model.route_map import RouteMap, RouteMapEntry

PLACE = Place("intent/a.yml", 1, 1)
NAMES = {noun.record: name for name, noun in nouns().items()}
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

names = st.sampled_from(["A", "B", "C"])
ports = st.sampled_from(["eth0", "eth1", "eth2"])
addresses = st.sampled_from(["10.0.0.0/31", "10.0.0.2/31", "10.0.0.4/31"])
entries = st.builds(PrefixListEntry, st.sampled_from([5, 10, 100]), st.sampled_from(["permit", "deny"]), st.just("any"))
terms = st.builds(
    RouteMapEntry,
    st.sampled_from([10, 20]),
    st.just("permit"),
    match_prefix_list=st.none() | names,
    call=st.none() | names,
)


def parts(part: st.SearchStrategy[Record]) -> st.SearchStrategy[tuple[Record, ...]]:
    return st.lists(part, max_size=3, unique_by=lambda made: made.key).map(tuple)


records = st.one_of(
    st.builds(
        Interface,
        ports,
        st.none() | st.just("up"),
        st.lists(addresses, max_size=2, unique=True).map(tuple),
        st.none() | st.just(9000),
        st.booleans(),
    ),
    st.builds(PrefixList, names, entries=parts(entries)),
    st.builds(RouteMap, names, parts(terms)),
    st.builds(Bgp, st.sampled_from([65001, 65002]), networks=parts(st.builds(BgpNetwork, st.just("10.0.0.0/8")))),
    st.builds(
        BgpNeighbor,
        st.sampled_from(["10.0.0.1", "10.0.0.3"]),
        remote_as=st.sampled_from([65100, 65200]),
        address_families=parts(
            st.builds(
                BgpAddressFamily, st.just("ipv4-unicast"), policy_in=st.none() | names, policy_out=st.none() | names
            )
        ),
    ),
)


def complete(made: Sequence[Record]) -> list[Record]:
    """Neighbors stand in an instance."""
    if any(isinstance(record, BgpNeighbor) for record in made) and not any(isinstance(record, Bgp) for record in made):
        return [*made, Bgp(65001)]
    return list(made)


def name(record: Record) -> tuple[str, tuple[str, ...]]:
    return NAMES[type(record)], record.key


configs = st.lists(records, max_size=8, unique_by=name).map(complete)


def stated(record: Record, keep: set[str]) -> Stated:
    """A record as a person states it, with some of its fields."""
    made = {}
    for field in fields(record):  # type: ignore[arg-type] # a dataclass
        value = getattr(record, field.name)
        if field.name in record.IDENTITY or field.name in keep or field.name in ("asn", "remote_as"):
            of_parts = isinstance(value, tuple) and value and isinstance(value[0], Record)
            made[field.name] = tuple(whole(part) for part in value) if of_parts else Said(value, PLACE)
    return Stated(record=type(record), key=record.key, fields=made, places=(PLACE,), noun=NAMES.get(type(record), ""))


def whole(record: Record) -> Stated:
    everything = {field.name for field in fields(record)}  # type: ignore[arg-type] # a dataclass
    return stated(record, everything)


def held(running: str, made: DevicePlan) -> None:
    """The lines lead to what is predicted, and the inverse back."""
    base, predicted = TOY.parse(running), TOY.parse(made.predicted)
    assert TOY.apply_lines(base, made.lines) == predicted
    assert TOY.apply_lines(predicted, made.inverse) == base


@QUICK
@given(have=configs, want=configs)
def test_owning_everything_leads_to_exactly_what_is_wished(have: Sequence[Record], want: Sequence[Record]) -> None:
    running = text_of(have, "foreign line")
    wish = Wish(tuple(map(whole, want)), frozenset(nouns()))
    made = plan_device("r1", TOY, running, wish)
    held(running, made)
    found = TOY.parse(made.predicted)
    assert "foreign line" in found.tree
    modelled = {name(record): record for noun in TOY.nouns() for record in _configured(noun, made.predicted)}
    assert modelled == {name(record): canonical(record) for record in want}
    assert plan_device("r1", TOY, made.predicted, wish).empty


@QUICK
@given(have=configs, want=configs, keep=st.sets(st.sampled_from(["mtu", "addresses", "entries", "address_families"])))
def test_merging_holds_what_is_stated_and_leaves_the_rest(
    have: Sequence[Record], want: Sequence[Record], keep: set[str]
) -> None:
    running = text_of(have)
    wish = Wish(tuple(stated(record, keep) for record in want))
    made = plan_device("r1", TOY, running, wish)
    held(running, made)
    after = {name(record): record for noun in TOY.nouns() for record in _configured(noun, made.predicted)}
    assert after.keys() == {name(record) for record in (*have, *want)}
    for record in have:
        if name(record) not in {name(wished) for wished in want}:
            assert after[name(record)] == canonical(record)
    for wished in wish.objects:
        for field, said in wished.fields.items():
            if isinstance(said, Said):
                assert getattr(after[wished.noun, wished.key], field) == said.value
    assert plan_device("r1", TOY, made.predicted, wish).empty


@QUICK
@given(have=configs, want=configs)
def test_a_text_is_reached_line_by_line(have: Sequence[Record], want: Sequence[Record]) -> None:
    running, target = text_of(have, "foreign a"), text_of(want, "foreign b")
    made = plan_towards("r1", TOY, running, Target(target, "commit 1"))
    held(running, made)
    assert TOY.parse(made.predicted) == TOY.parse(target)
    assert plan_towards("r1", TOY, made.predicted, Target(target, "commit 1")).empty


@QUICK
@given(have=configs, want=configs)
def test_the_referred_stands_while_anything_refers_to_it(have: Sequence[Record], want: Sequence[Record]) -> None:
    wish = Wish(tuple(map(whole, want)), frozenset(nouns()))
    operations = plan_device("r1", TOY, text_of(have), wish).operations
    first = {(operation.noun, operation.key): at for at, operation in reversed(list(enumerate(operations)))}
    for at, operation in enumerate(operations):
        record = operation.after or operation.before
        assert record is not None
        for ref in record.refs:
            other = first.get((ref.noun, ref.key))
            if other is None or operations[other].action == "update" or _circular(record):
                continue
            if operation.action == operations[other].action == "create":
                assert other < at
            if operation.action == "delete" and operations[other].action == "delete":
                assert at < other or not operation.lines


def _circular(record: Record) -> bool:
    """Route maps may call each other in a circle: there is no order for that."""
    return isinstance(record, RouteMap) and any(entry.call for entry in record.entries)


def _configured(noun: str, text: str) -> list[Record]:
    module = TOY.module(noun)
    assert module is not None
    return [canonical(record) for record in module.configured(TOY.parse(text))]


def test_the_same_input_gives_the_same_plan() -> None:
    running = text_of([Interface("eth0"), Bgp(65001), BgpNeighbor("10.0.0.1", remote_as=1)])
    wish = Wish(tuple(map(whole, [RouteMap("A"), RouteMap("B"), Interface("eth1")])), frozenset(["interface"]))
    assert plan_device("r1", TOY, running, wish) == plan_device("r1", TOY, running, wish)
