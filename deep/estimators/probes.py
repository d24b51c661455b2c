"""Random vectors, and what is orthogonal to given ones."""

from typing import Any

import torch

from ...errors import InputError
from ..operators.linear import CountedOperator
from ..randomness import check_generator

__all__ = ["check_count", "draw", "draw_start", "draw_units", "remove"]

PASSES = 4
"""Projections at most: two suffice ('twice is enough') unless the vector is tiny."""

LEAST = 1e-8
"""Share of a random vector that is left outside of a basis it has nothing to do with."""

KEPT = 0.5**0.5
"""A projection that leaves this much of the norm has lost no digit worth another."""


def draw(op: CountedOperator, columns: int, generator: torch.Generator) -> torch.Tensor:
    """Independent standard normal vectors, (p, columns).

    They are drawn on the CPU in float64 and moved: a seed gives the same vectors on
    every device. Column by column, so that more of them begin with the same ones.

    Parameters
    ----------
    op : CountedOperator
        For its p, dtype and device.
    columns : int
        How many.
    generator : torch.Generator
        On the CPU.
    """
    check_generator(generator)
    p = op.shape[0]
    rows = torch.empty(columns, p, dtype=torch.float64)
    for row in rows:
        torch.randn(p, generator=generator, dtype=torch.float64, out=row)
    return rows.T.to(op.device, op.dtype)


def draw_start(
    op: CountedOperator,
    columns: int,
    generator: torch.Generator,
    near: torch.Tensor | None,
) -> torch.Tensor:
    """Random vectors for a Krylov space, the first one with as much of a given one.

        s / ‖s‖ + z / ‖z‖,  z standard normal.

    Whatever s leaves out, z has a part of it.

    Parameters
    ----------
    op, columns, generator : CountedOperator, int, torch.Generator
        As for `draw`.
    near : (p,) tensor, optional
        s; 0 leaves z alone.

    Raises
    ------
    InputError
        If s has another shape, or an entry that is not finite.
    """
    if near is None:
        return draw(op, columns, generator)
    check_generator(generator)
    # a probe that was seeded alike would depend on the space, but not lie in it: with
    # random numbers of its own the space depends on none
    own = int(torch.randint(2**62, (), generator=generator))
    drawn = draw(op, columns, torch.Generator().manual_seed(own))
    if near.shape != op.shape[:1]:
        raise InputError(
            f"start has shape {tuple(near.shape)}; expected {op.shape[:1]}: pass one "
            "vector of op's size"
        )
    given = near.detach().to(drawn)
    norm = given.norm()
    if not bool(torch.isfinite(norm)):
        raise InputError(
            "start has a norm that is not finite; expected finite entries: leave it out"
        )
    if norm > 0:
        drawn[:, 0] = drawn[:, 0] / drawn[:, 0].norm() + given / norm
    return drawn


def draw_units(
    op: CountedOperator,
    columns: int,
    generator: torch.Generator,
    *,
    against: torch.Tensor,
) -> torch.Tensor:
    """Independent unit vectors, uniform on the sphere of the complement of a basis.

    With Q (p, j) orthonormal and g standard normal, (I - QQᵀ) g / ‖(I - QQᵀ) g‖. For
    v uniform on the unit sphere of a space of dimension d, and B symmetric on it,

        E vᵀBv = tr B / d,     Var vᵀBv = 2 (tr B²/d - (tr B/d)²) / (d + 2).

    Parameters
    ----------
    op, columns, generator : CountedOperator, int, torch.Generator
        As for `draw`.
    against : (p, j) tensor
        Q, with j < p.

    Returns
    -------
    (p, columns) tensor
        v, each of norm 1 and orthogonal to Q, to rounding.

    Raises
    ------
    InputError
        If a vector drawn lies in the span of Q, since it made Q.

    References
    ----------
    The moments: derived from E v_1⁴ = 3 / (d (d + 2)), E v_1² v_2² = 1 / (d (d + 2)).
    """
    drawn = draw(op, columns, generator)
    vectors = remove(drawn, against)
    norms = vectors.norm(dim=0)
    if bool((norms <= LEAST * drawn.norm(dim=0)).any()):
        raise InputError(
            "generator gave a probe that lies in the basis; expected a fresh vector: do "
            "not seed it as it was seeded for the basis"
        )
    return vectors / norms


def remove(vectors: torch.Tensor, *bases: torch.Tensor) -> torch.Tensor:
    """(I - QQᵀ) V for every basis Q in turn, until another pass would change nothing.

    Parameters
    ----------
    vectors : (p, k) tensor
        V.
    bases : (p, j) tensors
        Each with orthonormal columns; orthogonal to one another.

    References
    ----------
    Daniel, Gragg, Kaufman and Stewart (1976): repeat while the norm shrinks.
    """
    for _ in range(PASSES):
        before = vectors.norm(dim=0)
        for basis in bases:
            if basis.shape[1]:
                vectors = vectors - basis @ (basis.T @ vectors)
        if bool((vectors.norm(dim=0) >= KEPT * before).all()):
            break
    return vectors


def check_count(name: str, value: Any, *, least: int = 1) -> None:
    """Refuse a number of vectors or products that is no integer from `least` up.

    Raises
    ------
    InputError
        In the caller's words.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise InputError(f"{name} is {value!r}; expected an integer >= {least}")
