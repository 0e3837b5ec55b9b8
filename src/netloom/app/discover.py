"""Finding a network from one device, and writing down what was found."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from netloom.collectors.state.discover import DiscoverySettings, Found, discover
from netloom.collectors.state.observe import Observable
from netloom.devices.session import connect
from netloom.inventory.inventory import Inventory
from netloom.inventory.secrets import Secrets
from netloom.inventory.writers import hosts_yaml
from netloom.model.host import Access, Host
from netloom.transports.host_keys import HostKeys


@dataclass(frozen=True, slots=True)
class Account:
    """How to log in to devices that no inventory describes yet."""

    user: str
    password: str
    """A reference, such as env:PASSWORD."""
    shell_user: str | None = None
    """The account of the system's shell, where `user` gets a command line."""


def from_seed(
    seed: Access,
    keys: HostKeys,
    inventory: Inventory | None = None,
    *,
    access_of: Callable[[Host], Access] | None = None,
) -> AsyncIterator[Found]:
    """Every device behind a seed; hosts of the inventory are logged in to as it says, others like the seed."""
    known = {host.name: host for host in inventory} if inventory is not None else {}

    def access_for(name: str, address: str, platform: str) -> Access | None:
        if name in known and access_of is not None:
            return access_of(known[name])
        return replace(seed, name=name, address=address, platform=platform)

    def open_session(access: Access) -> AbstractAsyncContextManager[Observable]:
        return connect(access, keys=keys)

    addresses = {name: str(host.variables.get("ansible_host", name)) for name, host in known.items()}
    return discover(seed, open_session=open_session, access_for=access_for, settings=DiscoverySettings(known=addresses))


async def look_around(
    address: str, platform: str, account: Account, *, ask: Callable[[str], str], environment: dict[str, str]
) -> AsyncIterator[Found]:
    """What one device and those behind it tell, before there is a workspace; host keys are pinned for this run only."""
    password = Secrets(Path.cwd(), environment=environment, ask=ask)(account.password)
    seed = Access(
        name=address,
        address=address,
        platform=platform,
        username=account.user,
        password=password,
        shell_username=account.shell_user,
    )
    with TemporaryDirectory() as folder:
        async for found in from_seed(seed, HostKeys(Path(folder) / "known_hosts")):
            yield found


def inventory_of(found: Sequence[Found], account: Account) -> str:
    """The reached devices as a YAML inventory; the password stays a reference."""
    shell = {"netloom_shell_user": account.shell_user} if account.shell_user else {}
    hosts = [
        Host(
            device.name,
            (device.platform,) if device.platform else (),
            {
                "ansible_host": device.address,
                "netloom_platform": device.platform,
                "ansible_user": account.user,
                "netloom_password": account.password,
                **(shell if device.platform != "linux" else {}),
            },
        )
        for device in found
        if device.reached
    ]
    return hosts_yaml(hosts)
