"""One deep-spectrum run: from settings to a record and arrays, without a terminal."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from ...errors import InputError
from ..budget import SHARE, spare_bytes
from ..estimators.eigenvalues import top_eigenvalues
from ..group import current_processes
from ..operators.fisher import FisherOperator
from ..operators.operators import (
    CurvatureOperator,
    GaussNewtonOperator,
    HessianOperator,
)
from ..progress import Progress
from ..training.checkpoints import read_checkpoint, write_checkpoint
from ..training.recipes import Recipe
from ..training.training import Trained, train
from .folder import Arrays, RunFolder
from .journal import JournaledOperator
from .parts import PARTS, point
from .plan import SpectrumPlan
from .prepared import Prepared
from .settings import SpectrumSettings
from .shared import Choices, by_the_first, journal_of, share_weights
from .streams import generator_for
from .values import Wanted, eigenvalue_arrays, eigenvalues

__all__ = ["SpectrumResult", "run_spectrum"]

Stages = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much."""


@dataclass(frozen=True, kw_only=True, eq=False)
class SpectrumResult:
    """What a run found.

    Attributes
    ----------
    record : dict
        Values that JSON can hold; repeats with the seed.
    arrays : dict of arrays
        The same at full length: numbers only.
    timing : dict of str to float
        Seconds of each stage, which do not repeat.
    """

    record: dict[str, Any]
    arrays: Arrays
    timing: dict[str, float]


def run_spectrum(
    settings: SpectrumSettings,
    prepared: Prepared,
    plan: SpectrumPlan,
    *,
    folder: RunFolder | None,
    progress: Stages,
) -> SpectrumResult:
    """Train if asked to, then estimate what is wanted of the operator's spectrum.

    Parameters
    ----------
    settings : SpectrumSettings
        What is wanted.
    prepared : Prepared
        Its model is trained in place.
    plan : SpectrumPlan
        How many products.
    folder : RunFolder, optional
        Begun; keeps the state after every epoch and every product, and gives it back.
        Of several processes the first one has it.
    progress : callable
        Told how far it is.

    Returns
    -------
    SpectrumResult
        The same, bit by bit, whether or not the run was stopped and resumed, on the
        same machine with as many threads and processes. Of several processes each has
        it, but for the record of training and what the folder is for.

    Raises
    ------
    InputError
        If the loss or a product is not finite, or memory runs out.
    RecordError
        If the state cannot be written.
    """
    with _memory_explained(settings, plan):
        return _run(settings, prepared, plan, folder, progress)


@contextmanager
def _memory_explained(settings: SpectrumSettings, plan: SpectrumPlan) -> Iterator[None]:
    """Make one sentence of what Python and torch raise where memory runs out."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        # torch raises its own kind on accelerators only
        known = isinstance(error, MemoryError | torch.OutOfMemoryError)
        if not known and "allocate memory" not in str(error):
            raise
        raise InputError(
            f"model is {settings.model!r} with p = {plan.p}, which ran out of memory; "
            f"expected vectors of {plan.bytes_needed / 2**30:.1f} GiB and the recordings "
            "of micro-batches to fit: lower --batch-size, --k or --probes"
        ) from error


def _run(
    settings: SpectrumSettings,
    prepared: Prepared,
    plan: SpectrumPlan,
    folder: RunFolder | None,
    progress: Stages,
) -> SpectrumResult:
    clock = _Clock()
    trained = _trained(settings, prepared, folder, progress)
    clock.lap("training")
    choices = Choices(folder, current_processes())
    op = _operator(settings, prepared, choices)
    journal = journal_of(folder, op.risk.processes)
    seen = JournaledOperator(op, journal, settings.operator)
    basis = choices.chosen("basis", plan.basis)
    found = top_eigenvalues(
        seen,
        settings.k,
        which=settings.which,
        tol=settings.tol,
        generator=generator_for(settings.seed, "lanczos"),
        max_products=plan.most_products,
        max_basis=max(basis, min(plan.p, settings.k + 2)),
        progress=_stage(progress, "eigenvalues"),
    )
    clock.lap("eigenvalues")
    record: dict[str, Any] = {
        "network": _network(settings, prepared, op),
        "training": None if trained is None else _training(trained),
        "point": point(op, found),
        **eigenvalues(found),
    }
    arrays: Arrays = eigenvalue_arrays(found)
    products = {
        "eigenvalues": found.products,
        "verification": found.verification_products,
    }
    wanted = Wanted(settings, plan, op, seen, journal, found)
    for name, make in PARTS.items():
        made = make(wanted, _stage(progress, name))
        if made is not None:
            record |= made.entries
            arrays |= made.arrays
            products[name] = made.products
            clock.lap(name)
    products["total"] = sum(products.values())
    notices = [*prepared.notices, *_nondeterminism(op)]
    record |= {"products": products, "notices": notices}
    return SpectrumResult(record=record, arrays=arrays, timing=clock.seconds)


def _trained(
    settings: SpectrumSettings,
    prepared: Prepared,
    folder: RunFolder | None,
    progress: Stages,
) -> Trained | None:
    processes, recipe = current_processes(), prepared.recipe
    trained: Trained | None = None
    if recipe is not None:
        trained = by_the_first(
            lambda seen: _trained_here(settings, prepared, recipe, folder, seen),
            processes,
            _stage(progress, "training, steps"),
        )
    share_weights(prepared.model, processes)
    return trained


def _trained_here(
    settings: SpectrumSettings,
    prepared: Prepared,
    recipe: Recipe,
    folder: RunFolder | None,
    progress: Progress,
) -> Trained:
    state, checkpoint = None, None
    if folder is not None:
        path = folder.training
        state = read_checkpoint(path) if path.is_file() else None

        def checkpoint(
            tensors: dict[str, torch.Tensor], values: dict[str, Any]
        ) -> None:
            write_checkpoint(path, tensors, values)

    return train(
        prepared.model,
        prepared.data,
        recipe=recipe,
        generator=generator_for(settings.seed, "training"),
        progress=progress,
        checkpoint=checkpoint,
        state=state,
    )


def _operator(
    settings: SpectrumSettings, prepared: Prepared, choices: Choices
) -> CurvatureOperator:
    """The operator, in the micro-batches that this machine chose at first."""
    sharing = current_processes().sharing(prepared.device)
    memory = int(SHARE * spare_bytes(prepared.device)) // sharing
    size = choices.known("batch_size") or settings.batch_size
    # what is kept between products decides how they are rounded
    memory = choices.chosen("memory", memory)
    kinds: dict[str, type[CurvatureOperator]] = {
        "hessian": HessianOperator,
        "ggn": GaussNewtonOperator,
        "fisher": FisherOperator,
    }
    data = (prepared.data.X, prepared.data.y)
    op = kinds[settings.operator](
        prepared.model, nn.CrossEntropyLoss(), data, batch_size=size, memory=memory
    )
    choices.chosen("batch_size", op.risk.batches.batch_size)
    return op


def _network(
    settings: SpectrumSettings, prepared: Prepared, op: CurvatureOperator
) -> dict[str, Any]:
    return {
        "model": settings.model,
        "p": prepared.p,
        "device": str(prepared.device),
        "processes": op.risk.processes.size,
        "dtype": str(op.dtype).removeprefix("torch."),
        "data": settings.data,
        "data_sha256": prepared.data.fingerprint(),
        "weights_sha256": prepared.weights_digest,
        "classes": prepared.data.classes,
        "n_used": op.n_used,
        "n_total": op.n_total,
    }


def _nondeterminism(op: CurvatureOperator) -> list[str]:
    """What may differ from run to run; on a CPU sums have a fixed order."""
    calls = op.nondeterministic_calls() if op.device.type != "cpu" else ()
    if not calls:
        return []
    return [f"products may differ from run to run by rounding, by {', '.join(calls)}"]


def _training(trained: Trained) -> dict[str, Any]:
    return {
        "epochs": trained.epochs,
        "loss": trained.loss,
        "accuracy": trained.accuracy,
        "history": list(trained.history),
    }


def _stage(progress: Stages, name: str) -> Progress:
    return lambda done, of: progress(name, done, of)


class _Clock:
    """Seconds of each stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.seconds[name] = now - self._last
        self._last = now
