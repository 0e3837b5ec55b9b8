"""Screens as people save them: without what is not the command's own, and apart where a text holds several."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PAGER = re.compile(r" ?--More--[ \x08]*")
_COMMAND = r"(?:do\s+)?sho?w?\s\S.*"
_PROMPT = re.compile(
    rf"\s*[\w.:/@~\[\]-]*[\w\])](?:\([^()\s]*\))*[#>]\s*(?:{_COMMAND}|exit|quit|logout|end|terminal .*)?\s*$"
    rf"|\s*#\s*{_COMMAND}$"
)
_ECHO = re.compile(rf"\s*{_COMMAND}$")
"""A command without its prompt, which stands before its output only."""
_STRUCTURED = re.compile(r"\s*(?:[{<]|\[\s*[{\[\]\"])")
_FOREIGN = {ord("\r"): None, ord("\ufeff"): None, ord("\xa0"): " "}
"""What other systems' line ends and web pages leave in a text."""
NOISE = (
    r"\s*(?:Load for five secs:|Time source is )"
    r"|(?:\[[^\]]*\] )?\+\+\+ .* \+\+\+$"
    r"|\*?\w{3} \w{3} {1,2}\d{1,2} [\d:.]+ \w+(?: \d{4})?\s*$"
)
"""Command time stamps (`terminal exec prompt timestamp`), and what test tools write into their logs."""
_STAMP = re.compile(NOISE)


def apart(texts: Iterable[str], noise: re.Pattern[str] = _STAMP) -> list[str]:
    """Each command's own words; prompts part the outputs in one text. JSON and XML stay as they are."""
    found: list[str] = []
    for text in texts:
        if _STRUCTURED.match(text):
            found.append(text)
            continue
        kept: list[str] = []
        begun = False
        for line in _PAGER.sub("", text.translate(_FOREIGN)).splitlines():
            if ("#" in line or ">" in line) and _PROMPT.match(line):
                found.append("\n".join(kept))
                kept, begun = [], False
            elif not noise.match(line) and (begun or not _ECHO.match(line)):
                kept.append(line.rstrip())
                begun = begun or bool(kept[-1])
        found.append("\n".join(kept))
    return [text for text in found if text.strip()]
