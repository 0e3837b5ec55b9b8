"""Fills in the templates that access variables hold: `{{ vault_password }}`, `{{ inventory_hostname }}.example.net`.

Only names, their members, `default` and `lookup('env', …)` are understood: what an inventory says about access is
no program, and nothing here runs one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from netloom.inventory.near import near
from netloom.inventory.vars_yaml import Unsafe
from netloom.model.host import Host
from netloom.model.secret import Secret

BRACES = re.compile(r"\{\{-?\s*((?:(?!\}\}).)*?)\s*-?\}\}")
LOOKUP = re.compile(r"""lookup\(\s*["'](?:ansible\.builtin\.)?env["']\s*,\s*["']([^"']+)["']\s*\)""")
NAME = re.compile(r"""([A-Za-z_]\w*)((?:\.\w+|\[\s*["'][^"']+["']\s*\]|\[\d+\])*)""")
MEMBER = re.compile(r"""\.(\w+)|\[\s*["']([^"']+)["']\s*\]|\[(\d+)\]""")
DEFAULT = re.compile(r"""(?:default|d)\(\s*(?:["']([^"']*)["']|(\w+))\s*(?:,\s*[Tt]rue\s*)?\)""")
DEPTH = 20


def substitute(value: Any, host: Host, resolve: Callable[[str], Secret]) -> Any:
    """A value with its templates filled in, a Secret where one went into it; raises ValueError, SecretError."""
    return _fill(value, host, resolve, DEPTH)


def _fill(value: Any, host: Host, resolve: Callable[[str], Secret], depth: int) -> Any:
    if not isinstance(value, str) or isinstance(value, Unsafe) or "{" not in value:
        return value
    if "{%" in value:
        raise ValueError(f"expected names in {{{{ … }}}}, got a statement: {value!r}")
    if depth == 0:
        raise ValueError(f"{value!r} refers to itself")
    whole = BRACES.fullmatch(value)
    if whole:
        return _expression(whole[1], host, resolve, depth)
    parts: list[str] = []
    hidden = False
    at = 0
    for found in BRACES.finditer(value):
        part = _expression(found[1], host, resolve, depth)
        hidden = hidden or isinstance(part, Secret)
        parts += [value[at : found.start()], part.reveal() if isinstance(part, Secret) else str(part)]
        at = found.end()
    text = "".join([*parts, value[at:]])
    return Secret(text) if hidden else text


def _expression(text: str, host: Host, resolve: Callable[[str], Secret], depth: int) -> Any:
    expression, *filters = (part.strip() for part in text.split("|"))
    found = LOOKUP.fullmatch(expression)
    if found:
        return resolve(f"env:{found[1]}")
    name = NAME.fullmatch(expression)
    if not name or any(not DEFAULT.fullmatch(part) for part in filters):
        raise ValueError(f"{{{{ {text} }}}} is more than a variable, a default or lookup('env', …)")
    value = _member(_variables(name[1], host), name[2])
    if value is None and filters:
        default = DEFAULT.fullmatch(filters[0])
        value = "" if default is None else default[1]
        if default is not None and default[2]:
            value = _variables(default[2], host)
    if value is None:
        hint = near(name[1], host.variables)
        raise ValueError(f"{{{{ {text} }}}}: there is no variable {expression!r}{f'; {hint}' if hint else ''}")
    return _fill(value, host, resolve, depth - 1)


def _variables(name: str, host: Host) -> Any:
    if name == "inventory_hostname":
        return host.name
    if name == "inventory_hostname_short":
        return host.name.split(".")[0]
    return host.variables.get(name)


def _member(value: Any, path: str) -> Any:
    for dotted, quoted, index in MEMBER.findall(path):
        if isinstance(value, Mapping):
            value = value.get(dotted or quoted)
        elif isinstance(value, list) and index:
            value = value[int(index)] if int(index) < len(value) else None
        else:
            return None
    return value
