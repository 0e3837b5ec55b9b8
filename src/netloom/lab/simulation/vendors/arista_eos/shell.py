"""EOS's command line: exec and configuration modes, privileges, prompts."""

from __future__ import annotations

import json
import re
from typing import ClassVar

from netloom.lab.simulation.cisco_shell import CiscoShell
from netloom.lab.simulation.device import Candidate, Device
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.arista_eos.sessions import Sessions, refusal
from netloom.lab.simulation.vendors.arista_eos.words import FIRST_WORDS, SIGNS, expanded
from netloom.model.config import Config, Line
from netloom.model.device import Device as Settings
from netloom.platforms.arista_eos.rules import RULES
from netloom.platforms.interface_names import ARISTA_EOS
from netloom.platforms.rules import Rules

_EXEC_ONLY = re.compile(r"(?:sho?w?|copy|conf\w*|dir|ping|traceroute|clear) +\S|wri?t?e?(?: |$)|configure$")
"""What configuration mode passes on: EOS knows exec mode's commands there, too; `sh` alone is `shutdown`."""
_UNPRIVILEGED = re.compile(r"(?:sh\w* (?!run|start|session-c)|en|exi|logo|term|ping|trace|dis|quit)")
_SHORT_NAMES = {"Ethernet": "Et", "Management": "Ma", "Port-Channel": "Po", "Loopback": "Lo", "Vlan": "Vl"}
_MODES = (
    (r"router bgp \S+", "router-bgp"),
    (r"router (ospf3?|isis|rip|multicast|general)\b.*", "router-{0}"),
    (r"address-family .*", "{outer}-af"),
    (r"vlan (\S+)", "vlan-{0}"),
    (r"ip access-list standard (\S+)", "std-acl-{0}"),
    (r"(?:ip|mac) access-list (\S+)", "acl-{0}"),
    (r"ipv6 access-list (?:standard )?(\S+)", "ipv6-acl-{0}"),
    (r"ip prefix-list (\S+)", "ip-pfx"),
    (r"ipv6 prefix-list (\S+)", "ipv6-pfx"),
    (r"route-map (\S+).*", "route-map-{0}"),
    (r"vrf (?:instance|definition)? ?(\S+)", "vrf-{0}"),
    (r"management api (\S+)", "mgmt-api-{0}"),
    (r"management (\S+)", "mgmt-{0}"),
    (r"mlag configuration", "mlag"),
    (r"(\S+).*", "{0}"),
)
_PATTERNS = tuple((re.compile(pattern), form) for pattern, form in _MODES)


class EosShell(CiscoShell):
    """One session; `session` names the configuration session it is in."""

    rules: ClassVar[Rules] = RULES
    first_words = FIRST_WORDS
    pager: ClassVar[str] = "--More--"
    invalid = "% Invalid input"

    def __init__(self, device: Device, user: str, *, privileged: bool = True) -> None:
        super().__init__(device, user, privileged=privileged)
        self.sessions = Sessions(device)
        self.session: str | None = None

    def greeting(self) -> str:
        """Where a login lands."""
        own = [record for record in self.device.records("device") if isinstance(record, Settings)]
        motd = f"{own[0].banner_motd}\n" if own and own[0].banner_motd else ""
        return f"{self.device.hostname}: a simulated switch (netloom), not Arista's software\n{motd}"

    def interface(self, name: str) -> str:
        """An interface's name in full."""
        return ARISTA_EOS.long(name) if ARISTA_EOS.knows(name) else name

    def fits(self, line: str) -> int:
        """How many words of a line are those of a command."""
        typed = line.split()
        if self.path is not None:
            return 0
        most = 0
        for command in self.commands:
            count = 0
            for word, given in zip(command.words, typed, strict=False):
                if not word.startswith(("<", "...", given.lower())):
                    break
                count += 1
            most = max(most, count)
        return most

    # ---- modes ---------------------------------------------------------------------------------

    @property
    def target(self) -> Config:
        """The session's configuration, or the running one."""
        return self.device.config if self.session is None else self._candidate(self.session).config

    @target.setter
    def target(self, config: Config) -> None:
        if self.session is None:
            self.device.config = config
        else:
            self._candidate(self.session).config = config

    def _candidate(self, name: str) -> Candidate:
        return self.device.candidates[name]

    def mode(self, path: tuple[str, ...]) -> str:
        """`config-if-Et1`, and `config-s-change-if-Et1` in a session: six characters of its name."""
        outer = ""
        for header in path:
            outer = _mode(header, outer)
        session = f"-s-{self.session[:6]}" if self.session is not None else ""
        return f"config{session}{f'-{outer}' if outer else ''}"

    def run(self, line: str) -> Answer:
        if self.path is None and not self.privileged and not _UNPRIVILEGED.match(line):
            return Answer(f"{self.invalid} (privileged mode required)\n", refused=True)
        return super().run(line)

    def unknown(self, line: str) -> Answer:
        del line
        return Answer(f"{self.invalid}\n", refused=True)

    def filtered(self, answer: Answer, pipes: str) -> Answer:
        words = [pipe.strip() for pipe in pipes.split("|")]
        if words[0] == "json" and not answer.refused:
            if answer.data is None and answer.text.strip():
                return Answer("% This is an unconverted command\n", refused=True)
            document = {} if answer.data is None else answer.data
            text = f"{json.dumps(document, indent=4)}\n"
            return (
                super().filtered(Answer(text, document), "|".join(words[1:])) if words[1:] else Answer(text, document)
            )
        kept = [word for word in words if word not in ("no-more", "nz", "json")]
        return super().filtered(answer, "|".join(kept)) if kept and not answer.refused else answer

    # ---- configuration mode --------------------------------------------------------------------

    def open_session(self, name: str) -> Answer:
        """Enter a configuration session, a new one from the running configuration."""
        answer = self.sessions.open(name, self.user)
        if not answer.refused:
            self.session, self.path = name, ()
        return answer

    def left(self) -> Answer:
        self.session = None
        return Answer()

    def configure(self, line: str) -> Answer:
        if self.session is not None and not self.sessions.is_open(self.session):
            name, self.session, self.path = self.session, None, None
            return refusal(f"Configuration session {name} was committed or aborted meanwhile")
        if _EXEC_ONLY.match(line):
            return self._in_exec_mode(line)
        return super().configure(line)

    def _in_exec_mode(self, line: str) -> Answer:
        path, self.path = self.path, None
        answer = self.run(line)
        if self.path is None:
            self.path = path
        return answer

    def entered(self, line: str) -> Answer:
        if self.session is not None:
            match line.split():
                case ["commit"]:
                    return self._leave(self.sessions.commit(self.session))
                case ["commit", "timer", clock]:
                    return self._leave(self.sessions.commit(self.session, clock))
                case ["abort"]:
                    return self._leave(self.sessions.abort(self.session))
                case ["rollback", "clean-config"]:
                    self.target = self.device.config.with_tree({})
                    self.path = ()
                    return Answer()
        if match := re.fullmatch(r"no configure session (\S+)", line):
            return self.sessions.abort(match[1])
        return super().entered(_interface_in_full(expanded(line)))

    def _leave(self, answer: Answer) -> Answer:
        if not answer.refused:
            self.session, self.path = None, None
        return answer

    def banner(self, text: str) -> Answer | None:
        """EOS ends a banner by EOF on a line of its own."""
        if re.fullmatch(r"banner (?:login|motd)", text) is None:
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


def _mode(header: str, outer: str) -> str:
    kind, _, rest = header.partition(" ")
    if kind == "interface":
        match = re.match(r"([A-Za-z-]+)(.*)", rest)
        return f"if-{_SHORT_NAMES.get(match[1], match[1][:2])}{match[2]}" if match else "if"
    if kind == "vrf" and outer == "router-bgp":
        return f"router-bgp-{header.replace(' ', '-')}"
    for pattern, form in _PATTERNS:
        if match := pattern.fullmatch(header):
            return form.format(*match.groups(), outer=outer)
    return outer


def _interface_in_full(line: str) -> str:
    """`interface Et1` is `interface Ethernet1` in the running configuration."""
    words = line.split()
    at = 1 if words[:1] and words[0] in SIGNS else 0
    if words[at : at + 1] != ["interface"] or len(words) < at + 2 or "," in line:
        return line
    name = "".join(words[at + 1 :])
    return " ".join((*words[: at + 1], ARISTA_EOS.long(name) if ARISTA_EOS.knows(name) else name))
