"""The engine's words for a rule's groups and their numbers."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from netloom.alerts.rule import Measure
from netloom.alerts.rule_measures import PERCENTILES, mappings

_FLOW_HOST = "exporter_name"
"""Flows' summaries know their exporter by its name."""


def host_field(measure: Measure) -> str:
    """The column with the host."""
    return _FLOW_HOST if measure.stream == "flow" else "hostname"


def columns(measure: Measure) -> list[str]:
    """The fields of `by`, as the store calls them."""
    return [host_field(measure) if name == "hostname" else name for name in measure.by]


def groups_sql(
    measure: Measure, moment: str, schema: Any, hosts: Collection[str] | None, *, slot: str | None = None
) -> str:
    """The SQL for groups g0, g1, … with their measures m0, m1, …, one a metric, and their latest moment."""
    selected = [f"{_key(name, measure.stream)} AS g{at}" for at, name in enumerate(columns(measure))]
    keys = [f"g{at}" for at in range(len(measure.by))]
    if slot is not None:
        selected, keys = [*selected, f"{slot} AS slot"], [*keys, "slot"]
    number = _aggregate(measure, moment, schema)
    if len(measure.names) > 1:
        metrics = [name.replace("'", "''") for name in measure.names]
        selected += [f"{number} FILTER (WHERE name = '{name}') AS m{at}" for at, name in enumerate(metrics)]
    else:
        selected.append(f"{number} AS m0")
    selected.append(f'max("{moment}") AS last' if moment else "0 AS last")
    chosen = f' WHERE "{host_field(measure)}" IN (SELECT host FROM hosts)' if hosts is not None else ""  # noqa: S608 - one of two names
    by = f" GROUP BY {', '.join(keys)}" if keys else ""
    return f"SELECT {', '.join(selected)} FROM rows{chosen}{by}"  # noqa: S608 - names are quoted, numbers ours


def summary_sql(measure: Measure, hosts: Collection[str] | None, *, slot: str | None = None) -> str:
    """As `groups_sql`, over what `_summary` gave; keys of mappings are told as they are stored."""
    whole = mappings(measure.stream)
    selected = []
    for at, name in enumerate(columns(measure)):
        inner = "." in name and name.partition(".")[0] in whole
        selected.append(f"{f'to_json({_quoted(name)})' if inner else _quoted(name)} AS g{at}")
    number = f"CAST({_quoted(measure.of or 'rows')} AS DOUBLE)"
    selected.append(f"{number} / {measure.over_s} AS m0" if measure.how == "rate" else f"{number} AS m0")
    selected += [f"{slot} AS slot"] if slot else []
    chosen = f' WHERE "{host_field(measure)}" IN (SELECT host FROM hosts)' if hosts is not None else ""  # noqa: S608 - one of two names
    return f"SELECT {', '.join(selected)}, 0 AS last FROM rows{chosen}"  # noqa: S608 - names are quoted, numbers ours


def _aggregate(measure: Measure, moment: str, schema: Any) -> str:
    if measure.of is None:
        return f"count(*) / {measure.over_s}" if measure.how == "rate" else "count(*)"
    field = _path(measure.of, measure.stream)
    if measure.how in ("count", "distinct"):
        return f"count(DISTINCT {field})"
    number = _number(measure.of, field, schema)
    if measure.how in PERCENTILES:
        return f"quantile_cont({number}, {int(measure.how[1:]) / 100})"
    if measure.how == "last":
        return f'arg_max({number}, "{moment}")' if moment else f"any_value({number})"
    return f"{measure.how}({number})"


def _number(name: str, field: str, schema: Any) -> str:
    """A field as a number; text that spells none is no value, and a truth is one or zero."""
    at = schema.get_field_index(name)
    kind = str(schema.field(at).type) if at >= 0 else ""
    if kind in ("double", "float") or kind.startswith(("int", "uint")):
        return f"CAST({field} AS DOUBLE)"
    if kind == "bool":
        return f"CAST(CAST({field} AS TINYINT) AS DOUBLE)"
    text = f"CAST({field} AS VARCHAR)"
    return f"TRY_CAST(CASE {text} WHEN 'true' THEN '1' WHEN 'false' THEN '0' ELSE {text} END AS DOUBLE)"


def _path(name: str, stream: str) -> str:
    """The SQL for a field: a column, a member of a structure, a key of a mapping."""
    head, _, rest = name.partition(".")
    if rest and head in mappings(stream):
        return f"json_extract_string({_key(name, stream)}, '$')"
    return _key(name, stream)


def _key(name: str, stream: str) -> str:
    """As `_path`, but a mapping's values as JSON, as they are stored."""
    head, _, rest = name.partition(".")
    if rest and head in mappings(stream):
        key = rest.replace("'", "''")
        return f"{_quoted(head)}['{key}']"
    return ".".join(map(_quoted, name.split(".")))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
