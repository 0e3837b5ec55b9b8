"""Expressions and templates over one host's variables, in Jinja's sandbox.

A string that is one expression gives that expression's own value, `"{{ asn }}"` a number; any other gives text. A
mapping with `for_each` stands once for each element, which is bound to `item`, and its place to `index`; one with
`when` stands only where that is true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import GeneratorType
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.runtime import Context, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from netloom.intent.filters import FILTERS

Path = tuple[str | int, ...]

LOOP_LIMIT = 100_000
"""Elements of one loop or list."""
POWER_LIMIT = 4096
"""Bits of a power's result."""


_MARK = "template:"

OMIT = object()
"""`omit` in expressions, as in Ansible: the field is not stated."""


class ExpressionError(Exception):
    """An expression or a template is wrong, at a path of the entry or at a line of a template."""

    def __init__(self, path: Path, message: str, *, file: str | None = None, line: int | None = None) -> None:
        super().__init__(message)
        self.fields = (list(path), message, file, line)
        self.others: tuple[ExpressionError, ...] = ()


class TooExpensiveError(ExpressionError):
    """A cap was hit."""


class _Context(Context):
    """Variables may hold expressions themselves, as Ansible's do: they are evaluated when they are named."""

    def resolve_or_missing(self, key: str) -> Any:
        found = super().resolve_or_missing(key)
        if found is missing and isinstance(known := self.parent.get(""), HostVariables):
            return known.find(key)
        return found


class _Sandbox(ImmutableSandboxedEnvironment):
    context_class = _Context
    intercepted_binops = frozenset({"**"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if isinstance(left, int) and isinstance(right, int) and left.bit_length() * abs(right) > POWER_LIMIT:
            raise ValueError("the power is too large")
        return super().call_binop(context, operator, left, right)


class HostVariables(Mapping[str, Any]):
    """One host's variables, those that hold expressions evaluated on use."""

    __slots__ = ("_evaluation", "_known", "_open", "_raw")

    def __init__(self, evaluation: Evaluation, raw: Mapping[str, Any]) -> None:
        self._evaluation = evaluation
        self._raw = raw
        self._known: dict[str, Any] = {}
        self._open: set[str] = set()

    def find(self, key: str) -> Any:
        """A variable's value, Jinja's `missing` where there is none."""
        if key in self._known:
            return self._known[key]
        if key not in self._raw:
            return missing
        value = self._raw[key]
        if _dynamic(value):
            if key in self._open:
                raise ValueError(f"the variable {key!r} refers to itself")
            self._open.add(key)
            try:
                value = self._evaluation.deep(value, self)
            finally:
                self._open.discard(key)
        self._known[key] = value
        return value

    def __getitem__(self, key: str) -> Any:
        found = self.find(key)
        if found is missing:
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)


class Variables(Mapping[str, HostVariables]):
    """Every host's variables: what `hostvars` is in expressions."""

    __slots__ = ("_evaluation", "_groups", "_known", "_member_of", "_raw")

    def __init__(
        self,
        evaluation: Evaluation,
        raw: Mapping[str, Mapping[str, Any]],
        member_of: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._evaluation = evaluation
        self._raw = raw
        self._member_of = member_of
        self._known: dict[str, HostVariables] = {}
        self._groups: dict[str, list[str]] = {"all": list(raw)}
        for host in raw:
            for group in member_of.get(host, ()):
                self._groups.setdefault(group, []).append(host)

    def of(self, host: str) -> HostVariables:
        """One host's variables, with the names that every expression knows beside them."""
        if host not in self._known:
            names = {
                "inventory_hostname": host,
                "group_names": list(self._member_of.get(host, ())),
                "groups": self._groups,
                "hostvars": self,
            }
            self._known[host] = HostVariables(self._evaluation, {**self._raw.get(host, {}), **names})
        return self._known[host]

    def __getitem__(self, host: str) -> HostVariables:
        if host not in self._raw:
            raise KeyError(host)
        return self.of(host)

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)


def _dynamic(value: Any) -> bool:
    if isinstance(value, str):
        return "{{" in value or "{%" in value or "{#" in value
    if isinstance(value, dict):
        return any(map(_dynamic, value.values()))
    return isinstance(value, list) and any(map(_dynamic, value))


class Evaluation:
    """Compiled expressions, and what they give for a host."""

    def __init__(self, files: Mapping[str, str], output_limit: int) -> None:
        self._environment = _Sandbox(
            undefined=jinja2.StrictUndefined,
            loader=jinja2.FunctionLoader(_Source(files)),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            autoescape=False,
        )
        self._environment.filters.update(FILTERS)
        self._environment.globals.pop("lipsum")
        self._environment.globals["omit"] = OMIT
        self._compiled: dict[str, Callable[[Mapping[str, Any]], Any]] = {}
        self._output_limit = output_limit

    def entry(self, kind: str, raw: Any, variables: HostVariables) -> list[Any]:
        """Each value that an entry stands for, with the places of list elements that loops have moved."""
        faults: list[ExpressionError] = []
        found = []
        for value, bound in self._each(raw, (), {"": variables}, faults):
            moved: list[Any] = []
            made = self._value(value, (), bound, _Trail(faults, moved, ()))
            if kind == "template" and not faults:
                made["text"] = self._template(made, bound)
            found.append([_plain(made), moved])
        if faults:
            faults[0].others = tuple(faults[1:])
            raise faults[0]
        return found

    def deep(self, value: Any, variables: HostVariables) -> Any:
        """A variable's value with every expression in it evaluated."""
        if isinstance(value, str):
            return self._compile(value)({"": variables}) if _dynamic(value) else value
        if isinstance(value, dict):
            return {key: self.deep(below, variables) for key, below in value.items()}
        if isinstance(value, list):
            return [self.deep(below, variables) for below in value]
        return value

    def _each(
        self, raw: Any, path: Path, bound: Mapping[str, Any], faults: list[ExpressionError]
    ) -> Iterator[tuple[Any, Mapping[str, Any]]]:
        if not isinstance(raw, dict) or not ("for_each" in raw or "when" in raw):
            yield raw, bound
            return
        value = {key: below for key, below in raw.items() if key not in ("for_each", "when")}
        try:
            turns = [bound] if "for_each" not in raw else list(self._turns(raw["for_each"], (*path, "for_each"), bound))
            for turn in turns:
                if "when" not in raw or self._condition(raw["when"], (*path, "when"), turn):
                    yield value, turn
        except TooExpensiveError:
            raise
        except ExpressionError as exc:
            faults.append(exc)

    def _turns(self, raw: Any, path: Path, bound: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        faults: list[ExpressionError] = []
        found = self._value(raw, path, bound, _Trail(faults, [], ()))
        if faults:
            raise faults[0]
        if isinstance(found, Mapping):
            found = [{"key": key, "value": found[key]} for key in found]
        if not isinstance(found, (list, tuple, range, set, GeneratorType)):
            raise ExpressionError(path, f"expected a list, got {found!r:.80}")
        for index, item in enumerate(found):
            if index >= LOOP_LIMIT:
                raise ExpressionError(path, f"more than {LOOP_LIMIT} elements")
            yield {**bound, "item": item, "index": index}

    def _condition(self, raw: Any, path: Path, bound: Mapping[str, Any]) -> bool:
        found = raw
        if isinstance(raw, str):
            source = raw if _dynamic(raw) else "{{ " + raw + " }}"
            found = self._guarded(source, path, bound)
        if not isinstance(found, bool):
            raise ExpressionError(path, f"expected true or false, got {found!r:.80}")
        return found

    def _value(self, raw: Any, path: Path, bound: Mapping[str, Any], trail: _Trail) -> Any:
        if isinstance(raw, str):
            if not _dynamic(raw):
                return raw
            try:
                return self._guarded(raw, path, bound)
            except TooExpensiveError:
                raise
            except ExpressionError as exc:
                trail.faults.append(exc)
                return None
        if isinstance(raw, dict):
            made = {key: self._value(below, (*path, key), bound, trail.below(key)) for key, below in raw.items()}
            return {key: value for key, value in made.items() if value is not OMIT}
        if isinstance(raw, list):
            return self._list(raw, path, bound, trail)
        return raw

    def _list(self, raw: list[Any], path: Path, bound: Mapping[str, Any], trail: _Trail) -> list[Any]:
        made: list[Any] = []
        origins: list[int] = []
        for at, element in enumerate(raw):
            for value, turn in self._each(element, (*path, at), bound, trail.faults):
                result = self._value(value, (*path, at), turn, trail.below(len(made)))
                if result is not OMIT:
                    made.append(result)
                    origins.append(at)
        if origins != list(range(len(raw))):
            trail.moved.append([list(trail.path), origins])
        return made

    def _template(self, made: Mapping[str, Any], bound: Mapping[str, Any]) -> str:
        if made.get("file") is None:
            return str(made.get("text", ""))
        name = str(made["file"])
        try:
            template = self._environment.get_template(name)
            return self._bounded(template.generate(bound), ("file",))
        except jinja2.TemplateNotFound as exc:
            raise ExpressionError(("file",), f"no template {exc.name!r} under templates/") from exc
        except (ExpressionError, MemoryError, RecursionError):
            raise
        except Exception as exc:
            file, line = _where(exc, name)
            raise ExpressionError(("file",), _words(exc), file=file, line=line) from exc

    def _bounded(self, pieces: Iterator[str], path: Path) -> str:
        made: list[str] = []
        size = 0
        for piece in pieces:
            size += len(piece)
            if size > self._output_limit:
                raise TooExpensiveError(path, f"makes more than {self._output_limit >> 20} MiB of text")
            made.append(piece)
        return "".join(made)

    def _guarded(self, source: str, path: Path, bound: Mapping[str, Any]) -> Any:
        try:
            return self._compile(source)(bound)
        except (ExpressionError, MemoryError, RecursionError):
            raise
        except Exception as exc:
            raise ExpressionError(path, _words(exc)) from exc

    def _compile(self, source: str) -> Callable[[Mapping[str, Any]], Any]:
        if source not in self._compiled:
            body = self._environment.parse(source).body
            alone = len(body) == 1 and isinstance(body[0], nodes.Output) and len(body[0].nodes) == 1
            if alone and not isinstance(body[0].nodes[0], nodes.TemplateData):  # type: ignore[attr-defined] # an Output
                inner = source.strip()[2:-2].strip("+-")
                evaluate = self._environment.compile_expression(inner, undefined_to_none=False)
                self._compiled[source] = lambda bound: _defined(evaluate(bound))
            else:
                template = self._environment.from_string(source)
                self._compiled[source] = lambda bound: self._bounded(template.generate(bound), ())
        return self._compiled[source]


class _Source:
    """Gives templates by name, under a file name by which a traceback tells them."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files

    def __call__(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        source = self._files.get(name)
        return None if source is None else (source, _MARK + name, lambda: True)


class _Trail:
    """Where evaluation stands in the value it makes, and what it has found on its way."""

    __slots__ = ("faults", "moved", "path")

    def __init__(self, faults: list[ExpressionError], moved: list[Any], path: Path) -> None:
        self.faults = faults
        self.moved = moved
        self.path = path

    def below(self, step: str | int) -> _Trail:
        return _Trail(self.faults, self.moved, (*self.path, step))


def _defined(value: Any) -> Any:
    if isinstance(value, Undefined):
        str(value)  # raises with the name of what is undefined
    return value


def _plain(value: Any) -> Any:
    """The value as JSON can carry it."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(value[key]) for key in value}
    if isinstance(value, (set, frozenset)):
        return [_plain(element) for element in sorted(value, key=str)]
    if isinstance(value, (list, tuple, range, GeneratorType)):
        made = []
        for element in value:
            made.append(_plain(element))
            if len(made) > LOOP_LIMIT:
                raise ExpressionError((), f"a list of more than {LOOP_LIMIT} elements")
        return made
    raise ExpressionError((), f"expected text, a number, a list or a mapping, got {type(value).__name__}")


def _words(exc: Exception) -> str:
    if isinstance(exc, jinja2.UndefinedError):
        return str(exc.message)
    if isinstance(exc, jinja2.TemplateSyntaxError):
        return f"not a template: {str(exc.message).removesuffix('.')}"
    return str(exc).removesuffix(".") or type(exc).__name__


def _where(exc: Exception, name: str) -> tuple[str, int | None]:
    """The innermost template and line that an exception passed through."""
    if isinstance(exc, jinja2.TemplateSyntaxError):
        return exc.name or name, exc.lineno
    found: tuple[str, int | None] = (name, None)
    trace = exc.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.startswith(_MARK):
            found = (file[len(_MARK) :], trace.tb_lineno)
        trace = trace.tb_next
    return found
