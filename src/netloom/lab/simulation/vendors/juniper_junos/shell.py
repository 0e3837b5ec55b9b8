"""Junos' command line: operational mode, its pipes, and the way to configuration mode."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from netloom.lab.simulation.device import Device
from netloom.lab.simulation.shell import Answer, Shell
from netloom.lab.simulation.vendors.juniper_junos import ping
from netloom.lab.simulation.vendors.juniper_junos.configure import Configuring
from netloom.lab.simulation.vendors.juniper_junos.database import DatabaseRefused, Mode, database_of
from netloom.lab.simulation.vendors.juniper_junos.elements import el
from netloom.lab.simulation.vendors.juniper_junos.pipes import Shown, piped, split_pipes
from netloom.lab.simulation.vendors.juniper_junos.registry import found_show
from netloom.lab.simulation.vendors.juniper_junos.show_system import VERSION
from netloom.lab.simulation.vendors.juniper_junos.shows import NotShown, moment
from netloom.model.config import Tree
from netloom.model.device import Device as Settings
from netloom.platforms.juniper_junos.curly import write_curly
from netloom.platforms.juniper_junos.spelling import split
from netloom.platforms.juniper_junos.tree import below


class JunosShell(Shell):
    """One session; `configuring` is its visit to configuration mode."""

    pager: ClassVar[str] = "---(more)---"

    def __init__(self, device: Device, user: str, *, privileged: bool = True) -> None:
        super().__init__(device, user, privileged=privileged)
        self.database = database_of(device)
        self.configuring: Configuring | None = None

    def prompt(self) -> str:
        if self.pending is not None:
            return self.question
        name = f"{self.user}@{self.device.hostname}"
        if self.configuring is None:
            return f"\n{name}> "
        return f"\n{self.configuring.banner}\n{name}# "

    def greeting(self) -> str:
        """What a login shows."""
        own = [record for record in self.device.records("device") if isinstance(record, Settings)]
        motd = f"{own[0].banner_motd}\n" if own and own[0].banner_motd else ""
        return f"--- JUNOS {VERSION} simulated by netloom: none of Juniper's software\n{motd}"

    def closed(self) -> None:
        if self.configuring is not None:
            self.configuring.leave()
            self.configuring = None

    def run(self, line: str) -> Answer:
        command, pipes = split_pipes(line)
        if self.configuring is not None:
            return self.configuring.run(self, command, pipes)
        return self.operational(command, pipes)

    def operational(self, line: str, pipes: Sequence[str] = ()) -> Answer:
        """A command of operational mode."""
        if self.database.boot != self.device.boots:
            self.database = database_of(self.device)
        words = split(line)
        for names, act in _ACTIONS.items():
            taken = _taken(names.split(), words)
            if taken is not None:
                return act(self, taken)
        try:
            text = piped(self.shown(line), pipes, self.device)
        except NotShown as refused:
            if refused.element:
                return self.mistake(line, refused.element, refused.message)
            return Answer(f"error: {refused.message}\n", refused=True)
        except DatabaseRefused as refused:
            return Answer(f"error: {refused.message}\n", refused=True)
        return Answer(text, refused=text.startswith("error: "))

    def shown(self, line: str) -> Shown:
        """What a `show` command says; raises NotShown with the word that is wrong."""
        words = split(line)
        if (rest := _taken(("show", "configuration"), words)) is not None:
            if not rest:
                config = self.device.config
                return Shown(lambda: f"{self._last_commit()}{self.database.text(config)}", config=(config.tree, ()))
            return config_shown(self.device.config.tree, rest)
        if (rest := _taken(("show", "system", "rollback"), words)) is not None and rest:
            return self._rollback(rest)
        if _taken(("show", "cli"), words) == ():
            return Shown(f"CLI complete-on-space disabled\nCLI screen-length set to {self.page_length}\n")
        for name, (screen, told) in _PROBES.items():
            if (rest := _taken((name,), words)) is not None and rest:
                return Shown(screen(self.device, rest), lambda told=told, rest=rest: [told(self.device, rest)])  # type: ignore[misc] # bound now
        show, options = found_show(words)
        element = show.element
        return Shown(
            lambda: show.screen(self.device, options),
            (lambda: [element(self.device, options)]) if element is not None else None,
            rpc=el(show.rpcs[0], *(el(name, value or None) for name, value in options.items())),
        )

    def _last_commit(self) -> str:
        last = self.database.history[0]
        return f"## Last commit: {moment(last.at)} by {last.user}\n"

    def _rollback(self, rest: Sequence[str]) -> Shown:
        if rest[0] == "compare" and len(rest) == 3:
            from_, to = (self.database.rolled_back(int(number)) for number in rest[1:])
            return Shown("", config=(to.tree, ()), against=from_)
        if not rest[0].isdigit():
            raise NotShown("syntax error", rest[0])
        return config_shown(self.database.rolled_back(int(rest[0])).tree, ())

    def mistake(self, line: str, word: str, message: str) -> Answer:
        """A refusal with a caret below the word that is wrong."""
        last = self.prompt().rsplit("\n", 1)[-1]
        at = line.rfind(word) if word else len(line)
        return Answer(f"{' ' * (len(last) + max(at, 0))}^\n{message}.\n", refused=True)

    def unknown(self, line: str) -> Answer:
        return self.mistake(line, line.split(maxsplit=1)[0] if line.split() else "", "unknown command")

    def ask(self, question: str, take: Callable[[str], Answer]) -> Answer:
        """Ask something before going on."""
        self.pending, self.question = take, question
        return Answer()

    # ---- what changes something ----------------------------------------------------------------

    def configure(self, rest: Sequence[str]) -> Answer:
        """Enter configuration mode."""
        mode: Mode = "shared"
        if rest:
            found = next((name for name in ("private", "exclusive", "shared") if name.startswith(rest[0])), None)
            if found is None:
                return self.mistake(f"configure {rest[0]}", rest[0], "syntax error")
            mode = found  # type: ignore[assignment] # one of the three
        others = [self.database.described(edit) for edit in self.database.edits.values()]
        try:
            edit = self.database.join(self.user, "cli", mode)
        except DatabaseRefused as refused:
            return Answer(f"error: {refused.message}\n", refused=True)
        self.configuring = Configuring(self.database, edit)
        text = "" if mode == "shared" else "warning: uncommitted changes will be discarded on exit\n"
        text += "Entering configuration mode\n"
        if others:
            text += "Users currently editing the configuration:\n" + "".join(f"  {other}\n" for other in others)
        if mode == "shared" and self.database.shared is not None:
            text += "The configuration has been changed but not committed\n"
        return Answer(text)

    def configured(self) -> None:
        """Configuration mode was left."""
        self.configuring = None

    def set_cli(self, rest: Sequence[str]) -> Answer:
        """Settings of the session."""
        match tuple(rest):
            case ["screen-length", number] if number.isdigit():
                self.page_length = int(number)
                return Answer(f"Screen length set to {number}\n")
            case ["screen-width", number] if number.isdigit():
                return Answer(f"Screen width set to {number}\n")
            case ["complete-on-space", "off" | "on" as state]:
                return Answer(f"{'Disabling' if state == 'off' else 'Enabling'} complete-on-space\n")
            case ["idle-timeout" | "timestamp" | "prompt" | "terminal" | "directory", *_]:
                return Answer()
        return self.mistake(f"set cli {' '.join(rest)}", rest[0] if rest else "", "syntax error")

    def reboot(self, rest: Sequence[str]) -> Answer:
        """Start the device anew."""
        del rest

        def take(line: str) -> Answer:
            if not line.strip().lower().startswith("y"):
                return Answer()
            self.device.reboot()
            return Answer("Shutdown NOW!\n", end=True)

        return self.ask("Reboot the system ? [yes,no] (no) ", take)


def config_shown(tree: Tree, path: Sequence[str]) -> Shown:
    """A configuration, or what stands below a path."""
    whole = tuple(path)
    found = below(tree, whole) if whole else tree
    if found is None:
        return Shown("", config=({}, whole))
    return Shown(lambda: write_curly(found, whole), config=(found, whole))


def _taken(names: Sequence[str], words: Sequence[str]) -> tuple[str, ...] | None:
    """What follows a command that is typed in full or shortened, None where it is another."""
    if len(words) < len(names):
        return None
    for at, (name, word) in enumerate(zip(names, words, strict=False)):
        least = min(len(name), 4 if at == 0 else 3)
        if not name.startswith(word) or len(word) < least:
            return None
    return tuple(words[len(names) :])


def _leave(shell: JunosShell, rest: Sequence[str]) -> Answer:
    del shell, rest
    return Answer(end=True)


def _nothing(shell: JunosShell, rest: Sequence[str]) -> Answer:
    del shell, rest
    return Answer()


def _no_shell(shell: JunosShell, rest: Sequence[str]) -> Answer:
    del shell, rest
    return Answer("error: the shell beneath is not simulated\n", refused=True)


_PROBES = {
    "ping": (ping.ping_screen, ping.ping_element),
    "traceroute": (ping.trace_screen, ping.trace_element),
}
_ACTIONS: dict[str, Callable[[JunosShell, Sequence[str]], Answer]] = {
    "configure": JunosShell.configure,
    "edit": JunosShell.configure,
    "set cli": JunosShell.set_cli,
    "request system reboot": JunosShell.reboot,
    "start shell": _no_shell,
    "clear bgp neighbor": _nothing,
    "clear arp": _nothing,
    "clear ethernet-switching table": _nothing,
    "clear interfaces statistics": _nothing,
    "clear ospf neighbor": _nothing,
    "clear lldp neighbors": _nothing,
    "quit": _leave,
    "exit": _leave,
    "logout": _leave,
}
