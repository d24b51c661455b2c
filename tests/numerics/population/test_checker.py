"""numerics/population/checker.py: true certificates pass, false ones never do."""

import ast
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx
from scipy.optimize import root
from support.spurious import at, certified, claims_at

from landtheory.numerics.population import balls, certificates, checker
from landtheory.numerics.population.certificates import Certificate
from landtheory.numerics.population.checker import verify
from landtheory.numerics.population.landscape import Landscape

NAMES = [
    "∇²L exists on the box",
    "exactly one critical point in the box",
    "loss, and positive",
    "λ_min from below",
    "λ_min from above, and positive",
    "λ_max from above",
    "λ_max from below",
]


def failed(certificate: Certificate) -> str | None:
    """The check that fails, if any; nothing is checked after it."""
    checks = verify(certificate)
    assert [check.name for check in checks] == NAMES[: len(checks)]
    assert all(check.passed for check in checks[:-1])
    if checks[-1].passed:
        assert len(checks) == len(NAMES)
        return None
    return checks[-1].name


def test_a_true_certificate_passes() -> None:
    assert failed(certified().certificate) is None


@pytest.mark.parametrize("precision", [64, 53, 24, 2])
def test_low_precision_fails(precision: int) -> None:
    assert failed(replace(certified().certificate, precision=precision)) is not None


@pytest.mark.parametrize("radius", ["1e-3", "1e-6", "1e-12", "1e-17"])
def test_a_radius_too_large_for_the_claims_fails(radius: str) -> None:
    assert failed(replace(certified().certificate, radius=radius)) is not None


@pytest.mark.parametrize("radius", ["1e-50", "1e-80", "9e-999"])
def test_a_radius_that_leaves_the_point_outside_fails(radius: str) -> None:
    assert failed(replace(certified().certificate, radius=radius)) == NAMES[1]


def test_the_teacher_itself_fails() -> None:
    assert failed(at(np.eye(6))) == NAMES[0]


def test_a_box_far_from_every_critical_point_fails() -> None:
    W = np.random.default_rng(0).standard_normal((4, 4))
    assert failed(at(W)) == NAMES[1]


@pytest.mark.parametrize("claimed", ["true", "altered"])
def test_a_saddle_fails(claimed: str) -> None:
    W = saddle()
    bounds = claims_at(W, 1e-3)
    if claimed == "altered":
        bounds["lambda_min"] = ("0.00000000000000000001", "0.1")
    spoilt = at(W, radius="1e-9", precision=256, **bounds)
    assert failed(spoilt) == (NAMES[4] if claimed == "true" else NAMES[3])


def saddle() -> Any:
    """A critical point of 5 neurons with positive loss, to float64."""
    landscape = Landscape(activation="relu", teacher=np.eye(5))
    start = np.full((5, 5), -0.07) + np.diag([1.05, 1.05, 1.05, 1.05, -0.5])
    start[:, -1], start[-1, :] = 0.38, 0.28
    start[-1, -1] = -0.56

    def slope(x: Any) -> Any:
        return landscape.gradient(x.reshape(5, 5)).ravel()

    def curvature(x: Any) -> Any:
        return landscape.hessian(x.reshape(5, 5))

    W = root(slope, start.ravel(), jac=curvature, tol=1e-15).x.reshape(5, 5)
    assert landscape.loss(W) > 1e-3
    assert np.abs(landscape.gradient(W)).max() < 1e-14
    assert np.linalg.eigvalsh(landscape.hessian(W))[0] < -1e-3
    return W


def moved(bounds: tuple[str, str], shift: int) -> tuple[str, str]:
    """Both bounds moved by a number of units of the 22nd digit after the point."""
    low, high = (int(bound.replace(".", "")) + shift * 100 for bound in bounds)
    return tuple(f"{text[:-24]}.{text[-24:]}"
                 for text in (str(low).zfill(25), str(high).zfill(25)))  # fmt: skip


@pytest.mark.parametrize("name", ["loss", "lambda_min", "lambda_max"])
@pytest.mark.parametrize("shift", [-10, -3, 3, 10, 10**15])
def test_claims_altered_in_their_last_digits_fail(name: str, shift: int) -> None:
    certificate = certified().certificate
    bounds = moved(getattr(certificate, name), shift)
    expected = {
        "loss": (NAMES[2], NAMES[2]),
        "lambda_min": (NAMES[4], NAMES[3]),
        "lambda_max": (NAMES[5], NAMES[6]),
    }[name][shift > 0]
    assert failed(replace(certificate, **{name: bounds})) == expected


@pytest.mark.parametrize("name", ["loss", "lambda_min"])
def test_a_bound_that_is_not_positive_fails(name: str) -> None:
    certificate = certified().certificate
    _, high = getattr(certificate, name)
    for low in ("0.0", "-0.5"):
        assert failed(replace(certificate, **{name: (low, high)})) is not None


def test_bounds_the_wrong_way_round_fail() -> None:
    certificate = certified().certificate
    for name in ("loss", "lambda_min", "lambda_max"):
        low, high = getattr(certificate, name)
        assert failed(replace(certificate, **{name: (high, low)})) is not None


@pytest.mark.parametrize("place", [3, 12, 30, 40])
def test_digits_exchanged_in_the_centre_fail(place: int) -> None:
    certificate = certified().certificate
    rows = [list(row) for row in certificate.centre]
    text = rows[1][2]
    while text[place] == text[place + 1]:
        place -= 1
    exchanged = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    rows[1][2] = exchanged
    spoilt = replace(certificate, centre=tuple(map(tuple, rows)))
    assert failed(spoilt) == NAMES[1]


def test_two_entries_exchanged_in_the_centre_fail() -> None:
    certificate = certified().certificate
    first, *rest = certificate.centre
    exchanged = (first[1], first[0], *first[2:])
    spoilt = replace(certificate, centre=(exchanged, *rest))
    assert failed(spoilt) is not None


def test_neurons_in_another_order_pass() -> None:
    certificate = certified().certificate
    turned = replace(certificate, centre=certificate.centre[::-1])
    assert failed(turned) is None


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("ball_gradient", lambda g: [x + arb("1e-37") for x in g]),
        ("ball_hessian", lambda H: H * 2),
        ("ball_hessian", lambda H: H.transpose() - balls.identity(36) / 100),
        ("ball_loss", lambda loss: loss + 1),
    ],
)
def test_a_wrong_formula_does_not_pass(
    name: str, spoil: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, true = certified().certificate, getattr(balls, name)
    monkeypatch.setattr(checker, name, lambda W: spoil(true(W)))
    assert failed(certificate) is not None


def test_each_way_to_fail_has_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = certified().certificate

    def reason(**changes: Any) -> str:
        return verify(replace(certificate, **changes))[-1].detail

    assert verify(at(np.eye(6)))[-1].detail == (
        "a neuron may be 0, or two directions may coincide or be opposite"
    )
    assert reason(radius="1e-80") == (
        "Newton's step from its centre is not certain to end in it"
    )
    assert re.fullmatch(
        r"Krawczyk's image of it reaches [0-9.e+]+ of its radius", reason(radius="1e-3")
    )
    assert reason(loss=("1.0", "2.0")).endswith(", the claim 1.0 to 2.0")
    assert reason(lambda_min=("0.001", "0.002")).endswith(", the claim 0.001 to 0.002")
    assert re.fullmatch(
        r"pivot 3\d of 36 is not certainly positive", reason(lambda_max=("2.0", "2.01"))
    )
    monkeypatch.setattr(checker, "ball_hessian", lambda _: checker.arb_mat(36, 36))
    assert reason() == "the Hessian at the centre has no inverse"


def test_the_precision_is_left_as_it_was() -> None:
    before = ctx.prec
    verify(certified().certificate)
    verify(at(np.eye(6)))
    assert ctx.prec == before


def test_progress_is_told() -> None:
    told: list[tuple[str, int, int]] = []
    verify(certified().certificate, progress=lambda *all_: told.append(all_))
    assert told == [("checking", done, 7) for done in range(1, 8)]


def test_pivots_agree_with_eigenvalues() -> None:
    rng = np.random.default_rng(3)
    for size, block in [(1, 1), (4, 3), (7, 2), (9, 9), (10, 4)]:
        Q, _ = np.linalg.qr(rng.standard_normal((size, size)))
        for least in (-1e-6, 1e-6):
            A = (Q * np.r_[least, np.arange(1, size)]) @ Q.T
            exact = checker.arb_mat(((A + A.T) / 2).tolist())
            check = checker._definite("", exact, block)
            assert check.passed == (least > 0)


def test_a_singular_head_is_no_pivot() -> None:
    A = checker.arb_mat([[1, 1, 0], [1, 1, 0], [0, 0, 1]])
    assert checker._definite("", A, 1).detail == (
        "pivot 2 of 3 is not certainly positive"
    )


def test_the_checker_rests_on_little() -> None:
    """What it imports of landtheory: its formulas, its file and the errors."""
    known = {"balls", "certificates", "...errors", "checker"}
    for module in (balls, certificates, checker):
        tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.level:
                assert (
                    "." * (node.level if node.level > 1 else 0) + str(node.module)
                    in known
                )
            elif isinstance(node, ast.ImportFrom | ast.Import):
                names = [a.name for a in node.names]
                first = getattr(node, "module", None) or names[0]
                assert first.split(".")[0] in {
                    *sys.stdlib_module_names,
                    "flint",
                    "numpy",
                }
    lines = Path(checker.__file__).read_text(encoding="utf-8").splitlines()
    assert len(lines) < 300
