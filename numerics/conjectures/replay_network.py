"""The network in a test that `replay` writes: quantities from their definitions."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from .replay_blocks import Block, block

__all__ = ["LOSSES", "NAMES", "NETWORK", "RANKS"]


NETWORK: Final[Mapping[str, Block]] = MappingProxyType(
    {
        "sizes": block("""
n, d, m, C = len(X), len(X[0]), len(W), len(A)
p = m * d + m + m * C + C
"""),
        "hidden units": block(
            """
Z = [[dot(w, x) + bias for w, bias in zip(W, b, strict=True)] for x in X]
S0 = [[settled(sigma(z)) for z in row] for row in Z]
S1 = [[settled(slope(z)) for z in row] for row in Z]
""",
            "dot",
            "settled",
        ),
        "outputs": block(
            """
f = [[dot(a, s) + bias for a, bias in zip(A, c, strict=True)] for s in S0]
""",
            "hidden units",
        ),
        "jacobian": block(
            '''
def jacobian():
    """Row i C + e: the derivative of f_e(x_i) in W by rows, b, the columns of A, c."""
    rows = []
    for i, x in enumerate(X):
        for e in range(C):
            delta = [A[e][k] * S1[i][k] for k in range(m)]
            rows.append(
                [delta[k] * x[j] for k in range(m) for j in range(d)]
                + delta
                + [S0[i][k] * (o == e) for k in range(m) for o in range(C)]
                + [Q(o == e) for o in range(C)]
            )
    return rows
''',
            "sizes",
            "hidden units",
        ),
        "gradients": block(
            '''
def gradients():
    """J_iᵀ r_i, one row for each sample."""
    J = jacobian()
    return [
        [sum((r[i][e] * J[i * C + e][k] for e in range(C)), Q(0)) for k in range(p)]
        for i in range(n)
    ]
''',
            "jacobian",
            "loss",
        ),
        "gradient": block(
            """
def gradient():
    return [sum(column, Q(0)) / n for column in zip(*gradients(), strict=True)]
""",
            "gradients",
        ),
        "empirical_fisher": block(
            """
def empirical_fisher():
    g = gradients()
    return [
        [sum((row[k] * row[o] for row in g), Q(0)) / n for o in range(p)]
        for k in range(p)
    ]
""",
            "gradients",
        ),
        "gauss_newton": block(
            '''
def gauss_newton():
    """(1/n) Σ J_iᵀ S_i J_i."""
    J, total = jacobian(), [[Q(0)] * p for _ in range(p)]
    for i in range(n):
        Ji = J[i * C : (i + 1) * C]
        SJ = matmul(S[i], Ji)
        total = added(total, matmul(transposed(Ji), SJ))
    return scaled(Q(1, n), total)
''',
            "jacobian",
            "loss",
            "matmul",
            "transposed",
            "added",
            "scaled",
        ),
        "residual_hessian": block(
            '''
def residual_hessian():
    """(1/n) Σ r_ie ∇²f_e(x_i): blocks of (w_k, b_k) with itself and with a_k."""
    S2 = [[settled(bend(z)) for z in row] for row in Z]
    F = [[Q(0)] * p for _ in range(p)]
    for i, x in enumerate(X):
        for k in range(m):
            places = [*range(k * d, (k + 1) * d), m * d + k]
            xt = [*x, Q(1)]
            pull = sum((r[i][e] * A[e][k] for e in range(C)), Q(0)) * S2[i][k]
            for u, row in zip(xt, places, strict=True):
                for v, column in zip(xt, places, strict=True):
                    F[row][column] += pull * u * v / n
                for e in range(C):
                    column = m * d + m + k * C + e
                    F[row][column] += r[i][e] * S1[i][k] * u / n
                    F[column][row] += r[i][e] * S1[i][k] * u / n
    return F
''',
            "sizes",
            "hidden units",
            "loss",
        ),
        "hessian": block(
            """
def hessian():
    return added(gauss_newton(), residual_hessian())
""",
            "added",
            "gauss_newton",
            "residual_hessian",
        ),
        "block": block(
            """
PLACE = {
    "w": range(m * d),
    "b": range(m * d, m * d + m),
    "t": range(m * d + m),
    "a": range(m * d + m, p - C),
    "c": range(p - C, p),
}


def block(matrix, rows, columns):
    return [[matrix[i][j] for j in PLACE[columns]] for i in PLACE[rows]]
""",
            "sizes",
        ),
        "loss_value": block(
            """
def loss_value():
    return sum(ell, Q(0)) / n
""",
            "loss",
        ),
        "input_jacobians": block(
            '''
def input_jacobians():
    """A diag(σ'(z_i)) W for each sample."""
    return [
        [
            [sum((A[e][k] * s[k] * W[k][j] for k in range(m)), Q(0)) for j in range(d)]
            for e in range(C)
        ]
        for s in S1
    ]
''',
            "sizes",
            "hidden units",
        ),
        "complexity": block(
            """
def complexity():
    return sum((inner(Jx, Jx) for Jx in input_jacobians()), Q(0)) / n
""",
            "input_jacobians",
            "inner",
        ),
        "weighted_complexity": block(
            """
def weighted_complexity():
    pairs = zip(S, input_jacobians(), strict=True)
    return sum((inner(Jx, matmul(Si, Jx)) for Si, Jx in pairs), Q(0)) / n
""",
            "input_jacobians",
            "inner",
            "matmul",
            "loss",
        ),
        "mean_hidden": block(
            """
def mean_hidden():
    return sum((dot(s, s) for s in S0), Q(0)) / n
""",
            "hidden units",
            "sizes",
        ),
        "path_norm": block(
            """
def path_norm():
    columns = list(zip(*A, strict=True))
    return sum((norm(columns[k]) * norm([*W[k], b[k]]) for k in range(m)), arb(0))
""",
            "norm",
            "sizes",
        ),
        "flat_trace": block(
            '''
def flat_trace():
    """tr G_cc + Σ_k 2 √(P_k Q_k), the infimum over α of tr G_cc + Σ_k (P_k/α_k² + Q_k α_k²).

    P_k and Q_k are the parts of tr G = tr H on (w_k, b_k) and on a_k; rescaling unit k by
    α_k divides one by α_k² and multiplies the other.
    """
    G = gauss_newton()
    total = sum((G[i][i] for i in range(p - C, p)), Q(0))
    for k in range(m):
        first = [*range(k * d, k * d + d), m * d + k]
        second = range(m * d + m + k * C, m * d + m + k * C + C)
        before, after = (sum((G[i][i] for i in part), Q(0)) for part in (first, second))
        total += 2 * root(before * after)
    return total
''',
            "gauss_newton",
            "root",
        ),
        "lengths": block(
            """
def lengths(*more):
    return [norm([*x, *more]) for x in X]
""",
            "norm",
        ),
        "parameters": block(
            """
theta = [*flat(W), *b, *(A[e][k] for k in range(m) for e in range(C)), *c]
""",
            "flat",
            "sizes",
        ),
    }
)
"""Everything about the network that a claim can name."""

LOSSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "squared": """
S = [[[Q(o == e) for o in range(C)] for e in range(C)] for _ in X]
ell = [dot(row, row) / 2 for row in r]
""",
        "logistic": """
one = [1 / (1 + (-arb(row[0])).exp()) for row in f]
r = [[q - y] for q, y in zip(one, labels, strict=True)]
S = [[[q * (1 - q)]] for q in one]
ell = [arb(row[0]).exp().log1p() - y * row[0] for row, y in zip(f, labels, strict=True)]
""",
        "softmax": """
weights = [[arb(v).exp() for v in row] for row in f]
q = [[w / sum(row, arb(0)) for w in row] for row in weights]
r = [[row[e] - (e == y) for e in range(C)] for row, y in zip(q, labels, strict=True)]
S = [[[row[e] * ((o == e) - row[o]) for o in range(C)] for e in range(C)] for row in q]
ell = [-row[y].log() for row, y in zip(q, labels, strict=True)]
""",
    }
)
"""r, S and ℓ of each loss."""

NAMES: Final[Mapping[str, Block]] = MappingProxyType(
    {
        "L": ("loss_value()", ("loss_value",)),
        "Cx": ("complexity()", ("complexity",)),
        "CxS": ("weighted_complexity()", ("weighted_complexity",)),
        "path": ("path_norm()", ("path_norm",)),
        "Flat": ("flat_trace()", ("flat_trace",)),
        "min_x": ("least(lengths())", ("least", "lengths")),
        "max_x": ("greatest(lengths())", ("greatest", "lengths")),
        "min_xt": ("least(lengths(1))", ("least", "lengths")),
        "max_xt": ("greatest(lengths(1))", ("greatest", "lengths")),
        "hidden": ("mean_hidden()", ("mean_hidden",)),
        "theta": ("theta", ("parameters",)),
        "grad": ("gradient()", ("gradient",)),
        "J": ("jacobian()", ("jacobian",)),
        "K": (
            "matmul(jacobian(), transposed(jacobian()))",
            ("jacobian", "matmul", "transposed"),
        ),
        "H": ("hessian()", ("hessian",)),
        "G": ("gauss_newton()", ("gauss_newton",)),
        "F": ("residual_hessian()", ("residual_hessian",)),
        "EF": ("empirical_fisher()", ("empirical_fisher",)),
        "R": ("r", ("loss",)),
        **{size: (size, ("sizes",)) for size in "ndmCp"},
        **{given: (given, ()) for given in ("X", "W", "A", "b", "c")},
    }
)
"""What a name of the language is in such a test, and what that needs."""

RANKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "J": "len(set(map(tuple, X))) * C",
        "K": "len(set(map(tuple, X))) * C",
        "G": "len(set(map(tuple, X))) * (C - SOFTMAX)",
        "EF": "n",
    }
)
"""What the rank of a matrix is at most, by its form."""
