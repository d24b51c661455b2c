"""numerics/population: losses against torch's derivatives, quadrature and sampling."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from scipy import special

from landtheory.errors import InputError
from landtheory.numerics.population.kernels import KERNELS, Relu
from landtheory.numerics.population.landscape import Landscape

NAMES = tuple(KERNELS)
ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "relu": lambda z: np.maximum(z, 0),
    "erf": lambda z: special.erf(z / np.sqrt(2)),
    "quadratic": np.square,
}


def drawn(name: str, m: int = 2, k: int = 3, d: int = 4) -> tuple[Landscape, Any]:
    rng = np.random.default_rng(7)
    teacher = rng.standard_normal((k, d))
    return Landscape(activation=name, teacher=teacher), rng.standard_normal((m, d))


def textbook(name: str, u: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """κ as Cho and Saul, Saad and Solla, and Isserlis write it."""
    q, a, b = u @ v, u @ u, v @ v
    if name == "quadratic":
        return a * b + 2 * q**2
    if name == "erf":
        return 2 / torch.pi * torch.asin(q / torch.sqrt((1 + a) * (1 + b)))
    cos = q / torch.sqrt(a * b)
    angle = torch.acos(cos)
    inner = torch.sin(angle) + (torch.pi - angle) * cos
    return torch.sqrt(a * b) * inner / (2 * torch.pi)


def torch_loss(name: str, V: Any) -> Callable[[torch.Tensor], torch.Tensor]:
    """L with κ(w, w) by its own formula, since arccos has no derivative at 1."""
    own = {
        "relu": lambda w: w @ w / 2,
        "erf": lambda w: textbook("erf", w, w),
        "quadratic": lambda w: 3 * (w @ w) ** 2,
    }[name]

    def loss(W: torch.Tensor) -> torch.Tensor:
        total = torch.zeros((), dtype=torch.float64)
        for i, w in enumerate(W):
            total = total + own(w) / 2
            for other in W[:i]:
                total = total + textbook(name, w, other)
            for v in V:
                total = total - textbook(name, w, v)
        return total

    return loss


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("m", "k", "d"), [(2, 3, 4), (3, 1, 2), (1, 2, 5)])
def test_the_derivatives_are_those_of_autodiff(
    name: str, m: int, k: int, d: int
) -> None:
    landscape, W = drawn(name, m, k, d)
    loss = torch_loss(name, torch.tensor(landscape.teacher))
    at = torch.tensor(W)
    gradient = torch.func.grad(loss)(at).numpy()
    hessian = torch.func.hessian(loss)(at).numpy().reshape(m * d, m * d)
    scale = np.abs(hessian).max()
    assert np.allclose(landscape.gradient(W), gradient, rtol=0, atol=1e-12 * scale)
    found = landscape.hessian(W)
    assert np.allclose(found, hessian, rtol=0, atol=1e-12 * scale)
    assert np.array_equal(found, found.T)


@pytest.mark.parametrize("name", ["erf", "quadratic"])
def test_the_loss_is_its_gaussian_integral(name: str) -> None:
    landscape, W = drawn(name, 2, 3, 2)
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    weights = weights / weights.sum()
    x = np.stack(np.meshgrid(nodes, nodes, indexing="ij"), axis=-1)
    sigma = ACTIVATIONS[name]
    gap = sigma(x @ W.T).sum(-1) - sigma(x @ landscape.teacher.T).sum(-1)
    assert landscape.loss(W) == pytest.approx(weights @ gap**2 @ weights / 2, rel=1e-10)


@pytest.mark.parametrize("name", NAMES)
def test_the_loss_is_the_mean_over_samples(name: str) -> None:
    landscape, W = drawn(name)
    x = np.random.default_rng(1).standard_normal((200_000, 4))
    sigma = ACTIVATIONS[name]
    gap = sigma(x @ W.T).sum(1) - sigma(x @ landscape.teacher.T).sum(1)
    sample = gap**2 / 2
    error = sample.std() / np.sqrt(len(sample))
    assert abs(landscape.loss(W) - sample.mean()) < 5 * error
    # a mutant that forgets the ½ would be seen
    assert abs(2 * landscape.loss(W) - sample.mean()) > 5 * error


@pytest.mark.parametrize("name", NAMES)
def test_the_teacher_is_a_critical_point_of_loss_0(name: str) -> None:
    landscape, _ = drawn(name)
    W = landscape.teacher[::-1].copy()
    scale = np.abs(landscape.hessian(W)).max()
    assert abs(landscape.loss(W)) < 1e-12 * scale
    assert np.abs(landscape.gradient(W)).max() < 1e-13 * scale
    assert np.linalg.eigvalsh(landscape.hessian(W))[0] > -1e-12 * scale


@pytest.mark.parametrize(("sign", "mixed"), [(1, 0.5), (-1, 0.0)])
def test_relu_has_its_limits_at_equal_and_opposite_directions(
    sign: int, mixed: float
) -> None:
    w = np.array([[0.3, -0.4, 1.2]])
    kernel, across = Relu(), np.array([1.0, 2.0, -0.5])
    exactly = sign * 2 * w
    assert np.allclose(kernel.second(w, exactly), 0, rtol=0, atol=1e-8)
    expected = mixed * np.eye(3)
    assert np.allclose(kernel.mixed(w, exactly)[0, 0], expected, rtol=0, atol=1e-8)
    for step in (1e-15, 1e-12, 1e-9, 1e-6):
        near = exactly + step * across
        assert np.abs(kernel.second(w, near)).max() < 10 * max(step, 1e-15)
        error = np.abs(kernel.mixed(w, near)[0, 0] - expected).max()
        assert error < 10 * max(step, 1e-15)


def hessian_without(name: str, mistake: str) -> Callable[[Landscape, Any], Any]:
    """The Hessian with one mistake."""

    def wrong(landscape: Landscape, W: Any) -> Any:
        H, (m, d) = landscape.hessian(W), W.shape
        kernel = KERNELS[name]
        blocks = H.reshape(m, d, m, d).transpose(0, 2, 1, 3).copy()
        for i in range(m):
            pair = W[i : i + 1]
            if mistake == "own":
                blocks[i, i] -= kernel.mixed(pair, pair)[0, 0]
            if mistake == "teacher":
                blocks[i, i] += kernel.second(pair, landscape.teacher)[0].sum(0)
            if mistake == "off":
                blocks[i, (i + 1) % m] *= 2
        return blocks.transpose(0, 2, 1, 3).reshape(m * d, m * d)

    return wrong


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mistake", ["own", "teacher", "off"])
def test_the_comparison_with_differences_rejects(name: str, mistake: str) -> None:
    landscape, W = drawn(name)
    assert agrees(landscape, W, lambda one, at: one.hessian(at))
    assert not agrees(landscape, W, hessian_without(name, mistake))


def agrees(
    landscape: Landscape, W: Any, candidate: Callable[[Landscape, Any], Any]
) -> bool:
    """Compare with central differences of the gradient."""
    rows, step = [], 1e-5
    for index in range(W.size):
        shift = np.zeros(W.size)
        shift[index] = step
        ahead, back = W + shift.reshape(W.shape), W - shift.reshape(W.shape)
        difference = landscape.gradient(ahead) - landscape.gradient(back)
        rows.append(difference.ravel() / (2 * step))
    reference = np.array(rows)
    error = np.abs(candidate(landscape, W) - reference).max()
    return bool(error < 1e-7 * np.abs(reference).max())


RELU_NORMS = (
    "expected norms from 1e-50 to 1e+50: the loss of ReLU is not twice differentiable "
    "at 0"
)


@pytest.mark.parametrize(
    ("W", "sentence"),
    [
        (np.zeros((2, 4)), f"W has row 0 of norm 0; {RELU_NORMS}"),
        (np.diag([1.0, 1e-60, 0, 0])[:2], f"W has row 1 of norm 1e-60; {RELU_NORMS}"),
        (np.ones((2, 3)), "W has shape (2, 3); expected (m, 4): the inputs of the teacher"),
        (np.ones(4), "W has shape (4,); expected (m, d) with m, d >= 1"),
        (np.ones((0, 4)), "W has shape (0, 4); expected (m, d) with m, d >= 1"),
        (np.full((1, 4), np.nan), "W holds NaN or an infinity; expected finite numbers"),
        (np.full((1, 4), np.inf), "W holds NaN or an infinity; expected finite numbers"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["loss", "gradient", "hessian"])
def test_bad_students_are_refused(W: Any, sentence: str, method: str) -> None:
    landscape, _ = drawn("relu")
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        getattr(landscape, method)(W)


def test_a_neuron_of_0_is_no_trouble_for_smooth_activations() -> None:
    landscape, _ = drawn("erf")
    assert np.all(np.isfinite(landscape.hessian(np.zeros((2, 4)))))
    sentence = (
        "W has row 0 of norm 1e+60; expected norms from 0 to 1e+50: "
        "products of four must not overflow"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        landscape.loss(np.array([[1e60, 0, 0, 0]]))


def test_bad_landscapes_are_refused() -> None:
    with pytest.raises(
        InputError,
        match=r"^activation is 'tanh'; expected one of relu, erf, quadratic$",
    ):
        Landscape(activation="tanh", teacher=np.eye(2))
    with pytest.raises(InputError, match=r"^teacher has row 1 of norm 0; "):
        Landscape(activation="relu", teacher=np.diag([1.0, 0.0]))
