"""FRR's command line, vtysh, as it looks over SSH and Telnet."""

from __future__ import annotations

import re

from netloom.platforms.contract import Terminal

TERMINAL = Terminal(
    prompt=re.compile(rb"(?P<host>[\w.-]+)(?:#|(?P<user>>)) "),
    config_prompt=re.compile(rb"(?P<host>[\w.-]+)\(config[^()]*\)# "),
    shell_prompt=re.compile(rb"(?:[^\r\n]*[@:~/ ][^\r\n]*)?[#$%] "),
    start_cli="vtysh",
    pager=re.compile(rb"--More--(?:\(\d+%\))? ?$"),
    setup=("terminal length 0",),
    enable="enable",
    rejections=(
        re.compile(
            r"^% (?:Unknown|Ambiguous|There is no matched|Command incomplete|Command not implemented).*", re.MULTILINE
        ),
    ),
    # vtysh says nothing about a line it takes. A refusal mostly starts with %, but not always (bgpd's «BGP is already
    # running; AS is …», ospfd's «Please remove all network commands first»).
    config_rejections=(
        re.compile(r"^%+(?! ?(?i:warning|note|info|ospf: reference bandwidth is changed)).*", re.MULTILINE),
        re.compile(
            r"^(?:BGP is already running|Must remove |This is a loopback |Please |Invalid |Malformed |Can't |Cannot "
            r"|Could not |No such |There is already |Error|Failed|line \d+: (?:Failure|Warning)).*",
            re.MULTILINE,
        ),
    ),
)
