"""What tests of all layers share: the command line, and a lab a worker."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from tests.command import CommandLine

from netloom.errors import CapabilityMissing, NetloomError
from netloom.lab.converge import wait_converged
from netloom.lab.state import Lab
from netloom.lab.up import lab_down, lab_up

# A shared machine is slow at times: that is no property of the code. CI tries the same examples every time.
settings.register_profile("netloom", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("netloom"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "netloom")

HOMES = "labhome"
"""The beginning of the folders in which labs of tests stand."""


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Take down what a worker that was killed or interrupted has left."""
    factory = getattr(session.config, "_tmp_path_factory", None)
    if hasattr(session.config, "workerinput") or factory is None:
        return
    for folder in factory.getbasetemp().glob(f"**/{HOMES}*/netloom/labs/*"):
        _down(folder)


@contextmanager
def lab_of(source: str | Path, name: str, home: Path) -> Iterator[Lab]:
    """A lab that has settled, up within the block; skips with the reason where the machine cannot have one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(home))
        try:
            lab = asyncio.run(_settled(source, name))
        except CapabilityMissing as exc:
            pytest.skip(str(exc))
    try:
        yield lab
    finally:
        _down(lab.folder)


async def _settled(source: str | Path, name: str) -> Lab:
    lab = await lab_up(source, name=name)
    try:
        await wait_converged(lab)
    except BaseException:
        await lab_down(name)
        raise
    return lab


def _down(folder: Path) -> None:
    with pytest.MonkeyPatch.context() as patch, suppress(NetloomError):
        patch.setenv("XDG_STATE_HOME", str(folder.parents[2]))
        asyncio.run(lab_down(folder.name))


@pytest.fixture(scope="session")
def lab_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the shared lab stands, and what commands keep for their user."""
    return tmp_path_factory.mktemp(HOMES)


@pytest.fixture(scope="session")
def lab(lab_home: Path) -> Iterator[Lab]:
    """fabric6, one for all tests of a worker: whoever changes it leaves it as it was."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with lab_of("fabric6", f"shared-{worker}", lab_home) as found:
        yield found


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    """The command line in an empty folder, with a home of its own."""
    folder = tmp_path / "folder"
    folder.mkdir()
    return CommandLine(folder, tmp_path / "home")


@pytest.fixture
def workspace(lab: Lab, lab_home: Path, tmp_path: Path) -> CommandLine:
    """The command line in a new workspace on the shared lab."""
    return workspace_on(lab, lab_home, tmp_path)


def workspace_on(lab: Lab, home: Path, folder: Path) -> CommandLine:
    """The command line in a new workspace on a lab."""
    found = CommandLine(folder / "ws", home)
    found.folder.mkdir()
    found("init", "--lab", lab.name)
    return found


@pytest.fixture(scope="module")
def module_workspace(lab: Lab, lab_home: Path, tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """The command line in a workspace on the shared lab, for the tests of one file together."""
    return workspace_on(lab, lab_home, tmp_path_factory.mktemp("module"))


@pytest.fixture(scope="module")
def own_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, str], tuple[Lab, CommandLine]]]:
    """Brings labs up that belong to one file alone, each with a workspace: topology and name → both."""
    opened = []

    def make(topology: str, name: str) -> tuple[Lab, CommandLine]:
        home = tmp_path_factory.mktemp(HOMES)
        source: str | Path = topology
        if "\n" in topology:
            source = home / "topology.yml"
            source.write_text(topology)
        context = lab_of(source, f"{name}-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}", home)
        lab = context.__enter__()
        opened.append(context)
        return lab, workspace_on(lab, home, home)

    yield make
    for context in opened:
        context.__exit__(None, None, None)
