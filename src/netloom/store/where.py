"""Filters as SQL for DuckDB, selecting exactly the rows that `Filter.matches` does."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pyarrow as pa

from netloom.model.expression import (
    IPV4_OR_PREFIX,
    And,
    Compare,
    Expression,
    In,
    Not,
    Or,
    Truth,
    Word,
    lower,
    path_of,
    path_parts,
)
from netloom.model.filter import Filter
from netloom.store import where_json
from netloom.store.packed import ADDRESS, MAC, Network, pack_address, pack_mac, ranges, unpack_address, unpack_mac

VALUE = object()
"""The kind of a mapping's values: any of JSON's that is no list and no object."""
_LARGEST = 2**63
_CLASS = r"\[\^?(?:[A-Za-z0-9_.:/ ]|[a-z]-[a-z]|[0-9]-[0-9]|[A-Z]-[A-Z])+\]"
_CHARACTER = rf"(?:[A-Za-z0-9_ :/,@#%&=<>;!'\")-]|\.|\\[dw./()|*+?\[\]^$-]|{_CLASS})"
_SAME_IN_RE2 = re.compile(rf"(?:[\^$|]|\((?!\?)|{_CHARACTER}(?:[*+?](?![*+?]))?)*")
"""Regular expressions that Python and DuckDB's RE2 read alike; Python looks at the rows for the others."""


_IPV4_GLOB = re.compile(r"((?:[0-9]{1,3}\.){1,3})\*")


@dataclass(slots=True)
class Where:
    """A filter split in two."""

    sql: str = "true"
    parameters: list[Any] = field(default_factory=list)
    rest: Filter = field(default_factory=Filter)
    """What SQL cannot say exactly; it must hold for the rows found, too."""


def where(question: Filter, schema: pa.Schema, plain: Collection[str] = ()) -> Where:
    """The filter as SQL over columns of this schema; `plain` are the paths of mappings without lists and objects."""
    expression = question.expression
    if expression is None:
        return Where()
    parts = expression.parts if isinstance(expression, And) else (expression,)
    compiled: list[str] = []
    rest: list[Expression] = []
    parameters: list[Any] = []
    for part in parts:
        compiler = _Compiler(schema, plain)
        try:
            compiled.append(compiler.compile(part))
        except _NotExactError:
            rest.append(part)
        else:
            parameters += compiler.parameters
    left = None if not rest else rest[0] if len(rest) == 1 else And(tuple(rest))
    return Where(" AND ".join(compiled) or "true", parameters, Filter(left))


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


class _NotExactError(Exception):
    """SQL cannot say this exactly."""


class _Compiler:
    def __init__(self, schema: pa.Schema, plain: Collection[str]) -> None:
        self.schema = schema
        self.plain = plain
        self.parameters: list[Any] = []
        self.negations = 0
        """How deep it is in negations; outside of them null is as good as false, and engines skip files by it."""

    def compile(self, expression: Expression) -> str:
        match expression:
            case And(parts):
                return "(" + " AND ".join(map(self.compile, parts)) + ")"
            case Or(parts):
                return "(" + " OR ".join(map(self.compile, parts)) + ")"
            case Not(inner):
                return self.negated(lambda: self.compile(inner))
            case Truth(name):
                return self.any(name, _truth)
            case In(name, values, negated):
                return self.negated(lambda: self.one_of(name, values)) if negated else self.one_of(name, values)
            case Compare():
                return self.compare(expression)

    def compare(self, expression: Compare) -> str:
        if expression.operator.startswith("!"):
            return self.negated(lambda: self.positive(expression))
        return self.positive(expression)

    def positive(self, expression: Compare) -> str:
        name, operator, value = expression.field, expression.operator, expression.value
        match operator:
            case "=" | "!=":
                return self.equal(name, value)
            case "~" | "!~":
                return self.any(name, lambda x, kind: self.pattern(x, kind, value))
            case _:
                return self.any(name, lambda x, kind: self.order(x, kind, operator, value))

    def negated(self, inner: Callable[[], str]) -> str:
        self.negations += 1
        found = inner()
        self.negations -= 1
        return f"(NOT ({found}))"

    def parameter(self, value: Any) -> str:
        self.parameters.append(value)
        return "?"

    def any(self, name: str, predicate: Callable[[str, Any], str]) -> str:
        """Whether any value at the path satisfies the predicate, never null within a negation."""
        source, kind, many = self.values(name)
        if kind is None:
            return "false"
        if not many:
            found = predicate(source, kind)
            return f"coalesce({found}, false)" if self.negations else found
        return f"(len(list_filter({source}, lambda x: coalesce({predicate('x', kind)}, false))) > 0)"

    def values(self, name: str) -> tuple[str, Any, bool]:
        """The SQL for the values at a path, their type, and whether it is a list of them."""
        if name in self.schema.names:
            head, rest = name, []
        else:
            head, *rest = path_parts(name)
        above = [head]
        if head not in self.schema.names:
            return "NULL", None, False
        source, kind, many = quoted(head), self.schema.field(head).type, False
        if kind == pa.timestamp("ns"):
            return f"epoch_ns({source})", pa.int64(), False
        while True:
            while pa.types.is_list(kind):
                inner = "coalesce(x, [NULL])" if many else f"coalesce({source}, [NULL])"
                source = f"flatten(list_transform({source}, lambda x: {inner}))" if many else inner
                kind, many = kind.value_type, True
            if not rest:
                return source, kind, many
            if pa.types.is_map(kind):
                if many or len(rest) > 1 or path_of(above) not in self.plain:
                    raise _NotExactError
                return where_json.value_at(source, rest), VALUE, False
            if not pa.types.is_struct(kind) or kind.get_field_index(rest[0]) < 0:
                return "NULL", None, False
            member = rest.pop(0)
            above.append(member)
            kind = kind.field(member).type
            step = quoted(member)
            source = f"list_transform({source}, lambda x: x.{step})" if many else f"({source}).{step}"

    def missing(self, name: str) -> str:
        """Whether no value is there, or only empty text."""
        source, kind, many = self.values(name)
        if kind is None:
            return "true"
        if kind is VALUE:
            return where_json.is_missing(source)
        empty = "({x} IS NULL OR {x} = '')" if pa.types.is_string(kind) else "{x} IS NULL"
        if not many:
            return empty.format(x=source)
        return f"(len(list_filter({source}, lambda x: NOT {empty.format(x='x')})) = 0)"

    def equal(self, name: str, word: Word) -> str:
        found = self.any(name, lambda x, kind: self.one(x, kind, word))
        return f"({self.missing(name)} OR {found})" if word.missing else found

    def one(self, x: str, kind: Any, word: Word) -> str:
        if kind is VALUE and word.glob is None:
            return where_json.is_equal(x, word, self.parameter)
        if kind is not VALUE and kind in (ADDRESS, MAC):
            return self.packed(x, kind, word)
        if word.glob is not None:
            text = _text(x, kind)
            return (
                "false"
                if text is None
                else f"{where_json.lowered(text)} LIKE {self.parameter(_like(word.text))} ESCAPE '\\'"
            )
        if pa.types.is_string(kind):
            options = ", ".join(self.parameter(spelling) for spelling in sorted(word.spellings))
            return f"{where_json.lowered(x)} IN ({options})"
        wanted = _as(kind, word)
        return "false" if wanted is None else f"{x} = {self.parameter(wanted)}"

    def packed(self, x: str, kind: Any, word: Word) -> str:
        """An address or a MAC address that its text is equal to."""
        if word.glob is not None:
            network = _ipv4_glob(word.text) if kind == ADDRESS else None
            if network is None:
                raise _NotExactError
            return self.inside(x, network)
        pack, unpack = (pack_address, unpack_address) if kind == ADDRESS else (pack_mac, unpack_mac)
        found = [pack(text) for text in sorted(word.spellings) if _spells(text, pack, unpack)]
        if not found:
            return "false"
        values: list[Any] = [str(UUID(bytes=each)) for each in found] if kind == ADDRESS else list(found)
        mark = "CAST({} AS UUID)" if kind == ADDRESS else "{}"
        return f"{x} IN ({', '.join(mark.format(self.parameter(value)) for value in values)})"

    def inside(self, x: str, network: Network) -> str:
        """Whether a packed address lies in a network."""
        spans = [
            f"{x} BETWEEN CAST({self.parameter(str(low))} AS UUID) AND CAST({self.parameter(str(high))} AS UUID)"
            for low, high in ranges(network)
        ]
        return f"({' OR '.join(spans)})" if spans else "false"

    def order(self, x: str, kind: Any, operator: str, word: Word) -> str:
        if kind is VALUE:
            return where_json.is_ordered(x, operator, word, self.parameter)
        if kind in (ADDRESS, MAC):  # the order of their text
            raise _NotExactError
        if pa.types.is_boolean(kind):
            return "false"
        if pa.types.is_string(kind):
            return f"{where_json.lowered(x)} {operator} {self.parameter(lower(word.text))}"
        wanted = _as(kind, word)
        return "false" if wanted is None else f"{x} {operator} {self.parameter(wanted)}"

    def pattern(self, x: str, kind: Any, word: Word) -> str:
        if kind is not VALUE and kind in (ADDRESS, MAC):
            raise _NotExactError
        text = _text(x, kind)
        if text is None:
            return "false"
        if not _SAME_IN_RE2.fullmatch(word.text):
            raise _NotExactError
        return f"regexp_matches({text}, {self.parameter(word.text)})"

    def one_of(self, name: str, words: Sequence[Word]) -> str:
        plain = [word for word in words if word.network is None and word.glob is None and not word.missing]
        found = [self.member(name, word) for word in words if word not in plain]
        if plain:
            found.append(self.any(name, lambda x, kind: self.one_of_plain(x, kind, plain)))
        return f"({' OR '.join(found)})"

    def one_of_plain(self, x: str, kind: Any, words: Sequence[Word]) -> str:
        """One of some texts: each row's is lowered once, however many they are."""
        if kind is VALUE or not pa.types.is_string(kind):
            return f"({' OR '.join(self.one(x, kind, word) for word in words)})"
        spellings = sorted({spelling for word in words for spelling in word.spellings})
        return f"{where_json.lowered(x)} IN ({', '.join(map(self.parameter, spellings))})"

    def member(self, name: str, word: Word) -> str:
        network = word.network
        if network is None:
            return self.equal(name, word)
        return self.any(name, lambda x, kind: self.within(x, kind, network))

    def within(self, x: str, kind: Any, network: Network) -> str:
        if kind is VALUE:
            return self.within(where_json.only_text(x), pa.string(), network)
        if kind == ADDRESS:
            return self.inside(x, network)
        if not pa.types.is_string(kind):
            return "false"
        if isinstance(network, ipaddress.IPv6Network):
            raise _NotExactError
        octets = [f"try_cast(split_part(split_part({x}, '/', 1), '.', {at}) AS BIGINT)" for at in (1, 2, 3, 4)]
        address = f"({octets[0]} * 16777216 + {octets[1]} * 65536 + {octets[2]} * 256 + {octets[3]})"
        length = f"coalesce(try_cast(split_part({x}, '/', 2) AS BIGINT), 32)"
        low, high = int(network.network_address), int(network.broadcast_address)
        return (
            f"(regexp_full_match({x}, {self.parameter(IPV4_OR_PREFIX)}) AND {length} >= {network.prefixlen}"
            f" AND {address} BETWEEN {low} AND {high})"
        )


def _spells(text: str, pack: Callable[[str], bytes], unpack: Callable[[bytes], str]) -> bool:
    """Whether this is how an address is shown."""
    try:
        return unpack(pack(text)) == text
    except ValueError:
        return False


def _ipv4_glob(text: str) -> Network | None:
    """`10.1.*` as the prefix that holds just the addresses written so, None for other patterns."""
    found = _IPV4_GLOB.fullmatch(text)
    octets = found.group(1).split(".")[:-1] if found else []
    if not octets or any(int(octet) > 255 or str(int(octet)) != octet for octet in octets):
        return None
    address = ".".join([*octets, "0", "0", "0"][:4])
    return ipaddress.IPv4Network(f"{address}/{8 * len(octets)}")


def _truth(x: str, kind: Any) -> str:
    if kind is VALUE:
        return where_json.is_true(x)
    if pa.types.is_boolean(kind):
        return x
    if pa.types.is_string(kind):
        return f"{x} <> ''"
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return f"{x} <> 0"
    return f"{x} IS NOT NULL"


def _text(x: str, kind: Any) -> str | None:
    if kind is VALUE:
        return where_json.text_of(x)
    if pa.types.is_string(kind):
        return x
    return f"CAST({x} AS VARCHAR)" if pa.types.is_integer(kind) or pa.types.is_boolean(kind) else None


def _like(glob: str) -> str:
    """`*` and `?` as LIKE writes them."""
    escaped = re.sub(r"([\\%_])", r"\\\1", lower(glob))
    return escaped.replace("*", "%").replace("?", "_")


def _as(kind: Any, word: Word) -> Any:
    """The word as a value of a column's type, None where it spells none."""
    if pa.types.is_boolean(kind):
        return word.truth
    if pa.types.is_timestamp(kind):
        return word.time
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        number = word.number
        return number if number is None else max(-2 * _LARGEST, min(number, 2 * _LARGEST))
    return None
