"""A Linux shell: over SSH each command has a channel and an exit status of its own; over Telnet there is a prompt."""

from __future__ import annotations

import re

from netloom.platforms.contract import Terminal

TERMINAL = Terminal(
    prompt=re.compile(rb"(?:\[?[\w.-]+@(?P<host>[\w.-]+)[^\r\n]*)?[#$] "),
    config_prompt=re.compile(rb"(?:\[?[\w.-]+@(?P<host>[\w.-]+)[^\r\n]*)?[#$] "),
    exec_channel=True,
    rejections=(re.compile(r"^(?:-?\w*sh: )?(?:\d+: )?[^\n]*: (?:command )?not found$", re.MULTILINE),),
    exit_section=None,
    window=1,
)
