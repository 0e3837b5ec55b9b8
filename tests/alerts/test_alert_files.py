"""Every mistake in alerts' files is told with its place and what would be right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.alerts.ground import an_alert, moment

from netloom.alerts.receiver import Command, Email, Slack, Syslog, Webhook
from netloom.alerts.receiver_files import read_receivers
from netloom.alerts.rule_files import load_rules, read_rules
from netloom.alerts.silences import add_silence, load_silences, read_silences, remove_silences
from netloom.errors import NetloomError, SourceError, UsageError

BAD = sorted((Path(__file__).parent / "bad").glob("*.yml"))
READERS: dict[str, Callable[[str, str], object]] = {
    "rules": lambda text, name: read_rules(text, name, ["ops"]),
    "receivers": read_receivers,
    "silences": read_silences,
}


def cases() -> list[tuple[str, str, str]]:
    """A file holds cases, each after a line `#! the error as it should be`."""
    found = []
    for path in BAD:
        for case in path.read_text().split("#! ")[1:]:
            expected, _, text = case.partition("\n")
            found.append((path.stem, text, expected.strip()))
    return found


@pytest.mark.parametrize(("kind", "text", "expected"), cases(), ids=[each[2][:60] for each in cases()])
def test_a_mistake_is_told_with_its_place(kind: str, text: str, expected: str) -> None:
    with pytest.raises(SourceError) as caught:
        READERS[kind](text, kind)
    assert str(caught.value) == f"{kind}:{expected}"


def test_a_name_is_given_once(tmp_path: Path) -> None:
    for name in ("a.yml", "b.yml"):
        (tmp_path / name).write_text("- {name: r, metric: m, above: 1}\n")
    with pytest.raises(SourceError, match=r"b.yml:1 'r' is the name of another rule, at .*a.yml:1"):
        load_rules(tmp_path)


def test_all_of_a_rule_is_read() -> None:
    (found,) = read_rules(
        """
- name: link full
  on: edge:&paris
  metric: interface.in_utilization
  where: tags.interface!=mgmt0
  by: [hostname, tags.interface]
  over: max 5m
  above: 90
  for: 2m
  keep_firing: 10m
  severity: critical
  labels: {team: wan}
  summary: "{{ hostname }} {{ tags.interface }} at {{ value|round }} %"
  annotations: {graph: "https://graphs.example.net/{{ hostname }}"}
  runbook: https://wiki.example.net/link-full
  notify: [ops]
""",
        "alerts/links.yml",
        ["ops"],
    )
    assert (found.place, found.on, found.for_s, found.keep_firing_s) == ("alerts/links.yml:2", "edge:&paris", 120, 600)
    assert str(found) == "max of interface.in_utilization over 5m above 90"
    assert str(found.measure.where) == 'name in ("interface.in_utilization") and tags.interface!=mgmt0'
    assert (found.severity, found.notify, sorted(found.annotations)) == ("critical", ("ops",), ["graph", "summary"])


def test_receivers_of_every_kind_are_read() -> None:
    found = read_receivers(
        """
default: [mail]
group_by: [rule, site]
repeat: 1d
receivers:
  mail:
    email: {to: [a@example.net, b@example.net], from: n@example.net, server: mail, username: n, password: env:P}
    severities: [critical]
    group_wait: 1m
  hook: {webhook: {url: "https://example.net/x", token: env:T, headers: {X-Site: paris}}}
  chat: {slack: env:SLACK, repeat: 0s}
  noc: {syslog: "tls://logs.example.net:6514"}
  page: {command: [/usr/bin/page, ops], send_resolved: false}
""",
        "receivers.yml",
    )
    kinds = {name: type(each.way) for name, each in found.by_name.items()}
    assert kinds == {"mail": Email, "hook": Webhook, "chat": Slack, "noc": Syslog, "page": Command}
    mail, chat = found.by_name["mail"], found.by_name["chat"]
    assert (mail.group_by, mail.group_wait_s, mail.repeat_s, mail.severities) == (
        ("rule", "site"),
        60,
        86400,
        ("critical",),
    )
    assert (chat.repeat_s, chat.group_wait_s, found.default) == (0, 15, ("mail",))


def test_silences_come_and_go_and_leave_the_rest_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "alerts" / "silences.yml"
    first = add_silence(path, "hostname=leaf1", moment(2e9), why="new power: supply", by="ada")
    path.write_text(path.read_text() + "# by hand\n- match: severity=info  # chatter\n  until: 2033-05-18 03:33:20\n")
    second = add_silence(path, 'rule="link full" tags.interface=eth*', moment(2e9), why="", by="")
    found = load_silences(path)
    assert [each.why for each in found] == ["new power: supply", "", ""]
    alert = an_alert("link full").row() | {"tags": {"interface": "eth7"}}
    assert [each.covers(alert, moment(1e9)) for each in found] == [True, False, True]
    assert [each.covers(alert, moment(2e9)) for each in found] == [False, False, False]
    with pytest.raises(UsageError, match="no silence 'nope'"):
        remove_silences(path, ["nope"])
    remove_silences(path, [first.id])
    assert [str(each.match) for each in load_silences(path)] == ["severity=info", str(second.match)]
    text = path.read_text()
    assert "# chatter" in text
    assert first.id not in text
    assert second.id in text


def test_a_silence_that_is_no_filter_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "silences.yml"
    with pytest.raises(NetloomError):
        add_silence(path, "hostname=", moment(2e9), why="", by="")
    assert not path.exists()
