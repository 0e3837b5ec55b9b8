"""Configuration mode: where a session stands, and what each of its commands does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from netloom.lab.simulation.device import Device
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.juniper_junos.database import (
    LONGEST_MINUTES,
    CommitOptions,
    Database,
    DatabaseRefused,
    Edit,
)
from netloom.lab.simulation.vendors.juniper_junos.elements import plain
from netloom.lab.simulation.vendors.juniper_junos.loading import (
    Action,
    Loaded,
    LoadFault,
    banner,
    load_json,
    load_set,
    load_text,
    load_xml,
)
from netloom.lab.simulation.vendors.juniper_junos.pipes import Shown, nested, piped
from netloom.lab.simulation.vendors.juniper_junos.syntax import VERBS, expanded, mistake
from netloom.model.config import Config
from netloom.platforms.juniper_junos.curly import write_curly
from netloom.platforms.juniper_junos.schema import CONTAINERS_OF_NAMES, JOINED, is_entry
from netloom.platforms.juniper_junos.spelling import Words, join, split
from netloom.platforms.juniper_junos.tree import below

END = "\x04"
_CHANGED = "The configuration has been changed but not committed\n"
_DEFAULT_MINUTES = 10


class CommandLine(Protocol):
    """The session that is in configuration mode."""

    device: Device
    pending: Callable[[str], Answer] | None
    takes_end: bool

    def prompt(self) -> str:
        """What stands before the next line."""
        ...

    def operational(self, line: str, pipes: Sequence[str] = ()) -> Answer:
        """A command of operational mode."""
        ...

    def mistake(self, line: str, word: str, message: str) -> Answer:
        """A refusal with a caret below the word that is wrong."""
        ...

    def ask(self, question: str, take: Callable[[str], Answer]) -> Answer:
        """Ask something before going on."""
        ...

    def configured(self) -> None:
        """Configuration mode was left."""
        ...


@dataclass(slots=True)
class Configuring:
    """One visit to configuration mode."""

    database: Database
    edit: Edit
    level: Words = ()
    left: bool = False

    @property
    def banner(self) -> str:
        """Where it stands."""
        return banner(self.level)

    @property
    def config(self) -> Config:
        """What it edits."""
        return self.database.candidate(self.edit)

    def leave(self) -> None:
        """The session is gone, or went back."""
        self.database.leave(self.edit)

    def run(self, shell: CommandLine, line: str, pipes: Sequence[str]) -> Answer:
        """One command."""
        words = split(line)
        verb = self._verb(words[0]) if words else ""
        if verb in VERBS:
            return self._change(shell, verb, words[1:], line)
        command = _COMMANDS.get(verb)
        if command is None:
            return shell.mistake(line, words[0] if words else "", "unknown command")
        try:
            return command(self, shell, words[1:], pipes)
        except DatabaseRefused as refused:
            return Answer(_refusal(refused), refused=True)

    def _verb(self, word: str) -> str:
        if word in VERBS or word in _COMMANDS:
            return word
        meant = [known for known in (*VERBS, *_COMMANDS) if known.startswith(word)]
        return meant[0] if len(meant) == 1 else word

    # ---- statements ----------------------------------------------------------------------------

    def _change(self, shell: CommandLine, verb: str, rest: Words, line: str) -> Answer:
        if verb == "delete" and not rest:
            return self._delete_all(shell)
        text = f"{verb} {line.strip().partition(' ')[2]}"
        try:
            loaded = load_set(self.config, text, self.level)
            if loaded.faults:
                return self._faulty(shell, line, loaded.faults[0])
            self.database.change(self.edit, loaded.config)
        except DatabaseRefused as refused:
            return Answer(f"error: {refused.message}\n", refused=True)
        return Answer()

    def _faulty(self, shell: CommandLine, line: str, fault: LoadFault) -> Answer:
        if fault.severity == "warning":
            return Answer(f"warning: {fault.message}\n", refused=True)
        if fault.message in ("syntax error", "missing argument"):
            return shell.mistake(line, fault.element, fault.message)
        at = len(shell.prompt().rsplit("\n", 1)[-1]) + max(line.rfind(fault.element), 0)
        return Answer(f"{' ' * at}^\nerror: {fault.message}: {fault.element}\n", refused=True)

    def _delete_all(self, shell: CommandLine) -> Answer:
        def take(line: str) -> Answer:
            if line.strip().lower().startswith("y"):
                self.database.change(self.edit, load_set(self.config, "delete " + join(self.level)).config)
            return Answer()

        shell.ask("Delete everything under this level? [yes,no] (no) ", take)
        return Answer("This will delete the entire configuration\n" if not self.level else "")

    # ---- where it stands -----------------------------------------------------------------------

    def edit_level(self, shell: CommandLine, words: Words, pipes: Sequence[str]) -> Answer:
        """`edit PATH`."""
        del pipes
        path = expanded((*self.level, *words))
        wrong = mistake(path)
        if wrong is not None:
            return shell.mistake(join(words), path[wrong.at], "syntax error")
        self.level = path
        return Answer()

    def up(self, shell: CommandLine, words: Words, pipes: Sequence[str]) -> Answer:
        """`up [N]`, and a command carried out there."""
        count = int(words[0]) if words and words[0].isdigit() else 1
        level = self.level
        for _ in range(count):
            level = above(level)
        return self._from(shell, level, words[1:] if words and words[0].isdigit() else words, pipes)

    def top(self, shell: CommandLine, words: Words, pipes: Sequence[str]) -> Answer:
        """`top`, and a command carried out there."""
        return self._from(shell, (), words, pipes)

    def _from(self, shell: CommandLine, level: Words, words: Words, pipes: Sequence[str]) -> Answer:
        before, self.level = self.level, level
        if not words:
            return Answer()
        try:
            return self.run(shell, join(words), pipes)
        finally:
            self.level = before if words[0] != "edit" else self.level

    def quit(self, shell: CommandLine, words: Words, pipes: Sequence[str]) -> Answer:
        """`exit`: one level up, or out; `exit configuration-mode`: out."""
        del pipes
        if self.level and not (words and "configuration-mode".startswith(words[0])):
            self.level = above(self.level)
            return Answer()
        if self.database.changed(self.edit) and (self.edit.mode != "shared" or self.edit.private is None):
            discards = self.edit.mode != "shared"

            def take(line: str) -> Answer:
                if line.strip().lower().startswith("n"):
                    return Answer()
                return self._out(shell)

            shell.ask(f"{'Discard' if discards else 'Exit with'} uncommitted changes? [yes,no] (yes) ", take)
            return Answer(_CHANGED)
        return self._out(shell)

    def _out(self, shell: CommandLine) -> Answer:
        self.leave()
        shell.configured()
        return Answer("Exiting configuration mode\n")

    # ---- reading -------------------------------------------------------------------------------

    def show(self, shell: CommandLine, words: Words, pipes: Sequence[str]) -> Answer:
        """`show [PATH]`, the candidate's."""
        path = (*self.level, *words)
        if path:
            path = expanded(path)
        found = below(self.config.tree, path)
        if found is None and words:
            wrong = mistake(path)
            if wrong is not None:
                return shell.mistake(join(("show", *words)), path[wrong.at], "syntax error")
        shown = Shown(lambda: write_curly(found or {}, path), config=(found or {}, path))
        if pipes and split(pipes[0])[:1] == ("compare",) and not path:
            shown = Shown("", config=(self.config.tree, ()))
        elif pipes and split(pipes[0])[:1] == ("compare",):
            return Answer(self._compared(path, pipes, shell))
        return Answer(piped(shown, pipes, shell.device))

    def _compared(self, path: Words, pipes: Sequence[str], shell: CommandLine) -> str:
        """The difference of what stands below a path: everything else is as it was."""
        number = next((int(word) for word in split(pipes[0]) if word.isdigit()), 0)
        old = below(self.database.rolled_back(number).tree, path) or {}
        now = below(self.config.tree, path) or {}
        shown = Shown("", config=(nested(now, path), ()), against=type(self.config)(nested(old, path)))
        return piped(Shown(shown.text), pipes[1:], shell.device)

    def run_command(self, shell: CommandLine, words: Words, pipes: Sequence[str]) -> Answer:
        """`run COMMAND`."""
        return shell.operational(join(words), pipes)

    def status(self, shell: CommandLine, words: Words, pipes: Sequence[str]) -> Answer:
        """Who edits the configuration."""
        del shell, words, pipes
        shown = "".join(f"  {self.database.described(edit)}\n" for edit in self.database.edits.values())
        return Answer(f"Current configuration users:\n{shown}")

    # ---- commits -------------------------------------------------------------------------------

    def commit(self, shell: CommandLine, words: Words, pipes: Sequence[str]) -> Answer:
        """`commit [check | confirmed [N]] [comment TEXT] [and-quit]`."""
        del pipes
        rest = list(words)
        minutes: int | None = None
        log, check, leaves = "", False, False
        while rest:
            word = rest.pop(0)
            if word == "check":
                check = True
            elif word == "confirmed":
                minutes = int(rest.pop(0)) if rest and rest[0].isdigit() else _DEFAULT_MINUTES
            elif word == "comment" and rest:
                log = rest.pop(0)
            elif word == "and-quit":
                leaves = True
            elif word not in ("synchronize", "no-synchronize", "force", "full"):
                return shell.mistake(join(("commit", *words)), word, "syntax error")
        if check:
            self.database.check(self.edit)
            return Answer("configuration check succeeds\n")
        if minutes is not None and not 0 < minutes <= LONGEST_MINUTES:
            return Answer(f"error: value out of range: {minutes}\n", refused=True)
        self.database.commit(self.edit, CommitOptions(log=log, seconds=minutes * 60 if minutes is not None else None))
        text = (
            f"commit confirmed will be automatically rolled back in {minutes} minutes unless confirmed\n"
            if minutes
            else ""
        )
        text += "commit complete\n"
        if leaves:
            self._out(shell)
            text += "Exiting configuration mode\n"
        return Answer(text + (f"\n# commit confirmed will be rolled back in {minutes} minutes\n" if minutes else ""))

    def rollback(self, shell: CommandLine, words: Words, pipes: Sequence[str]) -> Answer:
        """`rollback [N]`."""
        del pipes
        if words and not words[0].isdigit():
            return shell.mistake(join(("rollback", *words)), words[0], "syntax error")
        self.database.change(self.edit, self.database.rolled_back(int(words[0]) if words else 0))
        return Answer("load complete\n")

    def load(self, shell: CommandLine, words: Words, pipes: Sequence[str]) -> Answer:
        """`load merge|replace|override|update|set FILE|terminal [relative]`."""
        del pipes
        if len(words) < 2 or words[0] not in ("merge", "replace", "override", "update", "set", "json"):
            return shell.mistake(join(("load", *words)), words[0] if words else "", "syntax error")
        action, source = words[0], words[1]
        level = self.level if "relative" in words else ()
        if source != "terminal":
            name = source.lstrip("/")
            if name not in shell.device.files:
                return Answer(f"error: cannot open file: {source}: No such file or directory\n", refused=True)
            return self._loaded(action, shell.device.files[name].decode("utf-8", "backslashreplace"), level, source)
        typed: list[str] = []

        def take(line: str) -> Answer:
            if line == END:
                shell.takes_end = False
                return self._loaded(action, "\n".join(typed), level, "terminal")
            typed.append(line)
            shell.pending = take
            return Answer()

        shell.takes_end = True
        shell.pending = take
        return Answer("[Type ^D at a new line to end input]\n")

    def _loaded(self, action: str, text: str, level: Words, source: str) -> Answer:
        loaded = load(self.config, text, action, level)
        if not loaded.errors or action == "set":
            self.database.change(self.edit, loaded.config)
        said = "".join(
            f"{source}:{fault.line}:({fault.column}) {fault.message}: {fault.element}\n"
            if fault.line
            else f"{fault.severity}: {fault.message}: {fault.element}\n"
            for fault in loaded.faults
        )
        errors = loaded.errors
        end = f"load complete ({errors} error{'s' if errors > 1 else ''})\n" if errors else "load complete\n"
        return Answer(said + end, refused=errors > 0)

    def save(self, shell: CommandLine, words: Words, pipes: Sequence[str]) -> Answer:
        """`save FILE`: the candidate, as text."""
        del pipes
        if not words:
            return shell.mistake("save", "", "missing argument")
        text = write_curly(self.config.tree)
        shell.device.files[words[0].lstrip("/")] = text.encode()
        return Answer(f"Wrote {len(text.splitlines())} lines of configuration to '{words[0]}'\n")


def above(level: Words) -> Words:
    """The level around a level: an entry's name and the word before it are one."""
    if len(level) > 1 and level[-2] not in CONTAINERS_OF_NAMES and (is_entry(level) or level[-2] in JOINED):
        return level[:-2]
    return level[:-1]


def load(config: Config, text: str, action: str, level: Words = ()) -> Loaded:
    """Load a text in the form that it has."""
    if action == "set":
        return load_set(config, text, level)
    how: Action = action  # type: ignore[assignment] # checked by the callers
    if text.lstrip().startswith("<"):
        from netloom.lab.simulation.netconf_server import parse  # noqa: PLC0415 - lxml is slow to import

        root = plain(parse(text))
        found = root if root.tag == "configuration" else root.find(".//configuration")
        return load_xml(config, root if found is None else found, how)
    if text.lstrip().startswith("{"):
        return load_json(config, text, how)
    if level:
        text = f"{join(level)} {{\n{text}\n}}\n"
    return load_text(config, text, how)


def _refusal(refused: DatabaseRefused) -> str:
    said = "".join(f"{fault.level}\n  '{fault.element}'\n    {fault.message}\n" for fault in refused.faults)
    return f"{said}error: {refused.message}\n"


_COMMANDS: dict[str, Callable[[Configuring, CommandLine, Words, Sequence[str]], Answer]] = {
    "edit": Configuring.edit_level,
    "up": Configuring.up,
    "top": Configuring.top,
    "exit": Configuring.quit,
    "quit": Configuring.quit,
    "show": Configuring.show,
    "run": Configuring.run_command,
    "status": Configuring.status,
    "commit": Configuring.commit,
    "rollback": Configuring.rollback,
    "load": Configuring.load,
    "save": Configuring.save,
}
