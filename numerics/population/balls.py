"""Loss, gradient and Hessian of ReLU with teacher V = I_k, enclosed in balls.

    L(W) = ½ E (Σ_i σ(w_i·x) - Σ_j σ(x_j))²,   x ~ N(0, I_k),

as in theorem T18, with Arb's arithmetic at the precision of the moment: each result holds
the true value for every W in the box that is given. Where a row of the box holds 0, or two
directions of the box may coincide or be opposite, the closed forms end in NaN, which no
comparison calls true. Nothing here is shared with the float64 formulas of `kernels`.
"""

from flint import arb, arb_mat

__all__ = ["Box", "ball_gradient", "ball_hessian", "ball_loss", "identity"]

Box = list[list[arb]]
"""k rows of k balls."""


def ball_loss(W: Box) -> arb:
    """L = ½ ΣΣ κ(w_i, w_j) - ΣΣ κ(w_i, e_j) + ½ ΣΣ κ(e_i, e_j)."""
    k = len(W)
    students, teachers = [_polar(w) for w in W], _teachers(k)
    total = sum((n * n for n, _ in students), arb(k)) / 4
    for i in range(k):
        for j in range(i):
            total += _kernel(students[i], students[j])
            total += _kernel(teachers[i], teachers[j])
        for teacher in teachers:
            total -= _kernel(students[i], teacher)
    return total


def ball_gradient(W: Box) -> list[arb]:
    """½w_i + Σ_{j≠i} ∇κ(w_i, w_j) - Σ_j ∇κ(w_i, e_j), row after row."""
    k = len(W)
    students, teachers = [_polar(w) for w in W], _teachers(k)
    entries: list[arb] = []
    for i in range(k):
        row = [x / 2 for x in W[i]]
        others = [(student, 1) for j, student in enumerate(students) if j != i]
        for (norm, v), sign in [*others, *((teacher, -1) for teacher in teachers)]:
            u = students[i][1]
            _, sin, angle = _angle(u, v)
            scale = sign * norm / (2 * arb.pi())
            row = [
                g + scale * (sin * a + (arb.pi() - angle) * b)
                for g, a, b in zip(row, u, v, strict=True)
            ]
        entries += row
    return entries


def ball_hessian(W: Box) -> arb_mat:
    """k × k blocks h2(w_i, w_j), and ½I + Σ_{j≠i} h1(w_i, w_j) - Σ_j h1(w_i, e_j)."""
    k = len(W)
    students, teachers = [_polar(w) for w in W], _teachers(k)
    rows: list[list[arb]] = []
    for i in range(k):
        blocks = [
            _mixed(students[i][1], students[j][1]) if i != j else arb_mat(k, k)
            for j in range(k)
        ]
        own = identity(k) * (arb(1) / 2)
        for j in range(k):
            own -= _second(students[i], teachers[j])
            if j != i:
                own += _second(students[i], students[j])
        blocks[i] = own
        tables = [block.tolist() for block in blocks]
        rows += [[x for table in tables for x in table[a]] for a in range(k)]
    return arb_mat(rows)


def identity(size: int) -> arb_mat:
    """I."""
    return arb_mat([[int(i == j) for j in range(size)] for i in range(size)])


Polar = tuple[arb, list[arb]]


def _polar(w: list[arb]) -> Polar:
    """Norm and direction."""
    norm = sum((x * x for x in w), arb(0)).sqrt()
    return norm, [x / norm for x in w]


def _teachers(k: int) -> list[Polar]:
    return [(arb(1), [arb(int(i == j)) for j in range(k)]) for i in range(k)]


def _angle(u: list[arb], v: list[arb]) -> tuple[arb, arb, arb]:
    """Cosine, sine, and the angle itself."""
    cos = sum((a * b for a, b in zip(u, v, strict=True)), arb(0))
    return cos, (1 - cos * cos).sqrt(), cos.acos()


def _kernel(left: Polar, right: Polar) -> arb:
    """(1/2π) ‖u‖ ‖v‖ (sin θ + (π - θ) cos θ)."""
    cos, sin, angle = _angle(left[1], right[1])
    return left[0] * right[0] * (sin + (arb.pi() - angle) * cos) / (2 * arb.pi())


def _normal(u: list[arb], v: list[arb], cos: arb, sin: arb) -> list[arb]:
    """The unit vector of v - cos θ u."""
    return [(b - cos * a) / sin for a, b in zip(u, v, strict=True)]


def _second(left: Polar, right: Polar) -> arb_mat:
    """h1 = (sin θ ‖v‖ / (2π ‖u‖)) (I - û ûᵀ + n nᵀ)."""
    (length, u), (norm, v) = left, right
    cos, sin, _ = _angle(u, v)
    n = _normal(u, v, cos, sin)
    inner = identity(len(u)) - _outer(u, u) + _outer(n, n)
    return inner * (sin * norm / (2 * arb.pi() * length))


def _mixed(u: list[arb], v: list[arb]) -> arb_mat:
    """h2 = (1/2π) ((π - θ) I + û nᵀ + v̂ n'ᵀ)."""
    cos, sin, angle = _angle(u, v)
    inner = identity(len(u)) * (arb.pi() - angle)
    inner += _outer(u, _normal(u, v, cos, sin)) + _outer(v, _normal(v, u, cos, sin))
    return inner * (1 / (2 * arb.pi()))


def _outer(x: list[arb], y: list[arb]) -> arb_mat:
    return arb_mat(len(x), 1, x) * arb_mat(1, len(y), y)
