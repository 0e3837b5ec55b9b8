"""What tests of simulated devices share."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from netloom.transports.host_keys import HostKeys


@pytest.fixture
def folder() -> Iterator[Path]:
    """In memory: many changes are journalled."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


@pytest.fixture
def keys(tmp_path: Path) -> HostKeys:
    """Host keys that nobody has seen before."""
    return HostKeys(tmp_path / "known_hosts")
