"""EOS's command line: modes, and configuration sessions that are committed under a timer."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from typing import ClassVar

from netloom.lab.simulation.cisco_shell import CiscoShell
from netloom.lab.simulation.device import Candidate, Device
from netloom.lab.simulation.shell import Answer
from netloom.model.config import Config, Line
from netloom.platforms.arista_eos.rules import RULES
from netloom.platforms.rules import Rules

TIMER = "commit"
MOST_PENDING = 5
"""Sessions that may be open at the same time."""
FIRST_WORDS = frozenset(
    "aaa action address-family agent alias area arp auto-cost autonomous-system bandwidth banner bfd bgp bridge "
    "channel-group class-map clock community-list control-plane counters cvx daemon default-information deny "
    "description distance dns domain-id dot1x dot1q enable encapsulation email errdisable event-handler event-monitor "
    "exec flowcontrol forwarding graceful-restart graceful-restart-helper hardware heartbeat-interval hostname "
    "idle-timeout import interface ip ipv6 isis key l2-protocol lacp lldp load-interval local-interface log-adjacency-changes "
    "logging mac mac-address management match max-lsa maximum-paths maximum-routes member mlag monitor mpls mtu name "
    "neighbor network no-switchport ntp passive-interface peer peer-address peer-filter peer-link permit policy-map "
    "port-channel power prefix-list priority-flow-control private-vlan protocol prompt ptp qos queue-monitor radius-server rd "
    "redistribute remark reload-delay role route-map route-target router router-id rx-queue schedule secret seq service "
    "set sflow shutdown snmp-server spanning-tree speed state statistics storm-control sub-route-map continue switchport "
    "system tacacs-server tap tcp terminal timers traffic-loopback transceiver trunk tunnel-group username update-source "
    "version vlan vrf vrrp vxlan write-memory community extcommunity-list as-path unsupported-transceiver "
    "domain-name lease server subnet virtual-router".split()
)


class EosShell(CiscoShell):
    """One session; `session` names the configuration session it is in."""

    rules: ClassVar[Rules] = RULES
    first_words = FIRST_WORDS
    pager: ClassVar[str] = "--More--"
    section_prompts: ClassVar[Mapping[str, str]] = {
        "interface": "config-if",
        "router": "config-router",
        "vlan": "config-vlan",
        "ip": "config-acl",
        "ipv6": "config-acl",
        "route-map": "config-route-map",
        "vrf": "config-vrf",
        "management": "config-mgmt",
    }
    invalid = "% Invalid input"

    def __init__(self, device: Device, user: str, *, privileged: bool = True) -> None:
        super().__init__(device, user, privileged=privileged)
        self.session: str | None = None

    def greeting(self) -> str:
        """Where the console lands."""
        return f"{self.device.hostname}: a simulated switch (netloom), not Arista's software\n"

    @property
    def target(self) -> Config:
        """The session's configuration, or the running one."""
        return self.device.config if self.session is None else self.device.candidates[self.session].config

    @target.setter
    def target(self, config: Config) -> None:
        if self.session is None:
            self.device.config = config
        else:
            self.device.candidates[self.session].config = config

    def mode(self, path: tuple[str, ...]) -> str:
        inner = super().mode(path)
        if self.session is None:
            return inner
        return inner.replace("config", f"config-s-{self.session[:6]}", 1)

    def unknown(self, line: str) -> Answer:
        return Answer(f"{self.invalid}\n", refused=True)

    def filtered(self, answer: Answer, pipes: str) -> Answer:
        words = [pipe.strip() for pipe in pipes.split("|")]
        if words and words[0] == "json":
            if answer.data is None:
                return answer if answer.refused else Answer("% This is an unconverted command\n", refused=True)
            return Answer(json.dumps(answer.data, indent=4) + "\n", answer.data, answer.refused)
        kept = [word for word in words if word not in ("no-more", "nz")]
        return super().filtered(answer, "|".join(kept)) if kept else answer

    # ---- configuration sessions ----------------------------------------------------------------

    def open_session(self, name: str) -> Answer:
        """Enter a session, a new one from the running configuration."""
        device = self.device
        found = device.candidates.get(name)
        if found is None:
            pending = [item for item in device.candidates.values() if item.state == "pending"]
            if len(pending) >= MOST_PENDING:
                return Answer("% Maximum number of pending sessions has been reached.\n", refused=True)
            device.candidates[name] = Candidate(name, device.config, device.config, self.user)
        elif found.state != "pending":
            return Answer(f"% Cannot enter session {name} (session state is {found.state})\n", refused=True)
        self.session, self.path = name, ()
        return Answer()

    def left(self) -> Answer:
        self.session = None
        return Answer()

    def entered(self, line: str) -> Answer:
        if self.session is not None:
            match line.split():
                case ["commit"]:
                    return self._leave(self.commit(self.session))
                case ["commit", "timer", clock]:
                    return self._leave(self.commit(self.session, clock))
                case ["abort"]:
                    return self._leave(self.abort(self.session))
                case ["rollback", "clean-config"]:
                    self.target = Config({})
                    return Answer()
        if line.startswith("show "):
            self_path, self.path = self.path, None
            answer = self.run(line)
            self.path = self_path
            return answer
        return super().entered(line)

    def _leave(self, answer: Answer) -> Answer:
        if not answer.refused:
            self.session, self.path = None, None
        return answer

    def commit(self, name: str, clock: str | None = None) -> Answer:
        """Make a session the running configuration; with a timer, until it is confirmed by a second commit."""
        device = self.device
        found = device.candidates.get(name)
        if found is None:
            return Answer(f"% Cannot commit session {name} (session does not exist)\n", refused=True)
        if found.state == "pendingCommitTimer":
            device.stop_timer(TIMER)
            found.state = "completed"
            return Answer()
        if found.state != "pending":
            return Answer(f"% Cannot commit session {name} (session state is {found.state})\n", refused=True)
        if any(item.state == "pendingCommitTimer" for item in device.candidates.values()):
            return Answer("% Cannot commit: another session is waiting for its commit timer\n", refused=True)
        seconds = _seconds(clock) if clock is not None else 0
        if seconds is None:
            return self.unknown(clock or "")
        found.base, device.config = device.config, found.config
        found.state = "pendingCommitTimer" if clock is not None else "completed"
        if clock is not None:
            device.start_timer(TIMER, seconds, lambda: _expired(device, name))
        return Answer()

    def abort(self, name: str) -> Answer:
        """Drop a session; one under its timer goes back at once."""
        device = self.device
        found = device.candidates.get(name)
        if found is None:
            return Answer(f"% Cannot abort session {name} (session does not exist)\n", refused=True)
        if found.state == "pendingCommitTimer":
            device.stop_timer(TIMER)
            device.config = found.base
        elif found.state != "pending":
            return Answer(f"% Cannot abort session {name} (session state is {found.state})\n", refused=True)
        found.state = "aborted"
        return Answer()

    def banner(self, text: str) -> Answer | None:
        found = re.fullmatch(r"banner (login|motd)", text)
        if found is None:
            return None
        collected: list[str] = []

        def take(line: str) -> Answer:
            if line == "EOF":
                return self.change(Line("\n".join((text, *collected, "EOF"))))
            collected.append(line)
            self.pending = take
            return Answer()

        self.pending = take
        return Answer("Enter TEXT message. Type 'EOF' on its own line to end.\n")


def difference(device: Device, name: str) -> str:
    """What a session would change, as EOS shows it."""
    found = device.candidates[name]
    old, new = device.text().splitlines(), device.text(found.config).splitlines()
    lines = difflib.unified_diff(old, new, "system:/running-config", f"session:/{name}-session-config", lineterm="")
    return "\n".join(line for line in lines if not line.startswith("@@"))


def _expired(device: Device, name: str) -> None:
    found = device.candidates[name]
    device.config = found.base
    found.state = "completed"


def _seconds(clock: str) -> float | None:
    found = re.fullmatch(r"(\d{1,2}):(\d\d):(\d\d)", clock)
    return None if found is None else int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3])
