"""σ, σ', σ'', … of an activation that is left undefined."""

from functools import cache
from typing import Any

from sympy import Expr, Function

__all__ = ["Sigma", "order_of", "sigma"]


class Sigma(Function):
    """What the functions below have in common: real for a real argument."""

    order = 0

    def _eval_is_real(self) -> bool | None:
        return self.args[0].is_real

    def fdiff(self, argindex: int = 1) -> Expr:
        """The next derivative, at the same argument."""
        del argindex
        return sigma(self.order + 1)(self.args[0])


@cache
def sigma(order: int = 0) -> Any:
    """σ⁽ᵒʳᵈᵉʳ⁾, undefined, as a SymPy function whose derivative is the next one.

    Parameters
    ----------
    order : int
        How often σ has been differentiated.
    """
    name = "sigma" + "'" * order
    kind: Any = type(Sigma)
    return kind(name, (Sigma,), {"order": order})


def order_of(expression: Any) -> int | None:
    """How often σ is differentiated in σ⁽ᵏ⁾(z); None for any other expression."""
    return expression.order if isinstance(expression, Sigma) else None
