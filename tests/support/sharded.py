"""What each of several processes has of a network, in all ways to cut the data."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from support.networks import NETWORKS, Case
from torch import Tensor, nn

from landtheory.deep.estimators.eigenvalues import top_eigenvalues
from landtheory.deep.estimators.quadrature import spectral_density
from landtheory.deep.estimators.traces import estimate_trace
from landtheory.deep.group import Group
from landtheory.deep.objective.batches import Batches
from landtheory.deep.objective.risk import Risk
from landtheory.deep.operators.classes import decompose_classes
from landtheory.deep.operators.fisher import FisherOperator
from landtheory.deep.operators.operators import (
    GaussNewtonOperator,
    HessianOperator,
    ResidualOperator,
)


def weighted() -> Case:
    """Class weights, and a micro-batch of which every label is ignored."""
    weight = torch.tensor([0.5, 2.0, 0.25], dtype=torch.float64)
    y = torch.tensor([0, 1, -100, -100, 2, 0, 1])
    loss = nn.CrossEntropyLoss(weight=weight)
    return NETWORKS["tanh"]()._replace(loss=loss, targets=y)


def few() -> Case:
    """Fewer samples than processes."""
    case = NETWORKS["tanh"]()
    return case._replace(inputs=case.inputs[:1], targets=case.targets[:1])


def loader(case: Case) -> list[Any]:
    """Batches of 3, 3 and 1 samples."""
    rows = [slice(0, 3), slice(3, 6), slice(6, 7)]
    return [(case.inputs[part], case.targets[part]) for part in rows]


CASES: dict[str, tuple[Callable[[], Case], int | str | None]] = {
    "uneven": (NETWORKS["tanh"], 2),
    "by itself": (NETWORKS["tanh"], None),
    "loader": (NETWORKS["tanh"], "loader"),
    "squared": (NETWORKS["squared"], 3),
    "summed": (NETWORKS["summed"], 2),
    "conv": (NETWORKS["conv"], 3),
    "weighted": (weighted, 2),
    "few": (few, None),
}
"""Networks with the way their data is cut."""


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def measured(name: str) -> dict[str, Tensor]:
    """Everything of one case, for the processes that compute it together."""
    make, cut = CASES[name]
    case = make()
    data: Any = loader(case) if cut == "loader" else (case.inputs, case.targets)
    size = cut if isinstance(cut, int) else None
    given = (case.model, case.loss, data)
    H = HessianOperator(*given, batch_size=size)
    p = H.shape[0]
    V = torch.randn(p, 2, generator=generator(3), dtype=torch.float64)
    G = GaussNewtonOperator(*given, batch_size=size, memory=0)
    found: dict[str, Any] = {
        "loss": H.loss(),
        "gradient": H.gradient(),
        "numbers": [H.n_used, H.n_total, H.weight],
        "H": H @ V,
        "H again": H @ V,
        "G": G @ V,
        "F": ResidualOperator(*given, batch_size=size) @ V,
        "block": H.block("0") @ V[: H.parameters.layers["0"].stop],
    }
    if not isinstance(case.loss, nn.MSELoss) or case.loss.reduction == "mean":
        for kind in ("exact", "monte-carlo", "empirical"):
            own = {"draws": 2, "generator": generator(4)} if kind[0] == "m" else {}
            fisher: Any = FisherOperator(*given, batch_size=size, kind=kind, **own)
            found[kind] = fisher @ V
    if isinstance(case.loss, nn.CrossEntropyLoss):
        parts = decompose_classes(G)
        found |= {"W": parts.weights, "means": parts.cross_means}
        for part in ("classes", "cross_classes", "within", "own"):
            found[part] = getattr(parts, part) @ V
    if name == "uneven":
        top = top_eigenvalues(H, 3, tol=1e-10, generator=generator(5))
        density = spectral_density(H, steps=8, probes=2, generator=generator(6))
        trace = estimate_trace(H, products=12, generator=generator(7))
        found |= {
            "eigenvalues": top.eigenvalues,
            "density": torch.stack([density.nodes, density.weights]),
            "trace": [trace.value, trace.standard_error],
        }
    return {
        f"{name}/{key}": torch.as_tensor(value, dtype=torch.float64).contiguous()
        for key, value in found.items()
    }


@contextmanager
def planted(owner: Any, name: str, mutant: Any) -> Iterator[None]:
    known = owner.__dict__[name]
    setattr(owner, name, mutant)
    try:
        yield
    finally:
        setattr(owner, name, known)


def averaged(self: Group, value: Tensor) -> Tensor:
    """Shards count alike, whatever they weigh."""
    return ADDED(self, value) / self.size


def own_share(self: Any) -> float:
    """Each process divides by the samples of its own."""
    ends = [*self.starts[1:], self.batches.n_used]
    sizes = [end - start for start, end in zip(self.starts, ends, strict=True)]
    own = sum(size for i, size in enumerate(sizes) if self.processes.owns(i))
    return 1 / own / self.processes.size


def everything(self: Batches, _: Any) -> Iterator[Any]:
    """Each process computes all of the data."""
    return enumerate(self)


ADDED = Group._added

MUTANTS: dict[str, tuple[Any, str, Any]] = {
    "averaged": (Group, "_added", averaged),
    "own share": (Risk, "scale", property(own_share)),
    "everything": (Batches, "owned", everything),
    "not added": (Group, "_added", lambda self, value: value),
}


def everything_measured() -> dict[str, Tensor]:
    """All quantities of all cases, and a product with each mutant planted."""
    found: dict[str, Tensor] = {}
    for name in CASES:
        found |= measured(name)
    for mutant, (owner, name, wrong) in MUTANTS.items():
        with planted(owner, name, wrong):
            case = NETWORKS["tanh"]()
            data = (case.inputs, case.targets)
            op = HessianOperator(case.model, case.loss, data, batch_size=2)
            found[f"mutant/{mutant}"] = op @ torch.ones(64, dtype=torch.float64)
    return found
