"""Products with the Hessian of a deep network against torch and its peers, in one process.

    pip install '.[bench]'
    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python benchmarks/products.py

CPU time of one thread on one core, interleaved, medians, in gradients of the same model:
forward pass, loss and torch.autograd.grad, as the user has the model. Everybody has the
same weights and data, in float32, and makes products with the same vector; what is done
once, such as recording or retaining a graph, is timed apart. The relative errors are
against the product in float64; where an input of a ReLU is within rounding of 0, those who
round it to the other side differ by more than rounding.
"""

import copy
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from timing import machine, medians, on_one_core
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from landtheory.deep.data.sets import load_data
from landtheory.deep.models import build_model
from landtheory.deep.operators.operators import HessianOperator

Product = Callable[[], Any]
Maker = Callable[[nn.Module, Tensor, Tensor, Tensor], Product]

LOSS = nn.CrossEntropyLoss()


class Problem(NamedTuple):
    """A network on its data, and how often its products are timed."""

    name: str
    model: nn.Module
    X: Tensor
    y: Tensor
    rounds: int
    repeat: int


def problems() -> list[Problem]:
    """The digits MLP (p = 3466), and a ResNet-8 on CIFAR-shaped noise (p = 78,042)."""
    generator = torch.Generator().manual_seed(0)
    digits = load_data("digits", seed=0, dtype=torch.float32)
    X, y = digits.X[:1000].reshape(1000, 64), digits.y[:1000]
    mlp = build_model("mlp", shape=(64,), classes=10, generator=generator)
    images = torch.randn(32, 3, 32, 32, generator=generator)
    labels = torch.randint(10, (32,), generator=generator)
    resnet = build_model("resnet", shape=(3, 32, 32), classes=10, generator=generator)
    return [
        Problem("MLP 64-32-32-10 on digits, n = 1000", mlp.eval(), X, y, 30, 10),
        Problem("ResNet-8, n = 32", resnet.eval(), images, labels, 11, 1),
    ]


def own(model: nn.Module, X: Tensor, y: Tensor, v: Tensor) -> Product:
    """Recorded, as by default."""
    operator = HessianOperator(model, LOSS, (X, y))
    return lambda: operator @ v


def own_forgetful(model: nn.Module, X: Tensor, y: Tensor, v: Tensor) -> Product:
    """Nothing kept, as where memory is short."""
    operator = HessianOperator(model, LOSS, (X, y), memory=0)
    return lambda: operator @ v


def own_batched(model: nn.Module, X: Tensor, y: Tensor, v: Tensor) -> Product:
    """Eight vectors at a time."""
    operator = HessianOperator(model, LOSS, (X, y))
    V = torch.stack([v] * 8, 1)
    return lambda: operator @ V


def retained(model: nn.Module, X: Tensor, y: Tensor, v: Tensor) -> Product:
    """torch's double backward pass, with the graph of the gradient retained."""
    theta = list(model.parameters())
    slopes = torch.autograd.grad(cross_entropy(model(X), y), theta, create_graph=True)
    parts = split(v, theta)
    return lambda: torch.autograd.grad(slopes, theta, parts, retain_graph=True)


def double_backward(model: nn.Module, X: Tensor, y: Tensor, v: Tensor) -> Product:
    """The same with a new graph for each product."""
    theta = list(model.parameters())
    parts = split(v, theta)

    def product() -> Any:
        loss = cross_entropy(model(X), y)
        slopes = torch.autograd.grad(loss, theta, create_graph=True)
        return torch.autograd.grad(slopes, theta, parts)

    return product


def curvlinops(model: nn.Module, X: Tensor, y: Tensor, v: Tensor) -> Product:
    """curvlinops' HessianLinearOperator."""
    from curvlinops import HessianLinearOperator

    theta = list(model.parameters())
    operator = HessianLinearOperator(
        model, LOSS, theta, [(X, y)], check_deterministic=False
    )
    return lambda: operator @ v


def pyhessian_loader(model: nn.Module, X: Tensor, y: Tensor, v: Tensor) -> Product:
    """PyHessian with a loader."""
    from pyhessian import hessian

    # its constructor reads gradients that only a backward pass leaves
    cross_entropy(model(X), y).backward()
    peer = hessian(model, LOSS, dataloader=[(X, y)], cuda=False)
    parts = split(v, list(model.parameters()))
    return lambda: peer.dataloader_hv_product(parts)[1]


def pyhessian_batch(model: nn.Module, X: Tensor, y: Tensor, v: Tensor) -> Product:
    """PyHessian with one batch, whose graph it retains."""
    from pyhessian import hessian
    from pyhessian.utils import hessian_vector_product

    peer = hessian(model, LOSS, data=(X, y), cuda=False)
    parts = split(v, list(model.parameters()))
    return lambda: hessian_vector_product(peer.gradsH, peer.params, parts)


def eigenthings(model: nn.Module, X: Tensor, y: Tensor, v: Tensor) -> Product:
    """hessian-eigenthings."""
    from hessian_eigenthings.operators import HessianOperator as Peer

    peer = Peer(model, [(X, y)], lambda net, batch: LOSS(net(batch[0]), batch[1]))
    return lambda: peer.matvec(v)


PEERS: dict[str, Maker] = {
    "torch, graph retained": retained,
    "torch, double backward": double_backward,
    "curvlinops": curvlinops,
    "PyHessian, loader": pyhessian_loader,
    "PyHessian, one batch": pyhessian_batch,
    "hessian-eigenthings": eigenthings,
}
OWN: dict[str, Maker] = {
    "landtheory": own,
    "landtheory, nothing kept": own_forgetful,
    "landtheory, 8 vectors, each": own_batched,
}


def split(v: Tensor, theta: list[nn.Parameter]) -> list[Tensor]:
    """A vector as tensors of the parameters' shapes."""
    parts = torch.split(v, [each.numel() for each in theta])
    return [part.view_as(each) for part, each in zip(parts, theta, strict=True)]


def flat(found: Any) -> Tensor:
    """A peer's product as one vector."""
    if isinstance(found, Tensor):
        return (found if found.ndim == 1 else found[:, 0]).detach().double()
    return torch.cat([part.detach().reshape(-1) for part in found]).double()


def report(given: Problem) -> None:
    """Print one line for each method."""
    _, model, X, y, rounds, repeat = given
    p = sum(each.numel() for each in model.parameters())
    v = torch.randn(p, generator=torch.Generator().manual_seed(1))
    wide = copy.deepcopy(model).double()
    exact = HessianOperator(wide, LOSS, (X.double(), y)) @ v.double()
    theta = list(model.parameters())

    def gradient() -> Any:
        return torch.autograd.grad(cross_entropy(model(X), y), theta)

    actions: dict[str, Product] = {"gradient": gradient}
    missing = {}
    for name, maker in (OWN | PEERS).items():
        try:
            actions[name] = maker(copy.deepcopy(model), X, y, v)
        except ImportError as error:
            missing[name] = error.name
    times = medians(actions, rounds=rounds, repeat=repeat)
    times["landtheory, 8 vectors, each"] /= 8
    unit = times.pop("gradient")
    print(f"{given.name}, p = {p}: a gradient takes {1e3 * unit:.2f} ms")
    print("  product                        gradients   / landtheory   relative error")
    for name, seconds in times.items():
        error = (flat(actions[name]()) - exact).norm() / exact.norm()
        print(
            f"  {name:30} {seconds / unit:9.2f} {seconds / times['landtheory']:15.2f}"
            f" {float(error):16.1e}"
        )
    for name, module in missing.items():
        print(f"  {name}: {module} is not installed")
    start = medians(
        {
            "made": lambda: HessianOperator(model, LOSS, (X, y)),
            "first": lambda: HessianOperator(model, LOSS, (X, y)) @ v,
        },
        rounds=3,
    )
    print(
        f"  once: {start['made'] / unit:.1f} gradients to make the operator, "
        f"{(start['first'] - start['made']) / unit:.1f} for its first product"
    )


def main() -> None:
    """Print every ratio."""
    on_one_core()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    print(f"{machine()}, torch {torch.__version__}")
    for given in problems():
        report(given)


if __name__ == "__main__":
    main()
