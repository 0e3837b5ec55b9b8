"""A simulated device is marked wherever a reader could take it for a real one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.command import CommandLine, Ran
from tests.lab.eos_site import access, leaf

from netloom.cli.simulated import label, labelled, told

ROWS: list[dict[str, Any]] = [
    {"device": "leaf1", "state": "up"},
    {"device": "core", "state": "down"},
    {"device": None, "state": None},
]


def test_people_see_it_beside_the_name() -> None:
    assert label("leaf1", {"leaf1"}) == "leaf1 (simulated)"
    assert [row["device"] for row in labelled(ROWS, {"leaf1"})] == ["leaf1 (simulated)", "core", None]
    assert labelled([{"devices": ["leaf1", "core"]}], {"leaf1"}) == [{"devices": ["leaf1 (simulated)", "core"]}]


def test_programs_get_a_field_and_the_names_as_they_are() -> None:
    rows, columns = told(ROWS, ["device", "state"], {"leaf1"})
    assert columns == ["device", "state", "simulated"]
    assert [(row["device"], row["simulated"]) for row in rows] == [("leaf1", True), ("core", False), (None, False)]
    rows, _ = told([{"devices": ["leaf1", "core"]}], ["devices"], {"leaf1"})
    assert rows == [{"devices": ["leaf1", "core"], "simulated": ["leaf1"]}]


def test_without_simulated_devices_nothing_is_said() -> None:
    assert told(ROWS, ["device", "state"], set()) == (ROWS, ["device", "state"])
    assert labelled(ROWS, set()) == ROWS


@pytest.fixture
async def netloom(cli: CommandLine) -> AsyncIterator[Any]:
    """The command line over one simulated switch, with something wished for it."""
    async with leaf() as running:
        way = access(running, "https")
        variables = {
            "netloom_address": way.address,
            "netloom_port": way.port,
            "netloom_platform": way.platform,
            "netloom_transport": "https",
            "netloom_user": "admin",
            "netloom_password": "env:DEVICE_PASSWORD",
            "netloom_tls_pin": way.tls_pin,
            "netloom_simulated": True,
        }
        cli.environment["DEVICE_PASSWORD"] = "admin"
        cli.write(
            {
                "netloom.yml": "{}\n",
                "inventory/hosts.yml": yaml.safe_dump({"all": {"hosts": {"leaf1": variables}}}),
                "intent/a.yml": "on: leaf1\nvlans:\n  - {id: 77, name: cameras}\n",
                "checks/a.yml": "- interfaces: {on: all}\n",
            }
        )

        async def run(*arguments: str, expect: int | None = 0) -> Ran:
            return await asyncio.to_thread(cli, *arguments, expect=expect)

        yield run


async def test_every_command_marks_it(netloom: Any, tmp_path: Path) -> None:
    assert "leaf1 (simulated)" in (await netloom("inventory")).out
    assert (await netloom("inventory", "--format", "json")).rows()[0]["simulated"] is True

    ran = await netloom("exec", "show clock")
    assert "── leaf1 (simulated): show clock" in ran.out
    assert "exec: leaf1 (simulated) ok" in ran.err
    assert (await netloom("exec", "show clock", "--format", "ndjson")).out.rstrip().endswith('"simulated": true}')
    logged = json.loads((await netloom("--log-format", "json", "exec", "show clock")).err.splitlines()[0])
    assert (logged["name"], logged["simulated"]) == ("leaf1", True)

    assert "collect: leaf1 (simulated) ok" in (await netloom("collect", "device", "interface")).err
    assert "leaf1 (simulated)" in (await netloom("show", "device")).out
    assert (await netloom("show", "device", "--format", "csv")).out.splitlines()[0].endswith(",simulated")
    assert "leaf1 (simulated)" in (await netloom("map")).out
    assert "leaf1 (simulated)" in (await netloom("verify", expect=None)).out

    assert "backup: leaf1 (simulated)" in (await netloom("backup")).err
    assert "leaf1 (simulated)" in (await netloom("history")).out
    assert (await netloom("history", "--format", "json")).rows()[0]["simulated"] == ["leaf1"]
    assert "leaf1 is simulated" in (await netloom("blame", "leaf1")).err

    assert "leaf1 (simulated arista_eos): 1 to create" in (await netloom("plan")).out
    assert (await netloom("plan", "-f", "json")).json()["devices"][0]["simulated"] is True
    assert "| leaf1 (simulated) |" in (await netloom("plan", "-f", "md")).out
    assert "leaf1 (simulated arista_eos)" in (await netloom("drift")).out

    kept = str(tmp_path / "change.nlplan")
    await netloom("plan", "-o", kept)
    ran = await netloom("apply", kept)
    assert "leaf1 (simulated arista_eos): 1 to create" in ran.out
    assert "leaf1 (simulated): done" in ran.out
    (row,) = (await netloom("changes", "--format", "json")).rows()
    assert "leaf1 (simulated)" in (await netloom("changes", row["change"])).out
