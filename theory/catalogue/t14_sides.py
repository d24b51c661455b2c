"""Both sides of T14's claims about linear dynamics, and of their false variants."""

from typing import Any

__all__ = [
    "batch_size_sides",
    "criterion_sides",
    "decrease_sides",
    "evolution_sides",
    "full_batch_sides",
    "growth_sides",
    "increase_sides",
    "moment_rate",
    "moment_sides",
    "necessary_sides",
    "norm_sides",
    "one_parameter_sides",
    "operator_sides",
    "perron_sides",
    "single_sides",
    "single_threshold_sides",
    "stable_rate_sides",
    "trajectory_sides",
]

STEPS = range(1, 5)


def _top(q: Any, matrix: Any) -> Any:
    """λ_1."""
    return q.eigenvalues(matrix)[0]


def _sharpness(q: Any) -> Any:
    """ηλ_1(H)."""
    return _top(q, q.H) * q.eta


def _step(q: Any, hessian: Any) -> Any:
    """I - ηH for some H."""
    return q.identity(q.p) - hessian * q.eta


# Gradient descent


def trajectory_sides(q: Any, *, limit: int = 2) -> tuple[Any, Any, bool]:
    """‖θ_t‖² for t = 1, …, 4 and ‖θ_0‖², where ηλ_1(H) ≤ 2."""
    theta, squares = q.theta, []
    for _ in STEPS:
        theta = _step(q, q.H) * theta
        squares.append(q.form(q.identity(q.p), theta))
    start = q.form(q.identity(q.p), q.theta)
    return tuple(squares), start, bool(_sharpness(q) <= limit)


def growth_sides(q: Any, *, less: int = 1) -> tuple[Any, Any, bool]:
    """(ηλ_1(H) - 1)^2t and tr (I - ηH)^2t for t = 1, …, 4, where ηλ_1(H) > 2."""
    rate = _sharpness(q) - less
    square = _step(q, q.H) * _step(q, q.H)
    power, traces = q.identity(q.p), []
    for _ in STEPS:
        power = power * square
        traces.append(q.trace(power))
    powers = tuple(rate ** (2 * t) for t in STEPS)
    return powers, tuple(traces), bool(_sharpness(q) > 2)


# The second moment


def _kappa(q: Any, *, replacement: bool = False) -> Any:
    """κ = (n - B)/(B(n - 1)); a mutant has 1/B, for batches with replacement."""
    return q.ratio(1, q.B) if replacement else q.kappa


def _moved(q: Any, Q: Any, *, replacement: bool = False, square: bool = True) -> Any:
    """(I - ηH)Q(I - ηH) + η²κ((1/n) Σ H_iQH_i - HQH); mutants lack HQH."""
    noise = q.mean([one * Q * one for one in q.hessians])
    if square:
        noise = noise - q.H * Q * q.H
    scale = q.eta * q.eta * _kappa(q, replacement=replacement)
    return _step(q, q.H) * Q * _step(q, q.H) + noise * scale


def evolution_sides(q: Any, **changes: Any) -> tuple[Any, Any]:
    """Entries of the mean over all batches of (I - ηH_S)θθᵀ(I - ηH_S), and M θθᵀ."""
    Q = q.theta * q.theta.transpose()
    every = q.mean([_step(q, one) * Q * _step(q, one) for one in q.batches])
    return q.entries(every), q.entries(_moved(q, Q, **changes))


def _drift(q: Any) -> Any:
    """C = ½(H⊗I + I⊗H)."""
    one = q.identity(q.p)
    return (q.kronecker(q.H, one) + q.kronecker(one, q.H)) / 2


def _diffusion(q: Any, *, whole: bool = False) -> Any:
    """D = (1 - κ)H⊗H + κ(1/n) Σ H_i⊗H_i; a mutant has H⊗H whole."""
    noise = q.mean([q.kronecker(one, one) for one in q.hessians])
    share = 1 if whole else 1 - q.kappa
    return q.kronecker(q.H, q.H) * share + noise * q.kappa


def _operator(q: Any, **changes: Any) -> Any:
    """M = I - 2ηC + η²D."""
    size = q.p * q.p
    drift, diffusion = _drift(q), _diffusion(q, **changes)
    return q.identity(size) - drift * (2 * q.eta) + diffusion * (q.eta * q.eta)


def operator_sides(q: Any, **changes: Any) -> tuple[Any, Any]:
    """M vec Q and vec of the moved Q, for Q = θθᵀ."""
    Q = q.theta * q.theta.transpose()
    return (
        q.entries(_operator(q, **changes) * q.column(Q)),
        q.entries(q.column(_moved(q, Q))),
    )


def _mu(q: Any) -> Any:
    """μ = λ_1(C⁺D), on the range of H, where C is invertible."""
    return _top(q, _drift(q).inv() * _diffusion(q))


def _least(q: Any) -> Any:
    """The least eigenvalue of H on its range."""
    return q.eigenvalues(q.H)[-1]


def decrease_sides(
    q: Any, *, two: int = 2, gradient: bool = False
) -> tuple[Any, Any, bool]:
    """λ_1 of M on range H, and 1 - η(2 - ημ)λ_r(H), where ημ ≤ 2.

    Mutants have another number for 2, or λ_1(H) for μ.
    """
    part = q.on_range
    if part is None:
        return 0, 0, False
    threshold = (_top(part, part.H) if gradient else _mu(part)) * q.eta
    gap = (two - threshold) * _least(part) * q.eta
    return _top(part, _operator(part)), 1 - gap, bool(threshold <= two)


def increase_sides(q: Any, *, largest: bool = False) -> tuple[Any, Any, bool]:
    """1 + η(ημ - 2)λ_r(H) and λ_1 of M on range H, where ημ ≥ 2.

    A mutant has λ_1(H) for the least eigenvalue.
    """
    part = q.on_range
    if part is None:
        return 0, 0, False
    threshold = _mu(part) * q.eta
    size = _top(part, part.H) if largest else _least(part)
    excess = (threshold - 2) * size * q.eta
    return 1 + excess, _top(part, _operator(part)), bool(threshold >= 2)


def perron_sides(q: Any, *, zero: bool = False) -> tuple[Any, Any]:
    """-λ_min(M) and λ_1(M): the spectral radius is λ_1; a mutant has 0."""
    values = q.eigenvalues(_operator(q))
    return -values[-1], 0 if zero else values[0]


def batch_size_sides(q: Any, *, linear: bool = False) -> tuple[Any, Any, bool]:
    """μ at B + 1 and at B; a mutant has (B + 1)μ and Bμ."""
    if q.n == q.B or q.on_range is None:
        return 0, 0, False
    here, there = _mu(q.on_range), _mu(q.with_batch(q.B + 1).on_range)
    if linear:
        return there * (q.B + 1), here * q.B, True
    return there, here, True


def full_batch_sides(q: Any, *, less: int = 0) -> tuple[Any, Any, bool]:
    """μ at B = n, or fewer, and λ_1(H)."""
    if q.on_range is None or q.n - less < 1:
        return 0, 0, False
    return _mu(q.with_batch(q.n - less).on_range), _top(q, q.H), True


# Bounds


def _criterion(q: Any, *, replacement: bool = False, square: bool = True) -> Any:
    """(I - ηH)² + η²κΣ with Σ = (1/n) Σ H_i² - H²; mutants have 1/B, or lack H²."""
    spread = q.mean([one * one for one in q.hessians])
    if square:
        spread = spread - q.H * q.H
    scale = q.eta * q.eta * _kappa(q, replacement=replacement)
    return _step(q, q.H) * _step(q, q.H) + spread * scale


def norm_sides(q: Any, **changes: Any) -> tuple[Any, Any]:
    """The mean of ‖(I - ηH_S)θ‖² over all batches, and θᵀ((I - ηH)² + η²κΣ)θ."""
    squares = [_step(q, one) * _step(q, one) for one in q.batches]
    return q.form(q.mean(squares), q.theta), q.form(_criterion(q, **changes), q.theta)


def criterion_sides(q: Any, *, swapped: bool = False) -> tuple[Any, Any]:
    """λ_1(M) and λ_1((I - ηH)² + η²κΣ), or the other way round."""
    own, bound = _top(q, _operator(q)), _top(q, _criterion(q))
    return (bound, own) if swapped else (own, bound)


def one_parameter_sides(q: Any, *, most: int = 1) -> tuple[Any, Any, bool]:
    """The same where p = 1, or at most another number."""
    return _top(q, _operator(q)), _top(q, _criterion(q)), q.p <= most


def necessary_sides(q: Any, *, swapped: bool = False) -> tuple[Any, Any, bool]:
    """λ_1(H) and μ, or the other way round."""
    if q.on_range is None:
        return 0, 0, False
    top, own = _top(q, q.H), _mu(q.on_range)
    return (own, top, True) if swapped else (top, own, True)


def moment_rate(q: Any) -> Any:
    """λ_1(M), by which the second moment grows in the worst case."""
    return _top(q, _operator(q))


def stable_rate_sides(q: Any) -> tuple[Any, Any, bool]:
    """λ_1(M) and 1, where ηλ_1(H) ≤ 2: false, as (d) is not sufficient."""
    return moment_rate(q), 1, bool(_sharpness(q) <= 2)


# One sample a step, H_i = g_ig_iᵀ


def _single(q: Any) -> bool:
    """Whether B = 1 and every H_i has rank at most 1, with some H_i ≠ 0."""
    ranks = [q.rank(one) for one in q.hessians]
    return q.B == 1 and max(ranks) == 1


def _powers(q: Any, theta: Any) -> list[Any]:
    """|g_i·θ|^k, as (θᵀH_iθ)^(k/2)."""
    return [q.root(q.form(one, theta)) ** q.k for one in q.hessians]


def moment_sides(q: Any, *, share: int = 1) -> tuple[Any, Any, bool]:
    """(1/n)^t |1 - η‖g_i‖²|^kt |g_i·θ_0|^k and E|g_i·θ_t|^k, t = 1 and 2, for every i.

    ‖g_i‖² = tr H_i. A mutant has 1 for n.
    """
    if not _single(q):
        return 0, 0, False
    n = q.n if share else 1
    rates = [abs(1 - q.eta * q.trace(one)) ** q.k for one in q.hessians]
    lefts, rights, reached = [], [], [q.theta]
    for t in (1, 2):
        reached = [_step(q, one) * theta for theta in reached for one in q.hessians]
        moments = [_powers(q, theta) for theta in reached]
        for i, power in enumerate(_powers(q, q.theta)):
            lefts.append(power * (rates[i] / n) ** t)
            rights.append(sum(row[i] for row in moments) / len(reached))
    return tuple(lefts), tuple(rights), True


def single_sides(q: Any, *, share: int = 1) -> tuple[Any, Any, bool]:
    """(1/n)(1 - η‖g_i‖²)² for g_i ≠ 0 and λ_1(M); a mutant has 1 for n."""
    if not _single(q):
        return 0, 0, False
    n = q.n if share else 1
    rates = [(1 - q.eta * q.trace(one)) ** 2 / n for one in q.hessians if q.rank(one)]
    return tuple(rates), _top(q, _operator(q)), True


def single_threshold_sides(q: Any, *, one: int = 1) -> tuple[Any, Any, bool]:
    """2 max_i ‖g_i‖² and (1 + √n)μ, that is η* max ‖g_i‖² ≤ 1 + √n; mutants lack 1."""
    if not _single(q):
        return 0, 0, False
    lengths = tuple(2 * q.trace(matrix) for matrix in q.hessians)
    return lengths, _mu(q.on_range) * (q.root(q.n) + one), True
