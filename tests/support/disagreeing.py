"""Two processes that do not agree, one way after the other: what each is told."""

import os
from collections.abc import Callable
from typing import Any

import torch
from support.networks import NETWORKS
from torch import Tensor, nn

from landtheory.deep.group import alone, current_processes
from landtheory.deep.operators.fisher import FisherOperator
from landtheory.deep.operators.operators import GaussNewtonOperator, HessianOperator
from landtheory.errors import InputError

RANK = int(os.environ.get("RANK", "0"))


def hessian(**changes: Any) -> HessianOperator:
    """With micro-batches of two samples."""
    case = NETWORKS["tanh"]()._replace(**changes)
    data = (case.inputs, case.targets)
    return HessianOperator(case.model, case.loss, data, batch_size=2)


def v() -> Tensor:
    return torch.linspace(-1, 1, 64, dtype=torch.float64)


def other_weights() -> object:
    case = NETWORKS["tanh"]()
    with torch.no_grad():
        case.model[2].bias[3] += RANK * 1e-15
    return hessian(model=case.model)


def other_class_weights() -> object:
    weight = torch.ones(3) + RANK
    return hessian(loss=nn.CrossEntropyLoss(weight=weight))


def other_order() -> object:
    case = NETWORKS["tanh"]()
    order = torch.tensor([1, 0, 2, 3, 6, 5, 4] if RANK else range(7))
    return hessian(inputs=case.inputs[order], targets=case.targets[order])


def other_labels() -> object:
    case = NETWORKS["tanh"]()
    y = case.targets.clone()
    y[0], y[1] = (2, 1) if RANK else (1, 2)
    return hessian(targets=y)


def own_part() -> object:
    """As a DistributedSampler gives it."""
    case = NETWORKS["tanh"]()
    return hessian(inputs=case.inputs[RANK:6:2], targets=case.targets[RANK:6:2])


def more_data() -> object:
    case = NETWORKS["tanh"]()
    n = 5 + 2 * RANK
    return hessian(inputs=case.inputs[:n], targets=case.targets[:n])


def other_vectors() -> object:
    return hessian() @ (v() * (1 + RANK))


def another_matrix() -> object:
    case = NETWORKS["tanh"]()
    kind = GaussNewtonOperator if RANK else HessianOperator
    return kind(case.model, case.loss, (case.inputs, case.targets)) @ v()


def another_step() -> object:
    op = hessian()
    return op.gradient() if RANK else op @ v()


def other_draws() -> object:
    case = NETWORKS["tanh"]()
    rng = torch.Generator().manual_seed(RANK)
    data = (case.inputs, case.targets)
    return FisherOperator(
        case.model, case.loss, data, kind="monte-carlo", generator=rng
    )


def one_bad_sample() -> object:
    """In the third micro-batch, which the first process has."""
    X = NETWORKS["tanh"]().inputs.clone()
    X[4, 0] = torch.nan
    with current_processes().together():
        return hessian(inputs=X)


def defect() -> object:
    with current_processes().together(), current_processes().together():
        if RANK == 1:
            raise KeyError("odd")
        return hessian() @ v()


def batch_norm() -> object:
    case = NETWORKS["conv"]()
    data = (case.inputs, case.targets)
    return HessianOperator(case.model, case.loss, data, batch_norm="train")


def nothing_wrong() -> object:
    return float((hessian() @ v()).sum())


def by_itself() -> object:
    """The first process alone, while the other does nothing of the kind."""
    if RANK:
        return None
    with alone():
        return float((hessian() @ v()).sum())


def gone() -> object:
    if RANK == 1:
        os._exit(0)
    return hessian() @ v()


ATTEMPTS: dict[str, Callable[[], object]] = {
    each.__name__: each
    for each in (
        other_weights, other_class_weights, other_order, other_labels, own_part,
        more_data, other_vectors, another_matrix, another_step, other_draws,
        one_bad_sample, defect, batch_norm, nothing_wrong, by_itself, gone,
    )
}  # fmt: skip


def everything_attempted(write: Callable[[dict[str, Any]], object]) -> None:
    """One after the other; what each raised is written, since one ends a process."""
    told: dict[str, Any] = {}
    for name, attempt in ATTEMPTS.items():
        try:
            value = attempt()
            told[name] = value if isinstance(value, float) else None
        except Exception as error:  # noqa: BLE001 - whatever it was is told
            kind = "InputError" if isinstance(error, InputError) else "other"
            told[name] = [kind, f"{type(error).__name__}: {error}"]
        write(told)
