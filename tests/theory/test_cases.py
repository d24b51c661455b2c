"""theory/cases.py: cases are written out, and equal what they were written from."""

import numpy as np
import pytest
import sympy as sp

from landtheory.theory.cases import split_cases
from landtheory.theory.symbols import PREACTIVATION

z = PREACTIVATION


@pytest.mark.parametrize(
    ("value", "written", "kinks"),
    [
        (z**2, z**2, ()),
        (sp.Abs(z), sp.Piecewise((-z, z < 0), (z, True)), (0,)),
        (z * sp.Abs(z), sp.Piecewise((-(z**2), z < 0), (z**2, True)), (0,)),
        (sp.Max(z, sp.pi), sp.Piecewise((sp.pi, z < sp.pi), (z, True)), (sp.pi,)),
        (
            sp.Piecewise((z**3, z < 0), (z**4, True)),
            sp.Piecewise((z**3, z < 0), (z**4, True)),
            (),
        ),
    ],
)
def test_cases_become_one_piecewise(
    value: sp.Expr, written: sp.Expr, kinks: tuple[sp.Expr, ...]
) -> None:
    assert split_cases(value) == (written, kinks)


def test_a_case_that_changes_nothing_is_dropped() -> None:
    value = sp.Max(z, 0) - sp.Min(-z, 0)
    found, kinks = split_cases(value)
    assert found == sp.Piecewise((0, z < 0), (2 * z, True))
    assert kinks == (0,)
    assert split_cases(sp.Max(z, 0) + sp.Min(z, 0)) == (z, ())


@pytest.mark.parametrize(
    "value",
    [
        sp.Max(z, z**2 - 1, sp.Rational(1, 2)),
        sp.Abs(sp.Abs(z) - 1) / (1 + sp.Abs(z)),
        sp.Max(0, sp.Min(1, z)) * sp.tanh(z),
    ],
)
def test_what_is_written_out_has_the_same_values(value: sp.Expr) -> None:
    found, _ = split_cases(value)
    for point in np.linspace(-3, 3, 41):
        at = sp.Rational(str(point))
        assert abs((value - found).subs(z, at).evalf(30)) < 1e-25
