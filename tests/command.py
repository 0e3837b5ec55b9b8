"""Netloom's command line as people use it, for tests: in this process, or in one of its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from netloom.cli import main as entrance

EXECUTABLE = str(Path(sys.executable).with_name("netloom"))


CACHE = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
"""Where set-up has put what a lab without root needs."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that came to its end."""

    status: int
    out: str
    err: str

    def json(self) -> Any:
        """What it wrote, as JSON."""
        return json.loads(self.out)

    def rows(self) -> list[dict[str, Any]]:
        """What it wrote, as rows of JSON."""
        found = json.loads(self.out)
        assert isinstance(found, list)
        return found


@dataclass(frozen=True)
class CommandLine:
    """Runs `netloom` in a folder; what it keeps for its user goes below `home`."""

    folder: Path
    home: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: str, expect: int | None = 0) -> Ran:
        """One command in this process; it never ends with a traceback, and as expected."""
        out, err = _stream(), _stream()
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            for name, value in self.variables().items():
                patch.setenv(name, value)
            patch.setattr(sys, "stdin", io.StringIO())
            with redirect_stdout(out), redirect_stderr(err):
                try:
                    status = entrance.main(list(arguments))
                except SystemExit as end:  # --help leaves so
                    status = end.code if isinstance(end.code, int) else 1
        return _checked(Ran(status, _text(out), _text(err)), arguments, expect)

    def apart(self, *arguments: str, expect: int | None = 0, timeout_s: float = 60) -> Ran:
        """One command in a process of its own, without a terminal."""
        with self.start(*arguments) as process:
            out, err = process.communicate(timeout=timeout_s)
        return _checked(Ran(process.returncode, out, err), arguments, expect)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """One command in a process and a session of its own."""
        return subprocess.Popen(
            [EXECUTABLE, *arguments],
            cwd=self.folder,
            env={**os.environ, **self.variables()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def variables(self) -> dict[str, str]:
        """What is set around every command."""
        home = str(self.home)
        homes = {"XDG_STATE_HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": CACHE, "HOME": home}
        return {**homes, "COLUMNS": "120", **self.environment}

    def write(self, files: dict[str, str]) -> None:
        """Write files of the workspace."""
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()


def _checked(ran: Ran, arguments: tuple[str, ...], expect: int | None) -> Ran:
    told = f"netloom {' '.join(arguments)}: {ran.status}\n{ran.out}\n{ran.err}"
    assert "Traceback" not in ran.out + ran.err, told
    assert "internal error" not in ran.err, told
    assert expect is None or ran.status == expect, told
    return ran
