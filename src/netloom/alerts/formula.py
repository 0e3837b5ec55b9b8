"""Conditions as people write them, `in_errors_ps / in_pps > 0.01`: arithmetic and comparisons, nothing else.

Law: nothing of Python is run; the parsed tree is walked, knows numbers, names, + - * / %, comparisons, and, or, not,
abs, min and max, and becomes SQL out of nothing but these. What cannot be known, a name without a number or a division
by zero, is NULL there and holds nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LENGTH_LIMIT = 500
_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Mod: "%"}
_SYMBOLS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "=",
    ast.NotEq: "<>",
}
_FUNCTIONS = {"abs": "abs", "min": "least", "max": "greatest"}


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

    def sql(self, columns: Mapping[str, str]) -> tuple[str, str]:
        """The same for the store's engine: whether it holds, and its number, over columns. NULL is what is unknown."""
        return _truth_sql(self.tree, columns), _number_sql(_first(self.tree), columns)

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
            type(each) in _SYMBOLS for each in operators
        ):
            for part in (left, *others):
                _check_number(part, names)
        case _:
            raise FormulaError("expected a comparison, such as a > 5", node.col_offset + 1)


def _check_number(node: ast.expr, names: dict[str, None]) -> None:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool) and abs(value) < 1e300:
            return
        case ast.BinOp(left=left, op=how, right=right) if type(how) in _SIGNS:
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


def _first(node: ast.expr) -> ast.expr:
    """The left side of the first comparison."""
    while not isinstance(node, ast.Compare):
        node = node.values[0] if isinstance(node, ast.BoolOp) else node.operand  # type: ignore[attr-defined] # `parse_formula` let nothing else pass
    return node.left


def _truth_sql(node: ast.expr, columns: Mapping[str, str]) -> str:
    match node:
        case ast.BoolOp(op=how, values=parts):
            word = " OR " if isinstance(how, ast.Or) else " AND "
            return f"({word.join(_truth_sql(part, columns) for part in parts)})"
        case ast.UnaryOp(operand=inner):
            return f"(NOT {_truth_sql(inner, columns)})"
        case ast.Compare(left=left, ops=operators, comparators=others):
            numbers = [_number_sql(part, columns) for part in (left, *others)]
            pairs = zip(numbers, operators, numbers[1:], strict=False)
            return f"({' AND '.join(f'{low} {_SYMBOLS[type(how)]} {high}' for low, how, high in pairs)})"
    raise AssertionError  # `parse_formula` let nothing else pass


def _number_sql(node: ast.expr, columns: Mapping[str, str]) -> str:
    match node:
        case ast.Constant(value=int() | float() as value):
            return f"CAST({float(value)!r} AS DOUBLE)"
        case ast.BinOp(left=left, op=how, right=right):
            first, second = _number_sql(left, columns), _number_sql(right, columns)
            return _finite_sql(_calculated(first, _SIGNS[type(how)], second))
        case ast.UnaryOp(op=sign, operand=inner):
            return f"({'-' if isinstance(sign, ast.USub) else '+'}{_number_sql(inner, columns)})"
        case ast.Call(func=ast.Name(id=name), args=arguments):
            numbers = [_number_sql(part, columns) for part in arguments]
            known = " AND ".join(f"{number} IS NOT NULL" for number in numbers)
            return f"(CASE WHEN {known} THEN {_FUNCTIONS[name]}({', '.join(numbers)}) END)"
    return columns.get(_dotted(node) or "", "CAST(NULL AS DOUBLE)")


def _calculated(first: str, sign: str, second: str) -> str:
    if sign == "%":  # Python's has the sign of what is divided by
        return f"({first} - {second} * floor({first} / nullif({second}, 0)))"
    return f"({first} {sign} {f'nullif({second}, 0)' if sign == '/' else second})"


def _finite_sql(number: str) -> str:
    return f"(CASE WHEN isfinite({number}) THEN {number} END)"
