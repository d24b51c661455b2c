"""The network's arrays, matrices and spectra at T instances at once, with error bounds.

Each is computed once, when first asked for, and judged by every claim that needs it.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from .bounded import EPS, Bounded, concatenate, exact, gamma
from .complexity import complexity, input_jacobian, weighted_complexity
from .forward import Array, Forward, forward, parameter_slices
from .gauss_newton import empirical_fisher, fisher, gauss_newton
from .hessian import hessian_parts
from .instances import Instances
from .jacobian import functional_gradient, gradient, jacobian, ntk_gram
from .residual import residual_hessian
from .rounding import ErrorModel, error_model

__all__ = ["Matrices", "functional_hessians_of"]


class Matrices:
    """Arrays, matrices and spectra at T instances: each a `Bounded` with T in front.

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
            target_error=self.instances.target_error,
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
        if self._residual_given is None:
            error = self.instances.target_error
            return Bounded(self.fwd.t, 0.0 if error is None else error)
        wide = self.model.f_error + self._residual_given
        return Bounded(self.fwd.t, wide + EPS * np.abs(self.fwd.t))

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

    @cached_property
    def distinct(self) -> Bounded:
        """How many of the x_i are different, exactly."""
        x = self.x.value
        same = np.ones((self.count, self.n, self.n), dtype=bool)
        for j in range(self.d):
            same &= x[:, :, None, j] == x[:, None, :, j]
        seen_before = np.tril(same, -1).any(axis=-1)
        return exact((~seen_before).sum(axis=-1))

    # Derivatives

    @cached_property
    def J(self) -> Bounded:
        """Jacobian (nC, p)."""
        return self.model.bounded(jacobian)

    @cached_property
    def sigma(self) -> Bounded:
        """Singular values of J, descending."""
        return self.J.singular_values()

    @cached_property
    def K(self) -> Bounded:
        """NTK Gram matrix (nC, nC)."""
        return self.model.bounded(ntk_gram)

    @cached_property
    def KS(self) -> Bounded:
        """Mᵀ K M with S_i = M_i M_iᵀ, a loss of the catalogue: (nC, nC).

        Its eigenvalues other than 0 are those of S^½ K S^½.
        """
        gram = self.K
        if self.loss.targets == "real":
            return gram
        if self.loss.targets == "binary":
            root = self.S[..., 0, 0].sqrt()
            return gram * root[..., :, None] * root[..., None, :]
        # diag(p) - p pᵀ = (I - p 1ᵀ) diag(p) (I - 1 pᵀ), since Σ p = 1
        p = self.r + self.t
        root = p.sqrt()
        blocks = gram.reshape(self.n, self.C, self.n, self.C)
        right = blocks - (blocks * p[:, None, None, :, :]).sum(-1)[..., None]
        right = right * root[:, None, None, :, :]
        left = right - (right * p[:, :, :, None, None]).sum(-3)[:, :, None]
        left = left * root[:, :, :, None, None]
        return left.reshape(self.n * self.C, self.n * self.C)

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
    def D(self) -> Bounded:
        """D_i = A diag(σ'(z_i)), whose rows are ∇_b f_c(x_i), (n, C, m)."""
        return self.A[:, None] * self.s1[:, :, None, :]

    @cached_property
    def omega(self) -> Bounded:
        """ω_i = Σ_k σ'(z_ik)² a_kᵀ S_i a_k = tr(D_iᵀ S_i D_i), (n,)."""
        return (self.D * (self.S @ self.D)).sum(-1, -2)

    @cached_property
    def Cx(self) -> Bounded:
        """Complexity."""
        return self.model.bounded(complexity)

    @cached_property
    def CxS(self) -> Bounded:
        """Curvature-weighted complexity."""
        return self.model.bounded(weighted_complexity)

    def block(self, matrix: str, block: str) -> Bounded:
        """One block of H, G or F: two of w, b, t = (w, b), a and c, rows first."""
        whole: Bounded = getattr(self, matrix)
        groups = {
            "w": self.place["W"],
            "b": self.place["b"],
            "t": slice(0, self.place["b"].stop),
            "a": self.place["A"],
            "c": self.place["c"],
        }
        return whole[..., groups[block[0]], groups[block[1]]]

    @cached_property
    def neuron_crosses(self) -> Bounded:
        """U_k = (1/n) Σ_i σ'(z_ik) x̃_i r_iᵀ, (m, d + 1, C)."""
        return self.neuron_blocks[..., : self.d + 1, self.d + 1 :]

    @cached_property
    def cross_values(self) -> Bounded:
        """Singular values of every U_k, (m, min(d + 1, C))."""
        return self.neuron_crosses.singular_values()

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
        return self.model.bounded(functional_hessians_of)

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

    @cached_property
    def inertia(self) -> Bounded:
        """Positive and negative eigenvalues of H and their sum, its rank: (3,).

        Certain where as many eigenvalues have a sure sign as the rank of H can be.
        """
        lam = self.eigenvalues("H")
        plus, minus = (lam.lower > 0).sum(axis=-1), (lam.upper < 0).sum(axis=-1)
        most = self._greatest_rank()
        low = np.stack((plus, minus, plus + minus), axis=-1)
        high = np.stack((most - minus, most - plus, most), axis=-1)
        return Bounded((low + high) / 2, (high - low) / 2)

    def _greatest_rank(self) -> Array:
        """rank H is at most this, whatever the numbers are, (T,).

        rank G <= nC, less n for softmax, as S_i 1 = 0; F_k has rank at most
        2 rank U_k + rank M_k, sums of n terms; with softmax H is 0 on the m + 1
        directions that add the same number to all outputs; rows of zeros do not count.
        """
        softmax = self.loss.targets == "label" and self.instances.output_hessian is None
        side = min(self.d + 1, self.n)
        crossed = 2 * min(self.C, side)
        bent = 0 if self.activation.homogeneous else side
        sums = self.n * (self.C - softmax) + self.m * (crossed + bent)
        most = min(sums, self.p - (self.m + 1) * softmax)
        filled = (self.H.value != 0) | (self.H.radius != 0)
        return np.minimum(most, filled.any(axis=-1).sum(axis=-1))

    @cached_property
    def mu(self) -> Bounded:
        """Eigenvalues μ_1 ≥ … ≥ μ_m of WWᵀ, (m,)."""
        return (self.W @ self.W.T).eigenvalues()

    @cached_property
    def block_eigenvalues(self) -> Callable[[str, str], Bounded]:
        """Descending eigenvalues of a diagonal block, by name, each computed once."""
        known: dict[tuple[str, str], Bounded] = {}

        def of(matrix: str, block: str) -> Bounded:
            if (matrix, block) not in known:
                known[matrix, block] = self.block(matrix, block).eigenvalues()
            return known[matrix, block]

        return of

    def pull_back(self, weights: Bounded) -> Bounded:
        """Jᵀ u for u (n, C)."""
        value = functional_gradient(self.fwd, weights.value)
        size = functional_gradient(
            self.model.size, np.abs(weights.value) + weights.radius
        )
        return Bounded(value, gamma(self.model.chain) * size)


def functional_hessians_of(fwd: Forward) -> Array:
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
