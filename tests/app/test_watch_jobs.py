"""What a watch runs: what netloom.yml says, held to what there is, before anything starts."""

from datetime import timedelta
from pathlib import Path

import pytest

from netloom.app.watch.housekeeping import retention_of
from netloom.app.watch.jobs import jobs_of
from netloom.collectors.settings import collectors
from netloom.errors import NetloomError
from netloom.workspace import Workspace, load_workspace


def workspace(folder: Path, text: str) -> Workspace:
    (folder / "netloom.yml").write_text(text)
    return load_workspace(folder / "netloom.yml", env={})


def labels(folder: Path, text: str, *only: str) -> list[str]:
    return [job.label for job in jobs_of(workspace(folder, text), only)]


def test_without_a_word_everything_runs(tmp_path: Path) -> None:
    assert set(labels(tmp_path, "")) == {*collectors(), "housekeeping"}


def test_only_what_is_named_runs_and_what_is_false_does_not(tmp_path: Path) -> None:
    text = "collectors:\n  syslog: {}\n  trap:\n  flow: {workers: 2}\n  probe: false\n"
    assert labels(tmp_path, text) == ["syslog", "trap", "flow/0", "flow/1", "housekeeping"]
    assert labels(tmp_path, text, "trap") == ["trap"]


def test_alerts_run_where_there_are_rules(tmp_path: Path) -> None:
    (tmp_path / "alerts").mkdir()
    assert labels(tmp_path, "collectors: {syslog: {}}") == ["syslog", "housekeeping", "alerts"]


@pytest.mark.parametrize(
    ("text", "only", "words"),
    [
        ("collectors: {sylog: {}}", (), 'netloom.yml:1:14 collectors.sylog: unknown key; did you mean "syslog"?'),
        (
            "collectors: {flow: {workers: many}}",
            (),
            "netloom.yml:1:30 collectors.flow.workers: expected a whole number",
        ),
        ("collectors:\n  snmp: {intervals: 3}", (), 'did you mean "interval_s"?'),
        ("collectors: {syslog: {}}", ("syslgo",), 'did you mean "syslog"?'),
        ("retention: {flwo: 7d}", (), "netloom.yml:1:12 retention: nothing is called 'flwo'"),
        ("retention: {disk: much}", (), "expected a size such as 200GB, got 'much'"),
        ("collectors: [flow]", (), "netloom.yml:1:13 collectors: expected a mapping"),
    ],
)
def test_what_is_wrong_is_told_before_anything_starts(
    tmp_path: Path, text: str, only: tuple[str, ...], words: str
) -> None:
    with pytest.raises(NetloomError) as caught:
        labels(tmp_path, text, *only)
    assert words in str(caught.value)


def test_retention_is_what_is_written(tmp_path: Path) -> None:
    policy = retention_of(workspace(tmp_path, 'retention: {flow: 2d, "flow 5m": 1y, disk: 2GB}'))
    assert policy.keep == {"flow": timedelta(days=2), "flow 5m": timedelta(days=365)}
    assert policy.max_bytes == 2_000_000_000
