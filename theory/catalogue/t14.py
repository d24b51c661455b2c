"""T14: when gradient descent and its stochastic form stay near a minimum."""

from dataclasses import replace
from fractions import Fraction

from ..theorems import Counterexample, Example, Theorem, Witness
from ..worlds import WorldExample
from . import t14_sides as sides
from .laws import changed
from .t14_claims import CLAIM, CLAIMS, MUTANTS, WORLD

__all__ = ["SINGLE", "T14"]

_FOUR = WorldExample(
    world=WORLD,
    values={
        "hessians": (((3,),), ((1,),), ((1,),), ((1,),)),
        "batch": 1,
        "step": 1,
        "start": (1,),
        "moment": 2,
    },
)
"""p = 1, H = 3, 1, 1, 1, η = B = 1: M = ((1-3)² + 0 + 0 + 0)/4 = 1, and η* = 1."""

_ALIKE = WorldExample(
    world=WORLD,
    values={
        "hessians": (((2,),), ((2,),)),
        "batch": 1,
        "step": 1,
        "start": (1,),
        "moment": 1,
    },
)
"""p = 1, H = 2, 2, η = 1: θ ↦ -θ, whatever the batch."""

SINGLE = _ALIKE.but(hessians=(((2,),), ((0,),)), step=Fraction(3, 2))
"""p = 1, H = 2, 0, η = 3/2: λ_1(H) = 1 ≤ 2/η, and M = ((1-3)² + 1)/2 = 5/2."""

_SLANTED = WorldExample(
    world=WORLD,
    values={
        "hessians": (((9, 3), (3, 1)), ((4, -2), (-2, 1))),
        "batch": 1,
        "step": Fraction(21, 100),
        "start": (1, 0),
        "moment": 2,
    },
)
"""g = (-3, -1), (-2, 1), η = 0.21: the criterion is 1.058, λ_1(M) = 0.865."""

_STEEP = Example(
    activation="identity",
    x=((0,),),
    W=((1,),),
    b=(0,),
    A=((4096,),),
    c=(0,),
    residual=((0,),),
    drawn={"alpha": (1,)},
)
"""f = 4096x at x = 0: ‖g‖² = 4096² + 1."""

_MILD = _STEEP.but(A=((Fraction(89, 16),),), drawn={"alpha": (Fraction(1, 16),)})
"""f = 5.5625x at x = 0 with η = 1/16: η‖g‖² = 1.996 ≤ 2."""

T14 = Theorem(
    id="T14",
    title="Linear stability of gradient descent and of its stochastic form",
    topic="stability",
    statement=r"Let $H_1, \dots, H_n$ ($n \ge 2$) be positive semi-definite with mean $H"
    r" \ne 0$, as $H_i = J_i^TJ_i$ at a point of interpolation, and let $\theta_{t+1} ="
    r" (I-\eta H_{S_t})\theta_t$ with $H_S$ the mean of the $H_i$ of a batch: $B$ of the"
    r" $n$ indices, distinct, drawn afresh and uniformly at every step. Put $\kappa ="
    r" (n-B)/(B(n-1))$, $\Sigma = \frac{1}{n}\sum_i H_i^2 - H^2$, $\mathbf{C} ="
    r" \frac{1}{2}(H\otimes I+I\otimes H)$, $\mathbf{D} = (1-\kappa)H\otimes H +"
    r" \kappa\frac{1}{n}\sum_i H_i\otimes H_i$, $\mu = \lambda_1(\mathbf{C}^+\mathbf{D})$"
    r" and $\eta^* = 2/\mu$. Gradient descent ($B = n$) stays bounded from every"
    r" $\theta_0$ if and only if $\lambda_1(H) \le 2/\eta$. The second moment"
    r" $E\theta_t\theta_t^T$ stays bounded from every $\theta_0$ if and only if $0 \le"
    r" \eta \le \eta^*$; $\eta^*$ does not decrease in $B$, is at most $2/\lambda_1(H)$,"
    r" and equals it for $B = n$. That $\lambda_1((I-\eta H)^2+\eta^2\kappa\Sigma) \le 1$"
    r" is sufficient, and for $p = 1$ necessary. For $B = 1$ and $H_i = g_ig_i^T$, a"
    r" bounded $k$-th moment, $k \ge 1$, requires $\max_i\|g_i\|^2 \le (1+n^{1/k})/\eta$."
    r" At interpolating networks these bound the slopes $\|\nabla_xf(x_i)\|$. Judged are:"
    r" boundedness through rates, the identities by enumerating every batch, and (e.1)"
    r" for $k \le 4$ and $t \le 2$; that rates decide boundedness is in the proof.",
    hypotheses=(
        r"$H_i$ symmetric and positive semi-definite, $H \ne 0$, $\eta > 0$, $n \ge 2$",
        r"batches independent, each of $B$ distinct indices, all equally likely",
        r"(b.3), (b.4): $\lambda_r(H)$, $r$ the rank of $H$, is its least eigenvalue above 0",
        r"(c.3): $p = 1$",
        r"(e): $B = 1$, $H_i = g_ig_i^T$; $k \ge 1$",
        r"(f): squared loss, $C = 1$, $f(x_i) = y_i$ for every $i$; $g_i = \nabla f(x_i)$",
        r"(f.1), (f.2): $\lambda_1(H) \le 2/\eta$",
        r"(f.3), (f.4): $\eta\max_i\|g_i\|^2 \le 1+n^{1/k}$",
    ),
    claims=CLAIMS,
    mutants=MUTANTS,
    proof=r"(a) In an eigenbasis of $H$ the coordinates of $\theta_t$ are multiplied by"
    r" $1-\eta\lambda_j$. As $\lambda_j \ge 0$, all factors are at most 1 in size if and"
    r" only if $\eta\lambda_1 \le 2$: then no norm grows, which is (a.1); otherwise a"
    r" start along the top eigenvector grows like $(\eta\lambda_1-1)^t$, and"
    r" $\operatorname{tr} (I-\eta H)^{2t} = \sum_j (1-\eta\lambda_j)^{2t}$ has that term:"
    r" (a.2). (b) Let $N_i = H_i - H$. For a batch of $B$ distinct indices,"
    r" $P(i, j \in S) = B(B-1)/(n(n-1))$ for $i \ne j$ and $P(i \in S) = B/n$; since"
    r" $\sum_i N_i = 0$, $\sum_{i\ne j} N_iQN_j = -\sum_i N_iQN_i$, and the mean of"
    r" $(H_S-H)Q(H_S-H)$ is $\frac{1}{B^2}(\frac{B}{n}-\frac{B(B-1)}{n(n-1)})"
    r"\sum_i N_iQN_i = \kappa\frac{1}{n}\sum_i N_iQN_i$, where $\frac{1}{n}\sum_i N_iQN_i ="
    r" \frac{1}{n}\sum_i H_iQH_i - HQH$. The mean of $H_S$ is $H$, so the cross terms"
    r" vanish: (b.1), and $E\theta_t\theta_t^T$ follows the same linear map because batches"
    r" are independent. With $\operatorname{vec}(AQB) = (A\otimes B)\operatorname{vec} Q$"
    r" for symmetric $B$, row by row, collecting the powers of $\eta$ is (b.2)."
    r" $\mathbf{C}$, $\mathbf{D}$ and $\mathbf{M}$ are symmetric; $\mathbf{M}$ maps"
    r" positive semi-definite matrices to such, being a mean of maps $Q \mapsto AQA^T$."
    r" Write $\rho$ for its spectral radius. By the theorem of Krein and Rutman for the"
    r" cone of Hermitian positive semi-definite matrices, $\rho$ is an eigenvalue with an"
    r" eigenvector in that cone, whose real part is a symmetric one: (b.5)."
    r" As $\mathbf{M}$ is symmetric, its powers are bounded if and only if $\rho \le 1$."
    r" Matrices of the second moments of single starts, $\theta_0\theta_0^T$, span the"
    r" symmetric ones, where $\rho$ is attained, so moments stay bounded from every"
    r" $\theta_0$ if and only if $\rho \le 1$. $\theta^TH\theta = 0$ forces"
    r" $\theta^TH_i\theta = 0$, so $\ker H \subset \ker H_i$: every $H_i$ acts on range $H$"
    r" alone. If a factor of $Q = uv^T$ lies in $\ker H$, $\mathbf{D}$ vanishes on it and"
    r" $\mathbf{M} = I-2\eta\mathbf{C}$ there, with eigenvalues $1-\eta\lambda_j$ and"
    r" $1$; these do not exceed 1, and are at least $-1$ if $\eta\lambda_1 \le 2$. On"
    r" matrices over range $H$, $\mathbf{C}$ is positive definite with least eigenvalue"
    r" $\lambda_r(H)$, and $\mathbf{D} \preceq \mu\mathbf{C}$ with equality in the"
    r" direction $\mathbf{D}Q = \mu\mathbf{C}Q$ ($\mathbf{C}^{-1}\mathbf{D}$ is similar to"
    r" the symmetric $\mathbf{C}^{-1/2}\mathbf{D}\mathbf{C}^{-1/2}$). Hence $\mathbf{M}"
    r" \preceq I - \eta(2-\eta\mu)\mathbf{C}$ there, which for $\eta\mu \le 2$ is at most"
    r" $1-\eta(2-\eta\mu)\lambda_r(H)$: (b.3). For $\eta\mu \ge 2$ the Rayleigh quotient of"
    r" $\mathbf{M}$ at that $Q$ is $1+\eta(\eta\mu-2)\langle Q,\mathbf{C}Q\rangle/\|Q\|_F^2"
    r" \ge 1+\eta(\eta\mu-2)\lambda_r(H)$: (b.4). The two together say $\rho \le 1$ if and"
    r" only if $\eta \le \eta^*$, for (d) gives $\eta\lambda_1 \le 2$ below $\eta^*$."
    r" The top eigenvector $Q$ of $\mathbf{C}^{-1}\mathbf{D}$ may be taken positive"
    r" semi-definite: $\mathbf{C}^{-1}Q = 2\int_0^{\infty} e^{-sH}Qe^{-sH}ds$ and"
    r" $\mathbf{D}$, a mixture of $Q \mapsto HQH$ and $Q \mapsto H_iQH_i$ as $\kappa \le"
    r" 1$, preserve the cone. For such $Q$ the derivative of $\langle Q,\mathbf{D}Q\rangle$"
    r" in $\kappa$ is $\frac{1}{n}\sum_i \operatorname{tr}(QN_iQN_i) = \frac{1}{n}\sum_i"
    r" \|Q^{1/2}N_iQ^{1/2}\|_F^2 \ge 0$, so $\mu = \max_Q"
    r" \langle Q,\mathbf{D}Q\rangle/\langle Q,\mathbf{C}Q\rangle$ over the cone does not"
    r" decrease in $\kappa$, and $\kappa$ decreases in $B$: (b.6). At $B = n$, $\kappa = 0$"
    r" and $\mathbf{C}^{-1}\mathbf{D}$ has the eigenvalues"
    r" $2\lambda_i\lambda_j/(\lambda_i+\lambda_j)$, the largest of which is $\lambda_1$:"
    r" (b.7). (c) The trace of (b.1) at $Q = \theta\theta^T$ is (c.1), since"
    r" $\operatorname{tr}(AQA) = \operatorname{tr}(A^2Q)$. Let $Q \ne 0$ be positive"
    r" semi-definite with $\mathbf{M}Q = \rho Q$ and $T = (I-\eta H)^2+\eta^2\kappa\Sigma$:"
    r" $\rho\operatorname{tr} Q = \operatorname{tr}(TQ) \le \lambda_1(T)\operatorname{tr} Q$"
    r" is (c.2). For $p = 1$ both are the number $(1-\eta H)^2+\eta^2\kappa\Sigma$: (c.3)."
    r" (d) (b.6) and (b.7). (e) Let $B = 1$. With probability $\frac{1}{n}$ the index is"
    r" $i$, and then $g_i\cdot\theta_{t+1} = (1-\eta\|g_i\|^2)\,g_i\cdot\theta_t$; what"
    r" other indices add to $E|g_i\cdot\theta_{t+1}|^k$ is not negative. By induction,"
    r" (e.1). From $\theta_0 = g_i \ne 0$ the left side is bounded only if"
    r" $\frac{1}{n}|1-\eta\|g_i\|^2|^k \le 1$, that is $\eta\|g_i\|^2 \le 1+n^{1/k}$. For"
    r" $k = 2$, $E(g_i\cdot\theta_t)^2 \le \|g_i\|^2\operatorname{tr} E\theta_t\theta_t^T$"
    r" is at most a constant times $\rho^t$, so $\frac{1}{n}(1-\eta\|g_i\|^2)^2 \le \rho ="
    r" \lambda_1(\mathbf{M})$: (e.2). At $\eta = \eta^*$, $\rho \le 1$: (e.3). (f)"
    r" $\nabla_xf = W^T\nabla_bf$ and $\|\partial f/\partial(W,b)\|^2 ="
    r" (1+\|x\|^2)\|\nabla_bf\|^2$ (T09), so $\|\nabla_xf(x_i)\|^2 \le"
    r" \|W\|^2\|g_i\|^2/(1+\|x_i\|^2)$. At interpolation $H = G = \frac{1}{n}\sum_i"
    r" g_ig_i^T$, hence $\|g_i\|^2 \le n\lambda_1(H) \le 2n/\eta$: (f.1). The mean of"
    r" $\|g_i\|^2$ is $\operatorname{tr} H \le \min(n,p)\,\lambda_1(H)$: (f.2). And (e)"
    r" bounds $\|g_i\|^2$ by $(1+n^{1/k})/\eta$: (f.3), (f.4).",
    source="Wu, Ma and E (2018), Theorem 1, for (c); Mulayoff and Michaeli (2023) for"
    " the exact threshold; Ma and Ying (2021) for (f); rates derived here",
    uses=("T02", "T09"),
    witnesses=(
        Witness(
            labels=("e.1", "e.2", "e.3", "c.2", "b.3", "b.4"),
            note="p = 1, H = 3, 1, 1, 1, η = 1: η* = 1 and η‖g_1‖² = 1 + √4",
            example=_FOUR,
        ),
        Witness(
            labels=("a.1", "b.6", "d"),
            note="p = 1, H_1 = H_2 = 2, η = 1: θ becomes -θ whatever the batch",
            example=_ALIKE,
        ),
        Witness(
            labels=("a.2",),
            note="p = 1, H_1 = H_2 = 2, η = 2: θ becomes -3θ",
            example=_ALIKE.but(step=2),
        ),
        Witness(
            labels=("b.5",),
            note="H_i = diag(3, 1), η = ½: I - ηH = diag(-½, ½), M = ±¼",
            example=_ALIKE.but(
                hessians=(((3, 0), (0, 1)),) * 2, step=Fraction(1, 2), start=(1, 1)
            ),
        ),
        Witness(
            labels=("f.1", "f.2"),
            note="f = 4096x at x = 0: ‖∇ₓf‖² = 4096², λ_1(H) = 4096² + 1",
            example=_STEEP,
            ratio=1 - 1e-7,
        ),
        Witness(
            labels=("f.3", "f.4"),
            note="f = 5.5625x at x = 0, η = 1/16: 30.94 ≤ 32",
            example=_MILD,
            ratio=0.96,
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="η ≤ 2/λ_1(H) in (a.1): H = 2, η = 3/2 makes θ grow by the factor 2",
            claim=changed(CLAIM["a.1"], sides.trajectory_sides, limit=3),
            example=_ALIKE.but(step=Fraction(3, 2)),
        ),
        Counterexample(
            dropped="the variance of batches: H_1 = 2, H_2 = 0, η = 3/2, B = 1 has λ_1(H)"
            " = 1 ≤ 2/η, and the second moment grows by 5/2",
            claim=changed(CLAIM["b.3"], sides.decrease_sides, gradient=True),
            example=SINGLE,
        ),
        Counterexample(
            dropped="drawing without replacement: with κ = 1/B the batches of both of two"
            " matrices would vary",
            claim=changed(CLAIM["b.1"], sides.evolution_sides, replacement=True),
            example=SINGLE.but(batch=2),
        ),
        Counterexample(
            dropped="p = 1 in (c.3): g = (-3, -1), (-2, 1), η = 0.21, B = 1 has 0.865 < 1"
            " < 1.058",
            claim=changed(CLAIM["c.3"], sides.one_parameter_sides, most=2),
            example=_SLANTED,
        ),
        Counterexample(
            dropped="interpolation in (f.1): σ = z², w = a = x = 1, r = -2 has λ_1(H) = 4"
            " and ‖∇ₓf‖² = 4 > 2",
            claim=replace(CLAIM["f.1"], assumes=()),
            example=_STEEP.but(
                activation="quadratic", x=((1,),), A=((1,),), residual=((-2,),)
            ),
        ),
    ),
)
