"""What a Unix system says of itself: its name, its kernel, its distribution and how long it runs."""

from __future__ import annotations

import re

from netloom.model.device import DeviceState
from netloom.platforms.contract import Read

# os-release is os-release(5): shell-like assignments; a system without it still has a name and a kernel
READ = Read("uname -n; uname -srvm; cat /proc/uptime; cat /etc/os-release 2>/dev/null || true", where="shell")


def devices(output: str) -> list[DeviceState]:
    """The one device; none where nothing was asked; raises ValueError."""
    if not output.strip():
        return []
    name, kernel, uptime, *release = [*output.splitlines(), "", "", ""][: max(3, len(output.splitlines()))]
    running = re.match(r"(\d+)\.\d+ ", uptime)
    if running is None:
        raise ValueError(f"expected a name, a kernel and /proc/uptime on three lines, got {output[:80]!r}")
    told = dict(re.findall(r'(?m)^([A-Z_]+)="?([^"\n]*)"?$', "\n".join(release)))
    return [
        DeviceState(
            hostname=name.strip(),
            vendor=told.get("NAME") or None,
            os_version=told.get("VERSION_ID") or told.get("BUILD_ID") or None,
            uptime_s=int(running[1]),
            description=kernel.strip() or None,
        )
    ]
