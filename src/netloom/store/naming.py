"""What the names in a question about a stream mean: columns, what is computed from them, paths into them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyarrow as pa

from netloom.errors import UsageError
from netloom.model.expression import And, Compare, Expression, In, Not, Or, Truth, path_of, path_parts
from netloom.model.filter import Filter
from netloom.store import where_json
from netloom.store.derived import DERIVED
from netloom.store.stream_schema import StreamTable, near
from netloom.store.where import VALUE, quoted


@dataclass(frozen=True)
class Names:
    """The names of one stream's questions.

    A source has columns by these names: the stream's own, computed ones, and paths through records, each of which
    summaries keep by the same name. Of a path into a mapping the source has the mapping.
    """

    table: StreamTable
    schema: pa.Schema
    """The stream's own columns and the computed ones."""

    def kind(self, name: str) -> Any:
        """The Arrow type of what a name stands for, VALUE for a value of a mapping, None where it is unknown."""
        return self._walk(name)[0]

    def source(self, name: str) -> str:
        """The name of the source's column that it needs; raises UsageError."""
        kind, above = self._walk(name)
        if kind is None:
            raise self.unknown(name)
        return above

    def sql(self, name: str) -> str:
        """The SQL, over a source, for what groups are told apart by; raises UsageError."""
        kind, above = self._walk(name)
        if kind is None:
            raise self.unknown(name)
        return where_json.plain_text(self._value(name, above)) if kind is VALUE else quoted(name)

    def number(self, name: str) -> str:
        """The SQL, over a source, for a mapping's value as a number."""
        return where_json.as_number(self._value(name, self.source(name)))

    def of_row(self, name: str) -> str:
        """The SQL, over the stream's own columns, for a column of a source."""
        if name in self.schema.names:
            derived = DERIVED.get(self.table.name, {}).get(name)
            return quoted(name) if derived is None else derived.sql
        head, *rest = path_parts(name)
        return f"({quoted(head)})" + "".join(f".{quoted(member)}" for member in rest)

    def columns_of(self, name: str) -> tuple[str, ...]:
        """The stream's own columns that a column of a source is computed from."""
        derived = DERIVED.get(self.table.name, {}).get(name)
        return derived.columns if derived else (path_parts(name)[0],)

    def asked(self, question: Filter) -> set[str]:
        """The columns of a source that a filter needs; names that nobody knows are left out."""
        return {self._walk(name)[1] for name in fields_of(question) if self._walk(name)[1]}

    def heads(self, question: Filter) -> set[str]:
        """The stream's own columns that a filter which Python decides looks at."""
        return {head for name in fields_of(question) if (head := path_parts(name)[0]) in self.schema.names}

    def described(self, names: Collection[str]) -> pa.Schema:
        """The columns of a source by these names."""
        return pa.schema([pa.field(name, self.kind(name)) for name in names])

    def unknown(self, name: str) -> UsageError:
        """What is said of a name that nobody knows."""
        known = [*self.table.paths(), *DERIVED.get(self.table.name, {})]
        return UsageError(f"{self.table.folder}: no column {name!r}", hint=near(name, known))

    @staticmethod
    def quoted(name: str) -> str:
        """A name as SQL writes it."""
        return quoted(name)

    def _value(self, name: str, above: str) -> str:
        return where_json.value_at(quoted(above), path_parts(name)[len(path_parts(above)) :])

    def _walk(self, name: str) -> tuple[Any, str]:
        """The kind of what a path leads to, and the source's column for it: where a list is on the way, its head."""
        head, *rest = path_parts(name) or ("",)
        if head not in self.schema.names:
            return None, ""
        kind, above = self.schema.field(head).type, [head]
        while rest:
            if pa.types.is_map(kind):
                return (VALUE if len(above) == len(rest) == 1 and head in self.table.plain else None), head
            if not pa.types.is_struct(kind) or kind.get_field_index(rest[0]) < 0:
                return None, head
            kind = kind.field(rest[0]).type
            above.append(rest.pop(0))
        return kind, path_of(above)


@cache
def names_of(table_name: str) -> Names:
    """The names of a stream's questions; raises UsageError."""
    from netloom.store.stream_schema import stream_table  # noqa: PLC0415 - the module's name is taken by the class's field

    table = stream_table(table_name)
    derived: Mapping[str, Any] = DERIVED.get(table.name, {})
    more = [pa.field(name, each.kind) for name, each in derived.items()]
    return Names(table, pa.schema([*table.schema, *more], metadata=table.schema.metadata))


def fields_of(question: Filter) -> set[str]:
    """The names that a filter uses."""

    def within(expression: Expression) -> Iterator[str]:
        match expression:
            case And(parts) | Or(parts):
                for part in parts:
                    yield from within(part)
            case Not(inner):
                yield from within(inner)
            case Compare() | In() | Truth():
                yield expression.field

    return set() if question.expression is None else set(within(question.expression))
