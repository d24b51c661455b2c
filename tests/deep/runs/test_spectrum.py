"""runs/spectrum.py, its parts and structure, against dense matrices of torch.func."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from support.spectrum import settings
from torch.func import functional_call, hessian

from landtheory.deep.runs.folder import RunFolder
from landtheory.deep.runs.plan import plan_spectrum
from landtheory.deep.runs.prepared import Prepared, prepare
from landtheory.deep.runs.spectrum import SpectrumResult, run_spectrum
from landtheory.errors import InputError


def quiet(stage: str, done: int, of: int) -> None:
    """Say nothing."""


def ran(
    folder: RunFolder | None = None,
    progress: Callable[[str, int, int], None] = quiet,
    **changed: Any,
) -> tuple[SpectrumResult, Prepared]:
    wanted = settings(**changed)
    prepared = prepare(wanted)
    plan = plan_spectrum(wanted, prepared)
    if folder is not None:
        folder.begin()
    found = run_spectrum(wanted, prepared, plan, folder=folder, progress=progress)
    return found, prepared


def dense(prepared: Prepared) -> torch.Tensor:
    """The Hessian (p, p) at the trained weights."""
    names, tensors = zip(*prepared.model.named_parameters(), strict=True)
    sizes = [t.numel() for t in tensors]

    def loss(theta: torch.Tensor) -> torch.Tensor:
        parts = zip(names, tensors, torch.split(theta, sizes), strict=True)
        state = {name: part.view(t.shape) for name, t, part in parts}
        output = functional_call(prepared.model, state, (prepared.data.X,))
        return torch.nn.functional.cross_entropy(output, prepared.data.y)

    theta = torch.cat([t.detach().reshape(-1) for t in tensors])
    return hessian(loss)(theta)


def test_every_number_agrees_with_the_dense_hessian() -> None:
    found, prepared = ran(layers=True)
    H = dense(prepared)
    exact = torch.linalg.eigvalsh(H)
    largest = exact[torch.argsort(exact.abs(), descending=True)][:3]
    for row, value in zip(found.record["eigenvalues"], largest, strict=True):
        assert row["converged"]
        assert abs(row["value"] - float(value)) <= row["bound"]
    trace, norm = found.record["trace"], found.record["frobenius_norm"]
    # both intervals hold at this seed; coverage over seeds is tested with the estimators
    assert trace["lower"] <= float(H.trace()) <= trace["upper"]
    assert norm["lower"] <= float(H.norm()) <= norm["upper"]
    nodes, weights = found.arrays["density_nodes"], found.arrays["density_weights"]
    assert abs(weights.sum() - 1) < 1e-12
    assert abs(162 * (nodes @ weights) - float(H.trace())) < 0.2 * float(H.trace())
    place = 0
    for row in found.record["layers"]:
        block = H[place : place + row["p"], place : place + row["p"]]
        place += row["p"]
        ends = torch.linalg.eigvalsh(block)
        top = ends[torch.argmax(ends.abs())]
        assert abs(row["value"] - float(top)) <= row["bound"]
    assert place == 162


def test_the_point_is_the_trained_one() -> None:
    found, prepared = ran()
    output = prepared.model(prepared.data.X)
    loss = torch.nn.functional.cross_entropy(output, prepared.data.y)
    slopes = torch.autograd.grad(loss, list(prepared.model.parameters()))
    norm = float(torch.cat([s.reshape(-1) for s in slopes]).norm())
    at = found.record["point"]
    assert abs(at["loss"] - float(loss.detach())) < 1e-12
    right = float((output.argmax(1) == prepared.data.y).double().mean())
    assert at["accuracy"] == right
    assert abs(at["gradient_norm"] - norm) < 1e-12
    assert abs(at["gain"] - norm**2 / (2 * at["largest_eigenvalue"])) < 1e-15


def test_runs_repeat_and_depend_on_the_seed() -> None:
    one, two, other = ran()[0], ran()[0], ran(seed=1)[0]
    assert one.record == two.record
    for name, array in one.arrays.items():
        assert np.array_equal(array, two.arrays[name])
    assert not np.array_equal(one.arrays["eigenvalues"], other.arrays["eigenvalues"])


def test_classes_add_up_to_the_gauss_newton_matrix() -> None:
    found, _ = ran(operator="ggn", classes=True, trace=True, volume=True)
    parts = found.record["class_structure"]
    low = sum(part["trace"]["lower"] for part in parts.values())
    high = sum(part["trace"]["upper"] for part in parts.values())
    whole = found.record["trace"]
    assert low <= whole["upper"]
    assert whole["lower"] <= high
    volume = found.record["log_volume"]
    assert volume["lower"] <= volume["value"] <= volume["upper"]
    assert found.record["products"]["classes"] == 60


def test_products_are_counted_apart() -> None:
    products = ran()[0].record["products"]
    assert products["verification"] == 3
    assert products["trace"] == 20
    assert products["total"] == sum(products.values()) - products["total"]


def test_only_what_is_asked_for_is_there() -> None:
    found, _ = ran(density=False, trace=False, train=False, epochs=None)
    assert found.record["training"] is None
    assert set(found.arrays) == {"eigenvalues", "bounds", "converged"}
    assert not {"trace", "density", "log_volume", "layers"} & set(found.record)


def raising(error: BaseException, stage: str) -> Callable[[str, int, int], None]:
    """A progress that raises at the second call of a stage."""
    calls = []

    def progress(name: str, done: int, of: int) -> None:
        calls.append(name)
        if calls.count(stage) == 2:
            raise error

    return progress


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "stage",
    ["training, steps", "eigenvalues", "trace", "density", "layers", "classes"],
)
def test_a_run_stopped_in_any_stage_goes_on_to_the_same_bits(
    tmp_path: Path, stage: str, dtype: str
) -> None:
    everything = {"layers": True, "classes": True, "volume": True, "dtype": dtype}
    # micro-batches of unequal sizes, each of which is recorded by its own first product
    everything |= {"batch_size": 17}
    expected, _ = ran(**everything)
    with pytest.raises(KeyboardInterrupt):
        ran(
            RunFolder(tmp_path, {}, resume=False),
            raising(KeyboardInterrupt(), stage),
            **everything,
        )
    found, _ = ran(RunFolder(tmp_path, {}, resume=True), **everything)
    assert found.record == expected.record
    assert found.arrays.keys() == expected.arrays.keys()
    for name, array in found.arrays.items():
        assert array.tobytes() == expected.arrays[name].tobytes()


def test_a_run_without_its_record_is_made_again_to_the_same_bytes(
    tmp_path: Path,
) -> None:
    folder = RunFolder(tmp_path, {}, resume=False)
    found, _ = ran(folder)
    folder.finish(found.record, found.arrays, {})
    before = (tmp_path / "arrays.npz").read_bytes()
    (tmp_path / "result.json").unlink()
    folder = RunFolder(tmp_path, {}, resume=True)
    assert not folder.complete
    found, _ = ran(folder)
    folder.finish(found.record, found.arrays, {})
    assert (tmp_path / "arrays.npz").read_bytes() == before


@pytest.mark.parametrize(
    "error", [MemoryError(), RuntimeError("you tried to allocate memory: 9 bytes")]
)
def test_running_out_of_memory_is_said_with_numbers(error: Exception) -> None:
    with pytest.raises(InputError, match="p = 162, which ran out of memory; expected"):
        ran(progress=raising(error, "eigenvalues"))


def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(RuntimeError, match=r"^a defect$"):
        ran(progress=raising(RuntimeError("a defect"), "eigenvalues"))
