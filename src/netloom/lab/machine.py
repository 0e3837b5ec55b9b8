"""What the machine can do for a lab: tools, daemons and kernel features, probed."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from netloom.errors import CapabilityMissing

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
FRR = Path("/usr/lib/frr")
TELNETD = Path("/usr/sbin/telnetd")
TUN = Path("/dev/net/tun")
TOOLS = ("unshare", "nsenter", "ip", "setsid", "nft", "lldpd", "lldpcli", "snmpd", "sshd", "rsyslogd", "softflowd",
         "vtysh", "systemd-socket-activate", "newuidmap", "ping", "ovs-vswitchd", "iperf3")  # fmt: skip
ROUTER_TOOLS = ("zebra", "vtysh")
"""What only real routers need: simulated ones and hosts go without."""
KERNEL_PROBE = """
ip link set lo up && echo netns
ip link add nlb0 type bridge && echo bridge
ip link add nlv0 type veth peer name nlv1 && echo veth
mount -t tmpfs tmpfs /run && echo mount
chown 65534 /run && echo ids
nft -f - <<-END && echo nft
table netdev nlprobe {
 chain nlv0 {
  type filter hook ingress device "nlv0" priority 0
  numgen random mod 100 < 30 counter drop
 }
}
END
true
"""


@dataclass(frozen=True, slots=True)
class Capability:
    """One thing a lab needs or can use."""

    name: str
    present: bool
    purpose: str
    remedy: str
    """How to get it, in a sentence or as a command."""
    needed: bool = False
    """Without it there is no lab at all."""


@dataclass(frozen=True, slots=True)
class Machine:
    """The facts that shape a lab's files."""

    tools: Mapping[str, str]
    """Tool → path of those that are there."""
    kernel: frozenset[str]
    rootless: bool
    refusal: str = ""
    """The kernel's words where it refuses namespaces."""

    @property
    def telnet(self) -> bool:
        """Telnet can be served."""
        return "systemd-socket-activate" in self.tools and TELNETD.exists()

    @property
    def switch(self) -> bool:
        """Open vSwitch can run in userspace: its bridge takes a tap device."""
        return "ovs-vswitchd" in self.tools and os.access(TUN, os.R_OK | os.W_OK)

    @property
    def frr_snmp(self) -> bool:
        """FRR speaks AgentX."""
        return any(Path("/usr/lib").glob("*/frr/modules/zebra_snmp.so"))

    @property
    def readable_lldpcli(self) -> Path | None:
        """An lldpcli that the lab's users can run: Debian installs it for group adm alone."""
        for path in (Path(self.tools.get("lldpcli", "/usr/sbin/lldpcli")), unpacked_lldpcli()):
            if os.access(path, os.R_OK):
                return path
        return None


def unpacked_lldpcli() -> Path:
    """Where a copy of lldpcli is looked for that an unprivileged user may read."""
    cache_home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache_home / "netloom" / "lldpd" / "usr" / "sbin" / "lldpcli"


def namespaces(*, rootless: bool) -> list[str]:
    """The command that gives a process namespaces of its own, and ends with it."""
    user = ["-U", "-r", "--map-auto"] if rootless else []
    return ["unshare", *user, "-n", "-m", "-p", "-f", "--mount-proc", "--kill-child=KILL", "--"]


def environment() -> dict[str, str]:
    """The environment of every process of a lab."""
    return {"PATH": PATH, "LC_ALL": "C.UTF-8", "TERM": "xterm", "MIBS": ""}


@cache
def probe() -> Machine:
    """What this machine has; takes about 50 ms the first time."""
    tools = {name: path for name in TOOLS if (path := shutil.which(name, path=PATH))}
    rootless = os.geteuid() != 0
    if "unshare" not in tools:
        return Machine(tools, frozenset(), rootless)
    argv = [*namespaces(rootless=rootless), "sh", "-c", KERNEL_PROBE]
    try:
        done = subprocess.run(
            argv, env=environment(), capture_output=True, text=True, timeout=20, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        return Machine(tools, frozenset(), rootless, "unshare does not come back")
    return Machine(tools, frozenset(done.stdout.split()), rootless, done.stderr.strip())


def require(machine: Machine, *, routers: bool = True) -> None:
    """Raises CapabilityMissing where no lab can be had, or none with real routers."""
    needed = [entry for entry in capabilities(machine) if entry.needed and (routers or entry.name not in ROUTER_TOOLS)]
    missing = [entry for entry in needed if not entry.present]
    if missing:
        names = ", ".join(entry.name for entry in missing)
        hint = "; ".join(dict.fromkeys(entry.remedy for entry in missing))
        raise CapabilityMissing(f"this machine lacks what a lab needs: {names}", hint=hint)


def doctor() -> list[Capability]:
    """Everything a lab needs or can use, and whether this machine has it."""
    return capabilities(probe())


def capabilities(machine: Machine) -> list[Capability]:
    """What the machine has, as a table, what is needed first."""
    return [*_needed(machine), *_useful(machine)]


def _needed(machine: Machine) -> list[Capability]:
    found = [
        _tool(machine, "unshare", "util-linux", "namespaces for the nodes", needed=True),
        _tool(machine, "nsenter", "util-linux", "commands inside nodes", needed=True),
        _tool(machine, "ip", "iproute2", "links and addresses", needed=True),
        Capability("zebra", (FRR / "zebra").exists(), "routers", "apt install frr", needed=True),
        _tool(machine, "vtysh", "frr", "the routers' command line", needed=True),
    ]
    if machine.rootless:
        purpose = "system users inside a lab without root"
        found.append(_tool(machine, "newuidmap", "uidmap", "a lab without root", needed=True))
        found.append(Capability("subordinate ids", _has_subids(), purpose, _subid_remedy(), needed=True))
    return [
        *found,
        _kernel(machine, "netns", "a network for each node"),
        _kernel(machine, "mount", "private files for each node"),
        _kernel(machine, "veth", "links"),
        _kernel(machine, "bridge", "the management network"),
        _kernel(machine, "ids", "system users inside the nodes"),
    ]


def _useful(machine: Machine) -> list[Capability]:
    unpack = f"apt-get download lldpd && dpkg -x lldpd_*.deb {unpacked_lldpcli().parents[2]}"
    readable = machine.readable_lldpcli is not None
    loss = "packet loss (`netloom lab break --loss`)"
    return [
        Capability("nft", "nft" in machine.kernel, loss, "apt install nftables, a kernel with its netdev hook"),
        Capability("frr-snmp", machine.frr_snmp, "BGP4-MIB and OSPF-MIB", "apt install frr-snmp"),
        _tool(machine, "sshd", "openssh-server", "SSH to the nodes"),
        Capability("telnetd", machine.telnet, "Telnet to the routers", "apt install inetutils-telnetd systemd"),
        _tool(machine, "snmpd", "snmpd", "SNMP on the nodes"),
        _tool(machine, "lldpd", "lldpd", "neighbor discovery"),
        Capability("lldpcli", readable, "neighbor discovery: lldpd waits until it is run", unpack),
        _tool(machine, "rsyslogd", "rsyslog", "syslog from the routers"),
        _tool(machine, "softflowd", "softflowd", "flow export"),
        Capability("switch", machine.switch, "switches, and the sFlow they export", _switch_remedy(machine)),
        _tool(machine, "iperf3", "iperf3", "traffic between hosts"),
        _tool(machine, "ping", "iputils-ping", "reachability checks"),
    ]


def _switch_remedy(machine: Machine) -> str:
    return "the right to open /dev/net/tun" if "ovs-vswitchd" in machine.tools else "apt install openvswitch-switch"


def _tool(machine: Machine, name: str, package: str, purpose: str, *, needed: bool = False) -> Capability:
    return Capability(name, name in machine.tools, purpose, f"apt install {package}", needed)


def _kernel(machine: Machine, name: str, purpose: str) -> Capability:
    remedy = _userns_remedy(machine) if machine.rootless else f"a kernel with {name}, and the right to use it"
    return Capability(f"kernel {name}", name in machine.kernel, purpose, remedy, needed=True)


@cache
def sshd_version() -> tuple[int, int]:
    """The version of OpenSSH's server; (0, 0) where it does not say."""
    done = subprocess.run(
        ["sshd", "-V"], env=environment(), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    found = re.search(r"OpenSSH_(\d+)\.(\d+)", done.stderr + done.stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _has_subids() -> bool:
    names = {str(os.getuid()), _user_name()}
    try:
        lines = Path("/etc/subuid").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return any(line.split(":")[0] in names for line in lines)


def _user_name() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _subid_remedy() -> str:
    return f"as root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 {_user_name()}"


def _userns_remedy(machine: Machine) -> str:
    restricted = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
    allowed = Path("/proc/sys/kernel/unprivileged_userns_clone")
    if restricted.exists() and restricted.read_text(encoding="ascii").strip() == "1":
        return "AppArmor keeps users from namespaces: as root, sysctl kernel.apparmor_restrict_unprivileged_userns=0"
    if allowed.exists() and allowed.read_text(encoding="ascii").strip() == "0":
        return "as root: sysctl kernel.unprivileged_userns_clone=1"
    first = machine.refusal.splitlines()[0] if machine.refusal else "no reason given"
    return f"the kernel refuses namespaces to this user: {first}"
