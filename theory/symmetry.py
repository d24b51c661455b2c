"""Whether a matrix expression is symmetric whatever the numbers are.

    W @ W.T,   X.T @ X + H_ww,   (A @ W + (A @ W).T) / 2.

An expression and its transpose are brought to one form, transposes pushed down to the
names, factors of products in a row, numbers taken out of them, terms of sums sorted; it
is called symmetric where the two agree. So W @ W.T - W @ W.T is found, and what rests on
other identities is not.
"""

from collections.abc import Callable
from dataclasses import dataclass

from .expressions import Binary, Call, Expression, Negative, Transpose
from .vocabulary import QUANTITIES

__all__ = ["is_symmetric"]

Shape = tuple[str, ...]


def is_symmetric(matrix: Expression, shape: Callable[[Expression], Shape]) -> bool:
    """Whether a matrix equals its transpose by form.

    Parameters
    ----------
    matrix : Expression
        Whose shapes agree.
    shape : callable
        Of its parts.
    """
    return _text(matrix, shape, turned=False) == _text(matrix, shape, turned=True)


@dataclass(frozen=True, order=True)
class _Term:
    """± a product of numbers and of matrices."""

    factors: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    negative: bool = False

    def __str__(self) -> str:
        sign = "-" if self.negative else "+"
        return f"{sign} {' @ '.join(self.factors)} {' '.join(self.numbers)}"

    def times(self, number: str) -> "_Term":
        numbers = tuple(sorted((*self.numbers, number)))
        return _Term(self.factors, numbers, self.negative)

    def minus(self) -> "_Term":
        return _Term(self.factors, self.numbers, not self.negative)


_Shapes = Callable[[Expression], Shape]


def _text(matrix: Expression, shape: _Shapes, *, turned: bool) -> str:
    return _joined(_terms(matrix, shape, turned=turned))


def _joined(terms: list[_Term]) -> str:
    return f"[{' '.join(map(str, terms))}]"


def _terms(matrix: Expression, shape: _Shapes, *, turned: bool) -> list[_Term]:
    """The terms of a sum, sorted."""
    match matrix:
        case Transpose(of):
            return _terms(of, shape, turned=not turned)
        case Negative(of):
            return [term.minus() for term in _terms(of, shape, turned=turned)]
        case Binary("+" | "-" as sign, left, right):
            added = _terms(right, shape, turned=turned)
            if sign == "-":
                added = [term.minus() for term in added]
            return sorted(_terms(left, shape, turned=turned) + added)
        case Binary("*" | "/" as sign, left, right):
            number, array = (right, left) if shape(left) else (left, right)
            mark = f"{sign} ({number})"
            return [term.times(mark) for term in _terms(array, shape, turned=turned)]
        case Binary("@", left, right):
            return [_product(left, right, shape, turned=turned)]
        case _:
            return [_Term((_atom(matrix, shape, turned=turned),))]


def _product(
    left: Expression, right: Expression, shape: _Shapes, *, turned: bool
) -> _Term:
    first, second = (right, left) if turned else (left, right)
    a = _factor(first, shape, turned=turned)
    b = _factor(second, shape, turned=turned)
    numbers = tuple(sorted(a.numbers + b.numbers))
    return _Term(a.factors + b.factors, numbers, a.negative != b.negative)


def _factor(matrix: Expression, shape: _Shapes, *, turned: bool) -> _Term:
    """One term; a sum is a factor as a whole."""
    terms = _terms(matrix, shape, turned=turned)
    return terms[0] if len(terms) == 1 else _Term((_joined(terms),))


def _atom(matrix: Expression, shape: _Shapes, *, turned: bool) -> str:
    if isinstance(matrix, Call):
        # abs, entry by entry: the one function whose value is a matrix
        inner = " ".join(_text(of, shape, turned=turned) for of in matrix.arguments)
        return f"{matrix.function}({inner})"
    text = str(matrix)
    symmetric = text in QUANTITIES and QUANTITIES[text].symmetric
    return text if symmetric or not turned else f"{text}.T"
