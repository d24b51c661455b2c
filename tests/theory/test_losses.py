"""theory/losses.py: held against the textbook losses, differentiated by SymPy."""

import pytest
import sympy as sp

from landtheory.errors import InputError
from landtheory.theory import get_loss
from landtheory.theory.losses import NORMALISER, SHIFT, Loss
from landtheory.theory.symbols import OUTPUT, TARGET

F = sp.symbols("f1:4", real=True)
T = sp.symbols("t1:4", real=True)


def explicit(loss: Loss, C: int) -> tuple[sp.Expr, list[sp.Expr], sp.Matrix]:
    """ℓ, r and S for C outputs, M = 0."""

    def at(expression: sp.Expr, c: int) -> sp.Expr:
        return expression.subs({SHIFT: 0, OUTPUT: F[c], TARGET: T[c]})

    total = sum(at(loss.inner, c) for c in range(C))
    outer = loss.outer.subs(SHIFT, 0).subs(NORMALISER, total)
    ell = outer + sum(at(loss.direct, c) for c in range(C))
    r = [at(loss.residual, c).subs(NORMALISER, total) for c in range(C)]
    curvature, slope = (e.subs(NORMALISER, total) for e in loss.output_hessian_outer)
    own = loss.output_hessian_diagonal
    S = sp.Matrix(
        C,
        C,
        lambda c, e: (
            at(curvature, c) * at(slope, c) * at(slope, e)
            + (at(own, c).subs(NORMALISER, total) if c == e else 0)
        ),
    )
    return ell, r, S


TEXTBOOK = {
    "squared": (2, sum((F[c] - T[c]) ** 2 for c in range(2)) / 2),
    "softmax": (
        3,
        sp.log(sum(sp.exp(F[c]) for c in range(3)))
        - sum(T[c] * F[c] for c in range(3)),
    ),
}


@pytest.mark.parametrize("name", list(TEXTBOOK))
def test_loss_residual_and_output_hessian_are_the_textbook_ones(name: str) -> None:
    C, textbook = TEXTBOOK[name]
    ell, r, S = explicit(get_loss(name), C)
    assert sp.simplify(ell - textbook) == 0
    assert all(sp.simplify(r[c] - sp.diff(textbook, F[c])) == 0 for c in range(C))
    assert sp.simplify(S - sp.hessian(textbook, F[:C])) == sp.zeros(C, C)


@pytest.mark.parametrize("branch", [0, 1])
def test_each_branch_of_the_logistic_loss_is_the_textbook_one(branch: int) -> None:
    loss = get_loss("logistic")
    inner = loss.inner.args[branch][0].rewrite(sp.log)
    ratio = sp.exp(inner) / (1 + sp.exp(OUTPUT))
    assert sp.simplify(ratio) == 1
    assert loss.direct == -TARGET * OUTPUT


def test_the_form_that_is_shown_holds_no_cases_and_no_shift() -> None:
    assert get_loss("logistic").shown.inner == sp.log(1 + sp.exp(OUTPUT))
    shown = get_loss("softmax").shown
    assert (shown.outer, shown.inner) == (sp.log(NORMALISER), sp.exp(OUTPUT))
    assert get_loss("squared").shown == get_loss("squared")


def test_the_shift_cancels() -> None:
    loss = get_loss("softmax")
    total = sum(loss.inner.subs(OUTPUT, F[c]) for c in range(3))
    assert sp.simplify(sp.diff(loss.outer.subs(NORMALISER, total), SHIFT)) == 0


def test_a_wrong_constant_would_be_seen() -> None:
    wrong = Loss(
        name="wrong",
        outer=NORMALISER,
        inner=(OUTPUT - TARGET) ** 2,
        direct=sp.Integer(0),
        targets="real",
    )
    ell, _, _ = explicit(wrong, 2)
    assert sp.simplify(ell - TEXTBOOK["squared"][1]) != 0


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(InputError, match="loss is 'hinge'; expected one of squared"):
        get_loss("hinge")
