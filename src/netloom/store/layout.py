"""How a table's rows lie in its Parquet files: their order, their partitions, their encodings, their summaries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from netloom.store.grouping import Columns

_LABELS = {"hour": "%Y-%m-%dT%H", "day": "%Y-%m-%d", "month": "%Y-%m"}
MERGE_BYTES = 64 << 20
STREAM_MERGE_BYTES = 16 << 20
"""A file is rewritten with late rows as long as it is smaller."""
SMALL_BYTES = 256 << 10
"""A file that is smaller is always worth it."""
_DICTIONARY_BYTES = 2 << 20
"""Room for an hour's addresses: as numbers they are smaller, and compared and grouped in half the time."""
_ROW_GROUP = 1 << 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What compaction must know of a table, or of a summary of it."""

    PACKED: ClassVar[int] = 8
    """Rows in memory take so many times their room in a file, by a rule of thumb."""

    schema: pa.Schema
    moment: str
    """The column with a row's time."""
    order: tuple[str, ...]
    """The columns that rows are sorted by."""
    span: str = "hour"
    """What a file holds: an hour, a day or a month."""
    varied: frozenset[str] = frozenset()
    """Columns whose values seldom repeat, and which a dictionary would only make larger."""
    stream: bool = False
    """Whether rows never stop coming: columns that hold nothing are left out, and a file is written anew only with rows
    that are a good part of it, so that each row is written a few times and not with every minute's."""
    summary: str = ""
    """The folder of a summary, empty for the rows themselves."""
    summarise: Callable[[Columns], Any] | None = None
    """The summary's rows of the rows that it stands for."""
    fold: Callable[[Columns], Any] | None = None
    """How rows of several files become fewer."""
    summaries: tuple[Layout, ...] = ()
    """What is made of new rows in the same step."""

    @property
    def label(self) -> str:
        """How a file's hour, day or month is written."""
        return _LABELS[self.span]

    def absorbs(self, new: int) -> float:
        """The size of files that are written anew together with so many new bytes in memory."""
        return min(max(2 * new / self.PACKED, SMALL_BYTES), STREAM_MERGE_BYTES) if self.stream else MERGE_BYTES

    def merged(self, tables: list[Any]) -> Any:
        """Rows of several tables, in order of time where each is and they do not overlap; what can be folded is."""
        in_order = sorted(tables, key=lambda table: table.column(self.moment)[0].value)
        whole = pa.concat_tables(in_order, promote_options="default")
        if self.fold is None or len(tables) == 1:
            return whole
        moments = pc.value_counts(pa.concat_arrays([pc.unique(table.column(self.moment)) for table in tables]))
        shared = moments.field("values").filter(pc.greater(moments.field("counts"), 1))
        if not len(shared):
            return whole
        again = pc.is_in(whole.column(self.moment), shared)
        parts = [whole.filter(pc.invert(again)), self.fold(Columns(whole.filter(again)))]
        return pa.concat_tables(parts, promote_options="default")

    def conform(self, table: Any) -> Any:
        """Rows of any version in this one's schema; a stream's without the columns that are not there."""
        if not self.stream:
            return conform(table, self.schema)
        known = [field for field in self.schema if field.name in table.column_names]
        return conform(table, pa.schema(known, metadata=self.schema.metadata))

    def ordered(self, table: Any) -> Any:
        """The rows sorted, and of a stream the columns that hold something."""
        if self.stream:
            names = set(table.column_names)
            kept = [name for name in self.schema.names if name in names and not _empty(table.column(name))]
            table = pa.table({name: self._narrowed(name, table.column(name)) for name in kept})
            table = table.replace_schema_metadata(self.schema.metadata)
            if _is_sorted(table.column(self.order[0])):
                return table
        return table.sort_by([(name, "ascending") for name in self.order])

    def _narrowed(self, name: str, column: Any) -> Any:
        """Times in milliseconds or microseconds where all of them are, as most exporters tell them."""
        if name == self.moment or column.type != pa.timestamp("ns"):
            return column
        for unit in ("ms", "us"):
            with suppress(pa.ArrowInvalid):
                return column.cast(pa.timestamp(unit))
        return column


def parquet_options(table: Any, layout: Layout) -> dict[str, Any]:
    """How to write rows: Zstandard, checksums, and for streams the encodings that fit their columns."""
    options = {"compression": "zstd", "row_group_size": _ROW_GROUP, "write_page_checksum": True}
    if not layout.stream:
        return options
    moments = [field.name for field in table.schema if pa.types.is_timestamp(field.type)]
    plain = {*moments, *(field.name for field in table.schema if field.name in layout.varied and _is_wide(field.type))}
    return options | {
        "compression_level": 1,
        "dictionary_pagesize_limit": _DICTIONARY_BYTES,
        "use_dictionary": [
            path for field in table.schema if field.name not in plain for path in _leaves(field.name, field.type)
        ],
        "column_encoding": dict.fromkeys(moments, "DELTA_BINARY_PACKED"),
    }


def conform(table: Any, schema: pa.Schema) -> Any:
    """Rows of an older or newer schema as this one has them: new columns null, unknown columns dropped."""
    if table.schema.equals(schema):
        return table
    arrays = []
    for field in schema:
        if field.name in table.column_names:
            arrays.append(_cast(table.column(field.name), field.type))
        else:
            arrays.append(pa.nulls(table.num_rows, field.type))
    return pa.Table.from_arrays(arrays, schema=schema)


def _cast(column: Any, wanted: Any) -> Any:
    if column.type.equals(wanted):
        return column
    try:
        return column.cast(wanted)
    except pa.ArrowException:  # a nested record that gained or lost fields, which Arrow does not cast
        return pa.chunked_array([pa.array([_fitting(value, wanted) for value in column.to_pylist()], wanted)])


def _fitting(value: Any, wanted: Any) -> Any:
    if value is None:
        return None
    if pa.types.is_list(wanted):
        return [_fitting(item, wanted.value_type) for item in value] if isinstance(value, list) else None
    if pa.types.is_struct(wanted):
        return {field.name: _fitting(value.get(field.name), field.type) for field in wanted}
    try:
        return pa.scalar(value, wanted).as_py()
    except pa.ArrowException:
        return str(value) if pa.types.is_string(wanted) else None


def _empty(column: Any) -> bool:
    return bool(column.null_count == len(column))


def _is_wide(kind: Any) -> bool:
    """Whether there are more values than a dictionary is worth."""
    return not pa.types.is_primitive(kind) or bool(kind.bit_width > 16)


def _is_sorted(column: Any) -> bool:
    return len(column) < 2 or bool(pc.all(pc.less_equal(column.slice(0, len(column) - 1), column.slice(1))).as_py())


def _leaves(path: str, kind: Any) -> Iterator[str]:
    """The paths of a column's values as Parquet names them."""
    if pa.types.is_list(kind):
        yield from _leaves(f"{path}.list.element", kind.value_type)
    elif pa.types.is_map(kind):
        yield f"{path}.key_value.key"
        yield from _leaves(f"{path}.key_value.value", kind.item_type)
    elif pa.types.is_struct(kind):
        for field in kind:
            yield from _leaves(f"{path}.{field.name}", field.type)
    else:
        yield path
