"""Whatever words people type, netloom answers with an exit code that it knows, and never with a defect of its own."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.command import CommandLine

KNOWN = (0, 1, 2, 3, 4, 5, 64)

WORDS = yaml.safe_load(Path(__file__).with_name("words.yml").read_text())

FILES = {
    "netloom.yml": "inventory: [hosts.yml]\n",
    "hosts.yml": """all:
  vars: {ansible_host: 127.0.0.1, ansible_port: 9, netloom_platform: frr, ansible_user: u, ansible_password: p}
  hosts: {a: {site: paris}, b: {site: lyon}}
""",
    "intent/a.yml": "on: a\ninterfaces: [{name: eth0, description: x}]\n",
}


@given(
    command=st.sampled_from(WORDS["commands"]),
    words=st.lists(st.sampled_from(WORDS["options"]) | st.sampled_from(WORDS["values"]), max_size=5),
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_words_end_with_a_known_exit_code(command: str, words: list[str]) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        cli = CommandLine(root / "ws", root / "home")
        cli.write(FILES)
        assert cli("-q", command, *words, expect=None).status in KNOWN
