"""What the laws of the catalogue ask for, in balls: also at θ moved by a symmetry.

`BallQuantities` answers to the same names as `numerics.quantities.Quantities`.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ..forward import Array
from .activations import second_bound
from .arrays import BallArray, exactly, joined
from .deeper import BallDeeper
from .kinks import BallKinks
from .numbers import ZERO, Number, Numbers, sign
from .points import Point, identity
from .spectra import Spectra

__all__ = ["BallQuantities"]

Factors = Array | BallArray


class BallQuantities(Spectra):
    """What claims name, at one point: each attribute a `BallArray` with one in front."""

    @cached_property
    def _elsewhere(self) -> dict[tuple[str, tuple[Number, ...]], "BallQuantities"]:
        return {}

    @cached_property
    def _congruent(self) -> dict[tuple[str, bytes], BallArray]:
        return {}

    # At another θ

    def at(self, theta: Factors) -> "BallQuantities":
        """The same data and the same targets at another θ."""
        moved = self.point.at(
            _exact(theta).items[0], residual=None, targets=self.t.items[0]
        )
        return BallQuantities(moved)

    def same_function(self, theta: Factors) -> "BallQuantities":
        """Another θ with the same f(X): the residuals are kept."""
        return BallQuantities(self.point.at(_exact(theta).items[0]))

    def displaced(self, step: Factors) -> "BallQuantities":
        """At θ + step, with the targets kept."""
        return self.at(self.theta + _exact(step))

    def rescaled(self, alpha: Factors) -> "BallQuantities":
        """At T_α θ: w̃_k times α_k, a_k over α_k (piecewise-linear σ: the same f)."""
        return self._scaled("rescaled", alpha, self.same_function)

    def rescaled_otherwise(self, alpha: Factors) -> "BallQuantities":
        """At T_α θ with the targets kept, whatever that does to f."""
        return self._scaled("rescaled otherwise", alpha, self.at)

    def _scaled(
        self, how: str, alpha: Factors, move: Callable[..., "BallQuantities"]
    ) -> "BallQuantities":
        """T_α θ, kept for when the same α is asked for again, if it is rational."""
        factors = _exact(alpha)
        try:
            key = (how, tuple(factors.items[0]))
            known = self._elsewhere.get(key)
        except ValueError:
            # balls cannot be hashed
            return move(self.theta * self.neurons(factors, on_output=1.0 / factors))
        if known is None:
            known = move(self.theta * self.neurons(factors, on_output=1.0 / factors))
            self._elsewhere[key] = known
        return known

    def rescaled_by(self, alpha: float) -> "BallQuantities":
        """At T_α θ with one α for every hidden unit."""
        return self.rescaled(np.full((1, self.m), alpha))

    def with_output_scaled(self, scale: float) -> "BallQuantities":
        """At the θ whose A and c are multiplied: f becomes scale times f."""
        factors = np.ones((1, self.p))
        factors[:, self.place["A"]] = scale
        factors[:, self.place["c"]] = scale
        return self.at(self.theta * exactly(factors))

    def permuted(self, permutation: Array) -> "BallQuantities":
        """At Pθ: hidden unit k of Pθ is unit permutation[k] of θ."""
        return self.same_function(self._permuted_theta(permutation))

    def permuted_otherwise(self, permutation: Array) -> "BallQuantities":
        """At Pθ with the targets kept, whatever that does to f."""
        return self.at(self._permuted_theta(permutation))

    def _permuted_theta(self, permutation: Array) -> BallArray:
        return BallArray(_permuted(self.point, permutation)[None])

    def flipped(self, signs: Array) -> "BallQuantities":
        """At the θ whose w̃_k and a_k are multiplied by a sign (odd σ: the same f)."""
        return self.same_function(self.theta * self.neurons(signs))

    def flipped_otherwise(self, signs: Array) -> "BallQuantities":
        """At the same θ with the targets kept, whatever that does to f."""
        return self.at(self.theta * self.neurons(signs))

    # With other data

    def gaussian_labels(self) -> tuple["BallQuantities", ...]:
        """The same θ with y_i = f(x_i) - √C e_c, for each c (squared loss)."""
        root = exactly(self.C).sqrt().items
        rows = identity(self.C) * root
        return tuple(
            BallQuantities(
                replace(
                    self.point,
                    targets=None,
                    residual=np.broadcast_to(row, (self.n, self.C)).copy(),
                )
            )
            for row in rows
        )

    def with_curvatures(self, weights: Array) -> "BallQuantities":
        """The same θ and r under a loss with S_i = |weight| I, the weights in turn."""
        turn = np.arange(self.n) % weights.shape[-1]
        sizes = exactly(np.abs(weights[0, turn])).items
        S = sizes[:, None, None] * identity(self.C)
        return BallQuantities(replace(self.point, output_hessian=S))

    def at_inputs(self, x: Array) -> "BallQuantities":
        """The same θ at other inputs, (1, n', d), where every target is 0."""
        targets: Numbers = np.full((x.shape[-2], self.C), ZERO, dtype=object)
        elsewhere = replace(
            self.point,
            x=exactly(x[0]).items,
            targets=targets,
            residual=None,
            output_hessian=None,
        )
        return BallQuantities(elsewhere)

    def deeper(self, layers: Any) -> BallDeeper:
        """First-layer derivatives of a deeper network on the same first layer."""
        return BallDeeper(self, layers)

    @cached_property
    def kinks(self) -> BallKinks:
        """Where the units bend, for d = 1."""
        return BallKinks(self)

    def same_cell(self, other: "BallQuantities") -> npt.NDArray[np.bool_]:
        """(1,): whether certainly no pre-activation changes its sign between the two."""
        signs = [
            (sign(a), sign(b))
            for a, b in zip(self.z.items.flat, other.z.items.flat, strict=True)
        ]
        return np.array([all(a is not None and a == b for a, b in signs)])

    # Arrays that claims are written with

    def exactly(self, entries: Array | float) -> BallArray:
        """Numbers that a claim has chosen, which floats hold exactly."""
        return exactly(entries)

    def signs(self, flips: Array) -> BallArray:
        """A sign for each neuron as a diagonal on θ, (p,)."""
        return self.neurons(flips)

    @cached_property
    def neuron_signs(self) -> BallArray:
        """(p, m), column k the diagonal of E_k: +1 on w̃_k, -1 on a_k, 0 elsewhere."""
        columns = [
            self.neurons(unit[None], on_output=-unit[None], on_constant=0.0)
            for unit in np.eye(self.m)
        ]
        return joined([column[..., None] for column in columns])

    def neurons(
        self,
        per_neuron: Factors,
        *,
        on_output: Factors | None = None,
        on_constant: float = 1.0,
    ) -> BallArray:
        """A factor for each entry of θ: (m,) on w̃_k, another on a_k, one on c."""
        first = _exact(per_neuron)
        second = first if on_output is None else _exact(on_output)
        constants = exactly(np.full((1, self.C), on_constant))
        parts = (
            BallArray(np.repeat(first.items, self.d, axis=-1)),
            first,
            BallArray(np.repeat(second.items, self.C, axis=-1)),
            constants,
        )
        return joined(parts)

    def congruent(self, matrix: str, diagonal: Array) -> BallArray:
        """D M D for H, G or F, and a positive diagonal (1, p)."""
        scale = exactly(diagonal)
        whole: BallArray = getattr(self, matrix)
        moved = scale[..., :, None] * whole * scale[..., None, :]
        return BallArray(moved.items, whole.most)

    def congruent_eigenvalues(self, matrix: str, diagonal: Array) -> BallArray:
        """Descending eigenvalues of D M D, kept for the next time."""
        key = (matrix, diagonal.tobytes())
        if key not in self._congruent:
            self._congruent[key] = self.congruent(matrix, diagonal).eigenvalues()
        return self._congruent[key]

    def permuted_matrix(self, matrix: str, permutation: Array) -> BallArray:
        """P M Pᵀ for H, G or F."""
        rows = _permuted(self.point.at(np.arange(self.p)), permutation).astype(int)
        whole: BallArray = getattr(self, matrix)
        return whole[:, rows[:, None], rows[None, :]]

    @property
    def counting(self) -> BallArray:
        """1, 2, …, p."""
        return exactly(np.arange(1, self.p + 1)[None])

    @property
    def second_bound(self) -> BallArray:
        """C_σ = sup |σ''|; unknown where there is no finite one."""
        return BallArray([second_bound(self.activation)])

    # Directions near the kernel of J: any float is exact, so none of this is certain

    def tangent(self, v: Array) -> Array:
        """v less its part in the row space of J, in floats, shortened to 1/8 at most."""
        J = np.nan_to_num(self.J.value[0])
        along = v[0] - np.linalg.pinv(J) @ (J @ v[0])
        length = float(np.sqrt((along**2).sum()))
        exponent = np.floor(-np.log2(8 * length if length > 0 else 8.0))
        return np.asarray(along * 2.0**exponent)[None]

    def newton_step(self, residual: Array) -> Array:
        """-J⁺ r for r (n, C), in floats."""
        J = np.nan_to_num(self.J.value[0])
        return -np.asarray(np.linalg.pinv(J) @ residual.ravel())[None]


def _exact(values: Factors) -> BallArray:
    return values if isinstance(values, BallArray) else exactly(values)


def _permuted(point: Point, permutation: Array) -> Numbers:
    """θ with hidden unit permutation[k] in the place of unit k."""
    order = permutation[0]
    parts = (
        point.W[order].ravel(),
        point.b[order],
        point.A[:, order].T.ravel(),
        point.c,
    )
    return np.concatenate(parts)
