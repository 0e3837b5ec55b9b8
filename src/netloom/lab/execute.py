"""Commands inside a lab's nodes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from tempfile import TemporaryFile

from netloom.errors import LabError
from netloom.lab.machine import environment
from netloom.lab.state import Lab


@dataclass(frozen=True, slots=True)
class Finished:
    """A command that ran to its end."""

    status: int
    output: str
    errors: str


async def run_in(lab: Lab, node: str, argv: list[str], *, text: str = "", limit: float = 30) -> Finished:
    """Run a command in a node (or in `mgmt`) to its end; raises LabError when it takes longer than `limit` seconds."""
    return await finish(lab.argv_in(node, argv), text=text, limit=limit)


async def finish(argv: list[str], *, text: str = "", limit: float = 30) -> Finished:
    """Run a command to its end; raises LabError when it takes longer than `limit` seconds."""
    # A file rather than a pipe: a command that ends without reading its input breaks no pipe.
    with TemporaryFile() as stdin:
        stdin.write(text.encode())
        stdin.seek(0)
        process = await asyncio.create_subprocess_exec(
            *argv, stdin=stdin, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=environment()
        )
    try:
        async with asyncio.timeout(limit):
            output, errors = await process.communicate()
    except TimeoutError as exc:
        raise LabError(f"{' '.join(argv)}: no end after {limit:g} s") from exc
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return Finished(process.returncode or 0, output.decode(errors="replace"), errors.decode(errors="replace"))
