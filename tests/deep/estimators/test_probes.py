"""estimators/probes.py: random vectors against their moments, and orthogonality."""

import re

import pytest
import torch
from support.spectra import KINDS, matrix, seeded

from landtheory.deep.estimators.probes import (
    check_count,
    draw,
    draw_start,
    draw_units,
    remove,
)
from landtheory.deep.operators.linear import as_operator
from landtheory.errors import InputError

OP = as_operator(matrix(KINDS["outliers"]))
P = OP.shape[0]
Q = torch.linalg.qr(torch.randn(P, 9, generator=seeded(3), dtype=torch.float64))[0]


def test_more_vectors_begin_with_the_same_ones() -> None:
    few, many = draw(OP, 2, seeded(1)), draw(OP, 5, seeded(1))
    assert torch.equal(few, many[:, :2])
    one = seeded(1)
    assert torch.equal(draw(OP, 1, one), few[:, :1])
    assert torch.equal(draw(OP, 1, one), few[:, 1:])


def test_units_are_orthogonal_to_the_basis() -> None:
    v = draw_units(OP, 4, seeded(2), against=Q)
    assert float((Q.T @ v).abs().max()) < 1e-15
    assert float((v.norm(dim=0) - 1).abs().max()) < 1e-15


def test_units_have_the_moments_of_the_sphere() -> None:
    n, d = 4000, P - 9
    x = draw_units(OP, n, seeded(4), against=Q)
    A = matrix(KINDS["outliers"])
    P_ = torch.eye(P, dtype=torch.float64) - Q @ Q.T
    B = P_ @ A @ P_
    forms = (x * (B @ x)).sum(dim=0)
    mean = float(B.trace()) / d
    variance = 2 * (float((B @ B).trace()) / d - mean**2) / (d + 2)
    assert abs(float(forms.mean()) - mean) < 5 * (variance / n) ** 0.5
    spread = float((forms - mean).square().std()) / n**0.5
    assert abs(float((forms - mean).square().mean()) - variance) < 5 * spread
    # 10 % more would be seen
    assert 0.1 * variance > 1.5 * spread


def test_what_is_almost_inside_comes_out_orthogonal() -> None:
    tiny = Q @ torch.ones(9, 1).double() + 1e-9 * draw(OP, 1, seeded(5))
    rest = remove(tiny, Q)
    assert float((Q.T @ rest).abs().max()) < 1e-15 * float(rest.norm())
    once = tiny - Q @ (Q.T @ tiny)
    assert float((Q.T @ once).abs().max()) > 1e-12 * float(once.norm())


def test_a_probe_that_made_the_basis_is_refused() -> None:
    start = draw(OP, 1, seeded(6))
    sentence = (
        "generator gave a probe that lies in the basis; expected a fresh vector: do not "
        "seed it as it was seeded for the basis"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        draw_units(OP, 2, seeded(6), against=start / start.norm())
    generator = seeded(6)
    draw(OP, 1, generator)
    draw_units(OP, 2, generator, against=start / start.norm())


def test_a_start_is_half_of_what_was_given_and_half_random() -> None:
    given = torch.randn(P, generator=seeded(7)).double()
    start = draw_start(OP, 3, seeded(8), 5 * given)
    plain = draw_start(OP, 3, seeded(8), 0 * given)
    assert torch.equal(start[:, 1:], plain[:, 1:])
    z = plain[:, 0] / plain[:, 0].norm()
    assert float((start[:, 0] - z - given / given.norm()).norm()) < 1e-15
    assert torch.equal(draw_start(OP, 3, seeded(8), None), draw(OP, 3, seeded(8)))


def test_a_start_beside_a_given_vector_shares_nothing_with_probes_seeded_alike() -> (
    None
):
    """Else a probe would depend on the space, and not be refused for lying in it."""
    given = torch.randn(P, generator=seeded(7)).double()
    start = draw_start(OP, 1, seeded(6), given)[:, 0] - given / given.norm()
    probes = draw(OP, 5, seeded(6))
    angles = (start / start.norm()) @ (probes / probes.norm(dim=0))
    assert float(angles.abs().max()) < 5 / P**0.5
    # the mutant: the same random numbers
    angles = probes[:, 0] @ (probes / probes.norm(dim=0)) / probes[:, 0].norm()
    assert float(angles.abs().max()) > 5 / P**0.5


@pytest.mark.parametrize("value", [0, -1, 1.0, True, None])
def test_a_count_is_a_positive_integer(value: object) -> None:
    sentence = f"steps is {value!r}; expected an integer >= 1"
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        check_count("steps", value)


def test_a_count_from_its_least_value_is_accepted() -> None:
    check_count("deflate", 0, least=0)
    check_count("k", 3)
