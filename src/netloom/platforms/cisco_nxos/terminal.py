"""The command line of NX-OS, as it looks over SSH and Telnet."""

from __future__ import annotations

import re

from netloom.platforms.contract import Dialog, Terminal

TERMINAL = Terminal(
    prompt=re.compile(rb"\r?(?P<host>[\w.:/-]+)(?:#|(?P<user>>)) ?"),
    config_prompt=re.compile(rb"\r?(?P<host>[\w.:/-]+)\((?:config|maint-mode|boot)[^()]*\)# ?"),
    pager=re.compile(rb"--More--(?: *\(\d+%\))? ?$"),
    setup=("terminal length 0", "terminal width 511"),
    enable="enable",
    dialogs=(
        Dialog(
            question=re.compile(rb"(?i)(?:\(y/n\)|\(yes/no\)|\[y/n\]|\[yes/no\]) *\??:? *(?:\[[yn]\])? *:? *$"),
            answer=b"y\r",
        ),
        Dialog(question=re.compile(rb"(?i)\[confirm\] ?$"), answer=b"\r"),
    ),
    rejections=(
        re.compile(
            r"^% ?(?:Invalid|Incomplete|Ambiguous|Unknown|Permission denied|Authorization|Error)\b.*", re.MULTILINE
        ),
        re.compile(r"^(?:Error|ERROR):.*", re.MULTILINE),
    ),
    config_rejections=(
        re.compile(r"^%(?! *(?i:warning|note|info)).+", re.MULTILINE),
        re.compile(r"(?i)^(?:error\b|failed\b|cannot\b|command failed|syntax error|invalid\b).*", re.MULTILINE),
    ),
)
