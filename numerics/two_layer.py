"""A two-layer network on its data: exact losses, gradients, Hessians and products."""

import operator
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..theory.activations import (
    Activation,
    activation_from_expression,
    get_activation,
)
from ..theory.admission import admit
from ..theory.losses import LOSSES, Loss, get_loss
from ..theory.sigma import Sigma
from ..theory.symbols import PREACTIVATION, positive_integer
from .arrays import Batch, Matrix, Vector, all_finite, finite_array
from .complexity import complexity, input_jacobian
from .forward import Forward, forward, parameter_count, parameter_slices
from .gauss_newton import empirical_fisher, fisher
from .hessian import hessian, hessians
from .jacobian import gradient, jacobian, ntk_gram
from .memory import SPECTRUM_COPIES, fits, refuse_if_too_large
from .products import CachedProducts
from .residual import residual_hessian
from .rounding import error_model
from .spectrum import Spectrum, spectrum
from .targets import refuse_mask, targets

if TYPE_CHECKING:
    from scipy.sparse.linalg import LinearOperator

__all__ = ["TwoLayerProblem", "resolved_activation"]


class TwoLayerProblem:
    """The loss L(θ) = (1/n) Σ_i ℓ(f(x_i; θ), y_i) of f(x) = A σ(W x + b) + c on data.

    Every method takes θ: one flat vector, W (m, d) row-major, b (m,), the columns of
    A (C, m), c (C,). All numbers are float64.

    Parameters
    ----------
    X : (n, d) array-like
        Inputs.
    Y : (n,) or (n, C) reals (squared), (n,) of 0 and 1 (logistic), (n,) labels (softmax)
        Targets.
    activation : str, Activation or sympy.Expr
        σ.
    loss : str or Loss
        ℓ; the squared loss has its ½.
    width : int
        m.
    outputs : int, optional
        C; by default what Y says.

    Raises
    ------
    InputError
        If an argument has the wrong shape, type or range, or is not finite.
    """

    def __init__(
        self,
        X: npt.ArrayLike,
        Y: npt.ArrayLike,
        *,
        activation: Any,
        loss: str | Loss = "squared",
        width: int,
        outputs: int | None = None,
    ) -> None:
        if not positive_integer(width):
            raise InputError(f"width is {width!r}; expected an integer m >= 1")
        self.activation = resolved_activation(activation)
        self.loss_function = _loss(loss)
        refuse_mask(X, "X")
        self.X: Matrix = finite_array(X, "X", ("n", "d"))
        self.targets: Matrix = targets(
            Y, loss=self.loss_function, n=len(self.X), outputs=outputs
        )
        self.m = operator.index(width)

    @property
    def n(self) -> int:
        """Number of samples."""
        return self.X.shape[0]

    @property
    def d(self) -> int:
        """Number of inputs."""
        return self.X.shape[1]

    @property
    def C(self) -> int:
        """Number of outputs."""
        return self.targets.shape[1]

    @property
    def p(self) -> int:
        """Number of parameters, md + m + mC + C."""
        return parameter_count(inputs=self.d, width=self.m, outputs=self.C)

    def output(self, theta: npt.ArrayLike) -> Matrix:
        """f(x_i; θ) = A σ(W x_i + b) + c, (n, C)."""
        return self._finite("output", self._forward(theta, smooth=False).f)

    def loss(self, theta: npt.ArrayLike) -> float:
        """L(θ) = (1/n) Σ_i ℓ(f(x_i; θ), y_i)."""
        ell = self._forward(theta, smooth=False).ell
        return float(self._finite("loss", np.asarray(ell.mean())))

    def gradient(self, theta: npt.ArrayLike) -> Vector:
        """∇L(θ) = (1/n) Σ_i J_iᵀ r_i, (p,)."""
        return self._finite("gradient", gradient(self._forward(theta)))

    def jacobian(self, theta: npt.ArrayLike) -> Matrix:
        """J (n C, p): row i C + c is ∇_θ f_c(x_i)."""
        shape = (self.n * self.C, self.p)
        refuse_if_too_large("jacobian", shape, "use fewer samples at a time")
        return self._finite("jacobian", jacobian(self._forward(theta)))

    def hessian(self, theta: npt.ArrayLike) -> Matrix:
        """H = ∇²L(θ), (p, p), exactly symmetric.

        Raises
        ------
        InputError
            If θ is wrong, a pre-activation lies on a kink of σ, the matrix would not
            fit in memory, or something overflows.
        """
        return self._dense("hessian", hessian, theta)

    def gauss_newton(self, theta: npt.ArrayLike) -> Matrix:
        """G = (1/n) Σ_i J_iᵀ S_i J_i, (p, p)."""
        return self._dense("gauss_newton", _exact_gauss_newton, theta)

    def residual_hessian(self, theta: npt.ArrayLike) -> Matrix:
        """F = H - G = (1/n) Σ_i Σ_c r_ic ∇²f_c(x_i), (p, p)."""
        return self._dense("residual_hessian", residual_hessian, theta)

    def fisher(self, theta: npt.ArrayLike) -> Matrix:
        """(1/n) Σ_i E_{y ~ p_θ(·|x_i)} g gᵀ, (p, p), the expectation summed out."""
        return self._dense("fisher", lambda fwd: fisher(fwd, self.loss_function), theta)

    def empirical_fisher(self, theta: npt.ArrayLike) -> Matrix:
        """(1/n) Σ_i g_i g_iᵀ with the labels' own gradients g_i = J_iᵀ r_i, (p, p)."""
        return self._dense("empirical_fisher", empirical_fisher, theta)

    def ntk_gram(self, theta: npt.ArrayLike) -> Matrix:
        """K = J Jᵀ, (n C, n C), without forming J."""
        shape = (self.n * self.C,) * 2
        refuse_if_too_large("ntk_gram", shape, "use fewer samples at a time")
        return self._finite("ntk_gram", ntk_gram(self._forward(theta)))

    def input_jacobian(self, theta: npt.ArrayLike) -> Batch:
        """∇ₓf at every sample, (n, C, d)."""
        return self._finite("input_jacobian", input_jacobian(self._forward(theta)))

    def complexity(self, theta: npt.ArrayLike) -> float:
        """Cx = (1/n) Σ_i ‖∇ₓf(x_i)‖_F²."""
        value = np.asarray(complexity(self._forward(theta)))
        return float(self._finite("complexity", value))

    def spectrum(self, theta: npt.ArrayLike) -> Spectrum:
        """Eigenvalues of H in descending order, with a bound on their error."""
        refuse_if_too_large(
            "hessian for spectrum",
            (self.p, self.p),
            "use hessian_operator with an iterative method instead",
            copies=SPECTRUM_COPIES,
        )
        fwd = self._forward(theta)
        H = self._finite("hessian", hessian(fwd))
        model = error_model(self.activation, self.loss_function, fwd)
        return spectrum(H, model.around(H, hessian).radius)

    def block(
        self, theta: npt.ArrayLike, matrix: str, rows: str, columns: str
    ) -> Matrix:
        """One block of H, G, F, Fisher or empirical Fisher.

        Where the whole matrix would not fit in memory, a block of H, G or F is made of
        products with it, one for each row or column.

        Parameters
        ----------
        theta : (p,) array-like
            Parameters.
        matrix : {"H", "G", "F", "fisher", "empirical_fisher"}
            Which matrix.
        rows, columns : {"W", "b", "A", "c"}
            Which parameters.

        Raises
        ------
        InputError
            If a name is none of these, and as `hessian` does.
        """
        matrices: dict[str, Callable[[npt.ArrayLike], Matrix]] = {
            "H": self.hessian,
            "G": self.gauss_newton,
            "F": self.residual_hessian,
            "fisher": self.fisher,
            "empirical_fisher": self.empirical_fisher,
        }
        if matrix not in tuple(matrices):
            raise InputError(
                f"matrix is {matrix!r}; expected one of {', '.join(matrices)}"
            )
        place = parameter_slices(inputs=self.d, width=self.m, outputs=self.C)
        for name, value in (("rows", rows), ("columns", columns)):
            if value not in tuple(place):
                raise InputError(f"{name} is {value!r}; expected one of W, b, A, c")
        if matrix in ("H", "G", "F") and not fits((self.p, self.p)):
            return self._block_by_products(theta, matrix, place[rows], place[columns])
        return matrices[matrix](theta)[place[rows], place[columns]]

    def _block_by_products(
        self, theta: npt.ArrayLike, matrix: str, rows: slice, columns: slice
    ) -> Matrix:
        """Products with the unit vectors of the shorter side: the matrix is symmetric."""
        if rows.stop - rows.start < columns.stop - columns.start:
            return self._block_by_products(theta, matrix, columns, rows).T.copy()
        shape = (rows.stop - rows.start, columns.stop - columns.start)
        refuse_if_too_large("block", shape, "use hessian_operator instead")
        products = self._products(theta)
        block, unit = np.empty(shape), np.zeros(self.p)
        for place, column in enumerate(range(columns.start, columns.stop)):
            unit[column] = 1.0
            whole = products.gnvp(unit) if matrix == "G" else products.hvp(unit)
            if matrix == "F":
                whole = whole - products.gnvp(unit)
            block[:, place] = whole[rows]
            unit[column] = 0.0
        return self._finite("block", block)

    def hessians(self, thetas: npt.ArrayLike) -> Batch:
        """H at T parameter vectors, (T, p) → (T, p, p), in one compiled loop."""
        many = finite_array(thetas, "thetas", ("T", self.p))
        shape = (len(many), self.p, self.p)
        refuse_if_too_large("hessians", shape, "pass fewer thetas at a time")
        fwd = self._pass(many)
        self._refuse_kinks(fwd)
        return self._finite("hessians", hessians(fwd))

    def hvp(self, theta: npt.ArrayLike, v: npt.ArrayLike) -> Vector:
        """H v, (p,), without forming H; `hessian_operator` keeps the forward pass."""
        value = self._products(theta).hvp(finite_array(v, "v", (self.p,)))
        return self._finite("hvp", value)

    def gnvp(self, theta: npt.ArrayLike, v: npt.ArrayLike) -> Vector:
        """G v, (p,), without forming G."""
        value = self._products(theta).gnvp(finite_array(v, "v", (self.p,)))
        return self._finite("gnvp", value)

    def hessian_operator(self, theta: npt.ArrayLike) -> "LinearOperator":
        """H as a SciPy LinearOperator that holds the forward pass at θ.

        Returns
        -------
        scipy.sparse.linalg.LinearOperator
            Of shape (p, p); `matvec` is H v, `rmatvec` the same.
        """
        from .operator import HessianOperator

        return HessianOperator(self._products(theta), self.p)

    def _products(self, theta: npt.ArrayLike) -> CachedProducts:
        fwd = self._forward(theta)
        for array in (fwd.f, fwd.s1, fwd.s2, fwd.r):
            self._finite("the forward pass", array)
        return CachedProducts(fwd)

    def _dense(
        self, name: str, kernel: Callable[[Forward], Matrix], theta: npt.ArrayLike
    ) -> Matrix:
        self._refuse_if_too_large(name)
        return self._finite(name, kernel(self._forward(theta)))

    def _refuse_if_too_large(self, name: str) -> None:
        refuse_if_too_large(name, (self.p, self.p), "use hessian_operator instead")

    def _forward(self, theta: npt.ArrayLike, *, smooth: bool = True) -> Forward:
        fwd = self._pass(finite_array(theta, "theta", (self.p,)))
        if smooth:
            self._refuse_kinks(fwd)
        return fwd

    def _pass(self, theta: npt.NDArray[np.float64]) -> Forward:
        # z, σ, σ', σ'' of each unit; f, r, t and S of each output
        columns = 4 * self.m + 3 * self.C + self.C**2
        shape = (*theta.shape[:-1], self.n, columns)
        advice = "use fewer samples, units or outputs at a time"
        refuse_if_too_large("forward pass", shape, advice, copies=2)
        return forward(
            self.activation,
            self.loss_function,
            self.X,
            theta,
            self.targets,
            width=self.m,
            outputs=self.C,
        )

    def _refuse_kinks(self, fwd: Forward) -> None:
        for kink in self.activation.kinks:
            on = np.argwhere(fwd.z == float(kink))
            if len(on):
                *_, i, k = on[0]
                raise InputError(
                    f"theta puts the pre-activation of sample {i} and hidden unit {k} "
                    f"on the kink of {self.activation.name} at {kink}; expected a θ "
                    "off the kinks, where L is twice differentiable: move θ or x"
                )

    def _finite(self, name: str, value: npt.NDArray[Any]) -> npt.NDArray[Any]:
        if not all_finite(value):
            raise InputError(
                f"theta makes {name} overflow with activation "
                f"{self.activation.name}, or meets a point where σ is not defined; "
                "expected finite values: scale θ or X down, or move θ"
            )
        return value


def _exact_gauss_newton(fwd: Forward) -> Matrix:
    """G is H where every residual is 0: the kernel of H is faster than JᵀSJ."""
    return hessian(replace(fwd, r=np.zeros_like(fwd.r)))


def resolved_activation(activation: Any) -> Activation:
    """The definition that a name, an Activation or a SymPy expression stands for.

    Raises
    ------
    InputError
        If it is none of these, undefined, or holds what must not be compiled.
    """
    if isinstance(activation, str):
        return get_activation(activation)
    if not isinstance(activation, Activation):
        return activation_from_expression(activation)
    if isinstance(activation.value, Sigma):
        raise InputError(
            "activation is undefined; expected a definite σ: name one, as in 'tanh'"
        )
    # made by hand, it may hold what must not be compiled
    admit(activation.value, "activation", symbols=(PREACTIVATION,))
    return activation


def _loss(loss: Any) -> Loss:
    if isinstance(loss, Loss):
        return loss
    if not isinstance(loss, str):
        raise InputError(f"loss is {loss!r}; expected one of {', '.join(LOSSES)}")
    return get_loss(loss)
