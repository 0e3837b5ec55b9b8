"""The killable process that parses outputs by TextFSM, and nothing else.

Each message is a JSON document, and so is its answer: rows, a fault of the output, or a usage error. The process caps
its own CPU time and memory before it touches an output, and can neither write files nor start processes.
"""

from __future__ import annotations

import importlib.util
import io
import json
import sys
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from netloom.confined.worker import cap, finish, messages

# neither ships types
textfsm: Any = import_module("textfsm")
clitable: Any = import_module("textfsm.clitable")


def main() -> None:
    """Parse what standard input tells."""
    for message in messages(sys.stdin.buffer):
        task = json.loads(message)
        cap(cpu_s=task["limits"]["cpu_s"], memory_mib=task["limits"]["memory_mib"])
        sys.stdout.write(json.dumps(_answer(task["job"])) + "\n")
        finish(sys.stdout)


def _answer(job: Mapping[str, str]) -> dict[str, Any]:
    try:
        return {"rows": _by_template(job) if job["template"] else _by_index(job)}
    except textfsm.TextFSMTemplateError as exc:
        return {"usage": f"the template is none: {exc}"}
    except textfsm.TextFSMError as exc:
        return {"fault": _shortened(str(exc))}
    except clitable.CliTableError as exc:
        if "No template found" in str(exc):
            return {"usage": f"no template for {job['platform']!r} and {job['command']!r}"}
        return {"fault": _shortened(str(exc))}
    except RecursionError:
        return {"fault": "it nests too deeply"}


def _by_template(job: Mapping[str, str]) -> list[dict[str, Any]]:
    machine = textfsm.TextFSM(io.StringIO(job["template"]))
    names = [name.lower() for name in machine.header]
    return [dict(zip(names, row, strict=True)) for row in machine.ParseText(job["output"])]


def _by_index(job: Mapping[str, str]) -> list[dict[str, Any]]:
    table = clitable.CliTable("index", _templates())  # textfsm keeps an index that it has read
    table.ParseCmd(job["output"], {"Platform": job["platform"], "Command": job["command"]})
    names = [name.lower() for name in table.header]
    return [dict(zip(names, row, strict=True)) for row in table]


@cache
def _templates() -> str:
    package = importlib.util.find_spec("ntc_templates")
    assert package is not None  # noqa: S101 - looked for by the process that started this one
    return str(Path(next(iter(package.submodule_search_locations or []))) / "templates")


def _shortened(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= 200 else f"{line[:199]}…"


if __name__ == "__main__":
    main()
