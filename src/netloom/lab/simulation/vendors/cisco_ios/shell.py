"""IOS's command line: exec and configuration modes, privileges, prompts, and what it refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ClassVar

from netloom.lab.simulation.abbreviations import SIGNS
from netloom.lab.simulation.cisco_shell import CiscoShell, Path
from netloom.lab.simulation.device import Device, words_of
from netloom.lab.simulation.shell import Answer, filtered
from netloom.lab.simulation.vendors.cisco_ios import refusals, words
from netloom.lab.simulation.vendors.cisco_ios.archive import Archive
from netloom.model.config import Line
from netloom.model.device import Device as Settings
from netloom.platforms.cisco_ios.rules import RULES
from netloom.platforms.interface_names import CISCO_IOS
from netloom.platforms.rules import Rules

_UNPRIVILEGED = re.compile(
    r"(?:sho?w? (?!run|start|arch|tech|conf)|en|exi|logo|qui|term|ping|trac|dis|connect|telnet|ssh|lock|rlogin|where)"
)
_HOST_IN_PROMPT = 20
"""Letters of a long name that configuration mode's prompt keeps."""
_SPACED = re.compile(r"(?i)^(sh\w* (?:run\w* )?(?:ip(?:v6)? )?int\w*) ([a-z-]+) (\d[\d/.]*)")
_BANNER = re.compile(r"(?s)^(banner \S+ )(\^C|\S)(.*)\2$")
"""However it is typed, it is shown between these signs."""
_MODES = (
    (r"interface range .*", "config-if-range"),
    (r"interface \S+\.\d+", "config-subif"),
    (r"interface .*", "config-if"),
    (r"router \S+.*", "config-router"),
    (r"ip access-list standard .*", "config-std-nacl"),
    (r"ip access-list .*", "config-ext-nacl"),
    (r"ipv6 access-list .*", "config-ipv6-acl"),
    (r"(?:vrf definition|ip vrf) .*", "config-vrf"),
    (r"(?:class-map) .*", "config-cmap"),
    (r"(?:policy-map) .*", "config-pmap"),
    (r"class .*", "config-pmap-c"),
    (r"ip dhcp pool .*", "dhcp-config"),
    (r"key chain .*", "config-keychain"),
    (r"key \d+", "config-keychain-key"),
    (r"log config", "config-archive-log-cfg"),
    (r"crypto pki trustpoint .*", "ca-trustpoint"),
    (r"(line|vlan|archive|route-map|template|track|ip sla|bridge-domain) ?.*", "config-{0}"),
    (r"\S+.*", "config-sub"),
)
_PATTERNS = tuple((re.compile(pattern), mode) for pattern, mode in _MODES)


class IosShell(CiscoShell):
    """One session."""

    rules: ClassVar[Rules] = RULES
    first_words = words.FIRST_WORDS
    pager: ClassVar[str] = " --More-- "

    def __init__(self, device: Device, user: str, *, privileged: bool = True) -> None:
        super().__init__(device, user, privileged=privileged)
        self.archive = Archive(device)
        self.range: tuple[str, ...] = ()
        """The interfaces of `interface range`, while it is open."""
        self.scripting: list[str] | None = None
        """What was typed of a script in tclsh; None outside it."""
        self.holds_lock = False

    def greeting(self) -> str:
        """The banners, and what this is."""
        own = [record for record in self.device.records("device") if isinstance(record, Settings)]
        banners = [text for record in own for text in (record.banner_motd, record.banner_login) if text]
        told = "".join(f"{text}\n" for text in banners)
        self.archive.logged_in(self.user, self)
        return f"\n{self.device.hostname}: a simulated router (netloom), not Cisco's software\n{told}\n"

    def closed(self) -> None:
        """The lock of configuration mode and the line are free again."""
        self.archive.logged_out(self)
        self.unlock()

    def unlock(self) -> None:
        """Leave configuration mode's lock to others."""
        if self.holds_lock:
            self.device.locks.pop("configuration", None)
            self.holds_lock = False

    def interface(self, name: str) -> str:
        """An interface's name in full."""
        return CISCO_IOS.long(name) if CISCO_IOS.knows(name) else name

    def short(self, name: str) -> str:
        """An interface's name as tables have it."""
        return CISCO_IOS.short(name)

    # ---- prompts -------------------------------------------------------------------------------

    def prompt(self) -> str:
        if self.pending is not None:
            return self.question
        name = self.device.hostname
        if self.scripting is not None:
            return "+>" if self.scripting else f"{name}(tcl)#"
        if self.path is None:
            return f"{name}{'#' if self.privileged else '>'}"
        return f"{name[:_HOST_IN_PROMPT]}({self.mode(self.path)})#"

    def mode(self, path: Path) -> str:
        if self.range:
            return "config-if-range"
        outer = ""
        for header in path:
            outer = _mode(header, outer)
        return outer or "config"

    # ---- exec mode -----------------------------------------------------------------------------

    def asked(self, question: str, take: Callable[[str], Answer]) -> Answer:
        """Wait for the answer to a question."""
        self.pending, self.question = take, question
        return Answer()

    def confirmed(self, question: str, act: Callable[[str], Answer]) -> Answer:
        """Wait for a return, or for anything else, which means no."""
        return self.asked(question, lambda line: act(line) if line.lower() in ("", "y", "yes") else Answer())

    def execute(self, line: str) -> Answer:
        self.archive.busy()
        if self.scripting is not None and self.pending is None:
            answer = self.scripted(line)
            if answer is not None or not line.strip():
                return answer or Answer()
        return super().execute(line)

    def scripted(self, line: str) -> Answer | None:
        """A line typed in tclsh; None where it is a command of exec mode."""
        del line
        return None

    def run(self, line: str) -> Answer:
        if self.path is None and not self.privileged and not _UNPRIVILEGED.match(line.lower()):
            return self.unknown(line)
        return super().run(_SPACED.sub(r"\1 \2\3", line))

    def unknown(self, line: str) -> Answer:
        """The refusal, with a caret under the word that is to blame."""
        typed = words_of(line.partition("|")[0])
        at = self._known_words(typed)
        if self.path is None and at == 0 and len(typed) == 1:
            return Answer(
                f'Translating "{typed[0]}"\n\nTranslating "{typed[0]}"\n'
                "% Bad IP address or host name\n"
                "% Unknown command or computer name, or unable to find computer address\n",
                refused=True,
            )
        if at >= len(typed):
            return Answer(f"{self.incomplete}\n", refused=True)
        return Answer(f"{' ' * (len(self.prompt()) + _column(line, typed, at))}^\n{self.invalid}\n", refused=True)

    def lacks(self, command: str) -> Answer:
        """The refusal of a command that other kinds of devices have: a router's of a switch's."""
        typed = command.split()
        column = len(self.prompt()) + _column(command, typed, len(typed) - 1)
        return Answer(f"{' ' * column}^\n{self.invalid}\n", refused=True)

    def _known_words(self, typed: list[str]) -> int:
        """How many of the words some command begins with."""
        if self.path is not None:
            signs = 1 if typed[0] in SIGNS else 0
            return signs + 1 if len(typed) > signs and words.is_first(typed[signs]) else signs
        best = 0
        for command in self.commands:
            count = 0
            for word, given in zip(command.words, typed, strict=False):
                if not word.startswith("<") and not word.startswith(given.lower()):
                    break
                count += 1
            best = max(best, count)
        return best

    def filtered(self, answer: Answer, pipes: str) -> Answer:
        """IOS has one filter a command; what follows may hold a `|` of a regular expression."""
        word, _, argument = pipes.strip().partition(" ")
        if "count".startswith(word) and argument:
            found = sum(1 for line in answer.text.splitlines() if _search(argument.strip(), line))
            return Answer(f"Number of lines which match regexp = {found}\n")
        if not any(known.startswith(word) for known in ("include", "exclude", "begin", "section")):
            return self.unknown(f"| {word}")
        return Answer(_filtered(answer.text, word, argument.strip()), refused=answer.refused)

    # ---- configuration mode --------------------------------------------------------------------

    def configure(self, line: str) -> Answer:
        if line.partition(" ")[0].lower() in ("exit", "quit") and self.range:
            self.path, self.range = (), ()
            return Answer()
        return super().configure(line)

    def left(self) -> Answer:
        self.range = ()
        self.unlock()
        self.archive.changed_by(self.user)
        return Answer()

    def opens(self, path: Path, text: str) -> bool:
        return super().opens(path, text) or words.opens(path, text)

    def stays(self, path: Path, positive: str) -> bool:
        outer = (path[:depth] for depth in range(len(path)))
        return not words.leaves(positive, path[-1]) and not any(self.opens(place, positive) for place in outer if place)

    def entered(self, line: str) -> Answer:
        line = words.in_full(line.strip())
        if match := re.fullmatch(r"interface range (.+)", line):
            return self._enter_range(match[1])
        if self.range and not words.leaves(line, "interface "):
            return self._on_each(line)
        self.range = ()
        return super().entered(line)

    def accepts(self, path: Path, text: str) -> bool:
        return super().accepts(path, text) or bool(re.match(r"(?:no )?(?:sequence )?\d+ ", text))

    def change(self, line: Line) -> Answer:
        """Enter a line, unless IOS would refuse it; some make it say something."""
        if (refusal := refusals.refusal(self.device, line)) is not None:
            return self.unknown(line.text) if refusal == "" else Answer(f"{refusal}\n", refused=True)
        if line.text.startswith("crypto key ") or line.text == "exit":
            return Answer()
        if (name := re.fullmatch(r"no username (\S+)", line.text)) and not line.path:
            return self._ask_about_account(line, name[1])
        told = refusals.remark(self.device, line)
        default = re.fullmatch(r"default (interface \S+)", line.text)
        if default and not line.path:
            refusals.reset_interface(self.device, default[1])
        else:
            super().change(Line(_BANNER.sub(r"\1^C\3^C", line.text), line.path))
        return Answer(f"{told}\n" if told else "")

    def _ask_about_account(self, line: Line, name: str) -> Answer:
        def take(_: str) -> Answer:
            self.device.apply([line])
            return Answer()

        if not any(text.split()[:2] == ["username", name] for text in self.device.config.tree):
            return Answer()
        return self.confirmed(
            "This operation will remove all username related configurations with same name."
            "Do you want to continue? [confirm]",
            take,
        )

    def _enter_range(self, typed: str) -> Answer:
        names = refusals.interfaces_in(typed)
        known = set(self.device.config.tree)
        if not names or any(f"interface {name}" not in known for name in names):
            return self.unknown(f"interface range {typed}")
        self.path, self.range = (f"interface {names[0]}",), tuple(names)
        return Answer()

    def _on_each(self, line: str) -> Answer:
        said = ""
        for name in self.range:
            self.path = (f"interface {name}",)
            answer = super().entered(line)
            said += answer.text
            if answer.refused:
                return answer
        return Answer(said)


def _mode(header: str, outer: str) -> str:
    """`config-router-af` of a family in `router bgp`."""
    if header.startswith("address-family"):
        return f"{outer}-af"
    for pattern, form in _PATTERNS:
        if match := pattern.fullmatch(header):
            return form.format(*(group.replace(" ", "-") for group in match.groups()))
    return outer


def _column(line: str, typed: list[str], at: int) -> int:
    place = 0
    for word in typed[:at]:
        place = line.index(word, place) + len(word)
    return line.index(typed[at], place)


def _search(pattern: str, line: str) -> bool:
    try:
        return re.search(pattern, line) is not None
    except re.error:
        return pattern in line


def _filtered(text: str, word: str, argument: str) -> str:
    try:
        return filtered(text, word, argument)
    except re.error:
        return filtered(text, word, re.escape(argument))
