"""The command line of IOS and IOS-XE, as it looks over SSH and Telnet."""

from __future__ import annotations

import re

from netloom.platforms.contract import Dialog, Terminal

TERMINAL = Terminal(
    prompt=re.compile(rb"(?P<host>[\w.:/-]+)(?:#|(?P<user>>)) ?"),
    config_prompt=re.compile(rb"(?P<host>[\w.:/-]+)\((?:config|ca-|cs-|ipsec|dhcp|gdoi|vlan|conf)[^()]*\)# ?"),
    pager=re.compile(rb"(?: ?<--- More --->| ?--More-- ?)$"),
    setup=("terminal length 0", "terminal width 0"),
    enable="enable",
    dialogs=(
        Dialog(question=re.compile(rb"\[confirm\] ?$"), answer=b"\r"),
        Dialog(question=re.compile(rb"(?i)continue\? ?\[yes/no\]:? ?$"), answer=b"yes\r"),
        Dialog(question=re.compile(rb"(?i)(?:\[yes/no\]|\[yes\]|\(yes/no\)|\(y/n\)):? ?$"), answer=b"yes\r"),
        Dialog(question=re.compile(rb"(?i)Destination filename \[[^\]]*\]\? ?$"), answer=b"\r"),
        Dialog(question=re.compile(rb"(?i)Do you really want to remove these keys\? \[yes/no\]: ?$"), answer=b"yes\r"),
    ),
    rejections=(
        re.compile(
            r"^% ?(?:Invalid|Incomplete|Ambiguous|Unknown|Unrecognized|Bad|Error|Access denied|Authorization failed"
            r"|Not enough|Command rejected|Line has invalid)\b.*",
            re.MULTILINE,
        ),
        re.compile(r"^Command authorization failed.*", re.MULTILINE),
    ),
    config_rejections=(
        # IOS says something with a percent sign in front when it refuses, and also when it only remarks.
        re.compile(
            r"^%+ ?(?!(?i:warning|note|info|generating|the key modulus|ssh|please|this may|remember|remove|.*removed"
            r"|.*will be|.*enabled|.*disabled|[A-Z0-9_]+-\d-[A-Z0-9_]+:)).*",
            re.MULTILINE,
        ),
        re.compile(r"^(?:Command rejected|ERROR:|Bad mask|Unable to|Cannot|Can't|Failed|Duplicate)\b.*", re.MULTILINE),
    ),
)
