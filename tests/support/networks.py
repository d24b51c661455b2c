"""Small networks in float64, and their matrices by brute force.

Everything here differentiates the model's own parameters with reverse mode alone, one row
at a time: no functional call, no forward mode, no recording.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["NETWORKS", "Case", "close", "dense_hessian", "dense_jacobian", "identity"]


class Case(NamedTuple):
    """A model in evaluation mode, a loss, and data."""

    model: nn.Module
    loss: Any
    inputs: Any
    targets: Tensor


class Attention(nn.Module):
    """Tokens to classes: embedding, fused attention, normalisation, gelu."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(6, 4)
        self.qkv = nn.Linear(4, 12, bias=False)
        self.norm = nn.LayerNorm(4)
        self.out = nn.Linear(4, 3)

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        x = self.embedding(tokens)
        q, k, v = (
            part.view(*part.shape[:2], 2, 2).transpose(1, 2)
            for part in self.qkv(x).chunk(3, -1)
        )
        attended = functional.scaled_dot_product_attention(
            q, k, v, attn_mask=mask[:, None, None]
        )
        x = self.norm(x + attended.transpose(1, 2).flatten(2))
        return self.out(functional.gelu(x).mean(1))


class Tied(nn.Module):
    """One matrix used twice."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(3, 3)
        self.second = nn.Linear(3, 3)
        self.second.weight = self.first.weight

    def forward(self, x: Tensor) -> Tensor:
        return self.second(torch.tanh(self.first(x)))


class Partial(nn.Module):
    """A parameter that is not used, and one that enters linearly and alone."""

    def __init__(self) -> None:
        super().__init__()
        self.used = nn.Linear(3, 2)
        self.unused = nn.Parameter(torch.ones(2))
        self.offset = nn.Parameter(torch.ones(1))

    def forward(self, x: Tensor) -> Tensor:
        return torch.tanh(self.used(x)) + self.offset


class Recurrent(nn.Module):
    """The last state of a GRU."""

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(3, 3, batch_first=True)
        self.out = nn.Linear(3, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.out(self.gru(x)[0][:, -1])


class Noted(nn.Module):
    """Writes into a buffer, caches a tensor and uses in-place operations."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(3, 4)
        self.out = nn.Linear(4, 3)
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        x = self.layer(x)
        self.cached = x
        room = torch.zeros_like(x)
        room[:, :2] = x[:, :2].sin()
        room[:, 2:] += torch.tanh(x[:, 2:])
        return self.out(room.mul_(0.5).clone().sin_())


class Doubled(nn.Module):
    """A parametrization: the weight is computed from the parameter."""

    def forward(self, weight: Tensor) -> Tensor:
        return weight + weight.T @ weight


def _computed() -> nn.Module:
    layer = nn.Linear(4, 4)
    nn.utils.parametrize.register_parametrization(layer, "weight", Doubled())
    return nn.Sequential(layer, nn.Tanh(), nn.Linear(4, 3))


def _conv() -> nn.Module:
    model = nn.Sequential(
        nn.Conv2d(2, 3, 3, padding=1, bias=False),
        nn.BatchNorm2d(3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(3, 4, 3, stride=2, padding=1),
        nn.Softplus(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(4, 3),
    )
    norm = model[1]
    norm.running_mean.normal_(generator=_generator(5))
    norm.running_var.uniform_(0.5, 2, generator=_generator(6))
    return model


def _mlp(activation: type[nn.Module]) -> nn.Module:
    return nn.Sequential(
        nn.Linear(4, 5), activation(), nn.Linear(5, 4), activation(), nn.Linear(4, 3)
    )


def _encoder() -> nn.Module:
    layer = nn.TransformerEncoderLayer(4, 2, 6, dropout=0.5, batch_first=True)
    return nn.Sequential(layer, nn.Flatten(), nn.Linear(12, 3))


def _case(
    make: Callable[[], nn.Module],
    shape: tuple[int, ...],
    loss: Any = None,
    *,
    n: int = 7,
    C: int = 3,
) -> Callable[[], Case]:
    def made() -> Case:
        generator = _generator(0)
        model = _initialised(make())
        X = torch.randn(n, *shape, generator=generator, dtype=torch.float64)
        if loss is None:
            y = torch.randint(C, (n,), generator=generator)
            return Case(model, nn.CrossEntropyLoss(), X, y)
        Y = torch.rand(n, C, generator=generator, dtype=torch.float64)
        return Case(model, loss, X, Y)

    return made


def _attention() -> Case:
    generator = _generator(0)
    model = _initialised(Attention())
    tokens = torch.randint(6, (5, 4), generator=generator)
    mask = torch.rand(5, 4, generator=generator) < 0.7
    mask[:, 0] = True
    y = torch.randint(3, (5,), generator=generator)
    inputs = {"tokens": tokens, "mask": mask}
    return Case(model, nn.CrossEntropyLoss(), inputs, y)


def _initialised(model: nn.Module) -> nn.Module:
    model = model.double().eval()
    generator = _generator(1)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0, 0.6, generator=generator)
    return model


def _generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


NETWORKS: dict[str, Callable[[], Case]] = {
    "tanh": _case(lambda: _mlp(nn.Tanh), (4,)),
    "relu": _case(lambda: _mlp(nn.ReLU), (4,)),
    "silu": _case(lambda: _mlp(nn.SiLU), (4,)),
    "squared": _case(lambda: _mlp(nn.Sigmoid), (4,), nn.MSELoss()),
    "summed": _case(lambda: _mlp(nn.GELU), (4,), nn.MSELoss(reduction="sum")),
    "bernoulli": _case(lambda: _mlp(nn.Tanh), (4,), nn.BCEWithLogitsLoss()),
    "huber": _case(lambda: _mlp(nn.Tanh), (4,), nn.HuberLoss(delta=0.7)),
    "computed": _case(_computed, (4,)),
    "conv": _case(_conv, (2, 6, 6)),
    "attention": _attention,
    "encoder": _case(_encoder, (3, 4)),
    "tied": _case(Tied, (3,)),
    "partial": _case(Partial, (3,), nn.MSELoss(), C=2),
    "recurrent": _case(Recurrent, (4, 3)),
    "noted": _case(Noted, (3,)),
}
"""Networks by name; each call makes a new one, the same every time."""


def output(case: Case) -> Tensor:
    """f for all samples."""
    if isinstance(case.inputs, dict):
        return case.model(**case.inputs)
    return case.model(case.inputs)


def parameters(case: Case) -> list[nn.Parameter]:
    return [each for each in case.model.parameters() if each.requires_grad]


def flat_rows(scalars: Tensor, theta: list[nn.Parameter]) -> Tensor:
    """∇ of each of some scalars, one after the other."""
    rows = []
    for scalar in scalars.reshape(-1):
        slopes: Any = [None] * len(theta)
        if scalar.requires_grad:
            slopes = torch.autograd.grad(
                scalar, theta, retain_graph=True, allow_unused=True, create_graph=True
            )
        rows.append(
            torch.cat(
                [
                    (torch.zeros_like(t) if s is None else s).reshape(-1)
                    for s, t in zip(slopes, theta, strict=True)
                ]
            )
        )
    return torch.stack(rows)


def attention_by_hand() -> Any:
    """Attention that can be differentiated twice, for the reference too."""
    return torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH)


def dense_gradient(case: Case) -> Tensor:
    """∇L (p,), with a graph behind it."""
    with attention_by_hand():
        return flat_rows(case.loss(output(case), case.targets), parameters(case))[0]


def dense_hessian(case: Case) -> Tensor:
    """∇²L (p, p)."""
    with attention_by_hand():
        return flat_rows(dense_gradient(case), parameters(case)).detach()


def dense_jacobian(case: Case) -> Tensor:
    """∂f/∂θ (n C, p)."""
    with attention_by_hand():
        return flat_rows(output(case), parameters(case)).detach()


def output_hessian(case: Case) -> Tensor:
    """∂²L/∂f² (n C, n C)."""
    f = output(case).detach()
    C = f.numel()
    return torch.func.hessian(lambda g: case.loss(g, case.targets))(f).reshape(C, C)


def dense_gauss_newton(case: Case) -> Tensor:
    """Jᵀ S J (p, p)."""
    J = dense_jacobian(case)
    return J.T @ output_hessian(case) @ J


def identity(p: int, dtype: torch.dtype = torch.float64) -> Tensor:
    return torch.eye(p, dtype=dtype)


def close(value: Tensor, reference: Tensor, tolerance: float = 1e-12) -> bool:
    """Agreement to a tolerance, relative to the largest entry."""
    value, reference = value.detach(), reference.detach()
    scale = max(float(reference.abs().max()), 1e-300)
    return bool((value - reference).abs().max() <= tolerance * scale)
