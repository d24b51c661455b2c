"""The population loss of a student against a teacher, with its gradient and Hessian.

    L(W) = ½ E (Σ_i σ(w_i·x) - Σ_j σ(v_j·x))²,   x ~ N(0, I_d),

    L = ½ ΣΣ κ(w_i, w_j) - ΣΣ κ(w_i, v_j) + ½ ΣΣ κ(v_i, v_j),

in closed form through the kernel κ of the activation (theorem T18).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ...errors import InputError
from .kernels import KERNELS, Array, Kernel

__all__ = ["Landscape"]

NORMS: Final = (1e-50, 1e50)
"""Of the rows: beyond them, products of four overflow, or underflow to 0."""

_WHY: Final = {
    False: "products of four must not overflow",
    True: "the loss of ReLU is not twice differentiable at 0",
}


@dataclass(frozen=True, kw_only=True)
class Landscape:
    """The loss of one activation and one teacher.

    Attributes
    ----------
    activation : str
        relu, erf (of z/√2) or quadratic (z²).
    teacher : (k, d) float64
        V; its rows are the teacher's neurons.
    """

    activation: str
    teacher: Array

    def __post_init__(self) -> None:
        if self.activation not in KERNELS:
            raise InputError(
                f"activation is {self.activation!r}; expected one of "
                f"{', '.join(KERNELS)}"
            )
        self._check("teacher", self.teacher)

    @property
    def kernel(self) -> Kernel:
        """E σ(u·x)σ(v·x) with its derivatives."""
        return KERNELS[self.activation]

    def loss(self, W: Array) -> float:
        """L(W); at least 0, and 0 at W = V.

        Parameters
        ----------
        W : (m, d) float64
            The student's neurons, for ReLU none of them 0.

        Raises
        ------
        InputError
            If W is no such matrix.
        """
        self._check_student(W)
        value, V = self.kernel.value, self.teacher
        own, other = np.sum(value(W, W)), np.sum(value(V, V))
        return float(own / 2 - np.sum(value(W, V)) + other / 2)

    def gradient(self, W: Array) -> Array:
        """∇L(W), (m, d): row i is Σ_j ∂₁κ(w_i, w_j) - Σ_j ∂₁κ(w_i, v_j).

        Parameters
        ----------
        W : (m, d) float64
            As for `loss`.
        """
        self._check_student(W)
        first = self.kernel.first
        own = np.sum(first(W, W), axis=1)
        return np.asarray(own - np.sum(first(W, self.teacher), axis=1))

    def hessian(self, W: Array) -> Array:
        """∇²L(W), (md, md), in the order of W's rows.

            H_ii = ∂₁₁κ(w_i, w_i) + Σ_{j≠i} ∂₁₁κ(w_i, w_j) - Σ_j ∂₁₁κ(w_i, v_j)
                   + ∂₁₂κ(w_i, w_i),
            H_ij = ∂₁₂κ(w_i, w_j),

        symmetric to the last bit.

        Parameters
        ----------
        W : (m, d) float64
            As for `loss`.
        """
        self._check_student(W)
        m, d = W.shape
        blocks = self.kernel.mixed(W, W)
        own = np.sum(self.kernel.second(W, W), axis=1)
        own -= np.sum(self.kernel.second(W, self.teacher), axis=1)
        blocks[np.arange(m), np.arange(m)] += own
        H = blocks.transpose(0, 2, 1, 3).reshape(m * d, m * d)
        return np.asarray((H + H.T) / 2)

    def _check_student(self, W: Array) -> None:
        self._check("W", W)
        if W.shape[1] != self.teacher.shape[1]:
            raise InputError(
                f"W has shape {W.shape}; expected (m, {self.teacher.shape[1]}): "
                "the inputs of the teacher"
            )

    def _check(self, name: str, W: Array) -> None:
        if np.ndim(W) != 2 or 0 in np.shape(W):
            raise InputError(
                f"{name} has shape {np.shape(W)}; expected (m, d) with m, d >= 1"
            )
        if not np.all(np.isfinite(W)):
            raise InputError(
                f"{name} holds NaN or an infinity; expected finite numbers"
            )
        norms = np.hypot.reduce(W, axis=1)
        least = 0.0 if self.kernel.smooth_at_zero else NORMS[0]
        wrong = (norms < least) | (norms > NORMS[1])
        if np.any(wrong):
            row = int(np.argmax(wrong))
            raise InputError(
                f"{name} has row {row} of norm {norms[row]:.3g}; expected norms from "
                f"{least:g} to {NORMS[1]:g}: {_WHY[least > 0]}"
            )
