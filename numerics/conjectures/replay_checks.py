"""How a test that `replay` writes looks at the named assumptions."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ...theory.activations import Activation
from .stationary import known_to_be

__all__ = ["CHECKS", "critical_check"]

Check = tuple[str, tuple[str, ...]]

CHECKS: Final[Mapping[str, Check]] = MappingProxyType(
    {
        "interpolation": ("assert all(v == 0 for row in r for v in row)", ()),
        "critical": ("assert all(v == 0 for v in gradient())", ("gradient",)),
        "active": (
            "assert all(any(a != 0 for a in column) for column in zip(*A, strict=True))",
            (),
        ),
        "full_rank_jacobian": (
            "assert rank(jacobian()) == n * C",
            ("rank", "jacobian", "sizes"),
        ),
        "full_rank_first_layer": ("assert rank(W) == m", ("rank", "sizes")),
        "nonzero_inputs": ("assert all(any(v != 0 for v in x) for x in X)", ()),
        "distinct_inputs": ("assert len(set(map(tuple, X))) == n", ("sizes",)),
        "unit_inputs": ("assert all(dot(x, x) == 1 for x in X)", ("dot",)),
        "no_dead_neurons": (
            """
for unit in zip(*S1, strict=True):
    assert any(separated(s, Q(0)) for s in unit)
""",
            ("hidden units",),
        ),
    }
)
"""Name → body of the test and what it needs."""

_CANCELLING = """
# σ at different arguments is taken as unknown: what multiplies each value must cancel
assert all(sum((r[i][e] for i in range(n)), Q(0)) == 0 for e in range(C))
for k in range(m):
    for place in {{{key} for i in range(n)}}:
        here = [i for i in range(n) if {key_i} == place]
        {weight}
        for e in range(C):
            assert sum((sign[i] * r[i][e] for i in here), Q(0)) == 0
        pull = {{i: sum((r[i][e] * A[e][k] for e in range(C)), Q(0)) for i in here}}
        for j in range(d):
            assert sum((pull[i] * X[i][j] for i in here), Q(0)) == 0
        assert sum(pull.values(), Q(0)) == 0
"""


def critical_check(activation: Activation) -> Check:
    """That ∇L(θ) = 0: exactly where J is rational, else by what cancels.

    Parameters
    ----------
    activation : Activation
        σ; if it is odd, opposite arguments are known to have opposite values.
    """
    if known_to_be("polynomial", activation):
        return CHECKS["critical"]
    odd = known_to_be("odd", activation)
    key = "abs(Z[i][k])" if odd else "Z[i][k]"
    sign = "(Z[i][k] > 0) - (Z[i][k] < 0)" if odd else "1"
    text = _CANCELLING.format(
        key=key, key_i=key, weight=f"sign = {{i: {sign} for i in here}}"
    )
    return text, ("hidden units", "sizes")
