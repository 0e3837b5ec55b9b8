from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from tests.intent.toy_platform import TOY, text_of

from netloom.errors import PlanError
from netloom.intent.assemble import make_plan
from netloom.intent.plan import Target, plan_towards
from netloom.intent.planfile import dump_plan, load_plan, read_plan, save_plan
from netloom.intent.planned import Plan
from netloom.model.bgp import Bgp, BgpNetwork
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.bgp_peer_group import BgpAddressFamily
from netloom.model.route_map import RouteMap, RouteMapEntry

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)


@pytest.fixture
def plan() -> Plan:
    family = BgpAddressFamily("ipv4-unicast", policy_in="IN", activate=False)
    entry = RouteMapEntry(10, "permit", set_community=("65000:1", "no-export"), set_as_path_prepend=(1, 1))
    wanted = [
        Bgp(65002, networks=(BgpNetwork("10.0.0.0/8", "P"),)),
        BgpNeighbor("10.0.0.1", remote_as="external", description="«é»", address_families=(family,)),
        RouteMap("IN", (entry,)),
    ]
    running = text_of([Bgp(65001), BgpNeighbor("10.0.0.9", remote_as=1)], "user a password geheim")
    device = plan_towards("leaf1", TOY, running, Target(text_of(wanted), "commit 1"))
    same = plan_towards("leaf2", TOY, running, Target(running, "commit 1"))
    return make_plan([same, device], created_at=NOW)


def test_a_plan_comes_back_as_it_was_saved(plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "p.nlplan"
    save_plan(plan, path)
    assert load_plan(path) == plan
    assert dump_plan(load_plan(path)) == path.read_text()
    assert [device.device for device in plan.devices] == ["leaf1", "leaf2"]
    assert [device.device for device in plan.changed] == ["leaf1"]


def test_only_its_owner_can_read_it_and_nothing_is_left_beside_it(plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "p.nlplan"
    path.write_text("older")
    path.chmod(0o644)
    save_plan(plan, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_the_same_content_has_the_same_id(plan: Plan) -> None:
    assert make_plan(reversed(plan.devices), created_at=NOW).id == plan.id
    assert make_plan(plan.devices[:1], created_at=NOW).id != plan.id
    assert len(plan.id) == 12


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"action":"update"', '"action":"delete"'),
        ("65002", "65003"),
        ('"id":"', '"id":"x'),
        ("2026-11-20", "2026-11-21"),
    ],
)
def test_an_altered_plan_is_refused(plan: Plan, old: str, new: str) -> None:
    text = dump_plan(plan)
    assert old in text
    with pytest.raises(PlanError, match="altered after it was saved"):
        read_plan(text.replace(old, new, 1), "p")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "p is no plan"),
        ("[]", "p is no plan"),
        ("{}", "p is no plan"),
        ('{"netloom_plan": 2}', "expected a plan of version 1, got 2"),
        ("[" * 100_000, "p is no plan"),
    ],
)
def test_what_is_no_plan_is_told(text: str, message: str) -> None:
    with pytest.raises(PlanError, match=message):
        read_plan(text, "p")


def test_a_well_sealed_plan_with_foreign_content_is_told(plan: Plan) -> None:
    data = json.loads(dump_plan(plan))
    data["devices"][0]["operations"][0]["noun"] = "teapot"
    content = {"created_at": data["created_at"], "devices": data["devices"]}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = sha256(text.encode()).hexdigest()
    with pytest.raises(PlanError, match="the plan does not read"):
        read_plan(json.dumps(data | {"sha256": digest, "id": digest[:12]}), "p")


def test_a_file_that_cannot_be_read_or_written_is_told(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"cannot read .*: No such file"):
        load_plan(tmp_path / "none")
    with pytest.raises(PlanError, match=r"cannot write .*: No such file"):
        save_plan(plan, tmp_path / "none" / "p")
    (tmp_path / "bytes").write_bytes(b"\xff\x00")
    with pytest.raises(PlanError, match="is no plan"):
        load_plan(tmp_path / "bytes")
