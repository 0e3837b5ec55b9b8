"""`netloom alerts` as people use it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.alerts.ground import an_alert
from tests.command import CommandLine

from netloom.alerts.book import Book, save_book
from netloom.alerts.lifecycle import Alert
from netloom.model.bgp_session import BgpSessionState
from netloom.model.metric import Metric
from netloom.store.store import Store
from netloom.store.streams import Streams


@pytest.fixture
def netloom(tmp_path: Path) -> CommandLine:
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory" / "hosts.yml").write_text("all: {hosts: {leaf1: {}, leaf2: {}}}\n")
    (tmp_path / "netloom.yml").write_text("inventory: [inventory]\n")
    (tmp_path / "alerts").mkdir()
    (tmp_path / "alerts" / "links.yml").write_text(
        "- name: link full\n  on: leaf*\n  metric: interface.in_utilization\n  above: 90\n  over: 1m\n"
        "  summary: '{{ hostname }} {{ tags.interface }} at {{ value|round }} %'\n  notify: page\n"
    )
    script = tmp_path / "page.sh"
    script.write_text("#!/bin/sh\ncat > told\n")
    script.chmod(0o755)
    (tmp_path / "alerts" / "receivers.yml").write_text(f"receivers: {{page: {{command: [{script}]}}}}\n")
    return CommandLine(tmp_path, tmp_path / "home")


def keep(folder: Path, *alerts: Alert) -> None:
    book = Book(evaluated=time.time())
    for each in alerts:
        book.alerts.setdefault(each.rule, {})[each.labels] = each
    save_book(folder / ".netloom" / "alerts", book)


def test_the_worst_comes_first_and_what_is_silent_says_so(netloom: CommandLine) -> None:
    assert "no rule was evaluated yet" in netloom("alerts").err
    keep(
        netloom.folder,
        an_alert("b", value=95.123456789),
        an_alert("c", severity="critical"),
        an_alert("d", state="pending"),
        an_alert("e", state="resolved", resolved=time.time()),
    )
    netloom("alerts", "silence", "rule=b", "hostname=leaf1", "--for", "2h", "--why", "new line card")
    rows = netloom("alerts", "--format", "json").rows()
    assert [(row["rule"], row["state"], row["silenced"]) for row in rows] == [
        ("c", "firing", None),
        ("b", "firing", "new line card"),
        ("d", "pending", None),
    ]
    assert rows[1]["value"] == 95.1235
    assert [row["rule"] for row in netloom("alerts", "-w", "severity=critical", "-f", "json").rows()] == ["c"]
    assert len(netloom("alerts", "--resolved", "-f", "json").rows()) == 4
    (silence,) = netloom("alerts", "silences", "-f", "json").rows()
    netloom("alerts", "unsilence", silence["id"])
    assert netloom("alerts", "silences", "-f", "json").rows() == []


def test_rules_are_checked_with_their_receivers_and_hosts(netloom: CommandLine) -> None:
    (row,) = netloom("alerts", "rules", "-f", "json").rows()
    assert (row["rule"], row["measures"], row["place"]) == (
        "link full",
        "avg of interface.in_utilization over 1m above 90",
        "alerts/links.yml:1",
    )
    rules = netloom.folder / "alerts" / "links.yml"
    rules.write_text(rules.read_text().replace("page", "pager"))
    assert "alerts/links.yml:7:11 no receiver 'pager'; expected page" in netloom("alerts", "rules", expect=1).err


def test_a_rule_is_tried_over_what_is_stored(netloom: CommandLine) -> None:
    now = time.time_ns()
    with Streams(netloom.folder / ".netloom" / "store") as streams, streams.writer("metric") as writer:
        rows = [
            Metric(timestamp_ns=now - at * 10**9, name="interface.in_utilization", tags={"interface": "eth1"}, value=95)
            for at in range(1800, 1200, -10)
        ]
        writer.add(rows, hostnames=["leaf1"] * len(rows))
        writer.flush()
    for what in ("link full", "alerts/links.yml", "links.yml"):
        rows_ = netloom("alerts", "test", what, "--last", "1h", "-f", "json").rows()
        assert [(row["state"], row["summary"]) for row in rows_] == [
            ("firing", "leaf1 eth1 at 95 %"),
            ("resolved", "leaf1 eth1 at 95 %"),
        ]
    assert "expected one of link full" in netloom("alerts", "test", "nope", expect=64).err
    assert "expected a time" in netloom("alerts", "test", "link full", "--every", "often", expect=64).err


def test_a_receiver_is_tried(netloom: CommandLine) -> None:
    assert "page: it has taken the message" in netloom("alerts", "try", "page").err
    assert "nothing has happened" in (netloom.folder / "told").read_text()
    assert "no receiver 'nope'; expected one of page" in netloom("alerts", "try", "nope", expect=64).err


def test_what_was_seen_last_of_a_noun_can_be_watched(netloom: CommandLine) -> None:
    (netloom.folder / "alerts" / "bgp.yml").write_text(
        "- name: session down\n  on: leaf*\n  state: {noun: bgp_session, where: state!=Established}\n"
        "  by: [hostname, peer]\n  summary: '{{ hostname }} has no session with {{ peer }}'\n"
    )
    now = datetime.now(UTC)
    with Store(netloom.folder / ".netloom" / "store") as store:
        for ago, state in ((50, "Established"), (30, "Idle"), (10, "Established")):
            seen = [BgpSessionState(peer=peer, afi="ipv4", state=state) for peer in ("10.0.0.1", "10.0.0.2")]
            seen[0] = BgpSessionState(peer="10.0.0.1", afi="ipv4", state="Established")
            store.append("bgp_session", "leaf1", now - timedelta(minutes=ago), seen)
            store.flush()
    rows = netloom("alerts", "test", "session down", "--last", "1h", "--every", "5m", "-f", "json").rows()
    assert [(row["state"], row["summary"]) for row in rows] == [
        ("firing", "leaf1 has no session with 10.0.0.2"),
        ("resolved", "leaf1 has no session with 10.0.0.2"),
    ]
