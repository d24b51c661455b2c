"""Every quantity that a claim may name: at T instances, and at θ moved by a symmetry."""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ..theory.expressions import Expression
from .bounded import EPS, Bounded, exact
from .directions import Directions
from .forward import Array
from .instances import Instances

__all__ = ["Quantities"]


class Quantities(Directions):
    """What claims name, at T instances: each attribute a `Bounded` with T in front.

    Parameters
    ----------
    instances : Instances
        Where; off the kinks of σ, which the caller sees to.
    """

    def __init__(self, instances: Instances) -> None:
        super().__init__(instances)
        self._deeper: dict[int, Any] = {}
        self._elsewhere: dict[tuple[str, bytes], Quantities] = {}
        self._congruent: dict[tuple[str, bytes], Bounded] = {}
        self.memo: dict[Expression, Bounded] = {}

    def at(self, theta: Array, *, theta_error: float = 0.0) -> "Quantities":
        """The same data and the same targets at another θ.

        Where Y was defined as f(X) - r, the targets are known as well as f(X) and r are.
        """
        moved = replace(
            self.instances,
            theta=theta,
            theta_error=self.instances.theta_error + theta_error,
            t=self.fwd.t,
            target_error=self.t.radius,
            residual=None,
            residual_error=None,
        )
        return Quantities(moved)

    def same_function(self, theta: Array, *, theta_error: float = 0.0) -> "Quantities":
        """Another θ with the same f(X): the residuals are kept."""
        residual = self.instances.residual
        moved = replace(
            self.instances,
            theta=theta,
            theta_error=self.instances.theta_error + theta_error,
            t=self.instances.t,
            residual=residual,
        )
        return Quantities(moved)

    def displaced(self, step: Array) -> "Quantities":
        """At θ + step, with the targets kept."""
        return self.at(self.instances.theta + step, theta_error=2 * EPS)

    def gaussian_labels(self) -> tuple["Quantities", ...]:
        """The same θ with y_i = f(x_i) - √C e_c, for each c (squared loss).

        With y_i = f(x_i) + √C e_c beside them, these 2C points have the mean f(x_i) and
        the covariance I of a unit Gaussian around it: the mean over them of what is
        quadratic in y is its expectation. What is even in y - f(x_i) is the same at both.
        """
        return tuple(
            self._with_residual(row) for row in np.sqrt(self.C) * np.eye(self.C)
        )

    def with_curvatures(self, weights: Array) -> "Quantities":
        """The same θ and r under a loss with S_i = |weight| I, the weights in turn."""
        turn = np.arange(self.n) % weights.shape[-1]
        S = np.abs(weights[:, turn, None, None]) * np.eye(self.C)
        return Quantities(replace(self.instances, output_hessian=S))

    def _with_residual(self, row: Array) -> "Quantities":
        """The same θ with the residual `row` (C,), correctly rounded, at every sample."""
        residual = np.broadcast_to(row, self.fwd.f.shape).copy()
        moved = replace(
            self.instances,
            t=None,
            target_error=None,
            residual=residual,
            residual_error=EPS * np.abs(residual),
        )
        return Quantities(moved)

    def rescaled(self, alpha: Array) -> "Quantities":
        """At T_α θ: w̃_k times α_k, a_k over α_k (piecewise-linear σ: the same f)."""
        return self._moved("rescaled", alpha, self.same_function)

    def rescaled_otherwise(self, alpha: Array) -> "Quantities":
        """At T_α θ with the targets kept, whatever that does to f."""
        return self._moved("rescaled otherwise", alpha, self.at)

    def _moved(
        self, how: str, alpha: Array, move: Callable[..., "Quantities"]
    ) -> "Quantities":
        """T_α θ, kept for the next claim that asks for the same α."""
        key = (how, alpha.tobytes())
        if key not in self._elsewhere:
            factors = self.neurons(alpha, on_output=1 / alpha)
            self._elsewhere[key] = move(
                self.instances.theta * factors, theta_error=3 * EPS
            )
        return self._elsewhere[key]

    def rescaled_by(self, alpha: float) -> "Quantities":
        """At T_α θ with one α for every hidden unit."""
        return self.rescaled(np.full((self.count, self.m), alpha))

    def with_output_scaled(self, scale: float) -> "Quantities":
        """At the θ whose A and c are multiplied: f becomes scale times f."""
        factors = np.ones(self.p)
        factors[self.place["A"]] = scale
        factors[self.place["c"]] = scale
        return self.at(self.instances.theta * factors, theta_error=2 * EPS)

    def permuted(self, permutation: Array) -> "Quantities":
        """At Pθ: hidden unit k of Pθ is unit permutation[k] of θ."""
        return self.same_function(self._permuted_theta(permutation))

    def permuted_otherwise(self, permutation: Array) -> "Quantities":
        """At Pθ with the targets kept, whatever that does to f."""
        return self.at(self._permuted_theta(permutation))

    def _permuted_theta(self, permutation: Array) -> Array:
        where = self.permuted_indices(permutation)
        return np.take_along_axis(self.instances.theta, where, axis=-1)

    def flipped(self, signs: Array) -> "Quantities":
        """At the θ whose w̃_k and a_k are multiplied by a sign (odd σ: the same f)."""
        return self.same_function(self.instances.theta * self.neurons(signs))

    def flipped_otherwise(self, signs: Array) -> "Quantities":
        """At the same θ with the targets kept, whatever that does to f."""
        return self.at(self.instances.theta * self.neurons(signs))

    def at_inputs(self, x: Array) -> "Quantities":
        """The same θ at other inputs, (T, n', d), where every target is 0."""
        elsewhere = replace(
            self.instances,
            x=x,
            t=np.zeros((self.count, x.shape[-2], self.C)),
            target_error=None,
            residual=None,
            residual_error=None,
            output_hessian=None,
        )
        return Quantities(elsewhere)

    def deeper(self, layers: Any) -> Any:
        """First-layer derivatives of a deeper network on the same first layer."""
        from .deeper import Deeper

        key = id(layers)
        if key not in self._deeper:
            self._deeper[key] = Deeper(self, layers)
        return self._deeper[key]

    @cached_property
    def kinks(self) -> Any:
        """Where the units bend, for d = 1: see `Kinks`."""
        from .kinks import Kinks

        return Kinks(self)

    def same_cell(self, other: "Quantities") -> npt.NDArray[np.bool_]:
        """(T,): whether no pre-activation changes its sign between the two."""
        same = np.sign(self.fwd.z) == np.sign(other.fwd.z)
        return same.all(axis=(-1, -2))

    def signs(self, flips: Array) -> Bounded:
        """A sign for each neuron as a diagonal on θ, (T, p)."""
        return exact(self.neurons(flips))

    @property
    def neuron_signs(self) -> Bounded:
        """(p, m), column k the diagonal of E_k: +1 on w̃_k, -1 on a_k, 0 elsewhere."""
        each = np.eye(self.m)
        columns = (
            np.repeat(each, self.d, axis=0),
            each,
            -np.repeat(each, self.C, axis=0),
            np.zeros((self.C, self.m)),
        )
        whole = np.concatenate(columns)
        return exact(np.broadcast_to(whole, (self.count, *whole.shape)))

    def exactly(self, entries: Array | float) -> Bounded:
        """Numbers that a claim has chosen, which floats hold exactly."""
        return exact(entries)

    def congruent(self, matrix: str, diagonal: Array) -> Bounded:
        """D M D for H, G or F, and a positive diagonal (T, p) that is exact."""
        scale = exact(diagonal)
        whole: Bounded = getattr(self, matrix)
        return scale[..., :, None] * whole * scale[..., None, :]

    def congruent_eigenvalues(self, matrix: str, diagonal: Array) -> Bounded:
        """Descending eigenvalues of D M D, kept for the next claim that asks."""
        key = (matrix, diagonal.tobytes())
        if key not in self._congruent:
            self._congruent[key] = self.congruent(matrix, diagonal).eigenvalues()
        return self._congruent[key]

    def permuted_matrix(self, matrix: str, permutation: Array) -> Bounded:
        """P M Pᵀ for H, G or F."""
        where = self.permuted_indices(permutation)
        whole: Bounded = getattr(self, matrix)
        rows = np.arange(self.count)[:, None, None]
        return whole[rows, where[:, :, None], where[:, None, :]]

    @property
    def counting(self) -> Bounded:
        """1, 2, …, p."""
        return exact(np.tile(np.arange(1.0, self.p + 1), (self.count, 1)))

    @property
    def second_bound(self) -> float:
        """C_σ = sup |σ''|."""
        bound = self.activation.second_bound
        return float("inf") if bound is None else float(bound)

    def neurons(self, per_neuron: Array, *, on_output: Array | None = None) -> Array:
        """A factor for each entry of θ: (T, m) on w̃_k, another on a_k, 1 on c."""
        other = per_neuron if on_output is None else on_output
        parts = (
            np.repeat(per_neuron, self.d, axis=-1),
            per_neuron,
            np.repeat(other, self.C, axis=-1),
            np.ones((self.count, self.C)),
        )
        return np.concatenate(parts, axis=-1)

    def permuted_indices(self, permutation: Array) -> Array:
        """Where each entry of Pθ stands in θ, (T, p)."""
        weights = permutation[..., None] * self.d + np.arange(self.d)
        columns = permutation[..., None] * self.C + np.arange(self.C)
        parts = (
            weights.reshape(self.count, -1),
            permutation + self.place["b"].start,
            columns.reshape(self.count, -1) + self.place["A"].start,
            np.broadcast_to(np.arange(self.p)[self.place["c"]], (self.count, self.C)),
        )
        return np.concatenate(parts, axis=-1)
