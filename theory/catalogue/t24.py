"""T24: the PAC-Bayes bound for flat minima, and its closed forms."""

from fractions import Fraction
from typing import Any, Final

from ..theorems import Claim, Counterexample, Mutant, Theorem, Witness
from ..worlds import WorldExample
from . import t24_sides as sides
from .laws import changed, law_of

__all__ = ["T24"]

WORLD: Final = "posteriors"


def _claim(label: str, statement: str, side: Any, relation: Any) -> Claim:
    return Claim(label=label, statement=statement, law=law_of(WORLD, side, relation))


_CLAIMS = (
    _claim(
        "a.1",
        r"$\mathrm{KL}(Q\|P) = \frac{1}{2}\sum_i (\log(1+\beta\tau^2\lambda_i) -"
        r" \beta\tau^2\lambda_i/(1+\beta\tau^2\lambda_i)) +"
        r" \|\theta-\theta_0\|^2/(2\tau^2)$",
        sides.divergence_sides,
        "==",
    ),
    _claim(
        "a.2",
        r"$E_Q\frac{1}{2}\delta^TM\delta = \frac{1}{2}\sum_i"
        r" \tau^2\lambda_i/(1+\beta\tau^2\lambda_i)$",
        sides.quadratic_sides,
        "==",
    ),
    _claim(
        "a.3",
        r"$\beta E_Q\frac{1}{2}\delta^TM\delta + \mathrm{KL}(Q\|P) = \frac{1}{2}\sum_i"
        r" \log(1+\beta\tau^2\lambda_i) + \|\theta-\theta_0\|^2/(2\tau^2)$",
        sides.identity_sides,
        "==",
    ),
    _claim(
        "a.4",
        r"any other Gaussian $Q'$ with the mean $\theta$ has $\beta"
        r" E_{Q'}\frac{1}{2}\delta^TM\delta + \mathrm{KL}(Q'\|P)$ at least as large",
        sides.optimal_sides,
        "<=",
    ),
    _claim(
        "b",
        r"$E\hat L \le \hat L(\theta) + \frac{1}{2}\operatorname{tr}(H\Sigma_Q) +"
        r" \frac{1}{6}M_3E\|\delta\|^3$, for $\hat L(t) = \frac{1}{2}(1+\cos\omega t)$"
        r" at $\theta = 0$",
        sides.curvature_sides,
        "<=",
    ),
    _claim(
        "c.1",
        r"$\sum_k \xi_k \le 2\sqrt{n}$ for $n \ge 8$, with $\xi_k$ the binomial"
        r" coefficient of $n$ and $k$ times $(k/n)^k(1-k/n)^{n-k}$",
        sides.binomial_sides,
        "<=",
    ),
    _claim(
        "c.2",
        r"losses 0 and 1: $E\exp(n\,\mathrm{kl}(\hat L\|L)) = \sum_k \xi_k$, whatever"
        r" $L$ is",
        sides.maurer_sides,
        "==",
    ),
    _claim(
        "c.3",
        r"losses in $[0, 1]$, $n \ge 8$: $E_SE_P\exp(n\,\mathrm{kl}(\hat L\|L)) \le"
        r" 2\sqrt{n}$",
        sides.average_sides,
        "<=",
    ),
    _claim(
        "c.4",
        r"the probability of $E_P\exp(n\,\mathrm{kl}(\hat L\|L)) > 2\sqrt{n}/\delta$ is"
        r" at most $\delta$, $n \ge 8$",
        sides.exceedance_sides,
        "<=",
    ),
    _claim(
        "c.5",
        r"$E_Q\varphi \le \mathrm{KL}(Q\|P) + \log E_Pe^{\varphi}$, for $\varphi ="
        r" n\,\mathrm{kl}(\hat L\|L)$",
        sides.change_of_measure_sides,
        "<=",
    ),
    _claim(
        "c.6",
        r"$\mathrm{kl}(\hat L(Q)\|L(Q)) \le E_Q\mathrm{kl}(\hat L\|L)$",
        sides.jensen_sides,
        "<=",
    ),
    _claim(
        "c.7",
        r"$2(\hat L-L)^2 \le \mathrm{kl}(\hat L\|L)$",
        sides.pinsker_sides,
        "<=",
    ),
    _claim(
        "c.8",
        r"where $E_P\exp(n\,\mathrm{kl}(\hat L\|L)) \le 2\sqrt{n}/\delta$, every $Q$ has"
        r" $L(Q) \le \hat L(Q) +"
        r" ((\mathrm{KL}(Q\|P)+\log(2\sqrt{n}/\delta))/(2n))^{1/2}$",
        sides.bound_sides,
        "<=",
    ),
)
_CLAIM = {claim.label: claim for claim in _CLAIMS}


def _mutant(name: str, label: str, side: Any, **changes: Any) -> Mutant:
    return Mutant(name=name, claim=changed(_CLAIM[label], side, **changes))


_PLAIN = WorldExample(
    world=WORLD,
    values={
        "matrix": ((1,),),
        "other": ((Fraction(1, 2),),),
        "chances": (Fraction(1, 2), Fraction(1, 2)),
        "losses": ((1, 0),),
        "counts": (2, 6),
    },
)
"""M = β = τ = 1, Σ' = Σ_Q = ½; one hypothesis with L = ½ and L̂ = ¼ on 8 points."""

_UNLUCKY = _PLAIN.but(
    losses=((1, 0), (0, 0)),
    prior=(Fraction(1, 1000), Fraction(999, 1000)),
    posterior=(1, 0),
    counts=(0, 8),
)
"""A hypothesis with L = ½ and, by bad luck, L̂ = 0, that P hardly weighs."""

T24 = Theorem(
    id="T24",
    title="The PAC-Bayes bound for flat minima",
    topic="generalisation",
    statement=r"Let the losses lie in $[0, 1]$ and let the prior $P$ be fixed before the"
    r" sample, $n \ge 8$. With probability at least $1-\delta$ every law $Q$, chosen as"
    r" one likes, has $L_D(Q) \le \hat L(Q) + ((\mathrm{KL}(Q\|P) +"
    r" \log(2\sqrt{n}/\delta))/(2n))^{1/2}$. Take $P = N(\theta_0, \tau^2I)$ and $Q ="
    r" N(\theta, (\beta M+\tau^{-2}I)^{-1})$ with $M$ positive semi-definite, such as $G$"
    r" or a positive semi-definite $H$, and eigenvalues $\lambda_i$. Then $\beta"
    r" E_Q\frac{1}{2}\delta^TM\delta + \mathrm{KL}(Q\|P) = \frac{1}{2}\sum_i"
    r" \log(1+\beta\tau^2\lambda_i) + \|\theta-\theta_0\|^2/(2\tau^2)$: minus the logarithm"
    r" of the Gaussian mass of the basin, plus a norm, which rescalings of $\theta$ change."
    r" Among Gaussians with the mean $\theta$, $Q$ is the best for this sum. If $\hat L$,"
    r" before it is clipped to $[0, 1]$, has a Hessian with the global Lipschitz constant"
    r" $M_3$ and $\nabla\hat L(\theta) = 0$, then $E_Q\hat L \le \hat L(\theta) +"
    r" \frac{1}{2}\operatorname{tr}(H\Sigma_Q) + \frac{1}{6}M_3E_Q\|\delta\|^3$, and"
    r" clipping only lowers the left side; the squared loss of a two-layer network has"
    r" no such"
    r" constant, so there only a truncated $Q$ will do. $Q$, hence $\theta$, $M$ and"
    r" $\beta$, may depend on the sample; $P$, hence $\tau$ and $\theta_0$, may not, but a"
    r" grid of priors fixed beforehand may share $\delta$. Judged are the closed forms,"
    r" by traces and determinants against eigenvalues; (b) for one function; and (c) by"
    r" enumerating every sample of finite tasks. For infinitely many hypotheses and any"
    r" law of the data, (c) is in the proof only.",
    hypotheses=(
        r"(a): $M$ symmetric and positive semi-definite, $\beta > 0$, $\tau > 0$",
        r"(b): $\nabla\hat L(\theta) = 0$; the Hessian of $\hat L$ is $M_3$-Lipschitz",
        r"(c): losses in $[0, 1]$; samples independent; $P$ independent of the sample",
        r"(c.1), (c.3), (c.4): $n \ge 8$",
        r"(c.8): $E_P\exp(n\,\mathrm{kl}(\hat L\|L)) \le 2\sqrt{n}/\delta$",
    ),
    claims=_CLAIMS,
    mutants=(
        _mutant(
            "the term of the trace left out", "a.1", sides.divergence_sides, trace=False
        ),
        _mutant("‖θ - θ_0‖²/τ²", "a.1", sides.divergence_sides, two=1),
        _mutant("the prior's covariance", "a.2", sides.quadratic_sides, prior=True),
        _mutant("Σ log in place of ½ Σ log", "a.3", sides.identity_sides, halves=2),
        _mutant("the norm left out", "a.3", sides.identity_sides, norm=False),
        _mutant("½β in place of β", "a.4", sides.optimal_sides, halves=1),
        _mutant("M_3/12 in place of M_3/6", "b", sides.curvature_sides, six=12),
        _mutant("5/4 in place of 2", "c.1", sides.binomial_sides, quarters=5),
        _mutant("n - 1 in the exponent", "c.2", sides.maurer_sides, less=1),
        _mutant("5/4 in place of 2 on average", "c.3", sides.average_sides, quarters=5),
        _mutant(
            "2√n δ in place of 2√n/δ", "c.4", sides.exceedance_sides, divided=False
        ),
        _mutant("KL left out", "c.5", sides.change_of_measure_sides, kept=False),
        _mutant("kl concave", "c.6", sides.jensen_sides, swapped=True),
        _mutant("5/2 in place of 2", "c.7", sides.pinsker_sides, halves=5),
        _mutant("KL left out of the bound", "c.8", sides.bound_sides, kept=False),
        _mutant("4n in place of 2n", "c.8", sides.bound_sides, two=4),
    ),
    proof=r"(a) For Gaussians with covariances $\Sigma$ and $\tau^2I$,"
    r" $2\,\mathrm{KL} = \operatorname{tr}(\Sigma/\tau^2) - p - \log\det(\Sigma/\tau^2) +"
    r" \|\theta-\theta_0\|^2/\tau^2$. In an eigenbasis of $M$, $\Sigma_Q/\tau^2$ has the"
    r" eigenvalues $1/(1+\beta\tau^2\lambda_i)$, and $\frac{1}{1+x}-1 = -\frac{x}{1+x}$:"
    r" (a.1). $E_Q\delta^TM\delta = \operatorname{tr}(M\Sigma_Q)$ is (a.2), and $\beta$"
    r" times it cancels the fractions of (a.1): (a.3). Let $Q'$ have the mean $\theta$."
    r" Then $\mathrm{KL}(Q'\|P) = \mathrm{KL}(Q'\|P_{\theta}) +"
    r" \|\theta-\theta_0\|^2/(2\tau^2)$ with $P_{\theta} = N(\theta, \tau^2I)$, and the"
    r" density of $Q$ with respect to $P_{\theta}$ is $e^{-\frac{1}{2}\beta\delta^TM\delta}$"
    r" over its integral $\prod_i (1+\beta\tau^2\lambda_i)^{-1/2}$, so $\beta"
    r" E_{Q'}\frac{1}{2}\delta^TM\delta + \mathrm{KL}(Q'\|P_{\theta}) ="
    r" \mathrm{KL}(Q'\|Q) + \frac{1}{2}\sum_i \log(1+\beta\tau^2\lambda_i)$, and"
    r" $\mathrm{KL}(Q'\|Q) \ge 0$: (a.4). (b) By Taylor's formula with"
    r" $\nabla\hat L(\theta) = 0$, $\hat L(\theta+\delta) \le \hat L(\theta) +"
    r" \frac{1}{2}\delta^TH\delta + \frac{1}{6}M_3\|\delta\|^3$; take the mean. For"
    r" $\frac{1}{2}(1+\cos\omega t)$ at 0, $H = -\frac{1}{2}\omega^2$ and $M_3 ="
    r" \frac{1}{2}\omega^3$. (c) $\mathrm{kl}(q\|p) = q\log(q/p) +"
    r" (1-q)\log((1-q)/(1-p))$. A loss of 0 or 1 has $n\hat L = k$ with probability the"
    r" binomial coefficient times $L^k(1-L)^{n-k}$, and $e^{n\,\mathrm{kl}(k/n\|L)} ="
    r" (k/n)^k(1-k/n)^{n-k}L^{-k}(1-L)^{k-n}$: (c.2). Stirling's bounds"
    r" $(2\pi n)^{1/2}(n/e)^n \le n! \le (2\pi n)^{1/2}(n/e)^ne^{1/(12n)}$ give $\xi_k \le"
    r" e^{1/(12n)}(n/(2\pi k(n-k)))^{1/2}$ for $0 < k < n$, and $\xi_0 = \xi_n = 1$. As"
    r" $(k(n-k))^{-1/2}$ is convex in $k$, it is at most its integral from"
    r" $k-\frac{1}{2}$ to $k+\frac{1}{2}$, and all these together are at most $\int_0^n"
    r" (x(n-x))^{-1/2}dx = \pi$. So $\sum_k \xi_k \le 2+e^{1/(12n)}(\pi n/2)^{1/2}$, which"
    r" is at most $2\sqrt{n}$ as $(2-e^{1/(12n)}(\pi/2)^{1/2})\sqrt{n}$ increases in $n$"
    r" and exceeds 2.07 at $n = 8$: (c.1). Losses in $[0, 1]$: $e^{n\,\mathrm{kl}(\hat"
    r" L\|L)}$ is convex in each of the $n$ losses, because $\mathrm{kl}$ is convex in its"
    r" first argument, so replacing a loss $X$ by one that is 1 with probability $X$ and 0"
    r" otherwise does not lower the mean; with (c.2), (c.1) and an average over $P$, which"
    r" does not depend on the sample, that is (c.3). Markov's inequality is (c.4). By"
    r" Jensen's inequality $\log E_Pe^{\varphi} \ge \log E_Q(e^{\varphi}\frac{dP}{dQ}) \ge"
    r" E_Q(\varphi-\log\frac{dQ}{dP})$: (c.5). $\mathrm{kl}$ is jointly convex: (c.6). In"
    r" $q$, $\mathrm{kl}(q\|p)-2(q-p)^2$ vanishes with its derivative at $q = p$, and its"
    r" second derivative $\frac{1}{q(1-q)}-4$ is not negative: (c.7). Where the average is"
    r" at most $2\sqrt{n}/\delta$, (c.7), (c.6) and (c.5) in a row give"
    r" $2n(L(Q)-\hat L(Q))^2 \le E_Qn\,\mathrm{kl}(\hat L\|L) \le \mathrm{KL}(Q\|P) +"
    r" \log(2\sqrt{n}/\delta)$ for all $Q$ at once: (c.8). With (c.4) that is the theorem;"
    r" none of these steps needs finitely many hypotheses or points.",
    source="McAllester (1999), Maurer (2004); closed forms classical, (a.4) derived here",
    witnesses=(
        Witness(
            labels=("a.4",),
            note="Σ' = Σ_Q: M = β = τ = 1, Σ' = ½",
            example=_PLAIN,
        ),
        Witness(
            labels=("b",),
            note="ω = 1/1000: both sides are 1 up to 10⁻⁶",
            example=_PLAIN.but(frequency=Fraction(1, 1000)),
            ratio=1 - 1e-6,
        ),
        Witness(
            labels=("c.1", "c.3"),
            note="n = 8: 4.2 of 5.66",
            example=_PLAIN,
            ratio=0.74,
        ),
        Witness(
            labels=("c.5", "c.6"),
            note="one hypothesis: Q = P",
            example=_PLAIN,
        ),
        Witness(
            labels=("c.7",),
            note="L = ½, L̂ = 3/8: 2/64 of 0.0316",
            example=_PLAIN.but(counts=(3, 5)),
            ratio=0.98,
        ),
        Witness(
            labels=("c.8",),
            note="L = ½, L̂ = ¼, n = 8, δ = 1: 0.5 of 0.579",
            example=_PLAIN,
            ratio=0.86,
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="P independent of the sample: with P = Q after the sample KL would be"
            " 0, but L = ½ and L̂ = 0 can happen",
            claim=changed(_CLAIM["c.8"], sides.bound_sides, kept=False),
            example=_UNLUCKY,
        ),
        Counterexample(
            dropped="the term M_3 in (b): ω = τ = 1 has E½(1 + cos δ) = 0.803 > 0.75",
            claim=changed(_CLAIM["b"], sides.curvature_sides, six=None),
            example=_PLAIN,
        ),
        Counterexample(
            dropped="the norm in (a.3): θ - θ_0 = 1",
            claim=changed(_CLAIM["a.3"], sides.identity_sides, norm=False),
            example=_PLAIN.but(shift=(1,)),
        ),
    ),
)
