"""The checks that make a certificate of a spurious minimum a proof.

It reads the certificate alone and shares nothing with the search. With X the box and H(X)
an enclosure of ∇²L on it, in ball arithmetic:

1. Krawczyk's test. Y is a float64 inverse of H at the centre, and any Y would do: if
   |Y ∇L(centre)| + |I - Y H(X)| r < r in every entry, then X holds exactly one zero of
   ∇L, and no zero on its boundary.
2. The enclosure of L on X lies within the bounds, which are positive.
3. In H(X) - λ I, λ the lower bound of λ_min, every pivot of a block LDLᵀ elimination is
   positive, so ∇²L(W) - λ I is positive definite for every W in X; λ is positive. The
   same for μ I - H(X), μ the upper bound of λ_max.
4. The Rayleigh quotients of two fixed vectors are at most λ_min's upper bound, and at
   least λ_max's lower bound, for every W in X.

By 1 and 3 the critical point is a strict local minimum, and by 2 it is not global, since
L(I_k) = 0. References: Krawczyk (1969); Moore (1977); Rump (2010).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from flint import arb, arb_mat, ctx, fmpq

from .balls import Box, ball_gradient, ball_hessian, ball_loss, identity
from .certificates import Bounds, Certificate

__all__ = ["Check", "box_around", "exact", "middle_of", "rayleigh", "verify"]

Progress = Callable[[str, int, int], None]

STAGES = 7


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check: what it establishes, whether it does, and by which figure."""

    name: str
    passed: bool
    detail: str


def verify(
    certificate: Certificate, *, progress: Progress = lambda *_: None
) -> tuple[Check, ...]:
    """Make the checks of this module, up to the first that fails.

    Parameters
    ----------
    certificate : Certificate
        What is claimed; nothing of it is trusted.
    progress : callable
        Told stage, done, of.

    Returns
    -------
    tuple of Check
        The certificate is valid if every one has passed.
    """
    found: list[Check] = []
    with ctx.workprec(certificate.precision):
        for check in _checks(certificate):
            found.append(check)
            progress("checking", len(found), STAGES)
            if not check.passed:
                break
    return tuple(found)


def _checks(certificate: Certificate) -> Iterator[Check]:
    k, W = certificate.k, box_around(certificate)
    H = ball_hessian(W)
    yield _defined(H)
    middle = middle_of(H)
    yield _krawczyk(certificate, H, middle)
    yield _loss(certificate, W)
    low, high = rayleigh(H, middle)
    lower, upper = _ends(certificate.lambda_min)
    yield _definite("λ_min from below", H - identity(k * k) * lower, k)
    yield Check(
        name="λ_min from above, and positive",
        passed=bool(lower > 0) and bool(low < upper),
        detail=f"a Rayleigh quotient is {_beside(low, certificate.lambda_min)}",
    )
    lower, upper = _ends(certificate.lambda_max)
    yield _definite("λ_max from above", identity(k * k) * upper - H, k)
    yield Check(
        name="λ_max from below",
        passed=bool(high > lower),
        detail=f"a Rayleigh quotient is {_beside(high, certificate.lambda_max)}",
    )


def exact(decimal: str) -> fmpq:
    """The rational number that a decimal or a power of ten stands for."""
    if "e-" in decimal:
        digit, _, exponent = decimal.partition("e-")
        return fmpq(int(digit), 10 ** int(exponent))
    whole, _, digits = decimal.partition(".")
    return fmpq(int(whole + digits), 10 ** len(digits))


def box_around(certificate: Certificate) -> Box:
    """Balls that hold every entry of every W in the box."""
    radius = exact(certificate.radius)

    def ball(decimal: str) -> arb:
        middle = exact(decimal)
        return arb(middle - radius).union(arb(middle + radius))

    return [[ball(decimal) for decimal in row] for row in certificate.centre]


def rayleigh(H: arb_mat, middle: npt.NDArray[np.float64]) -> tuple[arb, arb]:
    """Quotients vᵀHv / vᵀv of the two outermost eigenvectors of H's midpoint.

    Parameters
    ----------
    H : (p, p) arb_mat
        An enclosure of symmetric matrices.
    middle : (p, p) float64
        Its midpoint, symmetric.
    """
    _, vectors = np.linalg.eigh(middle)
    quotients = []
    for column in (0, -1):
        v = arb_mat(len(middle), 1, vectors[:, column].tolist())
        along = (v.transpose() * H * v)[0, 0]
        quotients.append(along / (v.transpose() * v)[0, 0])
    return quotients[0], quotients[1]


def middle_of(H: arb_mat) -> npt.NDArray[np.float64]:
    """Midpoint of an enclosure of symmetric matrices, symmetric and in float64."""
    entries = [[float(entry) for entry in row] for row in H.tolist()]
    middle = np.array(entries)
    return np.asarray((middle + middle.T) / 2)


def _ends(bounds: Bounds) -> tuple[arb, arb]:
    return arb(exact(bounds[0])), arb(exact(bounds[1]))


def _defined(H: arb_mat) -> Check:
    finite = all(entry.is_finite() for entry in H.entries())
    detail = (
        "no neuron is 0, and no two directions coincide or are opposite"
        if finite
        else "a neuron may be 0, or two directions may coincide or be opposite"
    )
    return Check(name="∇²L exists on the box", passed=finite, detail=detail)


def _krawczyk(
    certificate: Certificate, H: arb_mat, middle: npt.NDArray[np.float64]
) -> Check:
    name = "exactly one critical point in the box"
    centre = [[arb(exact(x)) for x in row] for row in certificate.centre]
    gradient, radius = ball_gradient(centre), arb(exact(certificate.radius))
    try:
        Y = arb_mat(np.linalg.inv(middle).tolist())
    except np.linalg.LinAlgError:
        detail = "the Hessian at the centre has no inverse"
        return Check(name=name, passed=False, detail=detail)
    shift = (Y * arb_mat(len(gradient), 1, gradient)).entries()
    if not all(abs(s) < radius for s in shift):
        detail = "Newton's step from its centre is not certain to end in it"
        return Check(name=name, passed=False, detail=detail)
    remainder = (identity(len(gradient)) - Y * H).tolist()
    reach = [
        (abs(s).abs_upper() + radius * sum((e.abs_upper() for e in row), arb(0)))
        / radius
        for s, row in zip(shift, remainder, strict=True)
    ]
    farthest = max(map(float, reach))
    return Check(
        name=name,
        passed=all(share < 1 for share in reach),
        detail=f"Krawczyk's image of it reaches {farthest:.3g} of its radius",
    )


def _loss(certificate: Certificate, W: Box) -> Check:
    loss = ball_loss(W)
    lower, upper = _ends(certificate.loss)
    passed = bool(lower > 0) and bool(loss > lower) and bool(loss < upper)
    detail = f"L is {_beside(loss, certificate.loss)}"
    return Check(name="loss, and positive", passed=passed, detail=detail)


def _beside(ball: arb, bounds: Bounds) -> str:
    return f"{ball.str(20)}, the claim {bounds[0]} to {bounds[1]}"


def _definite(name: str, A: arb_mat, block: int) -> Check:
    done, size = _pivots(A, block), A.nrows()
    detail = f"all {size} pivots are positive"
    if done < size:
        detail = f"pivot {done + 1} of {size} is not certainly positive"
    return Check(name=name, passed=done == size, detail=detail)


def _pivots(A: arb_mat, block: int) -> int:
    """How many leading pivots of symmetric matrices in A are certainly positive.

    A block of rows is eliminated at a time; its Schur complement, enclosed, is next.
    """
    rows: list[list[arb]] = A.tolist()
    done = 0
    while rows:
        size = min(block, len(rows))
        head = [row[:size] for row in rows[:size]]
        passed = _leading(head)
        done += passed
        if passed < size or size == len(rows):
            break
        right = arb_mat([row[size:] for row in rows[:size]])
        below = arb_mat([row[:size] for row in rows[size:]])
        rest = arb_mat([row[size:] for row in rows[size:]])
        eliminated = arb_mat(head).solve(right, nonstop=True)
        rows = (rest - below * eliminated).tolist()
    return done


def _leading(head: list[list[arb]]) -> int:
    rows = [list(row) for row in head]
    for p, pivot in enumerate(rows):
        if not pivot[p] > 0:
            return p
        for row in rows[p + 1 :]:
            factor = row[p] / pivot[p]
            for q in range(p + 1, len(rows)):
                row[q] -= factor * pivot[q]
    return len(rows)
