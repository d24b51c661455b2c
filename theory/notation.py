"""How closed forms are written: on one line for a terminal, and in LaTeX."""

from typing import Any, Final

from sympy import E, Expr, Indexed, Integer, KroneckerDelta, Mul, Pow, Rational, Sum
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE, precedence
from sympy.printing.str import StrPrinter

from .sigma import order_of

__all__ = ["LatexNotation", "LineNotation", "Notation", "ordered_terms"]

_SUPERSCRIPTS: Final = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_FIRST: Final = ("S", "p", "r", "A", "σ", "W", "x")
_SUMS: Final = "ikqjlce"
_OUTPUT_PLACES: Final = {
    "A": (0,),
    "c": (0,),
    "f": (1,),
    "r": (1,),
    "p": (1,),
    "y": (1,),
    "S": (1, 2),
}


def _rank(factor: Expr) -> tuple[int, tuple[str, ...]]:
    """Where a factor stands in a product: δ, S, p, r, A, σ, W, x, sums last."""
    if isinstance(factor, Sum):
        return len(_FIRST) + 2, ()
    base = factor.base if isinstance(factor, Pow) else factor
    if isinstance(base, KroneckerDelta):
        return 0, ()
    order = order_of(base)
    if order is not None:
        return 1 + _FIRST.index("σ"), (str(order), *map(str, base.args[0].args))
    if isinstance(base, Indexed) and str(base.base) in _FIRST:
        return 1 + _FIRST.index(str(base.base)), tuple(map(str, base.indices))
    return (-1 if factor.is_number else len(_FIRST) + 1), ()


def _fraction(product: Expr) -> tuple[Rational, list[Expr], list[Expr]]:
    """Rational coefficient, factors above and below the bar."""
    coefficient, rest = product.as_coeff_Mul()
    above, below = [], []
    for factor in Mul.make_args(rest):
        base, exponent = factor.as_base_exp()
        if exponent.is_Rational and exponent < 0 and base is not E:
            below.append(base**-exponent)
        elif factor != 1:
            above.append(factor)
    # a stable sort: what has no rank keeps SymPy's order
    return coefficient, sorted(above, key=_rank), below


def _is_indexed(expression: Expr) -> bool:
    return bool(expression.has(Indexed, KroneckerDelta, Sum))


def _limits(total: Sum) -> list[Any]:
    """Sums in the order that they are read: samples, hidden units, inputs, outputs."""
    return sorted(
        total.limits, key=lambda limit: (_SUMS.find(str(limit[0])[0]), str(limit[0]))
    )


def ordered_terms(total: Expr) -> list[Expr]:
    """Terms of a sum: sums over indices first, deltas later, minus signs last."""

    def key(term: Expr) -> tuple[bool, bool, bool]:
        negative = bool(term.as_coeff_Mul()[0] < 0)
        return negative, term.has(KroneckerDelta), not term.has(Sum)

    return sorted(total.as_ordered_terms(), key=key)


class Notation:
    """What both notations share.

    Parameters
    ----------
    single : bool
        Leave out the index of the output: C = 1.
    """

    def __init__(self, *, single: bool = False) -> None:
        super().__init__()
        self._single = single

    def _indices(self, name: str, indices: tuple[Expr, ...]) -> list[str]:
        dropped = _OUTPUT_PLACES.get(name, ()) if self._single else ()
        return [
            str(index) for place, index in enumerate(indices) if place not in dropped
        ]

    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Expr]:
        """Sums before the rest, deltas after, minus signs last."""
        del order
        return ordered_terms(expr)

    def subscript(self, indices: list[str]) -> str:
        """Indices written one after the other, apart where they have two digits."""
        apart = any(len(index.strip("'")) > 1 for index in indices)
        return ("," if apart else "").join(indices)


class LineNotation(Notation, StrPrinter):
    """Unicode on one line: Σ_i r_ic A_ck σ″(z_ik)."""

    # no class prints itself: Indexed would
    printmethod = "_line_notation"

    def subscript(self, indices: list[str]) -> str:
        """Indices with real primes."""
        return super().subscript(indices).replace("'", "′")

    def _print_Indexed(self, expr: Any) -> str:
        name = str(expr.base)
        subscript = self.subscript(self._indices(name, expr.indices))
        return f"{name}_{subscript}" if subscript else name

    def _print_KroneckerDelta(self, expr: Any) -> str:
        return f"δ_{self.subscript([str(index) for index in expr.args])}"

    def _print_Sum(self, expr: Any) -> str:
        signs = " ".join(f"Σ_{limit[0]}" for limit in _limits(expr))
        body = self.parenthesize(expr.function, PRECEDENCE["Mul"], strict=True)
        return f"{signs} {body}"

    def _print_Function(self, expr: Any) -> str:
        order = order_of(expr)
        name = expr.func.__name__ if order is None else "σ" + ("", "′", "″")[order]
        return f"{name}({', '.join(map(self._print, expr.args))})"

    def _print_Mul(self, expr: Any) -> str:
        coefficient, above, below = _fraction(expr)
        sign = "-" if coefficient < 0 else ""
        top, bottom = abs(coefficient.p), coefficient.q
        level = PRECEDENCE["Mul"]
        parts = [self.parenthesize(factor, level, strict=True) for factor in above]
        powers = PRECEDENCE["Pow"]
        under = [self.parenthesize(factor, powers, strict=True) for factor in below]
        if bottom != 1:
            under.insert(0, str(bottom))
        denominator = under[0] if len(under) == 1 else f"({' '.join(under)})"
        if under and expr.has(Sum):
            return f"{sign}{top}/{denominator} {' '.join(parts)}"
        if top != 1 or not parts:
            parts.insert(0, str(top))
        return sign + " ".join(parts) + (f"/{denominator}" if under else "")

    def _print_Add(self, expr: Any, order: Any = None) -> str:
        first, *rest = (self._print(t) for t in self._as_ordered_terms(expr, order))
        signed = (f" - {t[1:]}" if t.startswith("-") else f" + {t}" for t in rest)
        return first + "".join(signed)

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:  # noqa: FBT001, FBT002 - SymPy's signature
        del rational
        base, exponent = expr.as_base_exp()
        if exponent == Rational(1, 2):
            return f"√{self.parenthesize(base, PRECEDENCE['Pow'])}"
        if exponent.is_Rational and exponent < 0:
            under = base**-exponent
            return f"1/{self.parenthesize(under, PRECEDENCE['Pow'], strict=True)}"
        inner = self.parenthesize(base, PRECEDENCE["Pow"])
        if isinstance(exponent, Integer):
            return inner + str(exponent).translate(_SUPERSCRIPTS)
        return f"{inner}^({self._print(exponent)})"

    def _print_Pi(self, expr: Any) -> str:
        del expr
        return "π"

    def _print_Piecewise(self, expr: Any) -> str:
        return ", ".join(
            f"else {self._print(value)}"
            if test == True  # noqa: E712 - SymPy's own truth
            else f"{self._print(value)} if {self._print(test)}"
            for value, test in expr.args
        )

    def _print_And(self, expr: Any) -> str:
        return " and ".join(self._print(part) for part in expr.args)


class LatexNotation(Notation, LatexPrinter):
    r"""LaTeX: \sum_{i=1}^{n} r_{ic} A_{ck} \sigma''(z_{ik})."""

    def _print_Indexed(self, expr: Any) -> str:
        name = str(expr.base)
        subscript = self.subscript(self._indices(name, expr.indices))
        return f"{name}_{{{subscript}}}" if subscript else name

    def _print_KroneckerDelta(self, expr: Any, exp: Any = None) -> str:
        del exp
        return rf"\delta_{{{self.subscript([str(index) for index in expr.args])}}}"

    def _print_Sum(self, expr: Any) -> str:
        signs = " ".join(
            rf"\sum_{{{index}=1}}^{{{self._print(last)}}}"
            for index, _, last in _limits(expr)
        )
        body = self._print(expr.function)
        if precedence(expr.function) < PRECEDENCE["Mul"]:
            body = rf"\left({body}\right)"
        return f"{signs} {body}"

    def _print_Function(self, expr: Any, exp: Any = None) -> str:
        order = order_of(expr)
        if order is None:
            return str(super()._print_Function(expr, exp))
        power = "" if exp is None else f"^{{{exp}}}"
        if order and exp is not None:
            return rf"\left(\sigma{order * chr(39)}({self._print(expr.args[0])})\right){power}"
        return rf"\sigma{power}{order * chr(39)}({self._print(expr.args[0])})"

    def _print_Mul(self, expr: Any) -> str:
        coefficient, above, below = _fraction(expr)
        if not _is_indexed(expr) or (below and not expr.has(Sum)):
            return str(super()._print_Mul(expr))
        sign = "-" if coefficient < 0 else ""
        top = str(abs(coefficient.p))
        under = [self._print(factor) for factor in below]
        if coefficient.q != 1:
            under.insert(0, str(coefficient.q))
        parts = []
        for factor in above:
            text = self._print(factor)
            is_sum = precedence(factor) < PRECEDENCE["Mul"]
            parts.append(rf"\left({text}\right)" if is_sum else text)
        if under:
            return sign + rf"\frac{{{top}}}{{{' '.join(under)}}} " + r" ".join(parts)
        return sign + r" ".join(parts if top == "1" else [top, *parts])
