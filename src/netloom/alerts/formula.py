"""Conditions as people write them, `in_errors_ps / in_pps > 0.01`: arithmetic and comparisons, nothing else.

Law: nothing of Python is run; the parsed tree is walked, and knows numbers, names, + - * / %, comparisons, and, or,
not, abs, min and max. What cannot be known, a name without a number or a division by zero, holds nothing.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

LENGTH_LIMIT = 500
_ARITHMETIC: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_FUNCTIONS: dict[str, Callable[..., float]] = {"abs": abs, "min": min, "max": max}


class FormulaError(ValueError):
    """The text is no formula; `column` counts from one."""

    def __init__(self, message: str, column: int = 1) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True, slots=True)
class Formula:
    """One condition, parsed."""

    text: str
    names: tuple[str, ...]
    """The names in it, dotted ones whole, in the order of their first mention."""
    tree: Any = field(repr=False, compare=False, default=None)

    def judge(self, values: Mapping[str, float]) -> tuple[bool, float | None]:
        """Whether it holds, and the number that its first comparison looks at."""
        return bool(_truth(self.tree, values)), _number(_first(self.tree), values)

    def __str__(self) -> str:
        return self.text


def parse_formula(text: str) -> Formula:
    """Read a formula; raises FormulaError."""
    if len(text) > LENGTH_LIMIT:
        raise FormulaError(f"expected at most {LENGTH_LIMIT} characters, got {len(text)}")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as exc:
        raise FormulaError(f"expected a comparison such as a / b > 0.01: {exc.msg}", exc.offset or 1) from exc
    except (ValueError, RecursionError, MemoryError) as exc:
        raise FormulaError("expected a comparison such as a / b > 0.01") from exc
    names: dict[str, None] = {}
    _check_truth(tree, names)
    return Formula(text.strip(), tuple(names), tree)


def _check_truth(node: ast.expr, names: dict[str, None]) -> None:
    match node:
        case ast.BoolOp(values=parts):
            for part in parts:
                _check_truth(part, names)
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            _check_truth(inner, names)
        case ast.Compare(left=left, ops=operators, comparators=others) if all(
            type(each) in _COMPARISONS for each in operators
        ):
            for part in (left, *others):
                _check_number(part, names)
        case _:
            raise FormulaError("expected a comparison, such as a > 5", node.col_offset + 1)


def _check_number(node: ast.expr, names: dict[str, None]) -> None:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool) and abs(value) < 1e300:
            return
        case ast.BinOp(left=left, op=how, right=right) if type(how) in _ARITHMETIC:
            _check_number(left, names)
            _check_number(right, names)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=inner):
            _check_number(inner, names)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _FUNCTIONS and arguments:
            if name == "abs" and len(arguments) != 1:
                raise FormulaError("abs: expected one number", node.col_offset + 1)
            for part in arguments:
                _check_number(part, names)
        case ast.Name() | ast.Attribute() if (dotted := _dotted(node)) is not None:
            names[dotted] = None
        case _:
            raise FormulaError("expected numbers, names, + - * / %, abs, min or max", node.col_offset + 1)


def _dotted(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        head = _dotted(node.value)
        return None if head is None else f"{head}.{node.attr}"
    return None


def _truth(node: ast.expr, values: Mapping[str, float]) -> bool | None:
    """Whether it holds, None where nobody can know."""
    match node:
        case ast.BoolOp(op=how, values=parts):
            found = [_truth(part, values) for part in parts]
            decisive = isinstance(how, ast.Or)
            return decisive if decisive in found else None if None in found else not decisive
        case ast.UnaryOp(operand=inner):
            known = _truth(inner, values)
            return None if known is None else not known
        case ast.Compare(left=left, ops=operators, comparators=others):
            numbers = [_number(part, values) for part in (left, *others)]
            pairs = zip(numbers, operators, numbers[1:], strict=False)
            told = [
                None if low is None or high is None else _COMPARISONS[type(how)](low, high) for low, how, high in pairs
            ]
            return False if False in told else None if None in told else True
    return None


def _number(node: ast.expr, values: Mapping[str, float]) -> float | None:  # noqa: PLR0911 - one for each form
    match node:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.BinOp(left=left, op=how, right=right):
            first, second = _number(left, values), _number(right, values)
            if first is None or second is None:
                return None
            try:
                return _finite(_ARITHMETIC[type(how)](first, second))
            except (ZeroDivisionError, OverflowError):
                return None
        case ast.UnaryOp(op=sign, operand=inner):
            found = _number(inner, values)
            return -found if found is not None and isinstance(sign, ast.USub) else found
        case ast.Call(func=ast.Name(id=name), args=arguments):
            numbers = [_number(part, values) for part in arguments]
            known = [number for number in numbers if number is not None]
            if len(known) < len(numbers):
                return None
            return abs(known[0]) if name == "abs" else _FUNCTIONS[name](known)
    return _finite(values.get(_dotted(node) or ""))


def _finite(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None


def _first(node: ast.expr) -> ast.expr:
    """The left side of the first comparison."""
    while not isinstance(node, ast.Compare):
        node = node.values[0] if isinstance(node, ast.BoolOp) else node.operand  # type: ignore[attr-defined] # `parse_formula` let nothing else pass
    return node.left
