"""The `value` of a KPI: a small arithmetic over measures, constants and other KPIs.

Only names, numbers, + - * / , parentheses, a leading minus, `max` and `min`, and no more than 100 of these steps. A
part that is None makes the whole None, and so does a division by zero: no data stays no data.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

Number = Decimal | float | int
_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_MOST_STEPS, _LONGEST, _LARGEST, _SHOWN = 100, 2_000, 10**15, 80
_FUNCTIONS: dict[str, Callable[..., Any]] = {"max": max, "min": min}


class Formula:
    """A parsed `value`; raises ValueError with the reason where the text is no such formula."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._body = _parsed(text)
        self.names = tuple(dict.fromkeys(_names(self._body, text)))
        self.is_quotient = isinstance(self._body, ast.BinOp) and isinstance(self._body.op, ast.Div)

    @property
    def tree(self) -> ast.expr:
        """The parsed text: names, constants, a minus, operations on two, calls of max and min."""
        return self._body

    def value(self, parts: Mapping[str, Number | None]) -> Number | None:
        """The formula's value for these parts; None where a needed part is missing or zero divides."""
        return _evaluated(self._body, parts)


def _parsed(text: str) -> ast.expr:
    if len(text) > _LONGEST:
        raise ValueError("the formula is too long; give parts of it KPI files of their own")
    try:
        body = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"{_start(text)!r} is no formula: {error.msg}") from error
    except (MemoryError, RecursionError, ValueError) as error:
        raise ValueError(f"{_start(text)!r} is no formula") from error
    if sum(isinstance(node, ast.BinOp | ast.UnaryOp | ast.Call) for node in ast.walk(body)) > _MOST_STEPS:
        raise ValueError(f"the formula has more than {_MOST_STEPS} steps; give parts of it KPI files of their own")
    return body


def _start(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]} ..."


def _names(node: ast.expr, text: str) -> list[str]:
    match node:
        case ast.Name(id=name):
            return [name]
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool) and number <= _LARGEST:
            return []
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _names(operand, text)
        case ast.BinOp(left=left, op=operation, right=right) if type(operation) in _OPERATORS:
            return [*_names(left, text), *_names(right, text)]
        case ast.Call(func=ast.Name(id=function), args=arguments, keywords=[]) if function in _FUNCTIONS and arguments:
            return [name for argument in arguments for name in _names(argument, text)]
    strange = ast.get_source_segment(text.strip(), node) or ast.unparse(node)
    raise ValueError(f"{_start(text)!r} may hold names, numbers, + - * / ( ), max and min; not {_start(strange)!r}")


def _evaluated(node: ast.expr, parts: Mapping[str, Number | None]) -> Number | None:
    match node:
        case ast.Name(id=name):
            return parts[name]
        case ast.Constant(value=int(value)):
            return value
        case ast.Constant(value=float(value)):
            return Decimal(str(value))
        case ast.UnaryOp(operand=operand):
            inner = _evaluated(operand, parts)
            return None if inner is None else -inner
        case ast.BinOp(left=left, op=operation, right=right):
            return _combined(_OPERATORS[type(operation)], _evaluated(left, parts), _evaluated(right, parts))
        case ast.Call(func=ast.Name(id=function), args=arguments):
            values = [_evaluated(argument, parts) for argument in arguments]
            return None if any(value is None for value in values) else _FUNCTIONS[function](values)
    raise AssertionError(ast.dump(node))


def _combined(operation: Callable[[Any, Any], Any], left: Number | None, right: Number | None) -> Number | None:
    if left is None or right is None or (operation is operator.truediv and right == 0):
        return None
    if isinstance(left, float) or isinstance(right, float):
        return float(operation(float(left), float(right)))
    if operation is operator.truediv:
        return Decimal(left) / Decimal(right)
    result: Number = operation(left, right)
    return result
