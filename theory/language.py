"""The conjecture language: one comparison, read from text and never run.

    parse_claim("Cx <= op(W)**2 * tr(G_bb)")

Python's expression syntax, of which a claim may use: names of `vocabulary`, numbers,
+ - * / ** @, unary minus, .T, calls of the functions of `vocabulary`, parentheses, and
one of <= >= < > ==. The text is first split into words here, so that only letters,
digits and these signs ever reach `ast.parse`; its tree is then rebuilt node by node from
a whitelist. Numbers are taken from their digits: 0.1 is one tenth.
"""

import ast
import warnings
from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final, NoReturn

from ..errors import InputError, TextError
from .expressions import (
    Binary,
    Call,
    Comparison,
    Constant,
    Expression,
    Name,
    Negative,
    Relation,
    Transpose,
    exact_value,
)
from .nearest import nearest
from .places import pointed
from .shapes import ShapeError, check_shapes
from .vocabulary import FUNCTIONS, QUANTITIES
from .words import check_words

__all__ = ["LONGEST", "parse_claim"]

LONGEST: Final = 10_000
"""Bytes that a claim may have in UTF-8."""

_DEEPEST = 100
_LARGEST_EXPONENT = 64
_QUOTED = 40

_RELATIONS: Final[Mapping[type[ast.cmpop], Relation]] = MappingProxyType(
    {ast.LtE: "<=", ast.GtE: ">=", ast.Lt: "<", ast.Gt: ">", ast.Eq: "=="}
)
_OPERATORS: Final[Mapping[type[ast.operator], str]] = MappingProxyType(
    {
        ast.Add: "+",
        ast.Sub: "-",
        ast.Mult: "*",
        ast.Div: "/",
        ast.MatMult: "@",
        ast.Pow: "**",
    }
)


def parse_claim(text: str, *, called: str = "claim") -> Comparison:
    """The comparison that a text states, its shapes checked.

    Parameters
    ----------
    text : str
        One line, at most `LONGEST` bytes, nested at most 100 deep. Numbers are 0 or
        between 1e-308 and 1e308; exponents are numbers written out, and those of nested
        powers multiply to at most 64 in size.
    called : str
        What messages call it.

    Raises
    ------
    InputError
        If it is no str, is empty, or too long.
    TextError
        If it is not one comparison in the language; the message shows where.
    """
    if not isinstance(text, str):
        raise InputError(f"{called} is {text!r}; expected a text")
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > LONGEST:
        raise InputError(f"{called} has {size} bytes; expected at most {LONGEST}")
    if not text.strip(" "):
        raise InputError(
            f"{called} is empty; expected one comparison: "
            "such as Cx <= op(W)**2 * tr(G_bb)"
        )
    check_words(text, called)
    return _Reader(text, called).claim()


class _Reader:
    """Rebuilds one syntax tree as a claim, and knows where each part stands."""

    def __init__(self, text: str, called: str) -> None:
        self.text = text
        self.called = called
        self.indent = len(text) - len(text.lstrip(" "))
        self.spans: list[tuple[Expression | Comparison, tuple[int, int]]] = []

    def claim(self) -> Comparison:
        node = self.syntax()
        if not isinstance(node, ast.Compare):
            self.refuse(
                node,
                "has no relation; expected one comparison: "
                "join two sides by <=, >=, <, > or ==",
            )
        if len(node.ops) > 1:
            start, _ = self.between(node.comparators[0], node.comparators[1])
            self.fail(
                f"{self.called} has {len(node.ops)} relations; expected one: "
                "state each comparison as a claim of its own",
                start,
                start + len(_RELATIONS[type(node.ops[1])]),
            )
        comparison = Comparison(
            self.built(node.left, 1, Fraction(1)),
            _RELATIONS[type(node.ops[0])],
            self.built(node.comparators[0], 1, Fraction(1)),
        )
        self.note(comparison, self.between(node.left, node.comparators[0]))
        try:
            check_shapes(comparison)
        except ShapeError as error:
            place = next(span for part, span in self.spans if part is error.node)
            self.fail(str(error), *place)
        return comparison

    def syntax(self) -> ast.expr:
        """Python's own reading of the text."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(self.text[self.indent :], mode="eval").body
        except SyntaxError as error:
            start = self.indent + error.offset - 1 if error.offset else len(self.text)
            raise TextError(
                f"{self.called} cannot be read from here; expected names or numbers "
                "with an operator between each two of them",
                pointed(self.text, start, start + 1),
            ) from None

    def built(self, node: ast.expr, depth: int, power: Fraction) -> Expression:
        """The expression of a node `depth` levels down, under powers that make `power`."""
        if depth > _DEEPEST:
            self.refuse(
                node,
                f"is nested too deep; expected at most {_DEEPEST} levels: split it",
            )
        build = _BUILDERS.get(type(node))
        if build is None:
            self.refuse(node, _PARTS.get(type(node), _NO_PART))
        expression: Expression = build(self, node, depth, power)
        self.note(expression, self.span(node))
        return expression

    def named(self, node: ast.Name, depth: int, power: Fraction) -> Expression:
        del depth, power
        if node.id in FUNCTIONS:
            self.refuse(
                node,
                f"names the function {node.id} alone; expected its arguments: "
                f"write {node.id}(...)",
            )
        if node.id not in QUANTITIES:
            self.unknown(node, "quantity", tuple(QUANTITIES))
        return Name(node.id)

    def number(self, node: ast.Constant, depth: int, power: Fraction) -> Expression:
        del depth, power
        start, stop = self.span(node)
        value = Fraction(self.text[start:stop])
        return Constant(value.numerator if value.denominator == 1 else value)

    def attribute(self, node: ast.Attribute, depth: int, power: Fraction) -> Expression:
        if node.attr != "T":
            _, stop = self.span(node)
            self.fail(
                f"{self.called} takes .{_short(node.attr)} of something; "
                "expected no attribute but .T, the transpose",
                stop - len(node.attr),
                stop,
            )
        return Transpose(self.built(node.value, depth + 1, power))

    def signed(self, node: ast.UnaryOp, depth: int, power: Fraction) -> Expression:
        if not isinstance(node.op, ast.USub):
            start, _ = self.span(node)
            self.fail(
                f"{self.called} has a sign +; expected - or none: leave it out",
                start,
                start + 1,
            )
        return Negative(self.built(node.operand, depth + 1, power))

    def combined(self, node: ast.BinOp, depth: int, power: Fraction) -> Expression:
        place = self.between(node.left, node.right)
        # words lets no other operator pass
        operator = _OPERATORS[type(node.op)]
        if operator == "**":
            exponent = self.built(node.right, depth + 1, Fraction(1))
            power = self.power(node.right, exponent, power)
            binary = Binary("**", self.built(node.left, depth + 1, power), exponent)
        else:
            left = self.built(node.left, depth + 1, power)
            binary = Binary(operator, left, self.built(node.right, depth + 1, power))
        self.note(binary, place)
        return binary

    def power(self, node: ast.expr, exponent: Expression, power: Fraction) -> Fraction:
        value = exact_value(exponent)
        if value is None:
            self.refuse(
                node,
                f"has the exponent {_short(str(exponent))}; expected a number written "
                "out: for others use exp and log",
            )
        nested = power * max(abs(value), Fraction(1))
        if nested > _LARGEST_EXPONENT:
            self.refuse(
                node,
                f"raises to the power {_short(str(nested))}; expected at most "
                f"{_LARGEST_EXPONENT} in size, nested powers multiplied",
            )
        return nested

    def called_function(
        self, node: ast.Call, depth: int, power: Fraction
    ) -> Expression:
        function = node.func
        if not isinstance(function, ast.Name):
            self.refuse(function, "calls this; expected the name of a function")
        if function.id in QUANTITIES:
            self.refuse(
                function,
                f"calls {function.id}, a quantity; expected a function: "
                "write * to multiply",
            )
        if function.id not in FUNCTIONS:
            self.unknown(function, "function", tuple(FUNCTIONS))
        if node.keywords:
            self.refuse(node.keywords[0].value, _NO_PART)
        call = Call(
            function.id,
            tuple(self.built(part, depth + 1, power) for part in node.args),
        )
        self.note(call, self.span(function))
        return call

    # Places and refusals

    def note(self, part: Expression | Comparison, place: tuple[int, int]) -> None:
        """Remember where a part stands; what is noted first counts."""
        self.spans.append((part, place))

    def span(self, node: ast.expr) -> tuple[int, int]:
        # all is ASCII here, so that byte offsets count characters
        stop = node.end_col_offset or node.col_offset + 1
        return self.indent + node.col_offset, self.indent + stop

    def between(self, left: ast.expr, right: ast.expr) -> tuple[int, int]:
        """Where the operator between two operands stands, parentheses passed over."""
        start, stop = self.span(left)[1], self.span(right)[0]
        operator = self.text[start:stop].strip(" ()")
        start = self.text.index(operator, start)
        return start, start + len(operator)

    def unknown(self, node: ast.Name, kind: str, known: tuple[str, ...]) -> NoReturn:
        near = nearest(node.id, known)
        hint = f": did you mean {near}" if near else f": one of {' '.join(known)}"
        self.refuse(node, f"has the name {_short(node.id)!r}; expected a {kind}{hint}")

    def refuse(self, node: ast.expr, what: str) -> NoReturn:
        self.fail(f"{self.called} {what}", *self.span(node))

    def fail(self, sentence: str, start: int, stop: int) -> NoReturn:
        raise TextError(sentence, pointed(self.text, start, stop))


_NO_PART = (
    "has a part of another kind; expected names, numbers, operators and functions only"
)

_PARTS: Final[Mapping[type[ast.expr], str]] = MappingProxyType(
    {
        ast.Compare: "has a relation inside a side; expected one comparison: "
        "state each as a claim of its own",
        ast.Tuple: "has a comma outside a call; expected commas between the arguments "
        "of a function only",
    }
)

_BUILDERS: Final[Mapping[type[ast.expr], Callable[..., Any]]] = MappingProxyType(
    {
        ast.Name: _Reader.named,
        ast.Constant: _Reader.number,
        ast.Attribute: _Reader.attribute,
        ast.UnaryOp: _Reader.signed,
        ast.BinOp: _Reader.combined,
        ast.Call: _Reader.called_function,
    }
)


def _short(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"
