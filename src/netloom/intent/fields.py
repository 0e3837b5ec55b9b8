"""The fields of records as schema: what each expects, in people's words, and its canonical value."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from netloom.model.noun import Record
from netloom.model.text import Form

if TYPE_CHECKING:
    from pydantic import TypeAdapter

REQUIRED = MISSING
"""Stands for the default of a field that has none."""

_WORDS: dict[Any, str] = {int: "a whole number", bool: "true or false", str: "text", float: "a number"}


class BadValueError(ValueError):
    """A value does not fit its field; the message says why, where that is more than «expected …, got …»."""


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One field of a record, or the elements of one that takes a list."""

    name: str
    default: Any
    """`REQUIRED` where there is none."""
    expected: str
    """What it takes, in people's words."""
    scalars: frozenset[Any]
    """The types among `int`, `bool`, `str` and `float` that it takes."""
    adapter: TypeAdapter[Any]
    secret: bool = False
    """Nobody is shown its values."""
    part: type[Record] | None = None
    """The record that it is a list of."""
    element: Field | None = None
    """What each element of its list is, where they are plain values."""

    def canonical(self, value: Any) -> Any:
        """The value in its canonical spelling; raises BadValueError."""
        from pydantic import ValidationError  # noqa: PLC0415 - slow to import

        # pydantic takes True for 1 and 1.0 for 1; in a configuration both are slips
        if isinstance(value, (bool, float)) and type(value) not in self.scalars:
            raise BadValueError
        try:
            found = self.adapter.validate_python(value)
        except ValidationError as exc:
            cause = str(exc.errors(include_url=False)[0].get("ctx", {}).get("error", ""))
            raise BadValueError(cause if "host bits" in cause or "control" in cause else "") from exc
        if type(found) is int and found < 0:
            raise BadValueError
        return found


def schema(record: type[Record]) -> dict[str, Field]:
    """Every field of a record by its name."""
    known = _SCHEMAS.get(record)
    if known is None:
        known = _SCHEMAS[record] = _schema(record)
    return known


_SCHEMAS: dict[type[Record], dict[str, Field]] = {}


def _schema(record: type[Record]) -> dict[str, Field]:
    hints = get_type_hints(record, include_extras=True)
    return {item.name: _field(item.name, hints[item.name], _default(item)) for item in fields(record)}  # type: ignore[arg-type] # every record is a dataclass


def _default(item: Any) -> Any:
    return item.default_factory() if item.default_factory is not MISSING else item.default


def _field(name: str, hint: Any, default: Any) -> Field:
    from pydantic import TypeAdapter  # noqa: PLC0415 - slow to import

    inner = get_args(hint)[0] if get_origin(hint) is tuple else None
    part = inner if isinstance(inner, type) and issubclass(inner, Record) else None
    element = _field(name, inner, REQUIRED) if inner is not None and part is None else None
    scalars = frozenset(_scalars(hint))
    return Field(
        name, default, _expected(hint), scalars, TypeAdapter(hint), secret=_secret(hint), part=part, element=element
    )


def _arms(hint: Any) -> list[Any]:
    """The alternatives of a union, without None."""
    if get_origin(hint) in (Union, UnionType):
        return [arm for arm in get_args(hint) if arm is not NoneType]
    return [hint]


def _scalars(hint: Any) -> list[Any]:
    bare = [get_args(arm)[0] if get_origin(arm) is Annotated else arm for arm in _arms(hint)]
    return [arm for arm in bare if arm in _WORDS]


def _secret(hint: Any) -> bool:
    arms = _arms(get_args(hint)[0] if get_origin(hint) is tuple else hint)
    return any(isinstance(extra, Form) and extra.name == "secret" for arm in arms for extra in get_args(arm)[1:])


def _expected(hint: Any) -> str:
    return " or ".join(_phrase(arm) for arm in _arms(hint))


def _phrase(arm: Any) -> str:
    if get_origin(arm) is Annotated:
        form = next((extra.name for extra in get_args(arm)[1:] if isinstance(extra, Form)), "text")
        return form if form == "text" else f"{'an' if form[0] in 'aA' else 'a'} {form}"
    if get_origin(arm) is Literal:
        return "one of " + ", ".join(str(choice) for choice in get_args(arm))
    if get_origin(arm) is tuple:
        inner = get_args(arm)[0]
        if isinstance(inner, type) and issubclass(inner, Record):
            return "a list of mappings"
        return "a list, each " + _expected(inner)
    return _WORDS.get(arm, str(arm))
