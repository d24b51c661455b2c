"""Every quantity that a claim may name, at T instances at once, with error bounds.

Each is computed once, when first asked for, and judged by every claim that needs it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ..theory.activations import Activation
from ..theory.expressions import Expression
from ..theory.losses import Loss
from .bounded import EPS, Bounded, concatenate, exact, gamma
from .complexity import complexity, input_jacobian, weighted_complexity
from .forward import Array, Forward, forward, parameter_slices
from .gauss_newton import empirical_fisher, fisher, gauss_newton
from .hessian import hessian_parts
from .jacobian import functional_gradient, gradient, jacobian, ntk_gram
from .residual import residual_hessian
from .rounding import ErrorModel, error_model

__all__ = ["Instances", "Quantities"]

TINY_STEP = 1e-100
TRUNCATION = 1e-110
"""Im g(θ + ihv)/h is off by h²/6 times a third derivative: far less than this."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Instances:
    """T networks of one shape with their data, all arrays stacked.

    Attributes
    ----------
    activation, loss : Activation, Loss
        The same for all.
    x, theta : (T, n, d), (T, p) float64
        Inputs and parameters.
    width, outputs : int
        m and C.
    t : (T, n, C) float64 or None
        Targets.
    residual : (T, n, C) float64 or None
        r, where Y is defined as f(X) - r; one of `t` and `residual` is given.
    residual_error : (T, n, C) float64 or None
        Bound on the error of a given residual.
    output_hessian : (T, n, C, C) float64 or None
        S, where the loss is none of the catalogue's.
    theta_error : float
        Relative error of the entries of θ.
    """

    activation: Activation
    loss: Loss
    x: Array
    theta: Array
    width: int
    outputs: int
    t: Array | None = None
    residual: Array | None = None
    residual_error: Array | None = None
    output_hessian: Array | None = None
    theta_error: float = 0.0

    def __len__(self) -> int:
        return len(self.theta)

    def take(self, index: Any) -> "Instances":
        """Some of the instances."""
        arrays: dict[str, Any] = {
            name: None if (a := getattr(self, name)) is None else a[index]
            for name in (
                "x",
                "theta",
                "t",
                "residual",
                "residual_error",
                "output_hessian",
            )
        }
        return replace(self, **arrays)


class Quantities:
    """What claims name, at T instances: each attribute a `Bounded` with T in front.

    Parameters
    ----------
    instances : Instances
        Where; off the kinks of σ, which the caller sees to.
    """

    def __init__(self, instances: Instances) -> None:
        self.instances = instances
        self.activation = instances.activation
        self.loss = instances.loss
        count, self.n, self.d = instances.x.shape
        self.count, self.m, self.C = count, instances.width, instances.outputs
        self.p = instances.theta.shape[-1]
        fwd = self._forward(instances.theta)
        if instances.output_hessian is not None:
            fwd = replace(fwd, S=instances.output_hessian)
        self.fwd = fwd
        given: Any = None if instances.residual is None else 0.0
        if instances.residual_error is not None:
            given = instances.residual_error
        self._residual_given = given
        self.model = self._model(fwd, given)
        self._deeper: dict[int, Any] = {}
        self._elsewhere: dict[tuple[str, bytes], Quantities] = {}
        self.memo: dict[Expression, Bounded] = {}
        self.place = parameter_slices(inputs=self.d, width=self.m, outputs=self.C)

    def _forward(self, theta: Array) -> Forward:
        at = self.instances
        return forward(
            at.activation,
            at.loss,
            at.x,
            theta,
            at.t,
            width=at.width,
            outputs=at.outputs,
            residual=at.residual,
        )

    def _model(self, fwd: Forward, given: Any) -> ErrorModel:
        return error_model(
            self.activation,
            self.loss,
            fwd,
            theta_error=self.instances.theta_error,
            residual_error=given,
        )

    # Data and parameters

    @cached_property
    def x(self) -> Bounded:
        """Inputs (n, d)."""
        return exact(np.broadcast_to(self.fwd.x, (self.count, self.n, self.d)))

    @cached_property
    def xt(self) -> Bounded:
        """Inputs with the appended 1, (n, d + 1)."""
        ones = np.ones((self.count, self.n, 1))
        return exact(np.concatenate([self.x.value, ones], axis=-1))

    @cached_property
    def theta(self) -> Bounded:
        """Parameters (p,)."""
        theta = self.instances.theta
        return Bounded(theta, self.instances.theta_error * np.abs(theta))

    @cached_property
    def W(self) -> Bounded:
        """First-layer weights (m, d)."""
        return self.theta[:, self.place["W"]].reshape(self.m, self.d)

    @cached_property
    def b(self) -> Bounded:
        """First-layer biases (m,)."""
        return self.theta[:, self.place["b"]]

    @cached_property
    def Wt(self) -> Bounded:
        """Rows w̃_k = (w_k, b_k), (m, d + 1)."""
        return concatenate((self.W, self.b[..., None]))

    @cached_property
    def A(self) -> Bounded:
        """Second-layer weights (C, m)."""
        return self.theta[:, self.place["A"]].reshape(self.m, self.C).T

    @cached_property
    def z(self) -> Bounded:
        """Pre-activations (n, m)."""
        return Bounded(self.fwd.z, self.model.z_error)

    @cached_property
    def s0(self) -> Bounded:
        """σ(z) (n, m)."""
        return self.model.array("s0")

    @cached_property
    def s1(self) -> Bounded:
        """σ'(z) (n, m)."""
        return self.model.array("s1")

    @cached_property
    def s2(self) -> Bounded:
        """σ''(z) (n, m)."""
        return self.model.array("s2")

    @cached_property
    def f(self) -> Bounded:
        """Outputs (n, C)."""
        return Bounded(self.fwd.f, self.model.f_error)

    @cached_property
    def r(self) -> Bounded:
        """Residuals (n, C)."""
        return self.model.array("r")

    @cached_property
    def S(self) -> Bounded:
        """Output Hessians (n, C, C)."""
        return self.model.array("S")

    @cached_property
    def t(self) -> Bounded:
        """Targets (n, C)."""
        return exact(self.fwd.t)

    @cached_property
    def ell(self) -> Bounded:
        """Loss of each sample (n,)."""
        return Bounded(self.fwd.ell, self.model.ell_error)

    @cached_property
    def L(self) -> Bounded:
        """Loss."""
        return self.ell.mean(-1)

    # Sizes of the data

    @cached_property
    def norms_x(self) -> Bounded:
        """‖x_i‖ (n,)."""
        return (self.x * self.x).sum(-1).sqrt()

    @cached_property
    def norms_xt(self) -> Bounded:
        """‖x̃_i‖ (n,)."""
        return (self.xt * self.xt).sum(-1).sqrt()

    @cached_property
    def hidden(self) -> Bounded:
        """(1/n) Σ_i ‖σ(z_i)‖²."""
        return (self.s0 * self.s0).sum(-1).mean(-1)

    # Derivatives

    @cached_property
    def J(self) -> Bounded:
        """Jacobian (nC, p)."""
        return self.model.bounded(jacobian)

    @cached_property
    def K(self) -> Bounded:
        """NTK Gram matrix (nC, nC)."""
        return self.model.bounded(ntk_gram)

    @cached_property
    def grad(self) -> Bounded:
        """Gradient (p,)."""
        return self.model.bounded(gradient)

    @cached_property
    def _parts(self) -> tuple[Array, Array]:
        with np.errstate(all="ignore"):
            return hessian_parts(self.fwd)

    @cached_property
    def G(self) -> Bounded:
        """Generalised Gauss-Newton matrix (p, p)."""
        return self.model.around(self._parts[0], gauss_newton)

    @cached_property
    def F(self) -> Bounded:
        """Residual part of the Hessian (p, p)."""
        return self.model.around(self._parts[1], residual_hessian)

    @cached_property
    def H(self) -> Bounded:
        """Hessian (p, p)."""
        return self.G + self.F

    @cached_property
    def EF(self) -> Bounded:
        """Empirical Fisher (p, p)."""
        return self.model.bounded(empirical_fisher)

    @cached_property
    def fisher(self) -> Bounded:
        """Fisher information of the model (p, p)."""
        value = fisher(self.fwd, self.loss)
        wide = self.G.radius
        if self.loss.targets != "real":
            # every entry of Cov(t) is summed from C products of p = r + t, and p is
            # known to the error of r and 2ε
            J = np.abs(jacobian(self.model.size))
            J = J.reshape(self.count, self.n, self.C, self.p).sum(axis=2)
            dp = (self.r.radius + 4 * EPS).max(axis=-1)[..., None]
            wide = wide + 4 * self.C * (J * dp).swapaxes(-1, -2) @ J / self.n
        return Bounded(value, wide)

    @cached_property
    def Jx(self) -> Bounded:
        """Input Jacobian (n, C, d)."""
        return self.model.bounded(input_jacobian)

    @cached_property
    def Cx(self) -> Bounded:
        """Complexity."""
        return self.model.bounded(complexity)

    @cached_property
    def CxS(self) -> Bounded:
        """Curvature-weighted complexity."""
        return self.model.bounded(weighted_complexity)

    def block(self, matrix: str, block: str) -> Bounded:
        """One diagonal block of H, G or F: ww, bb, tt = (w, b), aa or cc."""
        whole: Bounded = getattr(self, matrix)
        rows = {
            "ww": self.place["W"],
            "bb": self.place["b"],
            "tt": slice(0, self.place["b"].stop),
            "aa": self.place["A"],
            "cc": self.place["c"],
        }[block]
        return whole[..., rows, rows]

    @cached_property
    def neuron_crosses(self) -> Bounded:
        """U_k = (1/n) Σ_i σ'(z_ik) x̃_i r_iᵀ, (m, d + 1, C)."""
        return self.neuron_blocks[..., : self.d + 1, self.d + 1 :]

    @cached_property
    def neuron_blocks(self) -> Bounded:
        """F_k on (w̃_k, a_k), (m, d + 1 + C, d + 1 + C)."""
        rows = [
            [
                *range(k * self.d, (k + 1) * self.d),
                self.place["b"].start + k,
                *range(
                    self.place["A"].start + k * self.C,
                    self.place["A"].start + (k + 1) * self.C,
                ),
            ]
            for k in range(self.m)
        ]
        index = np.array(rows)
        return self.F[:, index[:, :, None], index[:, None, :]]

    @cached_property
    def functional_hessians(self) -> Bounded:
        """∇²f_c(x_i), (n, C, p, p)."""
        return self.model.bounded(_functional_hessians)

    @cached_property
    def functional_norms(self) -> Bounded:
        """‖∇²f_c(x_i)‖ (n, C)."""
        return self.functional_eigenvalues.abs().max(-1)

    @cached_property
    def functional_eigenvalues(self) -> Bounded:
        """Eigenvalues of ∇²f_c(x_i), descending, (n, C, p)."""
        return self.functional_hessians.eigenvalues()

    @cached_property
    def eigenvalues(self) -> Callable[[str], Bounded]:
        """Descending eigenvalues of H, G, F or EF, by name, each computed once."""
        known: dict[str, Bounded] = {}

        def of(matrix: str) -> Bounded:
            if matrix not in known:
                known[matrix] = getattr(self, matrix).eigenvalues()
            return known[matrix]

        return of

    # Independent references, by complex step: Im g(θ + ihv) / h has no cancellation

    def output_along(self, v: Array) -> Bounded:
        """(d/dt) f(X; θ + tv) at t = 0, (n, C), without any derivative of σ."""
        fwd = self._forward(self.instances.theta + 1j * TINY_STEP * v)
        bound = self.model.around(
            np.zeros_like(self.fwd.f),
            lambda at: _apply(jacobian(at), np.abs(v)).reshape(self.fwd.f.shape),
        )
        return Bounded(fwd.f.imag / TINY_STEP, self._doubled(bound))

    def gradient_along(self, v: Array) -> Bounded:
        """(d/dt) ∇L(θ + tv) at t = 0, (p,), without any second derivative of σ."""
        at = replace(self.instances, t=self.fwd.t, residual=None)
        fwd = forward(
            at.activation,
            at.loss,
            at.x,
            at.theta + 1j * TINY_STEP * v,
            at.t,
            width=at.width,
            outputs=at.outputs,
        )
        free = self._model(self.fwd, None)
        bound = free.around(
            np.zeros_like(self.fwd.W[..., 0, 0])[:, None] + 0 * np.abs(v),
            lambda size: _apply(gauss_newton(size) + residual_hessian(size), np.abs(v)),
        )
        return Bounded(gradient(fwd).imag / TINY_STEP, self._doubled(bound))

    def functional_gradient_along(self, v: Array) -> Bounded:
        """(d/dt) ∇f_c(x_i; θ + tv) at t = 0, (n, C, p)."""
        fwd = self._forward(self.instances.theta + 1j * TINY_STEP * v)
        value = jacobian(fwd).imag / TINY_STEP
        shape = (self.count, self.n, self.C, self.p)
        bound = self.model.around(
            np.zeros(shape),
            lambda at: _apply(_functional_hessians(at), np.abs(v)[:, None, None, :]),
        )
        return Bounded(value.reshape(shape), self._doubled(bound))

    def _doubled(self, bound: Bounded) -> Array:
        """Both parts of a complex product are rounded, along chains twice as long."""
        return 8 * bound.radius + gamma(8) * np.abs(bound.value) + TRUNCATION

    # The same data at another θ

    def at(self, theta: Array, *, theta_error: float = 0.0) -> "Quantities":
        """The same data and the same targets at another θ."""
        moved = replace(
            self.instances,
            theta=theta,
            theta_error=self.instances.theta_error + theta_error,
            t=self.fwd.t,
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
        where = self.permuted_indices(permutation)
        return self.same_function(
            np.take_along_axis(self.instances.theta, where, axis=-1)
        )

    def flipped(self, signs: Array) -> "Quantities":
        """At the θ whose w̃_k and a_k are multiplied by a sign (odd σ: the same f)."""
        return self.same_function(self.instances.theta * self.neurons(signs))

    def deeper(self, layers: Any) -> Any:
        """First-layer derivatives of a deeper network on the same first layer."""
        from .deeper import Deeper

        key = id(layers)
        if key not in self._deeper:
            self._deeper[key] = Deeper(self, layers)
        return self._deeper[key]

    def same_cell(self, other: "Quantities") -> npt.NDArray[np.bool_]:
        """(T,): whether no pre-activation changes its sign between the two."""
        same = np.sign(self.fwd.z) == np.sign(other.fwd.z)
        return same.all(axis=(-1, -2))

    def signs(self, flips: Array) -> Bounded:
        """A sign for each neuron as a diagonal on θ, (T, p)."""
        return exact(self.neurons(flips))

    def signs_of_neuron(self, k: int) -> Bounded:
        """E_k as a diagonal: +1 on w̃_k, -1 on a_k, 0 elsewhere."""
        unit = np.zeros((self.count, self.m))
        unit[:, k] = 1.0
        diagonal = self.neurons(unit, on_output=-unit)
        diagonal[:, self.place["c"]] = 0.0
        return exact(diagonal)

    def diagonal(self, entries: Array) -> Bounded:
        """Exact entries of a diagonal matrix, (T, p)."""
        return exact(entries)

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

    def pull_back(self, weights: Bounded) -> Bounded:
        """Jᵀ u for u (n, C)."""
        value = functional_gradient(self.fwd, weights.value)
        size = functional_gradient(
            self.model.size, np.abs(weights.value) + weights.radius
        )
        return Bounded(value, gamma(self.model.chain) * size)


def _functional_hessians(fwd: Forward) -> Array:
    """∇²f_c(x_i) (..., n, C, p, p): F with one sample and r = e_c."""
    *lead, n, m = fwd.s1.shape
    C, d = fwd.A.shape[-2], fwd.x.shape[-1]

    def per_sample(array: Array, *tail: int) -> Array:
        return np.broadcast_to(array[..., :, None, None, :], (*lead, n, C, *tail))

    unit = np.broadcast_to(np.eye(C)[:, None, :], (*lead, n, C, 1, C))
    weights = np.broadcast_to(fwd.A[..., None, None, :, :], (*lead, n, C, C, m))
    first = np.broadcast_to(fwd.W[..., None, None, :, :], (*lead, n, C, m, d))
    one = replace(
        fwd,
        x=per_sample(np.broadcast_to(fwd.x, (*lead, n, d)), 1, d),
        s1=per_sample(fwd.s1, 1, m),
        s2=per_sample(fwd.s2, 1, m),
        A=weights,
        W=first,
        r=unit,
    )
    return residual_hessian(one)


def _apply(matrix: Array, vector: Array) -> Array:
    return (matrix @ vector[..., None])[..., 0]
