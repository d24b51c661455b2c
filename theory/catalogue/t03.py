"""T03: piecewise-linear networks, where F is purely off-diagonal."""

from dataclasses import replace
from typing import Any

from ..expressions import Constant, call, name
from ..theorems import Claim, Counterexample, Example, Mutant, Theorem, Witness
from . import t03_sides as sides
from .coverage import PIECEWISE_LINEAR
from .laws import changed, law

__all__ = ["T03"]

F, G, H = name("F"), name("G"), name("H")

_PL: dict[str, Any] = {"activations": PIECEWISE_LINEAR}
_CRITICAL: dict[str, Any] = {
    **_PL,
    "assumes": ("critical", "active"),
    "losses": ("squared",),
    "outputs": "one",
}
"""A critical point is found for the squared loss; what follows uses r alone, or (c.4)
draws the curvatures of another loss with the same r."""

_CLAIMS = (
    Claim(
        label="a.1",
        statement=r"$\operatorname{tr} H = \operatorname{tr} G$",
        law=call("tr", H).equals(call("tr", G)),
        **_PL,
    ),
    Claim(
        label="a.2",
        statement=r"$M_k = 0$: $H_{\tilde w\tilde w} = G_{\tilde w\tilde w}$, and so"
        r" $H_{bb} = G_{bb}$",
        law=name("H_tt").equals(name("G_tt")),
        **_PL,
    ),
    Claim(
        label="a.3",
        statement=r"$H_{aa} = G_{aa}$",
        law=name("H_aa").equals(name("G_aa")),
        **_PL,
    ),
    Claim(
        label="a.4",
        statement=r"the eigenvalues of $F$ are $\pm$ the singular values of all $U_k$,"
        r" and zeros",
        law=law(sides.spectrum_sides, "=="),
        **_PL,
    ),
    Claim(
        label="a.5",
        statement=r"$\operatorname{rank} F = 2\sum_k \operatorname{rank} U_k$",
        law=law(sides.rank_sides, "=="),
        **_PL,
    ),
    Claim(
        label="b.1",
        statement=r"$H$ has at most $\sum_k \operatorname{rank} U_k$ negative eigenvalues",
        law=law(sides.negative_sides, "<="),
        **_PL,
    ),
    Claim(
        label="b.2",
        statement=r"$H$ has at most $m\,\min(C, d+1)$ negative eigenvalues",
        law=law(sides.negative_width_sides, "<="),
        **_PL,
    ),
    Claim(
        label="c.1",
        statement=r"$\nabla_{\tilde w_k} L = U_ka_k$",
        law=law(sides.first_layer_sides, "=="),
        **_PL,
    ),
    Claim(
        label="c.2",
        statement=r"$\nabla_{a_k} L = U_k^T\tilde w_k$",
        law=law(sides.second_layer_sides, "=="),
        **_PL,
    ),
    Claim(
        label="c.3",
        statement=r"$C = 1$, every $a_k \ne 0$, $\nabla L = 0$: $F = 0$, that is $H = G$,"
        r" whatever the residuals",
        law=call("fro", F).equals(0),
        **_CRITICAL,
    ),
    Claim(
        label="c.4",
        statement=r"$C = 1$, every $a_k \ne 0$, $\nabla L = 0$: $H$ is positive"
        r" semi-definite, for every convex $\ell$ with these $r_i$",
        law=law(sides.convex_sides, "<=", "directions"),
        **_CRITICAL,
    ),
    Claim(
        label="d.1",
        statement=r"$C = 1$, every $a_k \ne 0$, $\nabla L(\theta) = 0$: $L(\theta) \le"
        r" L(\theta')$ for every $\theta'$ in the activation cell of $\theta$ (squared"
        r" loss)",
        law=law(sides.cell_sides, "<=", "neighbour"),
        **_CRITICAL,
    ),
    Claim(
        label="d.2",
        statement=r"there $\frac{1}{n}\sum_i r_i(f(x_i; \theta') - f(x_i; \theta)) = 0$,"
        r" so that $L(\theta) \le L(\theta')$ for every convex $\ell$",
        law=law(sides.first_order_sides, "==", "neighbour"),
        **_CRITICAL,
    ),
)
_BY = {claim.label: claim for claim in _CLAIMS}

_DEAD_OUTPUT = Example(
    activation="relu",
    x=((1,), (2,), (-1,)),
    W=((1,),),
    b=(0,),
    A=((0,),),
    c=(0,),
    residual=((2,), (-1,), (-1,)),
)
"""∇L = 0 and a_1 = 0, with U_1 = (0, 1/3)ᵀ."""

_TWO_DEAD_OUTPUTS = Example(
    activation="identity",
    x=((1,), (2,)),
    W=((1,),),
    b=(0,),
    A=((0,), (0,)),
    c=(0, 0),
    residual=((1, 0), (0, 1)),
)
"""U_1 = ((1/2, 1), (1/2, 1/2))."""

_TWO_OUTPUTS = _DEAD_OUTPUT.but(
    A=((1,), (0,)), c=(0, 0), residual=((0, 2), (0, -1), (0, -1))
)
"""∇L = 0 and a_1 = (1, 0), with U_1 = ((0, 0), (0, 1/3))."""

_SMOOTH = Example(
    activation="quadratic",
    x=((1,), (2,)),
    W=((0,),),
    b=(0,),
    A=((1,),),
    c=(0,),
    residual=((1,), (-1,)),
)
"""∇L = 0 and a_1 ≠ 0, with M_1 = x̃_1x̃_1ᵀ - x̃_2x̃_2ᵀ."""

_DEAD_UNIT = Example(
    activation="relu",
    x=((1,), (2,)),
    W=((-1,),),
    b=(0,),
    A=((1,),),
    c=(0,),
    residual=((1,), (-1,)),
)
"""∇L = 0, L = 1/2: f = 0 near θ, and y = (-1, 1)."""

_SEMIDEFINITE = replace(_BY["c.4"], law=Constant(0) <= call("lmin", H))

T03 = Theorem(
    id="T03",
    title="Piecewise-linear networks: F is purely off-diagonal",
    topic="derivatives",
    statement=r"Let $\sigma$ be piecewise linear and positively homogeneous, $\sigma(z) ="
    r" \sigma'(z)z$, and $U_k = \frac{1}{n}\sum_i\sigma'(z_{ik})\tilde x_ir_i^T$. Then"
    r" $M_k = 0$ in T02, so $H$ and $G$ share their trace and their diagonal blocks at"
    r" every $\theta$, and $F$ only couples $\tilde w_k$ to $a_k$ through $U_k$; $H$ has at"
    r" most $\sum_k \operatorname{rank} U_k$ negative eigenvalues. With one output, at a"
    r" critical point with every $a_k \ne 0$, $F$ vanishes: $H = G$ is positive"
    r" semi-definite whatever the residuals, and $\theta$ minimises $L$ over its"
    r" activation cell, the $\theta'$ with $z_{ik}$ of the same signs.",
    hypotheses=(
        r"$\sigma$ is piecewise linear and positively homogeneous; no $z_{ik}$ is a kink",
        r"$\ell$ is twice differentiable in $f$",
        r"(b), (c.4), (d): $\ell$ is convex in $f$",
        r"(c.3), (c.4), (d): $C = 1$, $\nabla L(\theta) = 0$ and every $a_k \ne 0$",
    ),
    claims=_CLAIMS,
    mutants=(
        Mutant(
            name="tr H = tr G for smooth σ",
            claim=replace(_BY["a.1"], activations=("tanh", "quadratic", "softplus")),
        ),
        Mutant(
            name="H = G, not only in the diagonal blocks",
            claim=replace(_BY["a.2"], law=H.equals(G)),
        ),
        Mutant(
            name="F has the singular values of U_k without their negatives",
            claim=changed(_BY["a.4"], sides.spectrum_sides, minus=0.0),
        ),
        Mutant(
            name="rank F = Σ rank U_k",
            claim=changed(_BY["a.5"], sides.rank_sides, two=1.0),
        ),
        Mutant(
            name="rank F = 3 Σ rank U_k",
            claim=changed(_BY["a.5"], sides.rank_sides, two=3.0),
        ),
        Mutant(
            name="one negative eigenvalue fewer than Σ rank U_k",
            claim=changed(_BY["b.1"], sides.negative_sides, less=1.0),
        ),
        Mutant(
            name="one negative eigenvalue fewer than m min(C, d + 1)",
            claim=changed(_BY["b.2"], sides.negative_width_sides, less=1.0),
        ),
        Mutant(
            name="m min(C, d) negative eigenvalues in spite of the bias",
            claim=changed(_BY["b.2"], sides.negative_width_sides, inputs=0),
        ),
        Mutant(
            name="at most m negative eigenvalues for any C",
            claim=changed(_BY["b.2"], sides.negative_width_sides, outputs=False),
        ),
        Mutant(
            name="∇_w̃ L = 2 U a",
            claim=changed(_BY["c.1"], sides.first_layer_sides, factor=2.0),
        ),
        Mutant(
            name="∇_a L = 2 Uᵀ w̃",
            claim=changed(_BY["c.2"], sides.second_layer_sides, factor=2.0),
        ),
        Mutant(
            name="F = 0 without ∇L = 0",
            claim=replace(_BY["c.3"], assumes=("active",)),
        ),
        Mutant(
            name="F = 0 for any C",
            claim=replace(_BY["c.3"], outputs="any"),
        ),
        Mutant(
            name="H positive semi-definite for any C",
            claim=replace(_SEMIDEFINITE, outputs="any"),
        ),
        Mutant(
            name="H positive semi-definite although some a_k = 0",
            claim=replace(_SEMIDEFINITE, assumes=("critical",)),
        ),
        Mutant(
            name="least on the cell without ∇L = 0",
            claim=replace(_BY["d.1"], assumes=("active",)),
        ),
        Mutant(
            name="least on the cell although some a_k = 0",
            claim=replace(_BY["d.2"], assumes=("critical",)),
        ),
    ),
    proof=r"(a) Off the kinks $\sigma'' = 0$, so $M_k = 0$ in T02(b) and $F_k = [[0, U_k],"
    r" [U_k^T, 0]]$; the diagonal blocks and the trace of $F = H - G$ are $0$. If $U_k ="
    r" \sum_j s_ju_jv_j^T$ is a singular value decomposition, then $F_k$ maps $(u_j, \pm"
    r" v_j)$ to $\pm s_j(u_j, \pm v_j)$ and is $0$ on the complement of these vectors. The"
    r" spectrum of the block-diagonal $F$ is the union of those of the $F_k$, and zeros;"
    r" so the number of its eigenvalues other than $0$ is"
    r" $2\sum_k \operatorname{rank} U_k$."
    r" (b) $v^THv \ge v^TFv$ for every $v$, as $G$ is positive semi-definite (T02(a)); so"
    r" $\lambda_j(H) \ge \lambda_j(F)$ for every $j$ by Courant and Fischer, and $H$ has"
    r" no more negative eigenvalues than $F$, which by (a) has"
    r" $\sum_k \operatorname{rank} U_k$. $U_k$ has $d + 1$ rows and $C$ columns."
    r" (c) By T01(a), $\nabla_{\tilde w_k} L = \frac{1}{n}\sum_i\sum_c r_{ic}A_{ck}"
    r"\sigma'(z_{ik})\tilde x_i = U_ka_k$, and $\nabla_{a_k} L ="
    r" \frac{1}{n}\sum_i\sigma(z_{ik})r_i = \frac{1}{n}\sum_i\sigma'(z_{ik})"
    r"(\tilde w_k\cdot\tilde x_i)r_i = U_k^T\tilde w_k$, as $\sigma(z) = \sigma'(z)z$. For"
    r" $C = 1$ a critical point has $U_ka_k = 0$ with a number $a_k \ne 0$, so every $U_k"
    r" = 0$, hence $F = 0$, and $H = G$ is positive semi-definite where $\ell$ is convex."
    r" (d) At $\theta'$ in the cell of $\theta$ the slopes $\sigma'(z_{ik})$ are the same,"
    r" so $f(x_i; \theta') = \sum_k\sigma'(z_{ik})\tilde x_i\cdot(a_k'\tilde w_k') + c'$"
    r" and $\frac{1}{n}\sum_i r_if(x_i; \theta') = \sum_k U_k\cdot(a_k'\tilde w_k') +"
    r" c'\,\frac{1}{n}\sum_i r_i$. Here $U_k = 0$ by (c) and $\frac{1}{n}\sum_i r_i ="
    r" \partial L/\partial c = 0$, so it is $0$ at $\theta'$ and at $\theta$. A convex"
    r" $\ell$ lies above its tangent: $\ell(f', y_i) \ge \ell(f, y_i) + r_i(f' - f)$ with"
    r" $f = f(x_i; \theta)$, $f' = f(x_i; \theta')$. Averaged over $i$ this is"
    r" $L(\theta') \ge L(\theta)$; by continuity it holds on the closure of the cell too.",
    source="derived here; (c), (d) compare Soudry and Carmon (2016), Laurent and von"
    " Brecht (2018)",
    uses=("T01", "T02"),
    witnesses=(
        Witness(
            labels=("b.1", "b.2"),
            note="one ReLU unit with a_1 = 0 and U_1 = (0, 1/3)ᵀ: one negative eigenvalue",
            example=_DEAD_OUTPUT,
        ),
        Witness(
            labels=("b.1", "b.2"),
            note="two outputs, A = 0 and U_1 of rank 2: two negative eigenvalues",
            example=_TWO_DEAD_OUTPUTS,
        ),
        Witness(
            labels=("d.1",),
            note="L is constant on rescaling orbits: θ' = (2w̃_1, a_1/2, c)",
            example=_DEAD_UNIT.but(drawn={"neighbour": (-2, 0, 0.5, 0)}),
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="every a_k ≠ 0 in (c.3): a_1 = 0, and ‖F‖ = 1/3",
            claim=replace(_BY["c.3"], assumes=("critical",)),
            example=_DEAD_OUTPUT,
        ),
        Counterexample(
            dropped="every a_k ≠ 0 in (c.4): a_1 = 0, and λ_min(H) = -0.123455",
            claim=replace(_SEMIDEFINITE, assumes=("critical",)),
            example=_DEAD_OUTPUT,
        ),
        Counterexample(
            dropped="every a_k ≠ 0 in (d): a_1 = 0, and L falls from 1 to 0.985677 in the"
            " cell, at w = 1, b = -1/2, a = 1/8",
            claim=replace(_BY["d.1"], assumes=("critical",)),
            example=_DEAD_OUTPUT.but(drawn={"neighbour": (1, -0.5, 0.125, 0)}),
        ),
        Counterexample(
            dropped="C = 1 in (c.3): a_1 = (1, 0), and ‖F‖ = 1/3",
            claim=replace(_BY["c.3"], outputs="any"),
            example=_TWO_OUTPUTS,
        ),
        Counterexample(
            dropped="C = 1 in (c.4): a_1 = (1, 0), and λ_min(H) = -0.071675",
            claim=replace(_SEMIDEFINITE, outputs="any"),
            example=_TWO_OUTPUTS,
        ),
        Counterexample(
            dropped="σ piecewise linear in (a): σ(z) = z², and tr H = -2 but tr G = 1",
            claim=replace(_BY["a.1"], activations=("quadratic",)),
            example=_SMOOTH,
        ),
        Counterexample(
            dropped="σ piecewise linear in (c.3): σ(z) = z², ∇L = 0 and a_1 = 1, but F ≠ 0",
            claim=replace(_BY["c.3"], activations=("quadratic",)),
            example=_SMOOTH,
        ),
        Counterexample(
            dropped="ℓ convex in (b): S = -1 and r = 0, so that H = G has the eigenvalue -3",
            claim=_BY["b.1"],
            example=Example(
                activation="identity",
                x=((0,),),
                W=((0,),),
                b=(1,),
                A=((1,),),
                c=(0,),
                residual=((0,),),
                output_hessian=(((-1,),),),
            ),
        ),
        Counterexample(
            dropped="the cell in (d): a dead unit has L = 1/2, and w = 1, b = -1/2, a = 2,"
            " c = -2 interpolates",
            claim=changed(_BY["d.1"], sides.cell_sides, cell=False),
            example=_DEAD_UNIT.but(drawn={"neighbour": (1, -0.5, 2, -2)}),
        ),
    ),
)
