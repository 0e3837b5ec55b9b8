"""One workspace with everything wired to it; each part is made when it is first used."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from netloom.devices.fleet import Outcome, run_fleet
from netloom.devices.session import Session
from netloom.errors import NetloomError, UsageError
from netloom.inventory.access import access_of
from netloom.inventory.inventory import Inventory
from netloom.inventory.secrets import Secrets
from netloom.inventory.settings import is_simulated
from netloom.inventory.sources import load_inventory
from netloom.inventory.vault import references_from_environment, vault_reference
from netloom.model.host import Access, Host
from netloom.platforms.contract import Platform, load_platform
from netloom.store.key import workspace_key
from netloom.transports.host_keys import HostKeys
from netloom.workspace import Workspace

if TYPE_CHECKING:
    from netloom.history.archive import Archive
    from netloom.store.store import Store
    from netloom.store.streams import Streams
    from netloom.topology.view import NetworkView

T = TypeVar("T")


class App:
    """The application behind the command line: no printing, no options, only the workspace."""

    def __init__(self, workspace: Workspace, *, ask: Callable[[str], str]) -> None:
        self.workspace = workspace
        self._ask = ask

    def close(self) -> None:
        """Finish the store's segments; what was collected is durable before."""
        store: Store | None = self.__dict__.get("store")  # a cached property that nobody asked for is not there
        if store is not None:
            store.close()
        streams: Streams | None = self.__dict__.get("streams")
        if streams is not None:
            streams.close()

    @cached_property
    def secrets(self) -> Secrets:
        """Follows references to secrets."""
        passwords = references_from_environment(os.environ)
        if self.workspace["vault_password"]:
            passwords.append(vault_reference(self.workspace["vault_password"]))
        return Secrets(self.workspace.root, environment=os.environ, ask=self._ask, vault_passwords=passwords)

    @cached_property
    def inventory(self) -> Inventory:
        """Every device there is; raises UsageError where the workspace names no source."""
        paths = self.workspace.inventory_paths
        if self.workspace["lab"]:
            from netloom.lab.state import inventory_of

            paths = [inventory_of(self.workspace["lab"]), *paths]
        if not paths:
            where = ", ".join(str(self.workspace.root / name) for name in self.workspace["inventory"])
            raise UsageError(f"no inventory: {where} does not exist", hint="netloom init starts a workspace")
        return load_inventory(paths, vault=self.secrets.vault)

    @cached_property
    def simulated(self) -> frozenset[str]:
        """The devices that only pretend to be what they are, so that nobody takes them for real ones."""
        return frozenset(host.name for host in self.inventory if is_simulated(host))

    @cached_property
    def store(self) -> Store:
        """What was collected."""
        from netloom.store.store import Store

        return Store(self.workspace.state / "store")

    @cached_property
    def streams(self) -> Streams:
        """What flows in."""
        from netloom.store.streams import Streams

        return Streams(self.workspace.state / "store")

    @cached_property
    def key(self) -> bytes:
        """The workspace's own key: seals snapshots and marks redacted secrets."""
        return workspace_key(self.workspace.root)

    @cached_property
    def archive(self) -> Archive:
        """The running configurations through time."""
        from netloom.history.archive import Archive

        return Archive(self.workspace.root, self.key)

    @cached_property
    def keys(self) -> HostKeys:
        """The pinned SSH host keys."""
        return HostKeys(self.workspace.state / "known_hosts")

    def access(self, host: Host) -> Access:
        """How to open a session on a host, its secrets resolved."""
        return access_of(host, self.secrets, inventory=self.inventory)

    def accesses(self, hosts: Sequence[Host]) -> tuple[list[Access], dict[str, NetloomError]]:
        """How to open sessions on several hosts, and why some cannot be: one of them never holds up the others.

        Where none can be, the first reason is raised: then what was written is wrong rather than a device.
        """
        found: list[Access] = []
        errors: dict[str, NetloomError] = {}
        for host in hosts:
            try:
                found.append(self.access(host))
            except NetloomError as exc:
                errors[host.name] = exc
        if errors and not found:
            raise next(iter(errors.values()))
        return found, errors

    def platform(self, host: Host) -> Platform:
        """A host's platform."""
        return load_platform(self.access(host).platform)

    async def fleet(
        self, hosts: Sequence[Host], work: Callable[[Session], Awaitable[T]], *, parallel: int | None = None
    ) -> AsyncGenerator[Outcome[T], None]:
        """Run one piece of work on many devices; outcomes come as they are ready.

        A host that the inventory does not describe well enough is a failed outcome, as one that does not answer.
        """
        limit = parallel or self.workspace["parallel"]
        accesses, errors = self.accesses(hosts)
        for name, error in errors.items():
            yield Outcome(name, None, error, 0.0)
        async with aclosing(run_fleet(accesses, work, keys=self.keys, limit=limit)) as outcomes:
            async for outcome in outcomes:
                yield outcome

    def view(self, hosts: Sequence[Host] | None = None, *, at: datetime | None = None) -> NetworkView:
        """The network as last seen, or as it was at a moment."""
        from netloom.app.view import network_view

        return network_view(self.store, list(self.inventory) if hosts is None else hosts, at=at)

    def moment(self, text: str | None) -> datetime | None:
        """A moment as people write it: `10 min ago`; raises SourceError."""
        from netloom.model.when import parse_when

        return parse_when(text, datetime.now().astimezone()) if text else None
