"""NX-OS' command line: exec and configuration modes, ranges, prompts, refusals and pipes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_interface
from typing import Any, ClassVar

from netloom.lab.simulation.abbreviations import SIGNS, expanded
from netloom.lab.simulation.cisco_shell import CiscoShell
from netloom.lab.simulation.device import Device, matching, words_of
from netloom.lab.simulation.shell import Answer, Shell, filtered
from netloom.lab.simulation.vendors.cisco_nxos.rows import as_xml
from netloom.lab.simulation.vendors.cisco_nxos.words import (
    FIRST_WORDS,
    IN_EXEC_MODE,
    feature_of_command,
    feature_of_line,
    is_on,
)
from netloom.model.config import Line
from netloom.model.device import Device as Settings
from netloom.platforms.cisco_nxos.rules import rules_of
from netloom.platforms.interface_names import CISCO_NXOS
from netloom.platforms.rules import Rules

Path = tuple[str, ...]

_PROMPTS = {
    "interface": "config-if",
    "vlan": "config-vlan",
    "vrf": "config-vrf",
    "ip": "config-acl",
    "ipv6": "config-ipv6-acl",
    "mac": "config-mac-acl",
    "route-map": "config-route-map",
    "router": "config-router",
    "neighbor": "config-router-neighbor",
    "template": "config-router-neighbor",
    "line": "config-line",
    "role": "config-role",
    "vdc": "config-vdc",
    "object-group": "config-objgrp",
    "class-map": "config-cmap-qos",
    "policy-map": "config-pmap-qos",
}
_RANGE = re.compile(r"(?P<start>.*?)(?P<first>\d+)-(?P<last>\d+)")
_DOTTED = re.compile(r"(?P<before>(?:no )?ip address) (?P<address>[\d.]+) (?P<mask>[\d.]+)(?P<rest>(?: .*)?)")
_LAYER_3 = re.compile(r"(?:no )?(?:ip(?:v6)? address |vrf member )")
_UNPRIVILEGED = re.compile(r"(?:sh\w* (?!run|start)|en|exi|quit|term|ping|trace|dis)")


class Note(dict[str, Any]):
    """In place of a structured reply: what a command says, it says as text in every form."""


class NxosShell(CiscoShell):
    """One session."""

    first_words = FIRST_WORDS
    section_prompts: ClassVar[Mapping[str, str]] = _PROMPTS
    pager: ClassVar[str] = "--More--"

    def __init__(self, device: Device, user: str, *, privileged: bool = True) -> None:
        super().__init__(device, user, privileged=privileged)
        self.asks = True
        """False after `terminal dont-ask`: questions are answered by their defaults."""
        self.typed = ""

    @property
    def rules(self) -> Rules:  # type: ignore[override]  # by the defaults that the configuration names
        """How lines behave."""
        return rules_of(self.target)

    def greeting(self) -> str:
        """What stands where a login lands."""
        own = [record for record in self.device.records("device") if isinstance(record, Settings)]
        motd = f"{own[0].banner_motd}\n" if own and own[0].banner_motd else ""
        return f"{motd}Cisco NX-OS Software, simulated by netloom: no vendor's software runs here\n"

    def mode(self, path: Path) -> str:
        """`config-if`, `config-if-range`, `config-router-neighbor-af`, …"""
        if not path:
            return "config"
        words = path[-1].split()
        if words[0] == "address-family":
            outer = super().mode(path[:-1])
            return f"{outer}-af"
        if path[0].startswith("router ") and words[0] == "vrf":
            return "config-router-vrf"
        if words[0] == "interface":
            several = "," in path[-1] or _RANGE.fullmatch(words[1]) is not None
            return "config-if-range" if several else "config-subif" if "." in words[1] else "config-if"
        return super().mode(path)

    # ---- commands ------------------------------------------------------------------------------

    def run(self, line: str) -> Answer:
        self.typed = line
        if self.path is None and not self.privileged and not _UNPRIVILEGED.match(line):
            return Answer("% Permission denied for the role\n", refused=True)
        if ";" in line and self.path is None and '"' not in line:
            return self._in_turn([part.strip() for part in line.split(";") if part.strip()])
        return self.run_command(line) if self.path is None else self.configure(line)

    def _in_turn(self, lines: Sequence[str]) -> Answer:
        text = ""
        for line in lines:
            answer = self.run(line)
            text += answer.text
            if answer.refused or answer.end:
                return Answer(text, refused=answer.refused, end=answer.end)
        return Answer(text)

    def run_command(self, line: str) -> Answer:
        """A command of exec mode, wherever it was typed."""
        typed = words_of(line.partition("|")[0])
        found = matching(self.commands, typed)
        feature = feature_of_command(found[0].pattern) if found is not None else None
        if feature is not None and not is_on(feature, self.device.config.tree):
            return self.unknown(line)
        return Shell.run(self, line)

    def unknown(self, line: str) -> Answer:
        """A refusal, with a mark below the first word that is not understood."""
        column, whole = self._misunderstood(line)
        kind = "Incomplete" if whole else "Invalid"
        return Answer(f"{' ' * (len(self.prompt()) + column)}^\n% {kind} command at '^' marker.\n", refused=True)

    def bad_number(self, word: str, least: int, most: int) -> Answer:
        """A refusal of a number that is none, or out of its range."""
        column = len(self.prompt()) + max(0, self.typed.find(word))
        return Answer(f"{' ' * column}^\n% Invalid number, range is ({least}-{most}) at '^' marker.\n", refused=True)

    def _misunderstood(self, line: str) -> tuple[int, bool]:
        """The column of the first word that no command knows, or the end where words are missing."""
        typed = words_of(line.partition("|")[0])
        if self.path is not None:
            return len(line) - len(line.lstrip()), False
        known = 0
        for command in self.commands:
            feature = feature_of_command(command.pattern)
            if feature is None or is_on(feature, self.device.config.tree):
                known = max(known, _fitting(command.words, typed))
        if known >= len(typed):
            return len(line.rstrip()), True
        return line.index(typed[known]), False

    def filtered(self, answer: Answer, pipes: str) -> Answer:
        """`| json` and `| xml` tell the same otherwise; the other pipes work on the text."""
        if answer.refused:
            return answer
        text = answer.text
        for pipe in pipes.split("|"):
            word, _, rest = pipe.strip().partition(" ")
            if word in ("json", "json-pretty", "json-native", "xml"):
                if isinstance(answer.data, Note):
                    continue
                if answer.data is None and text.strip():
                    return Answer("Error: This command does not support structured output\n", refused=True)
                text = self._structured(word, answer.data)
            elif word not in ("no-more", ""):
                text = filtered(text, _full(word), rest.strip().strip('"'))
        return Answer(text, answer.data, answer.refused, answer.end, answer.takes_s)

    def _structured(self, form: str, data: Any) -> str:
        if not data:
            return ""
        if form == "xml":
            return as_xml(self.typed.partition("|")[0].strip(), data)
        return json.dumps(data, indent=4 if form == "json-pretty" else None) + "\n"

    # ---- configuration mode --------------------------------------------------------------------

    def configure(self, line: str) -> Answer:
        word = line.partition(" ")[0].lower()
        if word in IN_EXEC_MODE or line.startswith("configure replace"):
            return self.run_command(line)
        if word == "do":
            return self.run_command(line.partition(" ")[2].strip())
        return super().configure(line)

    def entered(self, line: str) -> Answer:
        if line.startswith("no checkpoint "):
            return self.run_command(line)
        return super().entered(normalised(expanded(line, FIRST_WORDS)))

    def _place(self, path: Path, positive: str) -> Path:
        """The innermost section that knows a line: what an inner mode does not know goes to an outer one."""
        outwards = [path[:depth] for depth in range(len(path), -1, -1)]
        knows = (here for here in outwards if self.opens(here, positive) or not self._is_new(here, positive))
        return next(knows, path)

    def _is_new(self, path: Path, positive: str) -> bool:
        """Whether the platform says nothing of such a line in a section."""
        return self.rules.section(path).keeps_negative(positive)

    def accepts(self, path: Path, text: str) -> bool:
        """Its first word is known, its feature is on, and a port that switches gets no address."""
        if not super().accepts(path, text):
            return False
        feature = feature_of_line(text)
        if feature is not None and not is_on(feature, self.target.tree):
            return False
        return not (path and _LAYER_3.match(text) and not text.startswith("no ") and self._switches(path[0]))

    def _switches(self, header: str) -> bool:
        if not re.match(r"interface (?:Ethernet|port-channel)", header) or "." in header:
            return False
        section = self.target.section(header)
        return (
            bool(section or header in self.target.tree)
            and "no switchport" not in section
            and not any(_LAYER_3.match(text) for text in section)
        )

    def change(self, line: Line) -> Answer:
        """Enter a line, in each of a range's interfaces."""
        self.target = self.device.applied(self.target, list(_singly(line)))
        return Answer()


def normalised(line: str) -> str:
    """Interfaces' names in full, and a mask as a length."""
    words = line.split()
    at = 1 if words[:1] and words[0] in SIGNS else 0
    if words[at : at + 1] == ["interface"] and len(words) > at + 1:
        names = "".join(words[at + 1 :]).split(",")
        whole = ",".join(CISCO_NXOS.long(name) if CISCO_NXOS.knows(name) else _long_range(name) for name in names)
        return " ".join((*words[: at + 1], whole))
    if match := _DOTTED.fullmatch(line.strip()):
        try:
            address = ip_interface(f"{match['address']}/{match['mask']}").with_prefixlen
        except ValueError:
            return line
        return f"{match['before']} {address}{match['rest']}"
    return line


def _long_range(name: str) -> str:
    """`eth1/1-4` is Ethernet1/1-4."""
    match = _RANGE.fullmatch(name)
    return f"{CISCO_NXOS.long(match['start'] + match['first'])}-{match['last']}" if match else name


def _singly(line: Line) -> Iterator[Line]:
    for header in _headers(line.path[0]) if line.path else ("",):
        for text in (line.text,) if line.path else _headers(line.text):
            yield Line(text, (header, *line.path[1:]) if line.path else ())


def _headers(text: str) -> list[str]:
    """A header about a range of interfaces as one for each."""
    match = re.fullmatch(r"((?:no |default )?interface )(\S+)", text)
    if match is None or not re.search(r"[,-]\d|,", match[2]):
        return [text]
    found = []
    for part in match[2].split(","):
        span = _RANGE.fullmatch(part)
        numbers = range(int(span["first"]), int(span["last"]) + 1) if span else ()
        found += [f"{match[1]}{span['start']}{number}" for number in numbers] if span else [f"{match[1]}{part}"]
    return found


def _fitting(words: Sequence[str], typed: Sequence[str]) -> int:
    """How many of the typed words fit a command."""
    for at, given in enumerate(typed):
        if at >= len(words) or words[at] == "...":
            return len(typed) if at < len(words) else at
        if not words[at].startswith("<") and not words[at].startswith(given.lower()):
            return at
    return len(typed)


def _full(word: str) -> str:
    """`inc`, `exc`, `sec` and `beg`."""
    return next((full for full in ("include", "exclude", "section", "begin") if full.startswith(word)), word)
