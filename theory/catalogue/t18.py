"""T18: population loss of teacher and student under Gaussian inputs, in closed form."""

from ..theorems import Counterexample, Theorem, Witness
from ..worlds import WorldExample
from . import t18_sides as sides
from .laws import changed
from .t18_claims import CLAIM, CLAIMS, MUTANTS

__all__ = ["T18"]

_NEARLY = WorldExample(
    world=sides.POPULATION,
    values={"activation": "relu", "W": ((1000, 1),), "V": ((1, 0),)},
)
"""θ = 10⁻³."""

T18 = Theorem(
    id="T18",
    title="Population loss under Gaussian inputs: kernels, gradient, Hessian",
    topic="population",
    statement=r"Let $x \sim N(0, I_d)$ and $L(W) = \frac{1}{2}\mathbb{E}"
    r"(\sum_{i\le k}\sigma(w_i\cdot x)-\sum_{j\le m}\sigma(v_j\cdot x))^2$ with a"
    r" fixed teacher $V$, and $\kappa(u,v) ="
    r" \mathbb{E}\,\sigma(u\cdot x)\sigma(v\cdot x)$. Put $\hat u = u/\|u\|$,"
    r" $r = u\cdot v$; for ReLU $\theta \in [0,\pi]$ is the angle between $u$ and $v$,"
    r" $n$ the unit vector of $\hat v-\cos\theta\,\hat u$ and $n'$ that of"
    r" $\hat u-\cos\theta\,\hat v$; for $\operatorname{erf}(z/\sqrt{2})$,"
    r" $a = 1+\|u\|^2$, $b = 1+\|v\|^2$, $D = ab-r^2$ and $p = v-(r/a)u$; for $z^2$,"
    r" $\Delta = W^TW-V^TV$. Then $\kappa$, its derivatives, $L$, $\nabla L$ and the"
    r" $d\times d$ blocks $H_{ij}$ of $\nabla^2L$ are as claimed. For ReLU $L$ is twice"
    r" continuously differentiable where no $w_i$ is 0, also where students and teachers"
    r" are parallel: by (d) the kernel differs from $\frac{1}{2}r$ and from 0 there by a"
    r" term of third order only, and $h_1$, $h_2$ stand for their limits in (c). Judged are: $\kappa$ against rigorous quadrature of"
    r" $\sigma$ or exact moments, its derivatives, $\nabla L$ and $\nabla^2L$ in drawn"
    r" directions against series arithmetic on $\kappa$, and $L$ against arcs of the"
    r" plane (ReLU, $d \le 2$), quadrature (erf, $d = 1$) or exact moments ($z^2$); for"
    r" parallel neurons the series are of what (d.1) and (d.2) leave of $\kappa$.",
    hypotheses=(
        r"$x \sim N(0, I_d)$; second layers of ones, no biases",
        r"ReLU: every $w_i \ne 0$ and $v_j \ne 0$; $u \ne 0$ and $v \ne 0$",
    ),
    claims=CLAIMS,
    mutants=MUTANTS,
    proof=r"(a.1) In the plane of $u$ and $v$, $x$ has polar coordinates $(s,\varphi)$"
    r" with density $se^{-s^2/2}\,ds\,d\varphi/2\pi$, $\varphi$ measured from $u$. Both"
    r" $u\cdot x = \|u\|s\cos\varphi$ and $v\cdot x = \|v\|s\cos(\varphi-\theta)$ are"
    r" positive for $\varphi \in (\theta-\pi/2, \pi/2)$ alone;"
    r" $\int_0^\infty s^3e^{-s^2/2}ds = 2$, and $\cos\varphi\cos(\varphi-\theta) ="
    r" \frac{1}{2}(\cos\theta+\cos(2\varphi-\theta))$ has the integral"
    r" $\frac{1}{2}((\pi-\theta)\cos\theta+\sin\theta)$ there. (a.2) Let $(z_1,z_2) ="
    r" (u\cdot x, v\cdot x)$, with covariance $\Sigma$. Where $\Sigma$ is invertible,"
    r" two integrations by parts give"
    r" $\partial_r\mathbb{E}\,\sigma(z_1)\sigma(z_2) ="
    r" \mathbb{E}\,\sigma'(z_1)\sigma'(z_2)$. As $\sigma'(z) ="
    r" \sqrt{2/\pi}\,e^{-z^2/2}$, this is"
    r" $\frac{2}{\pi}\det(I+\Sigma)^{-1/2} = \frac{2}{\pi}D^{-1/2}$, the derivative of"
    r" the right side in $r$. At $r = 0$ both sides are 0, $\sigma$ being odd; both are"
    r" continuous up to singular $\Sigma$. (a.3) Isserlis' formula: $\mathbb{E}"
    r"\,z_1^2z_2^2 = \mathbb{E}\,z_1^2\,\mathbb{E}\,z_2^2+2(\mathbb{E}\,z_1z_2)^2$."
    r" (b.1) to (b.3), $0 < \theta < \pi$: from $\cos\theta = \hat u\cdot\hat v$,"
    r" $\partial_u\theta = -n/\|u\|$ and $\partial_v\theta = -n'/\|v\|$. With"
    r" $g = \sin\theta+(\pi-\theta)\cos\theta$, $g' = -(\pi-\theta)\sin\theta$ and"
    r" $\hat v = \cos\theta\,\hat u+\sin\theta\,n$, $2\pi\,\partial_u\kappa ="
    r" \|v\|(g\hat u+(\pi-\theta)\sin\theta\,n) ="
    r" \|v\|\sin\theta\,\hat u+(\pi-\theta)v$. Its derivative in $u$ is"
    r" $\|v\|\sin\theta(I-\hat u\hat u^T)/\|u\|-\|v\|\cos\theta\,\hat un^T/\|u\|"
    r"+vn^T/\|u\|$, and $v = \|v\|(\cos\theta\,\hat u+\sin\theta\,n)$ leaves"
    r" $2\pi h_1$. Its derivative in $v$ is $\hat u(\sin\theta\,\hat v-\cos\theta\,n')^T"
    r"+(\pi-\theta)I+\hat vn'^T$, and $\sin\theta\,\hat v-\cos\theta\,n' = n$. (b.4)"
    r" to (b.9) are the product and chain rules, with $\partial_ua = 2u$,"
    r" $\partial_ur = v$, $\partial_vr = u$, $\partial_uD = 2(bu-rv)$,"
    r" $\partial_vD = 2(av-ru) = 2ap$, $\partial_u((r/a)u) ="
    r" uv^T/a-2ruu^T/a^2+(r/a)I$ and"
    r" $\partial_v((r/a)u) = uu^T/a$. (d) $\sin\theta-\theta\cos\theta$ is 0 at 0 and has the"
    r" derivative $\theta\sin\theta \in [0,\theta^2]$, so it lies in $[0,\theta^3/3]$."
    r" By (a.1) $\kappa-\frac{1}{2}r = \frac{1}{2\pi}\|u\|\|v\|"
    r"(\sin\theta-\theta\cos\theta)$, and $\kappa$ is the same with $\pi-\theta$ for"
    r" $\theta$. Now let $\theta = 0$ at $(u,v)$. The difference from $\frac{1}{2}r$ is"
    r" of third order in the distance by (d.1), and its gradient in $u$ near by is, by"
    r" (b.1), $\frac{1}{2\pi}\|v\|((\sin\theta-\theta\cos\theta)\hat u"
    r"-\theta\sin\theta\,n)$, of second order; so $\kappa$ is twice differentiable at"
    r" $(u,v)$ with the derivatives of $\frac{1}{2}r$. The second derivatives are"
    r" continuous: $\sin\theta \to 0$ in $h_1$, and in $h_2$"
    r" $\hat un^T+\hat vn'^T = \hat u(n+n')^T+(\hat v-\hat u)n'^T \to 0$, because"
    r" $n+n' = (\hat u+\hat v)(1-\cos\theta)/\sin\theta$. At $\theta = \pi$ the same"
    r" holds with 0 for $\frac{1}{2}r$, $n-n' ="
    r" (\hat v-\hat u)(1+\cos\theta)/\sin\theta$ and $\hat un^T+\hat vn'^T ="
    r" \hat u(n-n')^T+(\hat u+\hat v)n'^T$. For $d = 1$, $\kappa$ is"
    r" $\frac{1}{2}r$ or 0 near every such pair. (c.1) Expand the square. (c.2) to (c.5)"
    r" $w_i$ occurs in $\kappa(w_i,w_j)$ and $\kappa(w_j,w_i)$, which are equal, so for"
    r" $j \ne i$ the ½ cancels; in $\frac{1}{2}\kappa(w_i,w_i)$, which is"
    r" $\frac{1}{4}\|w_i\|^2$ for ReLU, and otherwise has the gradient"
    r" $\partial_u\kappa(w_i,w_i)$ by symmetry and the second derivative"
    r" $\partial_u^2\kappa(w_i,w_i)+\partial_u\partial_v\kappa(w_i,w_i)$; and in"
    r" $-\kappa(w_i,v_j)$. (c.6) The error is $x^T\Delta x$. Diagonalise $\Delta$, with"
    r" eigenvalues $\delta_a$: $\mathbb{E}(\sum_a\delta_ax_a^2)^2 ="
    r" \sum_{ab}\delta_a\delta_b+2\sum_a\delta_a^2$.",
    source="Cho and Saul (2009) for (a.1), Saad and Solla (1995) for (a.2), Safran and"
    " Shamir (2018) for (c.4); (d) derived here",
    witnesses=(
        Witness(
            labels=("d.1",),
            note="θ = 10⁻³: u = (1000, 1) and v = (1, 0)",
            example=_NEARLY,
            ratio=0.9999998,
        ),
        Witness(
            labels=("d.2",),
            note="θ = π - 10⁻³: u = (-1000, 1) and v = (1, 0)",
            example=_NEARLY.but(W=((-1000, 1),)),
            ratio=0.9999998,
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="w_i ≠ 0: along w = xu with u = v = 1 the kernel is ½x for x > 0 and"
            " 0 for x < 0, so that L has no gradient at w = 0",
            claim=changed(CLAIM["c.2"], sides.one_sided_sides),
            example=_NEARLY.but(W=((1,),), V=((1,),)),
        ),
    ),
)
