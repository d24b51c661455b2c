"""operators/classes.py: the parts against sums over samples and pairs, and their sum against G."""

import re
from typing import Any

import pytest
import torch
from support.networks import (
    NETWORKS,
    Case,
    close,
    dense_gauss_newton,
    dense_jacobian,
    identity,
    output,
)
from torch import Tensor, nn

from landtheory.deep.operators.classes import decompose_classes
from landtheory.deep.operators.operators import GaussNewtonOperator
from landtheory.errors import InputError

PARTS = ("classes", "cross_classes", "within", "own")


def case(loss: Any = None, labels: Any = (0, 2, 1, 1, 0, 1, 2)) -> Case:
    made = NETWORKS["tanh"]()
    return made._replace(
        loss=loss or nn.CrossEntropyLoss(), targets=torch.tensor(labels)
    )


def operator(given: Case, **options: Any) -> GaussNewtonOperator:
    return GaussNewtonOperator(
        given.model, given.loss, (given.inputs, given.targets), **options
    )


def by_hand(given: Case, omega: Tensor) -> dict[str, Tensor]:
    """Every sum written out: over samples i and classes c, then over pairs (y, c)."""
    J = dense_jacobian(given).reshape(7, 3, -1)
    p, y = output(given).detach().softmax(1), given.targets
    g = torch.einsum("nd,ndp->np", p, J)[:, None] - J
    w = omega[:, None] * p
    zero = torch.zeros(64, 64, dtype=torch.float64)
    parts = dict.fromkeys(PARTS, zero)

    def add(part: str, weight: Tensor, vector: Tensor) -> None:
        parts[part] = parts[part] + weight * torch.outer(vector, vector)

    for i in range(7):
        if omega[i]:
            add("own", w[i, y[i]], g[i, y[i]])
    for a in range(3):
        rows = [i for i in range(7) if y[i] == a]
        others = [c for c in range(3) if c != a]
        if not rows:
            continue
        W = {c: w[rows, c].sum() for c in others}
        mean = {c: (w[rows, c, None] * g[rows, c]).sum(0) / W[c] for c in others}
        center = sum(W[c] * mean[c] for c in others) / sum(W.values())
        add("classes", sum(W.values()), center)
        for c in others:
            add("cross_classes", W[c], mean[c] - center)
            for i in rows:
                add("within", w[i, c], g[i, c] - mean[c])
    return parts


@pytest.mark.parametrize("size", [None, 3])
def test_each_part_is_the_sum_it_is_defined_by(size: int | None) -> None:
    given = case()
    found = decompose_classes(operator(given, batch_size=size))
    expected = by_hand(given, torch.full((7,), 1 / 7, dtype=torch.float64))
    for part in PARTS:
        assert close(getattr(found, part) @ identity(64), expected[part], 1e-11)
    assert found.weights.shape == (3, 3)
    assert not found.weights.diagonal().any()


@pytest.mark.parametrize("size", [None, 3])
def test_the_parts_sum_to_the_gauss_newton_matrix(size: int | None) -> None:
    given = case()
    found = decompose_classes(operator(given, batch_size=size))
    total = sum(getattr(found, part) @ identity(64) for part in PARTS)
    assert close(total, dense_gauss_newton(given))


def test_every_part_is_semi_definite_and_the_means_have_low_rank() -> None:
    found = decompose_classes(operator(case()))
    ranks = {}
    for part in PARTS:
        dense = getattr(found, part) @ identity(64)
        values = torch.linalg.eigvalsh(dense)
        assert float(values.min()) >= -1e-12 * float(values.max())
        ranks[part] = int(torch.linalg.matrix_rank(dense, hermitian=True))
    assert ranks["classes"] == 3
    assert ranks["cross_classes"] == 3


def test_class_weights_ignored_labels_and_sums_are_kept() -> None:
    weight = torch.tensor([0.5, 2.0, 0.25], dtype=torch.float64)
    labels = (0, 2, -100, 1, 0, -100, 2)
    loss = nn.CrossEntropyLoss(weight=weight)
    given = case(loss, labels)
    counted = given.targets >= 0
    omega = torch.where(counted, weight[given.targets.clamp(min=0)], 0)
    found = decompose_classes(operator(given, batch_size=3))
    expected = by_hand(given, omega / omega.sum())
    for part in PARTS:
        assert close(getattr(found, part) @ identity(64), expected[part], 1e-11)
    summed = case(nn.CrossEntropyLoss(reduction="sum"))
    parts = decompose_classes(operator(summed, batch_size=3))
    total = sum(getattr(parts, part) @ identity(64) for part in PARTS)
    assert close(total, dense_gauss_newton(summed))


def test_a_class_without_samples_has_no_means() -> None:
    given = case(labels=(0, 1, 1, 0, 0, 1, 1))
    found = decompose_classes(operator(given))
    assert not found.weights[2].any()
    assert not found.cross_means[2].any()
    total = sum(getattr(found, part) @ identity(64) for part in PARTS)
    assert close(total, dense_gauss_newton(given))


def test_the_comparison_rejects_uniform_means() -> None:
    """The mutant: means of g_ic that do not weigh samples by their probabilities."""
    given = case()
    found = decompose_classes(operator(given))
    J = dense_jacobian(given).reshape(7, 3, -1)
    p = output(given).detach().softmax(1)
    g = torch.einsum("nd,ndp->np", p, J)[:, None] - J
    rows = given.targets == 0
    uniform = g[rows, 1].mean(0)
    weighted = (p[rows, 1, None] * g[rows, 1]).sum(0) / p[rows, 1].sum()
    assert close(found.cross_means[0, 1], weighted, 1e-11)
    assert not close(found.cross_means[0, 1], uniform, 1e-3)


@pytest.mark.parametrize(
    ("given", "options", "sentence"),
    [
        (
            NETWORKS["squared"](),
            {},
            "loss is MSELoss; expected CrossEntropyLoss without label smoothing, whose",
        ),
        (
            case(nn.CrossEntropyLoss(label_smoothing=0.1)),
            {},
            "loss is CrossEntropyLoss; expected CrossEntropyLoss without label smoothi",
        ),
        (
            NETWORKS["conv"](),
            {"batch_norm": "train"},
            "batch_norm is 'train'; expected 'eval', since a part of one class needs",
        ),
        (
            case()._replace(targets=torch.full((7, 3), 1 / 3, dtype=torch.float64)),
            {},
            "targets have shape (7, 3) and dtype torch.float64; expected labels (n,)",
        ),
    ],
)
def test_other_losses_are_refused(given: Case, options: Any, sentence: str) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        decompose_classes(operator(given, **options))


def test_means_that_do_not_fit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from landtheory.numerics import memory

    monkeypatch.setattr(memory, "available_bytes", lambda: 1000)
    monkeypatch.setattr(memory, "NEGLIGIBLE", 0)
    sentence = (
        r"cross_means has shape \(3, 3, 64\).* expected an array that fits in mem"
    )
    with pytest.raises(InputError, match=sentence):
        decompose_classes(operator(case()))
