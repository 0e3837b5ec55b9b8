"""What the matrix knows of each platform: the changes it makes there, what others enter meanwhile, and its faults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from netloom.model.config import Line

Change = Literal["good", "lockout", "wrong"]
"""A change that holds, one that shuts the way in by which it comes, and one after which a check fails."""
Fault = Literal[
    "none",
    "kill -9 of netloom",
    "kill -9 of netloom, recovered after the timer",
    "kill -9 of netloom and of its recovery",
    "management link cut",
    "reply lost",
    "device starts anew",
    "netloom stands still past the timer",
    "somebody else changes a line",
    "kill of bgpd",
]
WORDS: dict[Change, str] = {
    "good": "",
    "lockout": ", the change shuts management",
    "wrong": ", the change fails its check",
}
SIMULATED_FAULTS: tuple[Fault, ...] = (
    "kill -9 of netloom",
    "kill -9 of netloom, recovered after the timer",
    "management link cut",
    "reply lost",
    "device starts anew",
    "netloom stands still past the timer",
    "somebody else changes a line",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One platform as the matrix sees it."""

    platform: str
    role: str
    """The devices of the lab that are of it: the group that they belong to."""
    port: str
    uplink: str
    """A port to a neighbor, which is up."""
    management: str
    peer: str
    """What a BGP neighbor of the change says beside its address and number."""
    intent: str
    """What else the change wishes for."""
    foreign: Line
    """What somebody else enters."""
    faults: tuple[Fault, ...] = SIMULATED_FAULTS
    timer_s: int = 60
    hurry: float = 5.0
    """How many times faster time runs, on the device and for netloom."""
    cut_s: float = 15.0
    """Seconds of a link cut: longer than the timer and the way back."""

    def files(self, change: Change, device: str) -> dict[str, str]:
        """The workspace's files for a change of one device."""
        shut = {"lockout": self.management, "wrong": self.uplink, "good": None}[change]
        interfaces = [f"  - {{name: {self.port}, description: changed by the fault matrix}}"]
        if shut is not None:
            interfaces.append(f"  - {{name: {shut}, enabled: false}}")
        peer = f"  - {{peer: 10.99.0.1, remote_as: 64999, {self.peer}}}"
        wished = ["interfaces:", *interfaces, "bgp_neighbors:", peer, self.intent]
        check = f"- {{name: the uplink is up, interfaces: {{on: {device}, names: [{self.uplink}], state: up}}}}\n"
        return {"intent/change.yml": "\n".join([f"on: {device}", *wished, ""]), "checks/uplink.yml": check}


_SWITCH = """vlans:
  - {id: 30, name: voice}
static_routes:
  - {prefix: 10.99.0.0/16, next_hop: 10.99.0.1}"""

KINDS = {
    kind.platform: kind
    for kind in (
        Kind(
            platform="frr",
            role="frr",
            port="eth1",
            uplink="eth2",
            management="mgmt0",
            peer="address_families: [{name: ipv4-unicast, prefix_list_in: SAFETY}]",
            intent="""prefix_lists:
  - {name: SAFETY, entries: [{sequence: 5, action: permit, prefix: 10.99.0.0/16}]}
static_routes:
  - {prefix: 10.99.0.0/16, interface: blackhole}
bgp:
  networks:
    - {prefix: 10.99.0.0/16}""",
            foreign=Line("ip prefix-list OTHERS seq 5 permit 10.77.0.0/16"),
            faults=("kill -9 of netloom", "management link cut", "kill of bgpd"),
            timer_s=12,
            hurry=1.0,
            cut_s=24.0,
        ),
        Kind(
            platform="arista_eos",
            role="access",
            port="Ethernet3",
            uplink="Ethernet1",
            management="Management1",
            peer="description: by netloom",
            intent=_SWITCH,
            foreign=Line("ntp server 192.0.2.77"),
        ),
        Kind(
            platform="cisco_ios",
            role="branch",
            port="GigabitEthernet1/0/3",
            uplink="GigabitEthernet1/0/1",
            management="GigabitEthernet0/0",
            peer="description: by netloom",
            intent=_SWITCH,
            foreign=Line("ntp server 192.0.2.77"),
        ),
        Kind(
            platform="cisco_nxos",
            role="core",
            port="Ethernet1/3",
            uplink="Ethernet1/1",
            management="mgmt0",
            peer="description: by netloom",
            intent=_SWITCH,
            foreign=Line("ntp server 192.0.2.77"),
        ),
        Kind(
            platform="juniper_junos",
            role="edge",
            port="ge-0/0/2",
            uplink="ge-0/0/0",
            management="em0",
            peer="peer_group: site, description: by netloom",
            intent=_SWITCH,
            foreign=Line("server 192.0.2.77;", ("system", "ntp")),
        ),
    )
}
