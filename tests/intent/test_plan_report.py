from __future__ import annotations

import json
from datetime import UTC, datetime

from tests.intent.toy_platform import TOY, text_of

from netloom.intent.assemble import make_plan
from netloom.intent.compare import Counts, FieldChange, ObjectChange, counts, describe_device
from netloom.intent.plan import Target, plan_towards
from netloom.intent.planned import DevicePlan, Plan
from netloom.intent.report import gitlab_report, plan_markdown, plan_text
from netloom.intent.secrecy import shown
from netloom.model.bgp import Bgp
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.bgp_peer_group import BgpAddressFamily
from netloom.model.config import Line
from netloom.model.interface import Interface
from netloom.model.prefix_list import PrefixList, PrefixListEntry

NOW = datetime(2026, 11, 20, tzinfo=UTC)
RUNNING = text_of(
    [
        Interface("eth0", mtu=9000),
        Bgp(65001),
        BgpNeighbor("10.0.0.1", remote_as=1, address_families=(BgpAddressFamily("ipv4-unicast", policy_in="IN"),)),
        PrefixList("OLD"),
    ],
    "user a password geheim",
)
WANTED = text_of(
    [
        Interface("eth0", description="up", addresses=("10.0.0.0/31",)),
        Bgp(65001),
        BgpNeighbor("10.0.0.1", remote_as=1, address_families=(BgpAddressFamily("ipv4-unicast", policy_in="NEW"),)),
        PrefixList("L", entries=(PrefixListEntry(5, "permit", "10.0.0.0/8", le=24),)),
    ],
)


def hide(_: DevicePlan, line: Line) -> str:
    return shown(line, TOY.secrets)


def made() -> Plan:
    changed = plan_towards("leaf1", TOY, RUNNING, Target(WANTED, "commit 1"))
    same = plan_towards("leaf2", TOY, WANTED, Target(WANTED, "commit 1"))
    return make_plan([changed, same], created_at=NOW)


def describe(plan: Plan) -> list[ObjectChange]:
    return [row for device in plan.devices for row in describe_device(device, hide)]


def test_rows_tell_each_field_before_and_after() -> None:
    rows = {row.name: row for row in describe(made())}
    assert rows["interface eth0"].fields == (
        FieldChange("description", None, "up"),
        FieldChange("addresses", None, "10.0.0.0/31"),
        FieldChange("mtu", "9000", None),
    )
    assert rows["bgp_neighbor default 10.0.0.1"].fields == (
        FieldChange("address_families[ipv4-unicast].policy_in", "IN", "NEW"),
    )
    assert rows["prefix_list ipv4 L"].fields == (
        FieldChange("entries[5]", None, "action permit, prefix 10.0.0.0/8, le 24"),
    )
    assert rows["prefix_list ipv4 OLD"].action == "delete"
    assert rows["lines"].lines == ("no user a password …",)


def test_text_tells_what_changes_why_and_at_what_risk() -> None:
    text = plan_text(made(), hide=hide)
    assert (
        text
        == f"""\
leaf1 (toy): 1 to create, 3 to update, 1 to delete
~ bgp_neighbor default 10.0.0.1  (commit 1)
~     address_families[ipv4-unicast].policy_in: IN → NEW
~ interface eth0  (commit 1)
~     description: not set → up
~     addresses: not set → 10.0.0.0/31
~     mtu: 9000 → not set
+ prefix_list ipv4 L  (commit 1)
+     entries[5]: action permit, prefix 10.0.0.0/8, le 24
- prefix_list ipv4 OLD  (commit 1)
~ lines  (commit 1)
      | no user a password …
! high missing_reference: bgp_neighbor default 10.0.0.1 names route_map NEW, which is not there
! high unmodelled_lines_removed: lines that no noun knows are removed: user a password …
! medium filter_removed: prefix_list ipv4 OLD is removed

Plan {made().id}: 1 to create, 3 to update, 1 to delete, on 1 of 2 devices, 2 high risks.
"""
    )


def test_nothing_to_do_is_one_line() -> None:
    same = plan_towards("leaf2", TOY, WANTED, Target(WANTED, "commit 1"))
    assert plan_text(make_plan([same], created_at=NOW)) == "Nothing to do: 1 device as wished.\n"


def test_no_form_shows_a_secret() -> None:
    for text in (
        plan_text(made(), lines=True, hide=hide),
        plan_markdown(made(), hide=hide),
        str(describe(made())),
    ):
        assert "user a password" in text
        assert "geheim" not in text


def test_markdown_keeps_foreign_text_in_its_place() -> None:
    nasty = RUNNING + "banner ``` </details> | \x1b[31m\n"
    device = plan_towards("a|b<c>", TOY, RUNNING, Target(nasty, "commit 1"))
    text = plan_markdown(make_plan([device], created_at=NOW), hide=hide)
    assert "| a\\|b&lt;c&gt; | 0 |" in text
    assert "````diff" in text
    assert "\x1b" not in text


def test_gitlab_gets_its_counts() -> None:
    assert json.loads(gitlab_report(made())) == {"create": 1, "update": 3, "delete": 1}


def test_an_object_changed_in_two_steps_counts_once() -> None:
    old = text_of([Bgp(65001), BgpNeighbor("10.0.0.1", remote_as=1)])
    device = plan_towards("leaf1", TOY, old, Target(text_of([Bgp(65002), BgpNeighbor("10.0.0.1", remote_as=2)]), "x"))
    assert [operation.action for operation in device.operations] == ["update", "update", "create"]
    assert counts([device]) == Counts(update=2)
