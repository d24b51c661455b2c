"""numerics/two_layer.py and its kernels: held against torch.func and complex steps."""

import re
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
import sympy as sp
import torch
from support.problems import CASES, LOSSES, make
from support.references import torch_gradient, torch_hessian, torch_output

from landtheory.errors import InputError
from landtheory.numerics import TwoLayerProblem, memory
from landtheory.theory import ACTIVATIONS, UNDEFINED

X = sp.Symbol("x")


def close(value: np.ndarray, reference: np.ndarray) -> bool:
    """Agreement to 1e-12 of the largest entry."""
    scale = max(float(np.abs(reference).max()), 1e-300)
    return bool(np.abs(value - reference).max() <= 1e-12 * scale)


@pytest.mark.parametrize(("activation", "loss", "C"), CASES)
def test_hessian_and_gradient_agree_with_torch(
    activation: str, loss: str, C: int
) -> None:
    problem, theta, X, Y = make(activation, loss, C)
    reference = torch_hessian(activation, loss, X, Y, 4, C)(theta)
    H = problem.hessian(theta)
    assert close(H, reference)
    assert np.array_equal(H, H.T)
    slope = torch_gradient(activation, loss, X, Y, 4, C)(theta)
    assert close(problem.gradient(theta), slope)
    parts = problem.gauss_newton(theta) + problem.residual_hessian(theta)
    assert close(parts, reference)
    assert close(problem.hessians(np.stack([theta, theta]))[1], reference)


@pytest.mark.parametrize(("loss", "C"), LOSSES)
def test_products_agree_with_torch(loss: str, C: int) -> None:
    problem, theta, X, Y = make("tanh", loss, C)
    reference = torch_hessian("tanh", loss, X, Y, 4, C)(theta)
    v = np.random.default_rng(1).standard_normal(problem.p)
    assert close(problem.hvp(theta, v), reference @ v)
    assert close(problem.gnvp(theta, v), problem.gauss_newton(theta) @ v)
    operator = problem.hessian_operator(theta)
    assert operator.shape == (problem.p, problem.p)
    assert close(operator @ np.eye(problem.p), reference)
    assert close(operator.H @ v, reference @ v)


@pytest.mark.parametrize(("loss", "C"), LOSSES)
def test_jacobian_gram_and_input_jacobian_agree_with_torch(loss: str, C: int) -> None:
    problem, theta, X, _ = make("gelu", loss, C)
    output = torch_output("gelu", X, 4, C)
    J = torch.func.jacrev(output)(torch.tensor(theta)).numpy().reshape(7 * C, -1)
    assert close(problem.jacobian(theta), J)
    assert close(problem.ntk_gram(theta), J @ J.T)
    assert close(problem.output(theta), output(torch.tensor(theta)).numpy())

    def one(x: torch.Tensor) -> torch.Tensor:
        at = torch_output("gelu", np.zeros((1, 3)), 4, C)
        del at
        W = torch.tensor(theta[:12].reshape(4, 3))
        b = torch.tensor(theta[12:16])
        A = torch.tensor(theta[16 : 16 + 4 * C].reshape(4, C)).T
        return torch.nn.functional.gelu(W @ x + b) @ A.T

    slopes = torch.vmap(torch.func.jacrev(one))(torch.tensor(X)).numpy()
    assert close(problem.input_jacobian(theta), slopes)
    assert np.isclose(
        problem.complexity(theta), (slopes**2).sum((1, 2)).mean(), rtol=1e-12, atol=0
    )


@pytest.mark.parametrize(("loss", "C"), LOSSES)
def test_fishers_are_sums_of_outer_products(loss: str, C: int) -> None:
    problem, theta, _, Y = make("tanh", loss, C)
    J = problem.jacobian(theta).reshape(7, C, -1)
    f = problem.output(theta)
    total, own = 0.0, 0.0
    for i in range(7):
        if loss == "squared":
            total = total + J[i].T @ J[i] / 7
            g = J[i].T @ (f[i] - Y[i])
        elif loss == "logistic":
            p = 1 / (1 + np.exp(-f[i, 0]))
            for label, weight in ((0, 1 - p), (1, p)):
                h = J[i, 0] * (p - label)
                total = total + weight * np.outer(h, h) / 7
            g = J[i, 0] * (p - Y[i])
        else:
            p = np.exp(f[i]) / np.exp(f[i]).sum()
            for label in range(C):
                h = J[i].T @ (p - np.eye(C)[label])
                total = total + p[label] * np.outer(h, h) / 7
            g = J[i].T @ (p - np.eye(C)[Y[i]])
        own = own + np.outer(g, g) / 7
    assert close(problem.fisher(theta), total)
    assert close(problem.empirical_fisher(theta), own)


def agrees(candidate: Callable[[TwoLayerProblem, np.ndarray], np.ndarray]) -> bool:
    """Compare a Hessian with torch's, at C = 2 and a residual that is not 0."""
    problem, theta, X, Y = make("tanh", "squared", 2)
    return close(
        candidate(problem, theta), torch_hessian("tanh", "squared", X, Y, 4, 2)(theta)
    )


def test_the_comparison_accepts_the_hessian() -> None:
    assert agrees(lambda problem, theta: problem.hessian(theta))


@pytest.mark.parametrize(
    "mutant",
    [
        pytest.param(lambda q, t: q.gauss_newton(t), id="forgets-F"),
        pytest.param(
            lambda q, t: q.gauss_newton(t) - q.residual_hessian(t), id="sign-of-F"
        ),
        pytest.param(lambda q, t: 7 * q.hessian(t), id="forgets-1/n"),
        pytest.param(lambda q, t: q.hessian(t)[::-1, ::-1], id="order-reversed"),
        pytest.param(lambda q, t: 2 * q.hessian(t), id="forgets-the-half"),
    ],
)
def test_the_comparison_rejects(
    mutant: Callable[[TwoLayerProblem, np.ndarray], np.ndarray],
) -> None:
    assert not agrees(mutant)


@pytest.mark.parametrize("C", [1, 3])
@pytest.mark.parametrize("sizes", [(1, 1, 1), (1, 5, 2), (9, 1, 3), (4, 2, 6)])
def test_the_fast_hessian_equals_the_sum_of_its_parts(
    sizes: tuple[int, int, int], C: int
) -> None:
    n, d, m = sizes
    problem, theta, _, _ = make("silu", "squared", C, n=n, d=d, m=m)
    H = problem.hessian(theta)
    assert close(H, problem.gauss_newton(theta) + problem.residual_hessian(theta))


def test_chunks_of_samples_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    from landtheory.numerics import hessian as module

    problem, theta, X, Y = make("tanh", "squared", 1, n=23)
    whole = problem.hessian(theta)
    monkeypatch.setattr(module, "SCRATCH", 1e-9)
    assert close(problem.hessian(theta), whole)
    assert close(whole, torch_hessian("tanh", "squared", X, Y, 4, 1)(theta))


def test_spectrum_is_descending_and_within_its_bound() -> None:
    problem, theta, X, Y = make("tanh", "softmax", 3)
    found = problem.spectrum(theta)
    reference = torch_hessian("tanh", "softmax", X, Y, 4, 3)(theta)
    exact = np.linalg.eigvalsh(reference)[::-1]
    assert (np.diff(found.eigenvalues) <= 0).all()
    assert np.abs(found.eigenvalues - exact).max() <= found.error
    assert found.error <= 1e-10 * np.abs(exact).max()


def test_blocks_are_slices_of_the_matrix() -> None:
    problem, theta, _, _ = make("tanh", "squared", 2)
    H = problem.hessian(theta)
    assert np.array_equal(problem.block(theta, "H", "W", "b"), H[:12, 12:16])
    assert np.array_equal(problem.block(theta, "H", "A", "c"), H[16:24, 24:])
    with pytest.raises(InputError, match=re.escape("rows is 'w'; expected one of")):
        problem.block(theta, "H", "w", "b")
    with pytest.raises(InputError, match=re.escape("matrix is 'K'; expected one of")):
        problem.block(theta, "K", "W", "b")
    with pytest.raises(InputError, match=re.escape("matrix is ['H']; expected one of")):
        problem.block(theta, ["H"], "W", "b")


@pytest.mark.parametrize("matrix", ["H", "G", "F"])
def test_blocks_are_made_without_a_matrix_that_does_not_fit(
    matrix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem, theta, _, _ = make("tanh", "softmax", 3)
    whole = [("W", "b"), ("b", "W"), ("A", "A"), ("c", "W")]
    blocks = [problem.block(theta, matrix, *names) for names in whole]
    monkeypatch.setattr(memory, "NEGLIGIBLE", 0)
    monkeypatch.setattr(memory, "available_bytes", lambda: 24 * problem.p**2 - 1)
    with pytest.raises(InputError, match="use hessian_operator instead"):
        problem.hessian(theta)
    for names, block in zip(whole, blocks, strict=True):
        found = problem.block(theta, matrix, *names)
        assert found.shape == block.shape
        assert np.allclose(found, block, rtol=1e-12, atol=1e-14)


def test_a_spectrum_is_asked_for_its_own_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem, theta, _, _ = make("tanh", "squared", 1, d=8, m=8)
    monkeypatch.setattr(memory, "NEGLIGIBLE", 0)
    monkeypatch.setattr(memory, "available_bytes", lambda: 6 * 8 * problem.p**2)
    assert problem.hessian(theta).shape == (problem.p, problem.p)
    with pytest.raises(InputError, match="takes 7 times its size"):
        problem.spectrum(theta)


def test_a_forward_pass_that_does_not_fit_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem, theta, _, _ = make("tanh", "squared", 1)
    monkeypatch.setattr(memory, "NEGLIGIBLE", 0)
    monkeypatch.setattr(memory, "available_bytes", lambda: 100)
    with pytest.raises(InputError, match="forward pass has shape"):
        problem.loss(theta)


def test_a_kink_is_refused_and_the_loss_there_is_not() -> None:
    problem = TwoLayerProblem([[1.0], [2.0]], [0.0, 1.0], activation="relu", width=1)
    theta = np.array([1.0, -1.0, 1.0, 0.0])
    message = (
        "theta puts the pre-activation of sample 0 and hidden unit 0 on the kink of "
        "relu at 0; expected a θ off the kinks, where L is twice differentiable: "
        "move θ or x"
    )
    for method in (problem.hessian, problem.gradient, problem.ntk_gram):
        with pytest.raises(InputError, match=re.escape(message)):
            method(theta)
    with pytest.raises(InputError, match="on the kink"):
        problem.hessians(theta[None])
    assert problem.loss(theta) == 0.0


@pytest.mark.parametrize(
    ("sigma", "bias"),
    [
        (abs(X), 0.0),
        (X / (1 + abs(X)), 0.0),
        (sp.Max(X, 2), 2.0),
        (sp.Piecewise((0, X < 0), (X, True)), 0.0),
    ],
)
def test_a_custom_activation_is_refused_at_its_kink(
    sigma: sp.Expr, bias: float
) -> None:
    problem = TwoLayerProblem([[1.0]], [0.0], activation=sigma, width=1)
    with pytest.raises(InputError, match="on the kink of custom at"):
        problem.hessian(np.array([0.0, bias, 1.0, 0.0]))
    assert problem.hessian(np.array([0.25, bias, 1.0, 0.0])).shape == (4, 4)


def test_identity_is_never_refused() -> None:
    problem = TwoLayerProblem([[0.0]], [0.0], activation="identity", width=1)
    assert problem.hessian(np.zeros(4)).shape == (4, 4)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"width": 0}, "width is 0; expected an integer m >= 1"),
        ({"width": 2.0}, "width is 2.0; expected an integer m >= 1"),
        ({"X": [1.0, 2.0]}, "X has shape (2,); expected (n, d) with no empty axis"),
        ({"X": [[np.nan]]}, "X[0, 0] is nan; expected finite numbers"),
        ({"X": [["a"]]}, "X has dtype <U1; expected integers or floats"),
        ({"X": [[1.0], [1.0, 2.0]]}, "X is ragged; expected an array with rows of"),
        ({"Y": [1.0, 2.0]}, "Y has shape (2,); expected (1,) with no empty axis"),
        ({"Y": [[1.0], [1.0, 2.0]]}, "Y is ragged; expected an array with rows of"),
        ({"X": np.ma.array([[1.0]], mask=[[True]])}, "X is a masked array; expected a"),
        ({"Y": np.ma.array([1.0], mask=[True])}, "Y is a masked array; expected a"),
        ({"width": True}, "width is True; expected an integer m >= 1"),
        ({"width": np.bool_(True)}, "width is np.True_; expected an integer m >= 1"),
        ({"activation": UNDEFINED}, "activation is undefined; expected a definite σ"),
        ({"activation": None}, "activation is None; expected a SymPy expression"),
        ({"loss": None}, "loss is None; expected one of squared, logistic, softmax"),
        ({"loss": ["squared"]}, "loss is ['squared']; expected one of squared,"),
        ({"outputs": 0}, "outputs is 0; expected an integer C >= 1"),
        ({"activation": "relux"}, "activation is 'relux'; expected one of identity,"),
        ({"loss": "hinge"}, "loss is 'hinge'; expected one of squared, logistic,"),
        ({"loss": "logistic", "Y": [2]}, "Y holds 2; expected 0 or 1 for the logistic"),
        ({"loss": "logistic", "Y": [1], "outputs": 2}, "outputs is 2; expected 1 for"),
        ({"loss": "softmax", "Y": [0.5]}, "Y holds 0.5; expected integer labels from"),
        ({"loss": "softmax", "Y": [-1]}, "Y holds -1; expected integer labels from"),
        (
            {"loss": "softmax", "Y": [3], "outputs": 2},
            "Y holds the label 3; expected labels below outputs = 2",
        ),
    ],
)
def test_bad_input_is_refused_in_one_sentence(
    change: dict[str, object], sentence: str
) -> None:
    arguments = {"X": [[1.0]], "Y": [1.0], "activation": "tanh", "width": 1} | change
    with pytest.raises(InputError, match=re.escape(sentence)):
        TwoLayerProblem(arguments.pop("X"), arguments.pop("Y"), **arguments)


def test_theta_of_a_wrong_shape_or_value_is_refused() -> None:
    problem, theta, _, _ = make("tanh", "squared", 1)
    with pytest.raises(InputError, match=re.escape("theta has shape (3,); expected (")):
        problem.hessian(theta[:3])
    with pytest.raises(InputError, match=re.escape("theta[2] is inf; expected finite")):
        problem.loss(np.where(np.arange(len(theta)) == 2, np.inf, theta))
    with pytest.raises(InputError, match=re.escape("v has shape (2,)")):
        problem.hvp(theta, theta[:2])


def test_overflow_has_a_name() -> None:
    problem = TwoLayerProblem([[1.0]], [0.0], activation="exp", width=1)
    with pytest.raises(InputError, match="overflow with activation exp"):
        problem.hessian(np.array([800.0, 0.0, 1.0, 0.0]))


def test_softmax_outputs_default_to_the_largest_label() -> None:
    problem = TwoLayerProblem(
        np.eye(3), [0, 2, 1], activation="tanh", loss="softmax", width=2
    )
    assert problem.C == 3


def test_a_hessian_that_does_not_fit_is_refused_before_anything_is_allocated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem, theta, _, _ = make("tanh", "squared", 1)
    monkeypatch.setattr(memory, "available_bytes", lambda: 24 * problem.p**2 - 1)
    monkeypatch.setattr(memory, "NEGLIGIBLE", 0)
    with pytest.raises(InputError, match="use hessian_operator instead"):
        problem.hessian(theta)
    assert problem.hvp(theta, theta).shape == theta.shape


@pytest.mark.parametrize("activation", [a for a in ACTIVATIONS if a != "exp"])
def test_saturated_units_stay_finite(activation: str) -> None:
    problem = TwoLayerProblem(
        [[1.0], [-1.0]], [0.0, 1.0], activation=activation, width=1
    )
    H = problem.hessian(np.array([800.0, 0.25, 1.0, 0.0]))
    assert np.isfinite(H).all()


def test_labels_of_float32_inputs_are_promoted() -> None:
    X = np.ones((2, 1), dtype=np.float32)
    problem = TwoLayerProblem(X, [0.0, 1.0], activation="tanh", width=1)
    assert problem.X.dtype == np.float64


@pytest.mark.parametrize("number", [np.int64(2), np.uint8(2)])
def test_sizes_may_be_numpy_integers(number: np.integer) -> None:
    problem = TwoLayerProblem(
        [[1.0]], [[1.0, 2.0]], activation="tanh", width=number, outputs=number
    )
    assert (problem.m, problem.C, problem.p) == (2, 2, 10)
    assert type(problem.p) is int


def test_the_strategies_are_an_attribute_that_loads_hypothesis_late() -> None:
    code = (
        "import sys, landtheory.numerics as n; a = 'hypothesis' in sys.modules; "
        "print(a, n.strategies.__name__, 'hypothesis' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "landtheory.numerics.strategies", "True"]


@pytest.mark.parametrize("scale", [1e155, 1e200, 1e300])
@pytest.mark.parametrize("activation", ["relu", "tanh", "exp", "cubic"])
def test_what_overflows_is_one_sentence_and_no_warning(
    scale: float, activation: str
) -> None:
    rng = np.random.default_rng(0)
    X, y = scale * rng.standard_normal((5, 2)), rng.standard_normal(5)
    problem = TwoLayerProblem(X, y, activation=activation, width=3)
    theta = rng.standard_normal(problem.p)
    for name in ("loss", "gradient", "hessian", "fisher", "ntk_gram", "spectrum"):
        said = outcome(problem, name, theta)
        assert said is None or "overflow" in said


def outcome(problem: TwoLayerProblem, name: str, theta: np.ndarray) -> str | None:
    """What an InputError says; None where the numbers are finite."""
    try:
        value = getattr(problem, name)(theta)
    except InputError as error:
        return str(error)
    numbers = value.eigenvalues if name == "spectrum" else value
    return None if np.isfinite(numbers).all() else "not finite"
