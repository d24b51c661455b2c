"""Steps whose expressions are made only when they are checked."""

from collections.abc import Callable, Iterable

from sympy import Expr

from ..derivation import Step
from ..rules import polynomial

__all__ = ["polynomial_later"]


def polynomial_later(
    claim: str, statement: str, differences: Callable[[], Iterable[Expr]]
) -> Step:
    """A step that algebraic expressions vanish, as `polynomial`, for dear expressions.

    Parameters
    ----------
    claim, statement : str
        What is served, and what is said.
    differences : callable
        Makes the expressions.
    """
    return Step(
        claim=claim,
        statement=statement,
        rule="polynomial",
        check=lambda: polynomial(claim, statement, *differences()).check(),
    )
