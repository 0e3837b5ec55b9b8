"""The demonstration, as a newcomer and as CI plays it."""

import pytest
from tests.command import CommandLine

from netloom.errors import CapabilityMissing
from netloom.lab.machine import probe, require

pytestmark = pytest.mark.lab

ACTS = ("lab", "discover", "collect", "backup", "plan", "apply", "verify", "break", "heal", "bad change")


@pytest.fixture
def capable() -> None:
    try:
        require(probe())
    except CapabilityMissing as exc:
        pytest.skip(str(exc))


@pytest.mark.usefixtures("capable")
def test_the_demonstration_goes_as_told_and_leaves_a_workspace(cli: CommandLine) -> None:
    ran = cli.apart("demo", "--once", "--yes", "play", timeout_s=180)
    done = [line.removeprefix("✓ ") for line in ran.out.splitlines() if line.startswith("✓ ")]
    for act in ACTS:
        assert any(line.startswith(f"{act} ") for line in done), f"no act {act!r} in {done}"
    assert "│ spine1 │" in ran.out
    assert "LLDP leaf1:eth1 - spine1:eth1: up → down" in ran.out
    assert "! high management_path" in ran.out
    assert "All went as told" in ran.out
    assert (cli.folder / "play" / "configs" / "leaf1.cfg").exists()
    assert cli("lab", "inspect", "--format", "json").json() == []


@pytest.mark.usefixtures("capable")
def test_with_vendors_one_plan_is_for_all_and_each_takes_a_mistake_back_by_itself(cli: CommandLine) -> None:
    ran = cli.apart("demo", "--once", "--yes", "--vendors", "play", timeout_s=240)
    done = [line.removeprefix("✓ ") for line in ran.out.splitlines() if line.startswith("✓ ")]
    for act in (*ACTS, "ring", "bad site"):
        assert any(line.startswith(f"{act} ") for line in done), f"no act {act!r} in {done}"
    assert "on 6 of 6 devices" in ran.out
    assert ran.out.count("Simulated, no vendor's software: edge1 (Junos)") == 2
    assert all(f"{name} (simulated)" in ran.out for name in ("edge1", "core1", "access1", "branch1"))
    assert "All went as told" in ran.out
    assert cli("lab", "inspect", "--format", "json").json() == []


@pytest.mark.usefixtures("capable")
def test_without_a_terminal_and_without_yes_nothing_is_changed(cli: CommandLine) -> None:
    ran = cli.apart("demo", "--once", "play", expect=64, timeout_s=120)
    assert "add --yes" in ran.err
    assert "✓ apply" not in ran.out
    assert cli("lab", "inspect", "--format", "json").json() == []
