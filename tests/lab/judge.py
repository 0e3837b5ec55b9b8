"""A judge of a simulation: a script that drives it by somebody else's client, in a process of its own."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from pathlib import Path

import pytest


async def judge(script: Path, *words: object) -> None:
    """Run a script called by_<package>…; it ends with «done» or says why not."""
    package = script.stem.removeprefix("by_").partition("_")[0]
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    argv = [sys.executable, "-W", "ignore", str(script), *map(str, words)]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*argv, stdout=pipe, stderr=pipe)
    try:
        async with asyncio.timeout(90):
            said, why = await process.communicate()
    except TimeoutError:
        process.kill()
        said, why = await process.communicate()
    assert said.endswith(b"done\n"), why.decode()[-3000:]
