"""The compatibility page tells what the tests count."""

import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]


@pytest.mark.samples
@pytest.mark.skipif(not (TOP.parent / "shared" / "samples").is_dir(), reason="needs ../shared/samples")
def test_the_compatibility_page_is_current() -> None:
    argv = [sys.executable, "docs/compatibility.py", "--check"]
    done = subprocess.run(argv, cwd=TOP, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
