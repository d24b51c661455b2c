"""T28: unbounded sharpness at a fixed function."""

from dataclasses import replace
from typing import Any

from ..expressions import Constant, call, name
from ..theorems import Claim, Example, Mutant, Theorem, Witness
from .coverage import PIECEWISE_LINEAR
from .laws import law
from .t11 import orbit_shares

__all__ = ["T28"]


def _sharpness_sides(
    q: Any, drawn: Any, *, power: int = 2, shrink: bool = True
) -> tuple[Any, Any]:
    P, _ = orbit_shares(q)
    share = P / drawn.alphas**power / (float(q.d + 1) if shrink else 1.0)
    sharpness = q.rescaled(drawn.alpha).eigenvalues("H")[..., :1]
    return share, sharpness


_T28 = (
    Claim(
        label="a",
        statement=r"\lambda_1(H(T_\alpha\theta)) \ge \alpha_k^{-2}P_k/(d+1)",
        law=law(_sharpness_sides, "<=", "rescaling"),
        activations=PIECEWISE_LINEAR,
        losses=("squared",),
    ),
    Claim(
        label="b",
        statement=r"\lambda_1(H) \ge H_{cc} = 1",
        law=Constant(1) <= call("lmax", name("H")),
        losses=("squared",),
    ),
)

T28 = Theorem(
    id="T28",
    title="Unbounded sharpness at a fixed function",
    topic="symmetry",
    statement=r"For piecewise-linear positively homogeneous \sigma and the squared loss"
    r" \lambda_1(H(T_\alpha\theta)) \ge \alpha_k^{-2}P_k/(d+1), which tends to infinity as"
    r" \alpha_k \to 0 while f does not change, if P_k > 0; it cannot tend to 0:"
    r" \lambda_1(H) \ge 1 everywhere.",
    hypotheses=(
        r"(a) \sigma piecewise linear, positively homogeneous; off the kinks",
        r"squared loss, output bias a parameter",
    ),
    claims=_T28,
    mutants=(
        Mutant(
            name="α⁻⁴ in place of α⁻²",
            claim=replace(
                _T28[0], law=law(_sharpness_sides, "<=", "rescaling", power=4)
            ),
        ),
        Mutant(
            name="P_k without 1/(d + 1)",
            claim=replace(
                _T28[0], law=law(_sharpness_sides, "<=", "rescaling", shrink=False)
            ),
        ),
        Mutant(
            name="λ_1(H) ≥ 2",
            claim=replace(_T28[1], law=Constant(2) <= call("lmax", name("H"))),
        ),
    ),
    proof=r"H_{\tilde w_k\tilde w_k} = G_{\tilde w_k\tilde w_k} (T03a) has trace P_k and d+1"
    r" rows; its largest eigenvalue is at least their mean, and at most that of H. At"
    r" T_\alpha\theta the block is divided by \alpha_k^2 (T10). The entry H_{cc} is 1."
    r" \blacksquare",
    source="Dinh et al. (2017)",
    uses=("T03", "T10", "T11"),
    witnesses=(
        Witness(
            labels=("b",),
            note="A = 0 and σ(z) = 0: λ_1(H) = 1",
            example=Example(
                activation="relu",
                x=((1,), (2,)),
                W=((-1,),),
                b=(0,),
                A=((0,),),
                c=(0,),
                residual=((0,), (0,)),
            ),
        ),
    ),
)
