"""The EOS command line as it looks over SSH and Telnet."""

from __future__ import annotations

import re

from netloom.platforms.contract import Terminal

# `prompt %H[%v]%R%P` is the default, `%D{%H:%M:%S}` is common in it: a clock after a dot or in brackets, and in
# parentheses the supervisor of a pair, the VRF of the session, or the configuration mode.
_HOST = rb"(?!-?bash-\d)(?P<host>[\w.-]+?)(?:\.\d\d:\d\d:\d\d|\[[\d:]+\])?"

TERMINAL = Terminal(
    prompt=re.compile(_HOST + rb"(?:\((?!config)[^()]*\))*(?:#|(?P<user>>)) ?"),
    config_prompt=re.compile(_HOST + rb"(?:\((?!config)[^()]*\))*\(config[^()]*\)# ?"),
    shell_prompt=re.compile(rb"(?:\[[^\r\n]*\]|bash-[\d.]+|-bash-[\d.]+)[$#] ?"),
    start_cli="FastCli -p 15",
    pager=re.compile(rb"--More--(?:\(\d+%\))? ?$"),
    setup=("terminal length 0", "terminal width 32767"),
    enable="enable",
    # what comes after a `!` is a warning, and the line holds; what comes after a `%` is a refusal
    rejections=(
        re.compile(
            r"^% ?(?:Invalid|Incomplete|Ambiguous|Unavailable|Unknown|Unrecognized|Error|Authorization denied|"
            r"Bad secret|Not supported|This command|Internal error|Cannot|Could not|Failed|Can't).*",
            re.MULTILINE,
        ),
    ),
    config_rejections=(re.compile(r"^%+(?! ?(?i:warning|note|info)\b).*", re.MULTILINE),),
)
