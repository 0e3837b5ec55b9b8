"""NX-OS' structured replies: TABLE_x of ROW_x, a list only for several rows, everything as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape

Row = Mapping[str, Any]


def table(name: str, rows: Iterable[Row]) -> dict[str, Any]:
    """The member that holds these rows; nothing at all for none."""
    found = [{key: _cell(value) for key, value in row.items() if value is not None} for row in rows]
    return {f"TABLE_{name}": {f"ROW_{name}": found if len(found) > 1 else found[0]}} if found else {}


def as_xml(command: str, data: Mapping[str, Any]) -> str:
    """The same as `| xml` shows it."""
    words = "".join(f"<{word}>" for word in command.split()), "".join(f"</{word}>" for word in command.split()[::-1])
    return (
        '<?xml version="1.0" encoding="ISO-8859-1"?>\n'
        '<nf:rpc-reply xmlns:nf="urn:ietf:params:xml:ns:netconf:base:1.0" xmlns="http://www.cisco.com/nxos:1.0">\n'
        f" <nf:data>\n{words[0]}<__readonly__>{_members(data)}</__readonly__>{words[1]}\n </nf:data>\n"
        "</nf:rpc-reply>\n]]>]]>\n"
    )


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str | Mapping | list) else str(value)


def _members(value: Any) -> str:
    if not isinstance(value, Mapping):
        return escape(str(value))
    return "".join(
        f"<{name}>{_members(each)}</{name}>"
        for name, member in value.items()
        for each in (member if isinstance(member, list) else [member])
    )
