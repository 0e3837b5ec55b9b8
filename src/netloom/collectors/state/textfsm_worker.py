"""The killable process that parses one output by TextFSM, and nothing else.

It reads one JSON document from standard input and prints one: rows, a fault of the output, or a usage error. It caps
its own CPU time and memory before it touches the output, and can neither write files nor start processes.
"""

from __future__ import annotations

import importlib.util
import io
import json
import resource
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

# neither ships types
textfsm: Any = import_module("textfsm")
clitable: Any = import_module("textfsm.clitable")


def main() -> None:
    """Parse what standard input tells."""
    task = json.load(sys.stdin)
    _cap(task["limits"])
    json.dump(_answer(task["job"]), sys.stdout)


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
    package = importlib.util.find_spec("ntc_templates")
    assert package is not None  # noqa: S101 - looked for by the process that started this one
    place = next(iter(package.submodule_search_locations or []))
    table = clitable.CliTable("index", str(Path(place) / "templates"))
    table.ParseCmd(job["output"], {"Platform": job["platform"], "Command": job["command"]})
    names = [name.lower() for name in table.header]
    return [dict(zip(names, row, strict=True)) for row in table]


def _shortened(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= 200 else f"{line[:199]}…"


def _cap(limits: Mapping[str, int]) -> None:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    ceiling = pages * resource.getpagesize() + (limits["memory_mib"] << 20)
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu_s"], limits["cpu_s"] + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


if __name__ == "__main__":
    main()
