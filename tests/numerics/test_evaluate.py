"""numerics/evaluate.py: torch's derivatives for names, 50 digits for functions."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest
import torch
from scipy.optimize import minimize
from support.references import SIGMA, torch_gradient, torch_hessian, torch_output
from support.trees import value

from landtheory.errors import InputError
from landtheory.numerics import evaluate as module
from landtheory.numerics.bounded import Bounded
from landtheory.numerics.evaluate import evaluate
from landtheory.numerics.instances import Instances
from landtheory.numerics.quantities import Quantities
from landtheory.theory import get_activation, get_loss
from landtheory.theory.expressions import (
    Binary,
    Constant,
    Expression,
    Name,
    call,
    name,
)
from landtheory.theory.language import parse_claim
from landtheory.theory.shapes import shape_of
from landtheory.theory.vocabulary import FUNCTIONS, QUANTITIES

N, D, M = 7, 3, 4
CASES = [
    ("tanh", "squared", 2),
    ("relu", "squared", 2),
    ("sigmoid", "logistic", 1),
    ("leaky_relu", "softmax", 3),
]
T = 2


@cache
def data(loss: str, C: int) -> tuple[np.ndarray, ...]:
    """x (T, n, d), θ (T, p), y (T, n, C) or (T, n)."""
    rng = np.random.default_rng(C + 10 * len(loss))
    p = M * D + M + M * C + C
    x, theta = rng.standard_normal((T, N, D)), 0.8 * rng.standard_normal((T, p))
    if loss == "squared":
        return x, theta, rng.standard_normal((T, N, C))
    return x, theta, rng.integers(0, 2 if loss == "logistic" else C, (T, N))


def quantities(activation: str, loss: str, C: int) -> Quantities:
    x, theta, y = data(loss, C)
    if loss == "softmax":
        y = np.eye(C)[y]
    instances = Instances(
        activation=get_activation(activation),
        loss=get_loss(loss),
        x=x,
        theta=theta,
        width=M,
        outputs=C,
        t=y.reshape(T, N, C).astype(np.float64),
    )
    return Quantities(instances)


def sample_loss(loss: str) -> Callable[[Any, Any], Any]:
    if loss == "squared":
        return lambda f, y: 0.5 * ((f - y) ** 2).sum()
    if loss == "logistic":
        return lambda f, y: torch.nn.functional.softplus(f[0]) - y * f[0]
    return lambda f, y: torch.logsumexp(f, 0) - f[y]


@cache
def reference(activation: str, loss: str, C: int, t: int) -> Mapping[str, Any]:
    """Every name of the language at one instance, from torch's derivatives."""
    x, theta, y = (array[t] for array in data(loss, C))
    output = torch_output(activation, x, M, C)
    point, targets = torch.tensor(theta), torch.tensor(y)
    f = output(point)
    ell = sample_loss(loss)
    r = torch.stack([torch.func.grad(ell)(f[i], targets[i]) for i in range(N)])
    S = torch.stack([torch.func.hessian(ell)(f[i], targets[i]) for i in range(N)])
    J = torch.func.jacrev(output)(point)
    G = torch.einsum("icp,ice,ieq->pq", J, S, J) / N
    H = torch.tensor(torch_hessian(activation, loss, x, y, M, C)(theta))
    g = torch.einsum("icp,ic->ip", J, r)

    def at_input(row: Any) -> Any:
        W, b = point[: M * D].reshape(M, D), point[M * D : M * D + M]
        A = point[M * D + M : -C].reshape(M, C).T
        return A @ SIGMA[activation](W @ row + b) + point[-C:]

    Jx = torch.stack([torch.func.jacrev(at_input)(row) for row in torch.tensor(x)])
    W, b, a = theta[: M * D].reshape(M, D), theta[M * D : M * D + M], theta[M * D + M :]
    A, c = a[: M * C].reshape(M, C).T, a[M * C :]
    z = x @ W.T + b
    s0 = SIGMA[activation](torch.tensor(z)).numpy()
    lengths = np.linalg.norm(np.c_[x, np.ones(N)], axis=1)
    known = {
        "n": N,
        "d": D,
        "m": M,
        "C": C,
        "p": len(theta),
        "L": np.mean([float(ell(f[i], targets[i])) for i in range(N)]),
        "Cx": float((Jx**2).sum() / N),
        "CxS": float(torch.einsum("icd,ice,ied->", Jx, S, Jx) / N),
        "path": sum(
            np.linalg.norm(A[:, k]) * np.hypot(np.linalg.norm(W[k]), b[k])
            for k in range(M)
        ),
        "min_x": np.linalg.norm(x, axis=1).min(),
        "max_x": np.linalg.norm(x, axis=1).max(),
        "min_xt": lengths.min(),
        "max_xt": lengths.max(),
        "hidden": (s0**2).sum() / N,
        "theta": theta,
        "grad": torch_gradient(activation, loss, x, y, M, C)(theta),
        "b": b,
        "c": c,
        "H": H.numpy(),
        "G": G.numpy(),
        "F": (H - G).numpy(),
        "EF": (g.T @ g / N).numpy(),
        "K": (J.reshape(N * C, -1) @ J.reshape(N * C, -1).T).numpy(),
        "W": W,
        "A": A,
        "X": x,
        "R": r.numpy(),
        "J": J.reshape(N * C, -1).numpy(),
    }
    rows = {
        "w": np.arange(M * D),
        "b": np.arange(M * D, M * D + M),
        "t": np.arange(M * D + M),
        "a": np.arange(M * D + M, len(theta) - C),
        "c": np.arange(len(theta) - C, len(theta)),
    }
    for text in QUANTITIES:
        matrix, _, block = text.partition("_")
        if matrix in ("H", "G", "F") and block:
            known[text] = known[matrix][np.ix_(rows[block[0]], rows[block[1]])]
    return known


def close(found: Bounded, expected: list[Any]) -> bool:
    """Whether values agree with a float64 reference, and bounds are small."""
    truth = np.array(expected, dtype=np.float64)
    if found.shape != truth.shape or not np.isfinite(found.radius).all():
        return False
    scale = max(1.0, np.abs(truth).max())
    near = np.abs(found.value - truth) <= found.radius + 1e-11 * scale
    return bool(near.all() and (found.radius <= 1e-8 * scale).all())


def agrees(tree: Expression, case: tuple[str, str, int]) -> bool:
    with np.errstate(all="ignore"):
        found = evaluate(tree, quantities(*case))
    return close(found, [value(tree, reference(*case, t)) for t in range(T)])


NAMES = [text for text in QUANTITIES if text != "Flat"]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_name_means_what_torch_differentiates(case: tuple[str, str, int]) -> None:
    wrong = [text for text in NAMES if not agrees(name(text), case)]
    assert not wrong


TREES = [
    *(
        call(function, name(matrix))
        for function in ("op", "fro", "nuc", "smax", "smin", "max", "min", "mean")
        for matrix in ("W", "A", "X", "R", "J", "H", "F", "G_bb", "H_wa", "K")
    ),
    *(
        call(function, name(matrix))
        for function in ("tr", "lmax", "lmin")
        for matrix in ("H", "G", "F", "EF", "K", "H_ww", "G_bb", "F_tt", "H_aa", "G_cc")
    ),
    *(
        call(function, name(vector))
        for function in ("norm", "norm1", "max", "min", "mean")
        for vector in ("theta", "grad", "b", "c")
    ),
    *(
        call(function, name(number))
        for function in ("log", "exp", "sqrt", "abs")
        for number in ("L", "Cx", "n")
    ),
]


def texts(*claims: str) -> list[Expression]:
    return [parse_claim(f"{text} <= 1").left for text in claims]


TREES += texts(
    "inner(W @ W.T, G_bb)",
    "inner(theta, grad)",
    "inner(R, R)",
    "theta @ H @ theta",
    "norm(H @ grad)",
    "norm(b @ W)",
    "norm(W.T @ b)",
    "b @ b",
    "fro(F_wa @ H_aa)",
    "op(H_wa.T)",
    "lmax(W @ W.T)",
    "lmin(W.T @ W + X.T @ X)",
    "smin(W @ W.T)",
    "logdet(W.T @ W)",
    "logdet(G_cc + 2 * G_cc)",
    "rank(W)",
    "rank(X)",
    "rank(A @ W)",
    "nullity(A @ W)",
    "nullity(W)",
    "nullity(A)",
    "tr(-H / n)",
    "max(abs(R))",
    "max(L, Cx)",
    "min(L, Cx)",
    "max(-L, -Cx)",
    "abs(-L)",
    "L**2",
    "L**-3",
    "L**0.5",
    "L**-1.25",
    "L**(1 / 3)",
    "(-L)**3",
    "L**0",
    "0.1 * L",
    "1e-300 * L",
    "1 / 3",
    "-L",
    "L - Cx / (1 + n)",
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_functions_and_operators_agree_with_numpy(case: tuple[str, str, int]) -> None:
    # S 1 = 0 for the softmax, so that G_cc has no log det
    usual = [
        tree for tree in TREES if case[1] != "softmax" or "G_cc +" not in str(tree)
    ]
    assert [str(tree) for tree in usual if not agrees(tree, case)] == []


def test_every_function_is_tried() -> None:
    tried = {tree.function for tree in TREES if hasattr(tree, "function")}
    assert tried == set(FUNCTIONS)


# Bounds


def matrix(a: np.ndarray) -> Any:
    return mpmath.matrix(a.tolist())


def spectrum(a: Any) -> list[Any]:
    return sorted(mpmath.eigsy(a)[0])


def singular(a: Any) -> list[Any]:
    return list(mpmath.svd_r(a)[1])


TRUTHS: dict[str, Callable[..., Any]] = {
    "lmax(W @ W.T)": lambda W, A, b: spectrum(W * W.T)[-1],
    "lmin(W.T @ W)": lambda W, A, b: spectrum(W.T * W)[0],
    "smax(W)": lambda W, A, b: max(singular(W)),
    "smin(W)": lambda W, A, b: min(singular(W)),
    "smin(A @ W)": lambda W, A, b: min(singular(A * W)),
    "nuc(A)": lambda W, A, b: mpmath.fsum(singular(A)),
    "fro(A)": lambda W, A, b: mpmath.norm(A, 2),
    "logdet(W.T @ W)": lambda W, A, b: mpmath.log(mpmath.det(W.T * W)),
    "log(tr(W @ W.T))": lambda W, A, b: mpmath.log(mpmath.norm(W, 2) ** 2),
    "exp(norm(b))": lambda W, A, b: mpmath.exp(mpmath.norm(b, 2)),
    "exp(-100 * norm(b))": lambda W, A, b: mpmath.exp(-100 * mpmath.norm(b, 2)),
    "norm1(b)": lambda W, A, b: mpmath.norm(b, 1),
    "norm1(b @ W)": lambda W, A, b: mpmath.norm(b.T * W, 1),
    "mean(W)": lambda W, A, b: mpmath.fsum(W) / (M * D),
    "mean(abs(b))": lambda W, A, b: mpmath.norm(b, 1) / M,
    "sqrt(fro(W))": lambda W, A, b: mpmath.sqrt(mpmath.norm(W, 2)),
    "fro(W)**0.1": lambda W, A, b: mpmath.norm(W, 2) ** (mpmath.mpf(1) / 10),
    "fro(W)**-12.3": lambda W, A, b: mpmath.norm(W, 2) ** (-mpmath.mpf(123) / 10),
    "fro(W)**64": lambda W, A, b: mpmath.norm(W, 2) ** 64,
    "fro(W)**-64": lambda W, A, b: mpmath.norm(W, 2) ** -64,
    "0.1 * max(W)": lambda W, A, b: mpmath.mpf(1) / 10 * max(W),
    "1e-308 * 1e-3": lambda W, A, b: mpmath.mpf(10) ** -311,
    "norm(b) / 3 - norm(b) / 7": lambda W, A, b: mpmath.norm(b, 2) * 4 / 21,
    "inner(W @ W.T, A.T @ A)": lambda W, A, b: mpmath.norm(A * W, 2) ** 2,
    "b @ W @ W.T @ b": lambda W, A, b: mpmath.norm(b.T * W, 2) ** 2,
}


@pytest.mark.parametrize("text", list(TRUTHS))
def test_the_error_bound_holds(text: str) -> None:
    mpmath.mp.dps = 60
    q = quantities("tanh", "squared", 2)
    with np.errstate(all="ignore"):
        found = evaluate(parse_claim(f"{text} <= 1").left, q)
    for t in range(T):
        known = reference("tanh", "squared", 2, t)
        truth = TRUTHS[text](*(matrix(known[word]) for word in ("W", "A", "b")))
        off = abs(mpmath.mpf(float(found.value[t])) - truth)
        assert off <= mpmath.mpf(float(found.radius[t]))
        assert found.radius[t] <= 1e-9 * max(float(abs(truth)), 1e-298)


@pytest.mark.parametrize(
    "text",
    [
        "1 / (L - L)",
        "(n - n)**-1",
        "log(L - L)",
        "log(-L)",
        "(-L)**0.5",
        "(L - L)**0.5",
        "(n - n)**-0.5",
        "sqrt(-L)",
        "sqrt(L - L * 1)",
        "logdet(F)",
        "logdet(H_bb - 10000 * G_bb)",
        "exp(1e300)",
        "log(log(1))",
    ],
)
def test_nothing_is_known_where_a_value_may_be_undefined(text: str) -> None:
    with np.errstate(all="ignore"):
        found = evaluate(
            parse_claim(f"{text} <= 1").left, quantities("tanh", "squared", 2)
        )
    assert np.isinf(found.radius).all()


def interpolating(activation: str = "tanh") -> Quantities:
    x, theta, _ = data("squared", 2)
    instances = Instances(
        activation=get_activation(activation),
        loss=get_loss("squared"),
        x=x,
        theta=theta,
        width=M,
        outputs=2,
        residual=np.zeros((T, N, 2)),
    )
    return Quantities(instances)


def test_roots_of_what_cannot_be_negative_are_known_at_zero() -> None:
    q = interpolating()
    for text in ("sqrt(L)", "sqrt(2 * L * op(F))", "sqrt(tr(EF))", "sqrt(norm(grad))"):
        found = evaluate(parse_claim(f"{text} <= 1").left, q)
        assert (np.abs(found.value) <= found.radius).all()
        assert (found.radius < 1e-3).all()


def test_a_root_is_unknown_where_the_loss_may_be_concave() -> None:
    q = interpolating()
    S = np.broadcast_to(-np.eye(2), (T, N, 2, 2))
    bent = Instances(
        **{
            **{k: getattr(q.instances, k) for k in q.instances.__dataclass_fields__},
            "output_hessian": S,
        }
    )
    root = call("sqrt", call("tr", name("G")))
    assert np.isinf(evaluate(root, Quantities(bent)).radius).all()


def test_ranks_are_enclosed_by_what_the_matrices_are_made_of() -> None:
    q = quantities("leaky_relu", "softmax", 3)
    n, p = q.n, q.p
    assert p > n * 3
    for text, most in [("G", 2 * n), ("G_ww", M * D), ("EF", n), ("K", 3 * n)]:
        found = evaluate(call("rank", name(text)), q)
        true = np.linalg.matrix_rank(reference("leaky_relu", "softmax", 3, 0)[text])
        assert found.lower[0] <= true <= found.upper[0] <= most
    nullity = evaluate(call("nullity", name("G")), q)
    assert (nullity.lower >= p - 2 * n).all()
    total = evaluate(call("rank", name("H")) + call("nullity", name("H")), q)
    assert (total.value == p).all()
    found = evaluate(call("rank", name("H")), q)
    assert (found.upper <= q.inertia.upper[:, 2]).all()


# Flat


@pytest.mark.parametrize("case", [CASES[1], CASES[3]], ids=str)
def test_flat_is_the_least_trace_on_the_orbit(case: tuple[str, str, int]) -> None:
    activation, loss, C = case
    with np.errstate(all="ignore"):
        found = evaluate(name("Flat"), quantities(*case))
    for t in range(T):
        x, theta, y = (array[t] for array in data(loss, C))
        hessian = torch_hessian(activation, loss, x, y, M, C)

        def trace(
            logs: np.ndarray, theta: np.ndarray = theta, hessian: Any = hessian
        ) -> float:
            alpha = np.exp(logs)
            factors = np.r_[
                np.repeat(alpha, D), alpha, np.repeat(1 / alpha, C), np.ones(C)
            ]
            return float(np.trace(hessian(theta * factors)))

        least = minimize(trace, np.zeros(M), method="BFGS", options={"gtol": 1e-9})
        assert abs(least.fun - found.value[t]) <= 1e-6 * least.fun
        assert trace(np.zeros(M)) >= found.lower[t]


def test_flat_is_refused_where_rescaling_changes_the_network() -> None:
    sentence = (
        "activation is 'tanh'; expected one that is piecewise linear for Flat: "
        "rescaling changes what other networks compute"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        evaluate(name("Flat"), quantities("tanh", "squared", 2))


# Mutants

MISREAD = {
    "path": lambda q: ((q.A * q.A).sum(-2) * (q.W * q.W).sum(-1)).sqrt().sum(-1),
    "X": lambda q: q.xt[..., :-1] * 2.0,
    "R": lambda q: q.f,
    "min_x": lambda q: q.norms_xt.min(-1),
    "c": lambda q: q.theta[:, : q.C],
}
WRONG = {
    "op": Bounded.frobenius,
    "nuc": Bounded.frobenius,
    "smin": lambda a: a.singular_values()[..., 1],
    "fro": Bounded.operator,
    "mean": lambda a: a.reshape(-1).sum(-1),
    "max": lambda a: a.abs().reshape(-1).max(-1),
    "norm1": lambda a: (a * a).sum(-1).sqrt(),
    "norm": lambda a: (a * a).sum(-1),
    "logdet": lambda a: a.eigenvalues().log().sum(-1) * 0.5,
    "nullity": lambda a: float(a.shape[-2]) - a.rank(),
    "rank": lambda a: a.rank() - 1.0,
    "lmin": lambda a: a.eigenvalues().abs().min(-1),
    "tr": lambda a: a.reshape(-1).sum(-1),
}


@pytest.mark.parametrize("function", list(WRONG))
def test_wrong_functions_are_seen(
    function: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        module, "_FUNCTIONS", {**module._FUNCTIONS, function: WRONG[function]}
    )
    concerned = [t for t in TREES if getattr(t, "function", "") == function]
    extra = texts("lmin(W.T @ W - X.T @ X)")
    concerned += [t for t in extra if t.function == function]  # type: ignore[attr-defined]
    assert not all(agrees(tree, CASES[0]) for tree in concerned)


@pytest.mark.parametrize("text", list(MISREAD))
def test_wrong_names_are_seen(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_NAMED", {**module._NAMED, text: MISREAD[text]})
    assert not agrees(name(text), CASES[0])


def test_a_wrong_order_of_blocks_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    block = Quantities.block
    monkeypatch.setattr(
        Quantities, "block", lambda q, matrix, which: block(q, matrix, which[::-1])
    )
    assert not agrees(name("H_wa"), CASES[0])


def test_nodes_of_no_kind_are_refused() -> None:
    q = quantities(*CASES[0])
    with pytest.raises(TypeError, match="Expression"):
        evaluate(Expression(), q)
    with pytest.raises(TypeError, match=r"^m$"):
        evaluate(Binary("**", Constant(2), Name("m")), q)


def test_every_shape_is_the_symbolic_one() -> None:
    q = quantities(*CASES[0])
    sizes = {"n": N, "d": D, "m": M, "C": 2, "p": q.p, "n*C": 2 * N, "m*d": M * D}
    sizes |= {"m*C": 2 * M, "m*(d + 1)": M * (D + 1)}
    for text in NAMES:
        shape = tuple(sizes[size] for size in shape_of(name(text)))
        assert evaluate(name(text), q).shape == (T, *shape)
