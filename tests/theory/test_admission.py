"""theory/admission.py: what could run code is refused before anything is compiled."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp

from landtheory.errors import InputError
from landtheory.numerics import TwoLayerProblem
from landtheory.numerics.lowering import activation_values, loss_values
from landtheory.theory import Activation, Loss, activation_from_expression, get_loss
from landtheory.theory.admission import admit
from landtheory.theory.symbols import OUTPUT, PREACTIVATION, TARGET

z = PREACTIVATION


def planted(path: Path) -> list[sp.Expr]:
    """Expressions whose code, if it were made and run, would create a file."""
    code = f"open({str(path)!r}, 'w')"
    index = sp.Symbol(f"i in [{code}] for j")

    def fdiff(self: sp.Function, argindex: int = 1) -> sp.Expr:
        del argindex
        return self

    function = type(sp.Function)(code, (sp.Function,), {"fdiff": fdiff})
    inherited = type(sp.sin)("sin", (sp.sin,), {"_numpycode": lambda *_: code})

    class Named(sp.Symbol):
        """A symbol that writes itself as it likes."""

        def _numpycode(self, printer: Any) -> str:
            del printer
            return code

    return [
        sp.Sum(z**2, (index, 0, 3)),
        sp.Product(z, (index, 0, 3)),
        sp.Integral(z * index, (index, 0, 1)),
        function(z),
        sp.Function(code)(z),
        inherited(z),
        z + Named("a"),
        z**2 + sp.Symbol(code),
        sp.Piecewise((z, sp.Symbol(code) > 0), (0, True)),
        sp.Lambda(index, index**2)(z) + sp.Subs(index**2, index, z),
    ]


PLANTED = range(len(planted(Path("canary"))))


@pytest.mark.parametrize("number", PLANTED)
def test_planted_code_is_never_run(number: int, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    expression = planted(canary)[number]
    with pytest.raises(InputError, match=r"^activation (is|holds) "):
        activation_from_expression(expression)
    by_hand = Activation(name="by hand", value=expression)
    with pytest.raises(InputError, match=r"^activation holds "):
        activation_values(by_hand, np.array([1.0]))
    for activation in (expression, by_hand):
        with pytest.raises(InputError, match=r"^activation (is|holds) "):
            TwoLayerProblem([[1.0]], [0.0], activation=activation, width=1)
    assert not canary.exists()


@pytest.mark.parametrize("number", PLANTED)
@pytest.mark.parametrize("place", ["inner", "outer", "direct"])
def test_planted_code_in_a_loss_is_never_run(
    number: int, place: str, tmp_path: Path
) -> None:
    canary = tmp_path / "canary"
    squared = get_loss("squared")
    parts = {"inner": squared.inner, "outer": squared.outer, "direct": squared.direct}
    parts[place] = planted(canary)[number].subs(z, OUTPUT)
    loss = Loss(name="mine", targets="real", **parts)
    with pytest.raises(InputError, match=r"^loss holds "):
        loss_values(loss, np.ones((1, 1)), np.ones((1, 1)))
    assert not canary.exists()


def test_a_derivative_is_looked_at_before_it_is_compiled() -> None:
    # |z| may be printed, its second derivative is DiracDelta
    by_hand = Activation(name="by hand", value=sp.Abs(z))
    with pytest.raises(InputError, match="activation holds 'Abs'"):
        activation_values(by_hand, np.array([1.0]))


def test_the_symbols_of_an_admitted_expression_are_returned() -> None:
    assert admit(OUTPUT * TARGET**2, "loss") == {OUTPUT, TARGET}
    with pytest.raises(InputError, match="loss holds the symbol 't'"):
        admit(OUTPUT * TARGET, "loss", symbols=(OUTPUT,))


@pytest.mark.parametrize("value", [None, 1.0, "z", [sp.sin(z)], np.ones(2)])
def test_what_is_no_expression_is_refused(value: object) -> None:
    with pytest.raises(InputError, match="expected sums, products, powers"):
        admit(value, "activation")
