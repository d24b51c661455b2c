"""landscape/gram.py, against Jᵀ S J with J and S by torch.func, no block assumed."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import torch
from support.landscape import dense_gauss_newton, half_square, relu_net, seeded
from torch import Tensor, nn

from landtheory.deep.landscape.gram import GaussNewton, gauss_newton
from landtheory.deep.landscape.point import Point
from landtheory.errors import InputError

n, d = 7, 3
X = torch.randn(n, d, generator=seeded(1)).double()
LABELS = torch.randint(3, (n,), generator=seeded(2))
LOSSES: dict[str, tuple[Any, Tensor, str]] = {
    "half square": (half_square, torch.randn(n, 2, generator=seeded(3)).double(), "mean"),
    "one output": (half_square, torch.randn(n, 1, generator=seeded(3)).double(), "mean"),
    "torch's square": (nn.MSELoss(), torch.randn(n, 2, generator=seeded(3)).double(), ""),
    "summed": (
        nn.MSELoss(reduction="sum"), torch.randn(n, 2, generator=seeded(3)).double(), "",
    ),
    "cross-entropy": (nn.CrossEntropyLoss(), LABELS, ""),
    "weighted": (
        nn.CrossEntropyLoss(weight=torch.tensor([0.5, 1.0, 3.0]).double()), LABELS, "",
    ),
}  # fmt: skip


def case(name: str, *, batch_size: int | None = None) -> tuple[Point, Tensor]:
    loss, y, reduction = LOSSES[name]
    outputs = 3 if y.ndim == 1 else y.shape[1]
    model = relu_net(d, 5, outputs, scale=0.7)
    point = Point(model, loss, (X, y), reduction or None, batch_size=batch_size)  # type: ignore[arg-type]
    return point, dense_gauss_newton(model, loss, X, y)


def agrees(
    name: str, candidate: Callable[[Point], GaussNewton], **options: Any
) -> bool:
    point, G = case(name, **options)
    found = candidate(point)
    values = torch.linalg.eigvalsh(G).flip(0)
    k = len(found.eigenvalues)
    size = float(values[0])
    listed = torch.cat([found.eigenvalues, torch.zeros(len(values) - k).double()])
    differences = [
        float((listed - values).abs().max()),
        float((found.factor.T @ found.factor - G).abs().max()),
        abs(found.trace - float(G.trace())),
        abs(found.frobenius_norm - float(G.norm())),
    ]
    return max(differences) < 1e-12 * size


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("batch_size", [None, 3])
def test_factor_and_spectrum_are_those_of_the_dense_matrix(
    name: str, batch_size: int | None
) -> None:
    assert agrees(name, gauss_newton, batch_size=batch_size)


def test_more_rows_than_parameters_take_the_smaller_matrix() -> None:
    model = relu_net(1, 2, 1)
    x, y = torch.randn(20, 1, generator=seeded(4)), torch.zeros(20, 1)
    point = Point(model, half_square, (x, y), "mean")
    found = gauss_newton(point)
    G = dense_gauss_newton(model, half_square, x.double(), y.double())
    assert len(found.eigenvalues) == point.p == 7
    values = torch.linalg.eigvalsh(G).flip(0)
    assert float((found.eigenvalues - values).abs().max()) < 1e-13 * float(values[0])
    assert found.error < 1e-12 * found.trace


def mutated(change: Callable[[Tensor], Tensor]) -> Callable[[Point], GaussNewton]:
    """The same from another factor."""

    def candidate(point: Point) -> GaussNewton:
        A = change(gauss_newton(point).factor)
        K = A @ A.T
        return GaussNewton(
            factor=A,
            eigenvalues=torch.linalg.eigvalsh(K).flip(0).clamp(min=0),
            error=0.0,
            trace=float(K.trace()),
            frobenius_norm=float(K.norm()),
        )

    return candidate


def without_curvature(point: Point) -> GaussNewton:
    """S left out: J Jᵀ / n, which is right for the squared loss alone."""
    with point.ready(), torch.enable_grad():
        leaves = [t.detach().requires_grad_() for t in point.risk.objective.theta]
        (_, batch), *_ = point.weighted_batches()
        f = point.risk.objective.output(leaves, batch).reshape(-1)
        rows = [
            torch.cat(
                [
                    g.reshape(-1)
                    for g in torch.autograd.grad(v, leaves, retain_graph=True)
                ]
            )
            for v in f
        ]
    A = torch.stack(rows) / point.n**0.5
    K = A @ A.T
    return GaussNewton(
        factor=A, eigenvalues=torch.linalg.eigvalsh(K).flip(0).clamp(min=0), error=0.0,
        trace=float(K.trace()), frobenius_norm=float(K.norm()),
    )  # fmt: skip


def test_a_missing_n_a_missing_root_and_a_missing_curvature_are_rejected() -> None:
    assert not agrees("half square", mutated(lambda A: A * n**0.5))
    assert not agrees("half square", mutated(lambda A: A[:-1]))
    assert not agrees("half square", mutated(lambda A: A.flip(1)))
    assert agrees("half square", without_curvature)
    assert not agrees("cross-entropy", without_curvature)
    assert not agrees("weighted", without_curvature)


def refusal(loss: Any, *, theta: float = 0.5) -> str:
    model = nn.Linear(1, 1, bias=False).double()
    with torch.no_grad():
        model.weight.fill_(theta)
    x = torch.arange(1.0, 4.0).double()[:, None]
    with pytest.raises(InputError) as caught:
        gauss_newton(Point(model, loss, (x, 0 * x), "mean"))
    return str(caught.value)


def test_losses_without_such_a_factor_are_refused() -> None:
    def joined(f: Tensor, _: Tensor) -> Tensor:
        return f.mean() ** 2

    def concave(f: Tensor, _: Tensor) -> Tensor:
        return -f.square().mean()

    def rooted(f: Tensor, _: Tensor) -> Tensor:
        return f.abs().pow(1.5).mean()

    assert refusal(joined) == (
        "loss is joined, which joins samples; expected a mean or a sum over samples: use "
        "method lanczos"
    )
    assert re.fullmatch(
        re.escape("loss is concave, whose second derivative has the eigenvalue -")
        + r"[0-9.]+"
        + re.escape("; expected one that is convex in the outputs: use method lanczos"),
        refusal(concave),
    )
    assert refusal(rooted, theta=0.0) == (
        "loss is rooted, whose second derivative is not finite; expected one that is "
        "twice differentiable at the outputs"
    )


def test_a_derivative_that_is_not_finite_is_refused() -> None:
    class Rooted(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.w = nn.Parameter(torch.zeros(1, dtype=torch.float64))

        def forward(self, x: Tensor) -> Tensor:
            return x * self.w.sqrt()

    x = torch.ones(2, 1).double()
    with pytest.raises(
        InputError,
        match=re.escape(
            "the derivative of the outputs is not finite; expected a network that is "
            "differentiable at its weights"
        ),
    ):
        gauss_newton(Point(Rooted(), half_square, (x, x), "mean"))
