"""operators/operators.py: held against dense matrices made row by row, closed forms and peers."""

import gc
import re
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from support.networks import (
    NETWORKS,
    Case,
    close,
    dense_gauss_newton,
    dense_gradient,
    dense_hessian,
    dense_jacobian,
    identity,
    output,
)
from support.problems import make
from torch import Tensor, nn

from landtheory.deep.operators.fisher import FisherOperator
from landtheory.deep.operators.operators import (
    CurvatureOperator,
    GaussNewtonOperator,
    HessianOperator,
    ResidualOperator,
)
from landtheory.errors import InputError

WAYS = {
    "whole": {},
    "micro-batches": {"batch_size": 3},
    "nothing kept": {"batch_size": 3, "memory": 0},
}
"""How a product may be made, with the same result."""


def made(kind: type[CurvatureOperator], case: Case, /, **options: Any) -> Any:
    return kind(case.model, case.loss, (case.inputs, case.targets), **options)


def some_vectors(p: int, k: int, seed: int = 3) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(p, k, generator=generator, dtype=torch.float64)


@pytest.mark.parametrize("name", NETWORKS)
def test_products_agree_with_matrices_made_row_by_row(name: str) -> None:
    case = NETWORKS[name]()
    H, G = dense_hessian(case), dense_gauss_newton(case)
    V = some_vectors(len(H), 4)
    for options in WAYS.values():
        assert close(made(HessianOperator, case, **options) @ V, H @ V)
        assert close(made(GaussNewtonOperator, case, **options) @ V, G @ V)
        F = made(ResidualOperator, case, **options) @ V
        # H - G cancels in the reference
        assert close(F, (H - G) @ V, 1e-11)


@pytest.mark.parametrize("name", ["tanh", "conv", "attention"])
def test_the_whole_matrix_is_symmetric_and_the_squares_have_no_negative_eigenvalue(
    name: str,
) -> None:
    case = NETWORKS[name]()
    operator = made(HessianOperator, case)
    H = operator @ identity(operator.shape[0])
    assert close(H, H.T)
    G = made(GaussNewtonOperator, case) @ identity(operator.shape[0])
    assert float(torch.linalg.eigvalsh(G).min()) >= -1e-12 * float(G.norm())


def agrees(candidate: Callable[[Case], Tensor], name: str = "tanh") -> bool:
    """Compare a Hessian with the dense one, on 7 samples."""
    reference = dense_hessian(NETWORKS[name]())
    return close(candidate(NETWORKS[name]()), reference)


def parts(case: Case) -> list[tuple[int, Tensor]]:
    """Hessians of micro-batches of 3, 3 and 1 samples."""
    found = []
    for start in (0, 3, 6):
        rows = slice(start, start + 3)
        part = case._replace(inputs=case.inputs[rows], targets=case.targets[rows])
        found.append((len(part.targets), dense_hessian(part)))
    return found


def whole(case: Case) -> Tensor:
    operator = made(HessianOperator, case, batch_size=3)
    return operator @ identity(operator.shape[0])


def one_norm_in_training(case: Case) -> Tensor:
    case.model[1].train()
    return dense_hessian(case)


def untied(case: Case) -> Tensor:
    """A tied weight as two parameters: p is larger, and so the shapes differ first."""
    case.model.second.weight = nn.Parameter(case.model.first.weight.detach().clone())
    kept = [*range(12), *range(21, 24)]
    return dense_hessian(case)[kept][:, kept]


@pytest.mark.parametrize("name", ["tanh", "conv", "tied"])
def test_the_comparison_accepts_the_operator(name: str) -> None:
    assert agrees(whole, name)


@pytest.mark.parametrize(
    ("mutant", "name"),
    [
        pytest.param(
            lambda case: sum(n * H for n, H in parts(case)), "tanh", id="lost-1/n"
        ),
        pytest.param(
            lambda case: sum(H for _, H in parts(case)) / 3, "tanh", id="mean-of-means"
        ),
        pytest.param(
            lambda case: parts(case)[0][1], "tanh", id="first-micro-batch-only"
        ),
        pytest.param(dense_gauss_newton, "tanh", id="forgets-F"),
        pytest.param(one_norm_in_training, "conv", id="one-norm-in-training"),
        pytest.param(untied, "tied", id="tied-weights-counted-apart"),
    ],
)
def test_the_comparison_rejects(mutant: Callable[[Case], Tensor], name: str) -> None:
    assert not agrees(mutant, name)


@pytest.mark.parametrize(
    "mutant",
    [
        pytest.param(
            lambda case: made(FisherOperator, case, kind="empirical") @ identity(64),
            id="empirical-fisher",
        ),
        pytest.param(
            lambda case: dense_jacobian(case).T @ dense_jacobian(case) / 7,
            id="forgets-S",
        ),
    ],
)
def test_what_is_not_the_gauss_newton_matrix_is_told_apart(
    mutant: Callable[[Case], Tensor],
) -> None:
    case = NETWORKS["tanh"]()
    assert not close(mutant(case), dense_gauss_newton(case))


def test_the_gram_matrix_has_the_same_eigenvalues_and_is_told_apart() -> None:
    case = NETWORKS["squared"]()
    J = dense_jacobian(case)
    gram = torch.zeros(64, 64, dtype=torch.float64)
    gram[:21, :21] = J @ J.T * 2 / 21
    G = made(GaussNewtonOperator, case) @ identity(64)
    assert close(torch.linalg.eigvalsh(gram), torch.linalg.eigvalsh(G), 1e-10)
    assert close(G, dense_gauss_newton(case))
    assert not close(gram, dense_gauss_newton(case))


@pytest.mark.parametrize(
    ("loss", "C"), [("squared", 2), ("logistic", 1), ("softmax", 3)]
)
def test_products_agree_with_the_exact_two_layer_matrices(loss: str, C: int) -> None:
    problem, theta, X, Y = make("tanh", loss, C, n=7, d=3, m=4)
    model, order = two_layer(theta, C)
    losses = {
        # ½ Σ_c (f - y)² for each sample, where torch means over entries as well
        "squared": lambda f, y: 0.5 * ((f - y) ** 2).sum(1).mean(),
        "logistic": nn.BCEWithLogitsLoss(),
        "softmax": nn.CrossEntropyLoss(),
    }
    targets = torch.tensor(Y)
    if loss == "logistic":
        targets = targets[:, None].double()
    data = torch.tensor(X), targets
    exact = {
        HessianOperator: problem.hessian(theta),
        GaussNewtonOperator: problem.gauss_newton(theta),
        ResidualOperator: problem.residual_hessian(theta),
    }
    reduction = "mean" if loss == "squared" else None
    for kind, matrix in exact.items():
        operator = kind(model, losses[loss], data, reduction=reduction, batch_size=4)
        found = operator @ identity(problem.p)
        assert close(found, torch.tensor(matrix)[order][:, order])
    operator = HessianOperator(model, losses[loss], data, reduction=reduction)
    assert np.isclose(operator.loss(), problem.loss(theta), rtol=1e-13, atol=0)
    assert close(operator.gradient(), torch.tensor(problem.gradient(theta))[order])


def two_layer(theta: np.ndarray, C: int) -> tuple[nn.Module, Tensor]:
    """The network of d = 3, m = 4 as a module; where its θ stands in the catalogue's."""
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, C)).double()
    # the catalogue has the columns of A one after the other, torch its rows
    place = torch.arange(len(theta))
    A = place[16 : 16 + 4 * C].reshape(4, C).T.reshape(-1)
    order = torch.cat([place[:16], A, place[16 + 4 * C :]])
    with torch.no_grad():
        nn.utils.vector_to_parameters(torch.tensor(theta)[order], model.parameters())
    return model, order


@pytest.mark.parametrize("name", ["tanh", "relu", "conv", "squared", "summed"])
def test_peers_agree(name: str) -> None:
    curvlinops = pytest.importorskip("curvlinops", reason="the extra bench is absent")
    case = NETWORKS[name]()
    theta = list(case.model.parameters())
    data = [(case.inputs[:3], case.targets[:3]), (case.inputs[3:], case.targets[3:])]
    V = some_vectors(sum(t.numel() for t in theta), 2)
    for kind, peer in {
        HessianOperator: curvlinops.HessianLinearOperator,
        GaussNewtonOperator: curvlinops.GGNLinearOperator,
    }.items():
        reference = peer(
            case.model,
            case.loss,
            theta,
            data,
            check_deterministic=False,
        )
        found = kind(case.model, case.loss, data) @ V
        assert close(found, reference @ V, 1e-10)


def test_loss_and_gradient_are_those_of_all_data() -> None:
    case = NETWORKS["conv"]()
    for options in WAYS.values():
        operator = made(HessianOperator, case, **options)
        loss = float(case.loss(output(case).detach(), case.targets))
        assert np.isclose(operator.loss(), loss, rtol=1e-14, atol=0)
        assert close(operator.gradient(), dense_gradient(case).detach())


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float64])
def test_the_product_has_the_dtype_of_the_vector(dtype: torch.dtype) -> None:
    case = NETWORKS["tanh"]()
    model = case.model.to(dtype)
    operator = HessianOperator(model, case.loss, (case.inputs.to(dtype), case.targets))
    wanted = torch.float64 if dtype == torch.float64 else torch.float32
    assert operator.dtype == wanted
    # the reference at the same rounded weights and inputs, in float64
    wide = case._replace(model=model.double(), inputs=case.inputs.to(dtype).double())
    H = dense_hessian(wide)
    for kind in (torch.float32, torch.float64, torch.bfloat16):
        v = some_vectors(64, 1)[:, 0].to(kind)
        found = operator @ v
        assert found.dtype == kind
        tolerance = 2 * max(torch.finfo(kind).eps, torch.finfo(wanted).eps * 16)
        assert close(found.double(), H @ v.double(), tolerance)


def test_products_are_summed_in_float64() -> None:
    case = NETWORKS["tanh"]()
    data = case.inputs.float(), case.targets
    operator = HessianOperator(case.model.float(), case.loss, data, batch_size=3)
    assert operator.dtype == torch.float32
    assert operator._engine(torch.ones(64, 1)).dtype == torch.float64
    assert operator.gradient().dtype == torch.float64


def test_integers_reach_an_embedding_through_a_dict_and_a_loader() -> None:
    case = NETWORKS["attention"]()
    H = dense_hessian(case)
    samples = [
        {"tokens": t, "mask": m, "labels": y}
        for t, m, y in zip(
            case.inputs["tokens"], case.inputs["mask"], case.targets, strict=True
        )
    ]
    loader = torch.utils.data.DataLoader(samples, batch_size=2)
    operator = HessianOperator(case.model, case.loss, loader)
    assert close(operator @ identity(len(H)), H)
    assert (operator.n_used, operator.n_total) == (5, 5)


def test_tied_weights_count_once_and_frozen_ones_not_at_all() -> None:
    case = NETWORKS["tied"]()
    assert made(HessianOperator, case).shape == (15, 15)
    case.model.second.bias.requires_grad_(False)
    H = dense_hessian(case)
    operator = made(HessianOperator, case)
    assert operator.shape == (12, 12)
    assert close(operator @ identity(12), H)


def test_parameters_that_do_not_matter_have_zero_rows() -> None:
    case = NETWORKS["partial"]()
    operator = made(HessianOperator, case)
    H = operator @ identity(11)
    places = operator.parameters.slices
    assert not H[places["unused"]].any()
    assert not H[:, places["unused"]].any()
    # 2 / (n C) n C: the offset enters linearly
    assert close(H[places["offset"], places["offset"]], torch.full((1, 1), 2.0))
    only = made(HessianOperator, case, params="unused")
    assert not (only @ identity(2)).any()
    assert not (made(GaussNewtonOperator, case, params="unused") @ identity(2)).any()


def test_some_parameters_give_a_block_of_the_matrix() -> None:
    case = NETWORKS["tanh"]()
    whole = made(HessianOperator, case)
    H = whole @ identity(64)
    place = whole.parameters.layers["2"]
    for params in ("2.*", ["2.weight", "2.bias"], list(case.model[2].parameters())):
        part = made(HessianOperator, case, params=params)
        assert close(part @ identity(part.shape[0]), H[place, place])
    block = whole.block("2")
    assert close(block @ identity(24 + 0), H[place, place])
    assert block.products == 24
    diagonal = whole.block_diagonal()
    assert list(diagonal.blocks) == ["0", "2", "4"]
    expected = torch.block_diag(
        *(H[each, each] for each in whole.parameters.layers.values())
    )
    assert close(diagonal @ identity(64), expected)
    with pytest.raises(
        InputError, match=re.escape("layer is '7'; expected one of 0, 2")
    ):
        whole.block("7")


def test_theta_is_the_one_of_the_moment_of_making() -> None:
    case = NETWORKS["tanh"]()
    H = dense_hessian(case)
    operator = made(HessianOperator, case, batch_size=3, memory=0)
    with torch.no_grad():
        for parameter in case.model.parameters():
            parameter.zero_()
    assert close(operator @ identity(64), H)
    assert close(operator.block("0") @ identity(25), H[:25, :25])


def test_dropout_is_off_and_everything_comes_back() -> None:
    case = NETWORKS["encoder"]()
    H = dense_hessian(case)
    case.model.train()
    case.model[0].norm1.eval()
    modes = [module.training for module in case.model.modules()]
    state = torch.get_rng_state()
    grads = {}
    for name, parameter in case.model.named_parameters():
        parameter.grad = grads[name] = torch.ones_like(parameter)
    V = some_vectors(len(H), 3)
    assert close(made(HessianOperator, case, batch_size=3, memory=0) @ V, H @ V)
    assert [module.training for module in case.model.modules()] == modes
    assert torch.equal(torch.get_rng_state(), state)
    for name, parameter in case.model.named_parameters():
        assert parameter.grad is grads[name]
        assert bool((parameter.grad == 1).all())
    # the mutant: dropout left on
    with_dropout = dense_hessian(case)
    assert not close(with_dropout, H, 1e-3)


def test_a_model_that_writes_into_itself_comes_back_as_it_was() -> None:
    case = NETWORKS["noted"]()
    before = dict(vars(case.model))
    made(HessianOperator, case, batch_size=2) @ torch.ones(31)
    assert vars(case.model) == before
    assert float(case.model.calls) == 0
    assert not hasattr(case.model, "cached")


def test_batch_norm_in_training_uses_the_batch_and_keeps_its_buffers() -> None:
    case = NETWORKS["conv"]()
    kept = {name: each.clone() for name, each in case.model.named_buffers()}
    operator = made(HessianOperator, case, batch_norm="train")
    found = operator @ identity(operator.shape[0])
    for name, buffer in case.model.named_buffers():
        assert torch.equal(buffer, kept[name])
    case.model[1].train()
    reference = dense_hessian(case)
    assert close(found, reference, 1e-11)
    assert not agrees(lambda _: reference, "conv")


def test_batch_norm_in_training_refuses_micro_batches() -> None:
    case = NETWORKS["conv"]()
    sentence = (
        "data comes in 3 micro-batches and batch_norm is 'train'; expected one batch, "
        "since its statistics are those of a batch: pass the data as one tuple, or "
        "batch_norm='eval'"
    )
    with pytest.raises(InputError, match=re.escape(sentence)):
        made(HessianOperator, case, batch_norm="train", batch_size=3)
    with pytest.raises(InputError, match="batch_norm is 'running'; expected eval or"):
        made(HessianOperator, case, batch_norm="running")


def test_products_are_counted_and_the_operator_describes_itself() -> None:
    operator = made(HessianOperator, NETWORKS["tanh"]())
    assert (operator.shape, operator.dtype) == ((64, 64), torch.float64)
    assert operator.device == torch.device("cpu")
    assert (operator.n_used, operator.n_total, operator.weight) == (7, 7, 7)
    assert operator.products == 0
    operator @ torch.ones(64)
    operator @ torch.ones(64, 3)
    assert operator.products == 4
    assert (operator @ torch.ones(64, 0)).shape == (64, 0)


def test_scipy_sees_the_same_matrix() -> None:
    case = NETWORKS["tanh"]()
    operator = made(HessianOperator, case)
    scipy = operator.to_scipy()
    H = dense_hessian(case).numpy()
    assert scipy.shape == (64, 64)
    assert scipy.dtype == np.float64
    v = np.random.default_rng(0).standard_normal(64)
    assert close(torch.tensor(scipy @ v), torch.tensor(H @ v))
    assert close(torch.tensor(scipy.H @ np.eye(64)), torch.tensor(H))
    from scipy.sparse.linalg import eigsh

    top = eigsh(scipy, k=1, which="LA", return_eigenvectors=False, v0=v)
    assert np.isclose(top[0], np.linalg.eigvalsh(H)[-1], rtol=1e-10, atol=0)


def test_it_works_without_gradients_in_inference_mode_and_under_autocast() -> None:
    case = NETWORKS["tanh"]()
    H = dense_hessian(case)
    V = some_vectors(64, 2)
    with torch.no_grad():
        assert close(made(HessianOperator, case) @ V, H @ V)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert close(made(HessianOperator, case) @ V, H @ V)
    operator = made(HessianOperator, case, memory=0)
    with torch.inference_mode():
        assert close(operator @ V.clone(), H @ V)


def test_nothing_is_left_when_the_operator_is_gone() -> None:
    case = NETWORKS["conv"]()
    gc.collect()
    gc.disable()
    try:
        operator = made(GaussNewtonOperator, case, batch_size=3)
        operator @ torch.ones(operator.shape[0])
        held = [
            weakref.ref(constant)
            for tape in operator._engine._kept.values()
            for constant in tape._constants
        ]
        assert held
        del operator
        assert not any(reference() is not None for reference in held)
    finally:
        gc.enable()


@pytest.mark.parametrize(
    ("V", "sentence"),
    [
        (torch.ones(63), "V has shape (63,); expected (64,) or (64, k)"),
        (torch.ones(64, 1, 1), "V has shape (64, 1, 1); expected (64,) or (64, k)"),
        (torch.ones(64).long(), "V has dtype torch.int64; expected real floats"),
        (np.ones(64), "V is a ndarray; expected a tensor: use to_scipy() for arrays"),
        (torch.full((64,), torch.nan), "v has entries that are not finite; expected"),
    ],
)
def test_bad_vectors_are_refused(V: Any, sentence: str) -> None:
    operator = made(HessianOperator, NETWORKS["tanh"]())
    with pytest.raises(InputError, match=re.escape(sentence)):
        operator @ V


def test_a_function_that_is_not_twice_differentiable_is_named() -> None:
    class Norm(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.zero = nn.Parameter(torch.zeros(2))

        def forward(self, x: Tensor) -> Tensor:
            return x * (self.zero**2).sum().pow(0.75)

    data = torch.ones(1, 1), torch.ones(1, 1)
    operator = HessianOperator(Norm(), nn.MSELoss(), data)
    sentence = (
        "the product of the Hessian with v is not finite in parameter 'zero'; expected "
        "a loss that is twice differentiable at the model's weights, and no overflow"
    )
    with pytest.raises(InputError, match=re.escape(sentence)):
        operator @ torch.ones(2)


def test_what_may_differ_from_run_to_run_is_named() -> None:
    class Put(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(2, 2)

        def forward(self, x: Tensor) -> Tensor:
            at = torch.tensor([0, 1])
            return self.layer(x).clone().put_(at, torch.zeros(2), accumulate=False)

    data = torch.ones(3, 2), torch.ones(3, 2)
    operator = HessianOperator(Put(), nn.MSELoss(), data)
    assert operator.nondeterministic_calls() == ("put_",)
    assert made(HessianOperator, NETWORKS["tanh"]()).nondeterministic_calls() == ()
    assert not torch.are_deterministic_algorithms_enabled()
