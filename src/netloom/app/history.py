"""Archiving running configurations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from netloom.app.change import Progress, running_configs
from netloom.history.archive import AUTHOR, BackupItem, BackupResult
from netloom.model.host import Host
from netloom.platforms.contract import Platform

if TYPE_CHECKING:
    from netloom.app.wiring import App


@dataclass(frozen=True, slots=True)
class Backup:
    """What came of a run of backups."""

    result: BackupResult
    errors: Mapping[str, Exception]
    """The devices that could not be read."""

    @property
    def summary(self) -> str:
        """In one line."""
        result = self.result
        if result.commit is None:
            return f"{len(result.unchanged)} configurations, none changed"
        counts = f"{len(result.added)} new, {len(result.changed)} changed, {len(result.unchanged)} as before"
        return f"commit {result.commit[:10]}: {counts}"


async def backup(
    app: App, hosts: Sequence[Host], *, message: str | None = None, progress: Progress | None = None
) -> Backup:
    """Archive the running configurations of hosts, in one commit, if anything changed; raises HistoryError."""
    running, errors = await running_configs(app, hosts, progress=progress)
    return Backup(archive(app, running, message=message), errors)


def archive(app: App, running: Mapping[str, str], *, message: str | None = None) -> BackupResult:
    """Archive configurations at hand."""
    if not running:
        return BackupResult(None, (), (), ())
    items = {name: item(app.platform(app.inventory.host(name)), text) for name, text in running.items()}
    author = app.workspace["author"] or AUTHOR
    return app.archive.backup(items, now=datetime.now(UTC), author=author, message=message)


def item(platform: Platform, running: str) -> BackupItem:
    """A running configuration as the archive takes it."""
    return BackupItem(platform.normalise(running), platform.secrets)
