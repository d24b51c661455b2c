"""T10: what rescaling, permutations and sign flips change, and what they cannot."""

from dataclasses import replace
from typing import Any

from ..theorems import Claim, Counterexample, Example, Mutant, Theorem, Witness
from . import t10_sides as sides
from .coverage import ODD, PIECEWISE_LINEAR
from .laws import changed, law

__all__ = ["T10"]

_PL: dict[str, Any] = {"activations": PIECEWISE_LINEAR}

_INVARIANT = (
    ("f", r"$f(x_i; T_\alpha\theta) = f(x_i; \theta)$"),
    ("Cx", r"$\mathrm{Cx}(T_\alpha\theta) = \mathrm{Cx}(\theta)$"),
    ("L", r"$L(T_\alpha\theta) = L(\theta)$"),
    ("CxS", r"$\mathrm{Cx}_S(T_\alpha\theta) = \mathrm{Cx}_S(\theta)$"),
)

_CLAIMS = (
    *(
        Claim(
            label=f"a.{place}",
            statement=statement,
            law=law(sides.invariance_sides, "==", "rescaling", what=what),
            **_PL,
        )
        for place, (what, statement) in enumerate(_INVARIANT, start=1)
    ),
    Claim(
        label="b.1",
        statement=r"$\nabla L(T_\alpha\theta) = T_\alpha^{-1}\nabla L(\theta)$",
        law=law(sides.gradient_sides, "==", "rescaling"),
        **_PL,
    ),
    *(
        Claim(
            label=f"b.{place}",
            statement=rf"${what}(T_\alpha\theta) ="
            rf" T_\alpha^{{-1}}{what}(\theta)T_\alpha^{{-1}}$",
            law=law(sides.matrix_sides, "==", "rescaling", what=what),
            **_PL,
        )
        for place, what in enumerate(("H", "G", "F"), start=2)
    ),
    Claim(
        label="c.1",
        statement=r"$H(T_\alpha\theta)$ and $H(\theta)$ have equally many negative"
        r" eigenvalues",
        law=law(sides.inertia_sides, "==", "rescaling", part=sides.NEGATIVE),
        dear=True,
        **_PL,
    ),
    Claim(
        label="c.2",
        statement=r"$\det H(T_\alpha\theta)"
        r" = \det H(\theta)\,\prod_k \alpha_k^{2C-2(d+1)}$",
        law=law(sides.determinant_sides, "==", "rescaling"),
        dear=True,
        **_PL,
    ),
    Claim(
        label="c.3",
        statement=r"$H(T_\alpha\theta)$ and $H(\theta)$ have equally many positive"
        r" eigenvalues",
        law=law(sides.inertia_sides, "==", "rescaling", part=sides.POSITIVE),
        dear=True,
        **_PL,
    ),
    Claim(
        label="c.4",
        statement=r"$\operatorname{rank} H(T_\alpha\theta) ="
        r" \operatorname{rank} H(\theta)$",
        law=law(sides.inertia_sides, "==", "rescaling", part=sides.RANK),
        dear=True,
        **_PL,
    ),
    Claim(
        label="d.1",
        statement=r"$\tilde w_k\cdot\nabla_{\tilde w_k}L = a_k\cdot\nabla_{a_k}L$",
        law=law(sides.conservation_sides, "=="),
        **_PL,
    ),
    Claim(
        label="d.2",
        statement=r"$Hv_k = -E_k\nabla L$",
        law=law(sides.null_sides, "=="),
        **_PL,
    ),
    Claim(
        label="d.3",
        statement=r"$v_k^THv_k = -2\,a_k\cdot\nabla_{a_k}L$",
        law=law(sides.form_sides, "=="),
        **_PL,
    ),
    Claim(
        label="d.4",
        statement=r"$Jv_k = 0$",
        law=law(sides.kernel_sides, "==", what="J"),
        **_PL,
    ),
    Claim(
        label="d.5",
        statement=r"$Gv_k = 0$",
        law=law(sides.kernel_sides, "==", what="G"),
        **_PL,
    ),
    Claim(
        label="e",
        statement=r"where $\nabla L = 0$, the nullity of $H$ is at least"
        r" $\#\{k: (\tilde w_k, a_k) \ne 0\}$",
        law=law(sides.nullity_sides, "<="),
        dear=True,
        assumes=("critical",),
        losses=("squared",),
        **_PL,
    ),
    Claim(
        label="f.1",
        statement=r"any $\sigma$: $f(x_i; P\theta) = f(x_i; \theta)$",
        law=law(sides.invariance_sides, "==", "permutation", what="f", how="permuted"),
    ),
    Claim(
        label="f.2",
        statement=r"any $\sigma$: $H(P\theta) = PH(\theta)P^T$",
        law=law(sides.permutation_sides, "==", "permutation"),
    ),
    Claim(
        label="g.1",
        statement=r"odd $\sigma$: $f(x_i; D\theta) = f(x_i; \theta)$",
        law=law(sides.invariance_sides, "==", "flips", what="f", how="flipped"),
        activations=ODD,
    ),
    Claim(
        label="g.2",
        statement=r"odd $\sigma$: $H(D\theta) = DH(\theta)D$",
        law=law(sides.flip_sides, "==", "flips"),
        activations=ODD,
    ),
    Claim(
        label="g.3",
        statement=r"odd $\sigma$: $\lambda_j(H(D\theta)) = \lambda_j(H(\theta))$ for"
        r" every $j$",
        law=law(sides.flipped_spectrum_sides, "==", "flips"),
        dear=True,
        activations=ODD,
    ),
    Claim(
        label="g.4",
        statement=r"where the units are not $0$ and pairwise different up to sign, the"
        r" $2^m\,m!$ points $PD\theta$ are all different: unit $k$ of $PD\theta$ is"
        r" that of $\theta$ only if $PD$ leaves it in its place, with its sign",
        law=law(sides.copies_sides, "<=", "permutation", "flips"),
    ),
)
_CLAIM = {claim.label: claim for claim in _CLAIMS}

_MUTANTS = (
    Mutant(
        name="f invariant for smooth σ",
        claim=replace(_CLAIM["a.1"], activations=("tanh", "softplus", "quadratic")),
    ),
    Mutant(
        name="∇L multiplied by T_α",
        claim=changed(_CLAIM["b.1"], sides.gradient_sides, inverse=False),
    ),
    Mutant(
        name="H(T_αθ) = T_αHT_α",
        claim=changed(_CLAIM["b.2"], sides.matrix_sides, what="H", inverse=False),
    ),
    Mutant(
        name="G(T_αθ) = T_α⁻¹G",
        claim=changed(_CLAIM["b.3"], sides.matrix_sides, what="G", both=False),
    ),
    Mutant(
        name="eigenvalues invariant",
        claim=changed(_CLAIM["c.1"], sides.same_spectrum_sides),
    ),
    Mutant(
        name="equally many eigenvalues above 1",
        claim=changed(_CLAIM["c.3"], sides.threshold_sides),
    ),
    Mutant(
        name="det by Π α^(2C - 2d)",
        claim=changed(_CLAIM["c.2"], sides.determinant_sides, first=0),
    ),
    Mutant(
        name="the pseudo-determinant of G by the same factor",
        claim=replace(
            changed(_CLAIM["c.2"], sides.pseudo_determinant_sides),
            losses=("squared",),
        ),
    ),
    Mutant(
        name="the largest |λ| alone by the same factor",
        claim=changed(_CLAIM["c.2"], sides.top_eigenvalue_sides),
    ),
    Mutant(
        name="w̃·∇L = -a·∇L",
        claim=changed(_CLAIM["d.1"], sides.conservation_sides, sign=-1.0),
    ),
    Mutant(
        name="Hv_k = 0 anywhere",
        claim=changed(_CLAIM["d.2"], sides.null_sides, factor=0.0),
    ),
    Mutant(
        name="v_kᵀHv_k = -a_k·∇L",
        claim=changed(_CLAIM["d.3"], sides.form_sides, two=1.0),
    ),
    Mutant(
        name="J(w̃_k, a_k) = 0 in place of J(w̃_k, -a_k) = 0",
        claim=changed(_CLAIM["d.4"], sides.tangent_sides),
    ),
    Mutant(
        name="nullity without ∇L = 0",
        claim=replace(_CLAIM["e"], assumes=()),
    ),
    Mutant(
        name="nullity greater by 1",
        claim=changed(_CLAIM["e"], sides.nullity_sides, extra=1.0),
    ),
    Mutant(
        name="f under a permutation of the first layer alone",
        claim=changed(_CLAIM["f.1"], sides.first_layer_alone_sides, how="permuted"),
    ),
    Mutant(
        name="H(Pθ) = H(θ)",
        claim=changed(_CLAIM["f.2"], sides.permutation_sides, permute=False),
    ),
    Mutant(
        name="f under sign flips of the first layer alone",
        claim=changed(_CLAIM["g.1"], sides.first_layer_alone_sides, how="flipped"),
    ),
    Mutant(
        name="sign flips for any σ",
        claim=replace(_CLAIM["g.1"], activations=("softplus", "relu", "exp")),
    ),
    Mutant(
        name="H(Dθ) = H(θ)",
        claim=changed(_CLAIM["g.2"], sides.flip_sides, flip=False),
    ),
    Mutant(
        name="2^m m! copies of every θ",
        claim=changed(_CLAIM["g.4"], sides.copies_sides, different=False),
    ),
)

_ONE_UNIT = Example(
    activation="relu",
    x=((1,), (2,), (-1,)),
    W=((1,),),
    b=(0,),
    A=((1,),),
    c=(0,),
    residual=((0,), (0,), (0,)),
)
"""f = relu(x), r = 0; the rows of J are (1, 1, 1, 1), (2, 1, 2, 1) and (0, 0, 0, 1)."""

T10 = Theorem(
    id="T10",
    title="Covariance under rescaling, null directions, permutations",
    topic="symmetry",
    statement=r"Let $\sigma$ be piecewise linear and positively homogeneous and"
    r" $T_\alpha: (\tilde w_k, a_k) \mapsto (\alpha_k\tilde w_k, a_k/\alpha_k)$ with"
    r" all $\alpha_k > 0$. Then $f$, $L$, $\mathrm{Cx}$ and $\mathrm{Cx}_S$ are"
    r" invariant, $\nabla L$ is multiplied by $T_\alpha^{-1}$, and $H$, $G$ and $F$ are"
    r" multiplied by it from both sides: inertia and rank are invariant, $\det H$ is"
    r" multiplied by $\prod_k \alpha_k^{2C-2(d+1)}$, and eigenvalues change. Let $E_k$"
    r" be $+1$ on $\tilde w_k$, $-1$ on $a_k$ and $0$ elsewhere, and $v_k = E_k\theta$."
    r" Then $Jv_k = 0$, $Gv_k = 0$ and $Hv_k = -E_k\nabla L$, so at a critical point"
    r" the $v_k$ are in $\ker H$. For any $\sigma$, a permutation $P$ of the units"
    r" gives $H(P\theta) = PH(\theta)P^T$; for odd $\sigma$, the same holds with sign"
    r" flips $D$ of units, and a $\theta$ whose units are not $0$ and pairwise"
    r" different up to sign has $2^m\,m!$ copies of equal loss.",
    hypotheses=(
        r"(a) to (e): off the kinks, $\sigma$ piecewise linear, positively homogeneous",
        r"(e): $\nabla L(\theta) = 0$; squared loss, though the proof holds for any",
        r"(f) and (g): $L$ twice differentiable at $\theta$",
        r"(g.1) to (g.3): $\sigma$ odd",
        r"(g.4): every $(\tilde w_k, a_k) \ne 0$, and no two of them equal or opposite",
    ),
    claims=_CLAIMS,
    mutants=_MUTANTS,
    proof=r"(a) At $T_\alpha\theta$ the pre-activation $z_k$ is $\alpha_kz_k(\theta)$,"
    r" at every input. As $\sigma(\alpha z) = \alpha\sigma(z)$ for $\alpha > 0$, the"
    r" unit contributes $(a_k/\alpha_k)\,\alpha_k\sigma(z_k) = a_k\sigma(z_k)$, so"
    r" $f(x; T_\alpha\theta) = f(x; \theta)$ for every $x$. Then $L$, $r_i$ and $S_i$,"
    r" which depend on $\theta$ through $f(x_i)$ alone, are the same, and so is"
    r" $\mathrm{Jx}_i$, the derivative of the same function of $x$; hence $\mathrm{Cx}$"
    r" and $\mathrm{Cx}_S$. No pre-activation changes its sign, so $T_\alpha\theta$ is"
    r" off the kinks as well. (b) $T_\alpha$ is a diagonal matrix that does not depend"
    r" on $\theta$. Differentiating $L(T_\alpha\theta) = L(\theta)$ in $\theta$ once"
    r" gives $T_\alpha\nabla L(T_\alpha\theta) = \nabla L(\theta)$, and twice gives"
    r" $T_\alpha H(T_\alpha\theta)T_\alpha = H(\theta)$. Differentiating $f(x_i;"
    r" T_\alpha\theta) = f(x_i; \theta)$ gives $J_i(T_\alpha\theta) ="
    r" J_i(\theta)T_\alpha^{-1}$; as $S_i$ is unchanged, $G = \frac{1}{n}\sum_i"
    r" J_i^TS_iJ_i$ is multiplied by $T_\alpha^{-1}$ from both sides, and then so is $F"
    r" = H - G$. (c) $T_\alpha^{-1}$ is symmetric and invertible, so by Sylvester's law"
    r" of inertia $H(T_\alpha\theta)$ and $H(\theta)$ have equally many positive and"
    r" equally many negative eigenvalues, and the same rank. For each $k$ the diagonal"
    r" of $T_\alpha^{-1}$ has $d+1$ entries $1/\alpha_k$ and $C$ entries $\alpha_k$, so"
    r" $\det T_\alpha^{-1} = \prod_k \alpha_k^{C-(d+1)}$, and $\det H$ is multiplied by"
    r" its square. (d) The derivative of $T_\alpha\theta$ in $\alpha_k$ at $\alpha = 1$"
    r" is $v_k$. So $f(x_i; T_\alpha\theta) = f(x_i; \theta)$ gives $J_iv_k = 0$,"
    r" whence $Gv_k = \frac{1}{n}\sum_i J_i^TS_iJ_iv_k = 0$, and $L(T_\alpha\theta) ="
    r" L(\theta)$ gives $v_k\cdot\nabla L = 0$, which is $\tilde w_k\cdot\nabla_{\tilde"
    r" w_k}L - a_k\cdot\nabla_{a_k}L = 0$. This holds at every $\theta$ off the kinks;"
    r" differentiating $\theta^TE_k\nabla L(\theta) = 0$ gives $E_k\nabla L +"
    r" HE_k\theta = 0$. Hence $v_k^THv_k = -\theta^TE_k^2\nabla L = -\tilde"
    r" w_k\cdot\nabla_{\tilde w_k}L - a_k\cdot\nabla_{a_k}L$, and the two terms are"
    r" equal. (e) With $\nabla L = 0$, $Hv_k = 0$ for every $k$. The $v_k$ have"
    r" disjoint supports, so those that are not $0$ are linearly independent, and $v_k"
    r" = 0$ only for $(\tilde w_k, a_k) = 0$. (f) $\sum_k a_k\sigma(z_k) + c$ does not"
    r" depend on the order of the units, so $f(x; P\theta) = f(x; \theta)$ and"
    r" $L(P\theta) = L(\theta)$. Differentiating twice gives $P^TH(P\theta)P ="
    r" H(\theta)$, and $P^T = P^{-1}$. (g) With $\varepsilon_k = \pm 1$ and $\sigma$"
    r" odd, $\varepsilon_ka_k\sigma(\varepsilon_kz_k) = a_k\sigma(z_k)$, so $f(x;"
    r" D\theta) = f(x; \theta)$ and $L(D\theta) = L(\theta)$; differentiating twice"
    r" gives $DH(D\theta)D = H(\theta)$ with $D = D^T = D^{-1}$, and an orthogonal"
    r" similarity keeps the eigenvalues. Finally let $PD$ put $\varepsilon$ times unit"
    r" $q$ in place $k$. If $q \ne k$, this is not unit $k$, since no two units are"
    r" equal or opposite; if $q = k$ and $\varepsilon = -1$, it is not unit $k$ either,"
    r" since that is not $0$. So only the identity among the $2^m\,m!$ maps $PD$ leaves"
    r" $\theta$ where it is; these maps form a group, so they take $\theta$ to"
    r" $2^m\,m!$ different points, for odd $\sigma$ all of the same loss.",
    source="Dinh et al. (2017); Kunin et al. (2021) for the conserved quantities",
    uses=("T02",),
    witnesses=(
        Witness(
            labels=("e",),
            note="f = relu(x) interpolating at x = 1, 2, -1: p = 4, rank H = 3",
            example=_ONE_UNIT,
            ratio=1 - 1e-6,
        ),
        Witness(
            labels=("g.4",),
            note="two units that differ in the bias alone, exchanged",
            example=Example(
                activation="tanh",
                x=((1,),),
                W=((1,), (1,)),
                b=(0, 1),
                A=((1, 1),),
                c=(0,),
                residual=((0,),),
                drawn={"permutation": (1, 0), "flips": (1, 1)},
            ),
            ratio=1 - 1e-6,
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="homogeneity: tanh, α = 2",
            claim=replace(_CLAIM["a.1"], activations=("tanh",)),
            example=Example(
                activation="tanh",
                x=((1,),),
                W=((1,),),
                b=(0,),
                A=((1,),),
                c=(0,),
                residual=((1,),),
                drawn={"alpha": (2,)},
            ),
        ),
        Counterexample(
            dropped="∇L = 0 in (e): identity, r = (1, 0, 0, 0)",
            claim=replace(_CLAIM["e"], assumes=()),
            example=Example(
                activation="identity",
                x=((1,), (2,), (-1,), (3,)),
                W=((1,),),
                b=(0,),
                A=((1,),),
                c=(0,),
                residual=((1,), (0,), (0,), (0,)),
            ),
        ),
        Counterexample(
            dropped="σ odd in (g): f = relu(x) at x = 1 is 1, with the unit flipped 0",
            claim=replace(_CLAIM["g.1"], activations=("relu",)),
            example=_ONE_UNIT.but(x=((1,),), residual=((0,),), drawn={"flips": (-1,)}),
        ),
        Counterexample(
            dropped="units different in (g.4): two equal ones, exchanged",
            claim=changed(_CLAIM["g.4"], sides.copies_sides, different=False),
            example=Example(
                activation="tanh",
                x=((1,),),
                W=((1,), (1,)),
                b=(0, 0),
                A=((1, 1),),
                c=(0,),
                residual=((0,),),
                drawn={"permutation": (1, 0), "flips": (1, 1)},
            ),
        ),
    ),
)
