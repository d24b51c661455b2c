"""Hypothesis strategies for two-layer networks and their data.

For testing theorems of your own:

    from hypothesis import given
    from landtheory.numerics import strategies

    @given(strategies.instances(losses=("squared",)))
    def test_my_conjecture(instance):
        problem = strategies.problem(instance)
        assert problem.loss(instance.theta) >= 0

Everything shrinks to small whole numbers, and all sizes to 1. Networks with a kinked σ
are drawn off the kinks: every pre-activation differs from every kink.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sympy import Expr

from ..errors import InputError
from ..theory.activations import ACTIVATIONS, Activation
from ..theory.losses import LOSSES, Loss, get_loss
from ..theory.symbols import positive_integer
from .critical import stationary_residuals
from .forward import forward, parameter_count
from .instances import Instance
from .two_layer import TwoLayerProblem, resolved_activation

__all__ = [
    "critical_instances",
    "datasets",
    "extreme_instances",
    "inputs",
    "instances",
    "interpolating_instances",
    "numbers",
    "parameters",
    "permutations",
    "problem",
    "problems",
    "rescalings",
    "sign_flips",
]

Floats = npt.NDArray[np.float64]
LARGEST = 1e100
LARGEST_EXPONENT = 1000
"""Powers of two that stay finite and normal, and whose inverses do."""


def numbers(*, bound: float = 4.0) -> st.SearchStrategy[float]:
    """Whole numbers first, then halves and quarters, then floats in [-bound, bound].

    Parameters
    ----------
    bound : float
        Largest magnitude, at least 1.

    Raises
    ------
    InputError
        If it is less, or not a finite number.
    """
    _refuse_bound(bound)
    whole = int(bound)
    return st.one_of(
        st.integers(-whole, whole).map(float),
        st.integers(-4 * whole, 4 * whole).map(lambda k: k / 4),
        st.floats(-bound, bound, allow_subnormal=False),
    )


def inputs(n: int, d: int, *, bound: float = 4.0) -> st.SearchStrategy[Floats]:
    """X (n, d): plain, with the first row repeated, or with all rows on one line."""
    _sizes(n=n, d=d)
    plain = arrays(np.float64, (n, d), elements=numbers(bound=bound))

    def spread(pair: tuple[Floats, str]) -> Floats:
        X, style = pair
        if style == "repeated":
            return np.repeat(X[:1], n, axis=0)
        if style == "line":
            return X[:1] * np.arange(1.0, n + 1)[:, None]
        return X

    styles = st.sampled_from(("plain", "repeated", "line"))
    return st.tuples(plain, styles).map(spread)


def datasets(
    n: int, d: int, *, loss: str = "squared", outputs: int = 1, bound: float = 4.0
) -> st.SearchStrategy[tuple[Floats, npt.NDArray[Any]]]:
    """X (n, d) as in `inputs`, and targets that the loss takes.

    Parameters
    ----------
    n, d : int
        Samples and inputs.
    loss : str
        squared: Y (n, C) float64; logistic: y (n,) in {0, 1}; softmax: y (n,) in
        {0, …, C - 1}.
    outputs : int
        C.
    bound : float
        Largest magnitude of X and of real targets.
    """
    _sizes(n=n, d=d, outputs=outputs)
    kind = _loss(loss).targets
    targets: st.SearchStrategy[npt.NDArray[Any]]
    if kind == "real":
        targets = arrays(np.float64, (n, outputs), elements=numbers(bound=bound))
    else:
        last = 1 if kind == "binary" else outputs - 1
        targets = arrays(np.int64, (n,), elements=st.integers(0, last))
    return st.tuples(inputs(n, d, bound=bound), targets)


def parameters(
    n_inputs: int, width: int, outputs: int, *, bound: float = 4.0
) -> st.SearchStrategy[Floats]:
    """θ (p,), in the catalogue's order."""
    _sizes(n_inputs=n_inputs, width=width, outputs=outputs)
    p = parameter_count(inputs=n_inputs, width=width, outputs=outputs)
    return arrays(np.float64, (p,), elements=numbers(bound=bound))


@st.composite
def instances(
    draw: st.DrawFn,
    *,
    activations: Any = tuple(ACTIVATIONS),
    losses: str | Sequence[str] = tuple(LOSSES),
    max_n: int = 4,
    max_d: int = 3,
    max_m: int = 3,
    max_outputs: int = 2,
    bound: float = 4.0,
) -> Instance:
    """A network with data, off the kinks, nothing overflowing.

    Parameters
    ----------
    activations : str, Activation or sympy.Expr, or a sequence of these
        One σ, or those to choose from.
    losses : str, or sequence of str
        One name, or those to choose from.
    max_n, max_d, max_m, max_outputs : int
        Largest sizes; softmax has at least two outputs, the logistic loss one.
    bound : float
        Largest magnitude of X, θ and Y.

    Raises
    ------
    InputError
        If a size is no positive integer, the bound is less than 1 or not finite, there
        is nothing to choose from, or a name is unknown.
    """
    _sizes(max_n=max_n, max_d=max_d, max_m=max_m, max_outputs=max_outputs)
    some = _several("activations", activations, (str, Activation, Expr))
    activation = _activation(draw(st.sampled_from(some)))
    loss = _loss(draw(st.sampled_from(_several("losses", losses, (str,)))))
    n, d, m = (draw(st.integers(1, top)) for top in (max_n, max_d, max_m))
    least, most = {
        "real": (1, max_outputs),
        "binary": (1, 1),
        "label": (2, max(2, max_outputs)),
    }[loss.targets]
    C = draw(st.integers(least, most))
    x, y = draw(datasets(n, d, loss=loss.name, outputs=C, bound=bound))
    theta = draw(parameters(d, m, C, bound=bound))
    instance = Instance(
        activation=activation, loss=loss, x=x, theta=theta, y=y, width=m, outputs=C
    )
    _assume_usable(instance)
    return instance


@st.composite
def interpolating_instances(draw: st.DrawFn, /, **options: Any) -> Instance:
    """Squared loss, Y defined as f(X): the residual is 0 exactly.

    Parameters
    ----------
    **options
        As for `instances`, but `losses`.
    """
    _none_of(options, "losses", "this strategy has the squared loss")
    instance = draw(instances(losses=("squared",), **options))
    return _with_residual(instance, np.zeros_like(instance.y, dtype=np.float64))


@st.composite
def critical_instances(draw: st.DrawFn, /, **options: Any) -> Instance:
    """Squared loss, Y defined as f(X) - r with Jᵀ r = 0 exactly, so that ∇L(θ) = 0.

    For σ that maps rationals to rationals, r is a rational vector of ker Jᵀ, found by
    exact elimination and scaled to whole numbers; for any other σ inputs are repeated
    and r takes opposite signs on the two copies.

    r itself is `residual` of the instance. Y = f(X) - r is rounded as f(X) is: what
    `problem` computes as f(X) - Y is r to within a few ulps of f(X), and 0 where
    |f| > 2⁵³ |r|, as it may be for exp or cubic; a smaller bound keeps f small.

    Parameters
    ----------
    **options
        As for `instances`, but `losses`.
    """
    _none_of(options, "losses", "this strategy has the squared loss")
    instance = draw(instances(losses=("squared",), **options))
    if instance.activation.polynomial:
        kernel = stationary_residuals(instance)
        assume(kernel)
        return _with_residual(instance, draw(st.sampled_from(kernel)))
    n, C = instance.y.shape[0], instance.outputs
    x = np.concatenate([instance.x, instance.x])
    half = draw(arrays(np.float64, (n, C), elements=st.integers(-3, 3).map(float)))
    assume(half.any())
    doubled = Instance(
        activation=instance.activation,
        loss=instance.loss,
        x=x,
        theta=instance.theta,
        y=np.zeros((2 * n, C)),
        width=instance.width,
        outputs=C,
    )
    return _with_residual(doubled, np.concatenate([half, -half]))


def extreme_instances(**options: Any) -> st.SearchStrategy[Instance]:
    """Instances with entries up to 10⁶: saturated units, huge and tiny products.

    Parameters
    ----------
    **options
        As for `instances`, but `bound`.
    """
    _none_of(options, "bound", "this strategy has its own")
    return instances(bound=1e6, **options)


def rescalings(width: int, *, exponent: int = 3) -> st.SearchStrategy[Floats]:
    """α ∈ (0, ∞)^m, powers of two from 2^-exponent to 2^exponent: exact in floats.

    Parameters
    ----------
    width : int
        m.
    exponent : int
        Largest power, at most 1000.

    Raises
    ------
    InputError
        If either is no positive integer, or the power is larger.
    """
    _sizes(width=width)
    if not positive_integer(exponent) or exponent > LARGEST_EXPONENT:
        raise InputError(
            f"exponent is {exponent!r}; expected an integer from 1 to "
            f"{LARGEST_EXPONENT}"
        )
    powers = st.integers(-exponent, exponent).map(lambda k: 2.0**k)
    return arrays(np.float64, (width,), elements=powers)


def permutations(width: int) -> st.SearchStrategy[npt.NDArray[np.int64]]:
    """Permutations of the hidden units, (m,)."""
    _sizes(width=width)
    order = st.permutations(list(range(width)))
    return order.map(lambda p: np.array(p, dtype=np.int64))


def sign_flips(width: int) -> st.SearchStrategy[Floats]:
    """A sign for each hidden unit, (m,)."""
    _sizes(width=width)
    return arrays(np.float64, (width,), elements=st.sampled_from((1.0, -1.0)))


def problem(instance: Instance) -> TwoLayerProblem:
    """The instance's loss as a `TwoLayerProblem`; its θ is `instance.theta`."""
    return TwoLayerProblem(
        instance.x,
        instance.y,
        activation=instance.activation,
        loss=instance.loss,
        width=instance.width,
        outputs=instance.outputs,
    )


def problems(**options: Any) -> st.SearchStrategy[tuple[TwoLayerProblem, Floats]]:
    """(problem, θ), where the instance itself is not needed.

    Parameters
    ----------
    **options
        As for `instances`.
    """
    return instances(**options).map(lambda found: (problem(found), found.theta))


def _sizes(**sizes: object) -> None:
    for name, size in sizes.items():
        if not positive_integer(size):
            raise InputError(f"{name} is {size!r}; expected an integer, at least 1")


def _refuse_bound(bound: Any) -> None:
    real = isinstance(bound, int | float | np.integer | np.floating)
    if isinstance(bound, bool) or not (real and 1 <= bound <= LARGEST):
        raise InputError(f"bound is {bound!r}; expected a number from 1 to {LARGEST:g}")


def _several(name: str, values: Any, kinds: tuple[type, ...]) -> tuple[Any, ...]:
    """One value, or several, to draw from."""
    if isinstance(values, kinds):
        return (values,)
    if not isinstance(values, Sequence | set | frozenset) or not values:
        raise InputError(f"{name} is {values!r}; expected one or more: name them")
    return tuple(values)


def _activation(value: Any) -> Activation:
    return (
        _from_expression(value)
        if isinstance(value, Expr)
        else (resolved_activation(value))
    )


@cache
def _from_expression(expression: Expr) -> Activation:
    """Not read anew for every example."""
    return resolved_activation(expression)


def _loss(name: object) -> Loss:
    if not isinstance(name, str):
        raise InputError(f"loss is {name!r}; expected one of {', '.join(LOSSES)}")
    return get_loss(name)


def _none_of(options: dict[str, Any], name: str, why: str) -> None:
    if name in options:
        raise InputError(f"{name} is {options[name]!r}; expected none: {why}")


def _assume_usable(instance: Instance) -> None:
    """Off the kinks, and every number far from overflow."""
    fwd = _forward(instance, np.zeros((len(instance.x), instance.outputs)))
    for kink in instance.activation.kinks:
        assume((fwd.z != float(kink)).all())
    for array in (fwd.s0, fwd.s1, fwd.s2, fwd.f):
        assume(np.isfinite(array).all() and (np.abs(array) < LARGEST).all())


def _forward(instance: Instance, residual: Floats) -> Any:
    return forward(
        instance.activation,
        get_loss("squared"),
        instance.x,
        instance.theta,
        None,
        width=instance.width,
        outputs=instance.outputs,
        residual=residual,
    )


def _with_residual(instance: Instance, residual: Floats) -> Instance:
    return Instance(
        activation=instance.activation,
        loss=instance.loss,
        x=instance.x,
        theta=instance.theta,
        y=_forward(instance, residual).t.copy(),
        width=instance.width,
        outputs=instance.outputs,
        residual=residual,
    )
