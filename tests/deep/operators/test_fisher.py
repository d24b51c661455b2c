"""operators/fisher.py: expectations by enumeration, draws by statistics."""

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
from torch.nn import functional

from landtheory.deep.operators.fisher import FisherOperator
from landtheory.errors import InputError

NAMES = ["tanh", "squared", "summed", "bernoulli"]


def fisher(case: Case, /, **options: Any) -> FisherOperator:
    return FisherOperator(case.model, case.loss, (case.inputs, case.targets), **options)


def dense(operator: FisherOperator) -> Tensor:
    return operator @ identity(operator.shape[0])


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def scores(case: Case, y: Tensor) -> Tensor:
    """∂(−log p(y_i | f_i))/∂f_i of each sample, (n, C), by torch."""
    f = output(case).detach().requires_grad_()
    if isinstance(case.loss, nn.CrossEntropyLoss):
        value = functional.cross_entropy(f, y, reduction="sum")
    elif isinstance(case.loss, nn.BCEWithLogitsLoss):
        value = functional.binary_cross_entropy_with_logits(f, y, reduction="sum")
    else:
        value = 0.5 * ((f - y) ** 2).sum()
    return torch.autograd.grad(value, f)[0]


def omega(case: Case) -> float:
    """ω, the weight of a sample's −log p in the loss."""
    n, C = output(case).shape
    if isinstance(case.loss, nn.CrossEntropyLoss):
        return 1 / n
    if isinstance(case.loss, nn.BCEWithLogitsLoss):
        return 1 / (n * C)
    return 2.0 if case.loss.reduction == "sum" else 2 / (n * C)


def outer(case: Case, r: Tensor) -> Tensor:
    """Σ_i ω g_i g_iᵀ for scores r (n, C)."""
    J = dense_jacobian(case).reshape(*r.shape, -1)
    g = torch.einsum("nc,ncp->np", r, J)
    return omega(case) * g.T @ g


@pytest.mark.parametrize("name", NAMES)
def test_the_exact_fisher_matrix_is_the_gauss_newton_matrix(name: str) -> None:
    case = NETWORKS[name]()
    assert close(dense(fisher(case)), dense_gauss_newton(case))
    assert close(dense(fisher(case, batch_size=3)), dense_gauss_newton(case))


def test_the_exact_fisher_matrix_is_the_expectation_over_labels() -> None:
    case = NETWORKS["tanh"]()
    p = output(case).detach().softmax(1)
    total = torch.zeros(64, 64, dtype=torch.float64)
    for label in range(3):
        y = torch.full((7,), label)
        total += outer(case, p[:, label : label + 1].sqrt() * scores(case, y))
    assert close(dense(fisher(case)), total)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [None, 3])
def test_the_empirical_fisher_matrix_is_a_sum_of_outer_products(
    name: str, size: int | None
) -> None:
    case = NETWORKS[name]()
    found = dense(fisher(case, kind="empirical", batch_size=size))
    assert close(found, outer(case, scores(case, case.targets)))
    # it is another matrix than G
    assert not close(found, dense_gauss_newton(case), 1e-2)


@pytest.mark.parametrize("name", NAMES)
def test_draws_average_to_the_exact_matrix(name: str) -> None:
    """40 operators of 50 draws: the mean of uᵀFu is within 5 standard errors."""
    case = NETWORKS[name]()
    u = torch.randn(64, generator=generator(9), dtype=torch.float64)
    exact = float(u @ dense_gauss_newton(case) @ u)
    rng = generator()
    values = torch.tensor(
        [
            float(u @ (fisher(case, kind="monte-carlo", draws=50, generator=rng) @ u))
            for _ in range(40)
        ]
    )
    error = float(values.std()) / 40**0.5
    assert abs(float(values.mean()) - exact) < 5 * error
    # large enough a sample to reject a bias of 20 %
    assert 5 * error < 0.2 * exact


def test_a_seed_gives_one_matrix_however_it_is_computed() -> None:
    case = NETWORKS["tanh"]()
    v = torch.randn(64, generator=generator(2), dtype=torch.float64)
    options: dict[str, Any] = {"kind": "monte-carlo", "draws": 2, "batch_size": 3}
    one = fisher(case, generator=generator(5), **options)
    kept, again = one @ v, one @ v
    fresh = fisher(case, generator=generator(5), memory=0, **options)
    assert torch.equal(kept, again)
    assert close(fresh @ v, kept)
    assert close(fresh @ v, kept)
    other = fisher(case, generator=generator(6), **options)
    assert not close(other @ v, kept, 1e-3)


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_has_the_same_draws_in_whatever_micro_batch_it_is(name: str) -> None:
    case = NETWORKS[name]()
    options: dict[str, Any] = {"kind": "monte-carlo", "draws": 2}
    found = [
        dense(fisher(case, generator=generator(5), batch_size=size, **options))
        for size in (7, 3, 1)
    ]
    assert close(found[1], found[0])
    assert close(found[2], found[0])


def test_one_draw_has_rank_n() -> None:
    case = NETWORKS["tanh"]()
    found = dense(fisher(case, kind="monte-carlo", generator=generator()))
    assert int(torch.linalg.matrix_rank(found)) == 7
    assert float(torch.linalg.eigvalsh(found).min()) > -1e-12


def test_class_weights_and_ignored_labels_weigh_the_samples() -> None:
    case = NETWORKS["tanh"]()
    weight = torch.tensor([0.5, 2.0, 0.25], dtype=torch.float64)
    y = torch.tensor([0, 1, -100, 2, 1, 0, -100])
    weighted = case._replace(loss=nn.CrossEntropyLoss(weight=weight), targets=y)
    assert close(dense(fisher(weighted, batch_size=3)), dense_gauss_newton(weighted))
    found = dense(fisher(weighted, kind="empirical", batch_size=3))
    counted = y >= 0
    share = torch.where(counted, weight[y.clamp(min=0)], 0) / weight[y[counted]].sum()
    r = output(case).detach().softmax(1) - functional.one_hot(y.clamp(min=0), 3)
    J = dense_jacobian(case).reshape(7, 3, -1)
    g = torch.einsum("nc,ncp->np", r, J)
    assert close(found, (share[:, None] * g).T @ g)
    drawn = fisher(weighted, kind="monte-carlo", generator=generator())
    assert int(torch.linalg.matrix_rank(dense(drawn))) == 5


def test_positions_of_sequences_are_samples() -> None:
    model = nn.Conv1d(2, 3, 1).double()
    X = torch.randn(4, 2, 5, generator=generator(), dtype=torch.float64)
    y = torch.randint(3, (4, 5), generator=generator(1))
    case = Case(model, nn.CrossEntropyLoss(), X, y)
    assert close(dense(fisher(case)), dense_gauss_newton(case))
    found = dense(fisher(case, kind="empirical"))
    f = output(case).detach()
    r = (
        (f.softmax(1) - functional.one_hot(y, 3).movedim(-1, 1))
        .movedim(1, -1)
        .reshape(20, 3)
    )
    J = dense_jacobian(case).reshape(4, 3, 5, -1).movedim(1, 2).reshape(20, 3, -1)
    g = torch.einsum("nc,ncp->np", r, J)
    assert close(found, g.T @ g / 20)


def test_peers_agree() -> None:
    curvlinops = pytest.importorskip("curvlinops", reason="the extra bench is absent")
    for name, factor in (("tanh", 1.0), ("squared", 0.5)):
        case = NETWORKS[name]()
        theta = list(case.model.parameters())
        peer = curvlinops.EFLinearOperator(
            case.model, case.loss, theta, [(case.inputs, case.targets)]
        )
        # there the squared loss is not halved: its g is twice the slope of -log p,
        # and its ω half of ours
        found = dense(fisher(case, kind="empirical"))
        assert close(found, factor * (peer @ identity(64)), 1e-10)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"kind": "mc"}, "kind is 'mc'; expected exact, monte-carlo or empirical"),
        ({"draws": 0}, "draws is 0; expected an integer >= 1"),
        ({"draws": True}, "draws is True; expected an integer >= 1"),
        (
            {"kind": "monte-carlo"},
            "generator is None and kind is 'monte-carlo'; expect",
        ),
        (
            {"kind": "monte-carlo", "generator": 3},
            "generator is 3; expected a torch.Ge",
        ),
    ],
)
def test_bad_options_are_refused(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        fisher(NETWORKS["tanh"](), **options)


@pytest.mark.parametrize(
    ("loss", "kind", "sentence"),
    [
        (nn.HuberLoss(), "exact", "loss is HuberLoss; expected a log-likelihood for a"),
        (
            nn.BCEWithLogitsLoss(pos_weight=torch.ones(3)),
            "exact",
            "loss is BCEWithLogitsLoss with weights; expected a log-likelihood",
        ),
        (
            nn.CrossEntropyLoss(label_smoothing=0.1),
            "empirical",
            "loss is CrossEntropyLoss with label smoothing; expected a log-likelihood",
        ),
    ],
)
def test_losses_without_a_likelihood_are_refused(
    loss: Any, kind: Any, sentence: str
) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        fisher(NETWORKS["tanh"]()._replace(loss=loss), kind=kind)


def test_smoothed_labels_have_an_exact_fisher_matrix() -> None:
    loss = nn.CrossEntropyLoss(label_smoothing=0.1)
    case = NETWORKS["tanh"]()._replace(loss=loss)
    assert close(dense(fisher(case)), dense_gauss_newton(case))
