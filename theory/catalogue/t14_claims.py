"""T14's claims and their false variants."""

from typing import Any, Final

from ..theorems import Claim, Mutant
from . import t14_networks as networks
from . import t14_sides as sides
from .laws import changed, law, law_of

__all__ = ["CLAIM", "CLAIMS", "MUTANTS", "WORLD"]

WORLD: Final = "linear-dynamics"

_NETWORKS: dict[str, Any] = {
    "assumes": ("interpolation",),
    "losses": ("squared",),
    "outputs": "one",
}


def _claim(label: str, statement: str, side: Any, relation: Any, **more: Any) -> Claim:
    return Claim(
        label=label, statement=statement, law=law_of(WORLD, side, relation, **more)
    )


_DYNAMICS = (
    _claim(
        "a.1",
        r"$\lambda_1(H) \le 2/\eta$: $\|(I-\eta H)^t\theta_0\| \le \|\theta_0\|$ for every"
        r" $\theta_0$ and $t$",
        sides.trajectory_sides,
        "<=",
    ),
    _claim(
        "a.2",
        r"$\lambda_1(H) > 2/\eta$: $\operatorname{tr} (I-\eta H)^{2t} \ge"
        r" (\eta\lambda_1(H)-1)^{2t}$, which grows without bound",
        sides.growth_sides,
        "<=",
    ),
    _claim(
        "b.1",
        r"$Q = \theta\theta^T$ becomes, in the mean over all batches,"
        r" $(I-\eta H)Q(I-\eta H) + \eta^2\kappa(\frac{1}{n}\sum_i H_iQH_i - HQH)$",
        sides.evolution_sides,
        "==",
    ),
    _claim(
        "b.2",
        r"that map is $\mathbf{M} = I - 2\eta\mathbf{C} + \eta^2\mathbf{D}$ on"
        r" $\operatorname{vec} Q$",
        sides.operator_sides,
        "==",
    ),
    _claim(
        "b.3",
        r"$\eta\mu \le 2$: on matrices over range $H$, $\lambda_1(\mathbf{M}) \le 1 -"
        r" \eta(2-\eta\mu)\lambda_r(H)$",
        sides.decrease_sides,
        "<=",
    ),
    _claim(
        "b.4",
        r"$\eta\mu \ge 2$: on matrices over range $H$, $\lambda_1(\mathbf{M}) \ge 1 +"
        r" \eta(\eta\mu-2)\lambda_r(H)$",
        sides.increase_sides,
        "<=",
    ),
    _claim(
        "b.5",
        r"$-\lambda_{\min}(\mathbf{M}) \le \lambda_1(\mathbf{M})$: the spectral radius"
        r" is $\lambda_1(\mathbf{M})$",
        sides.perron_sides,
        "<=",
    ),
    _claim(
        "b.6",
        r"$\eta^*(B) \le \eta^*(B+1)$: $\mu$ does not grow with $B$",
        sides.batch_size_sides,
        "<=",
    ),
    _claim(
        "b.7",
        r"$B = n$: $\mu = \lambda_1(H)$, so $\eta^* = 2/\lambda_1(H)$",
        sides.full_batch_sides,
        "==",
    ),
    _claim(
        "c.1",
        r"the mean of $\|(I-\eta H_S)\theta\|^2$ over all batches is"
        r" $\theta^T((I-\eta H)^2+\eta^2\kappa\Sigma)\theta$",
        sides.norm_sides,
        "==",
    ),
    _claim(
        "c.2",
        r"$\lambda_1(\mathbf{M}) \le \lambda_1((I-\eta H)^2+\eta^2\kappa\Sigma)$",
        sides.criterion_sides,
        "<=",
    ),
    _claim(
        "c.3",
        r"$p = 1$: the two numbers of (c.2) are equal",
        sides.one_parameter_sides,
        "==",
    ),
    _claim(
        "d",
        r"$\lambda_1(H) \le \mu$: $\eta^* \le 2/\lambda_1(H)$ for every $B$",
        sides.necessary_sides,
        "<=",
    ),
    _claim(
        "e.1",
        r"$B = 1$, $H_i = g_ig_i^T$: $E|g_i\cdot\theta_t|^k \ge"
        r" (\frac{1}{n}|1-\eta\|g_i\|^2|^k)^t\,|g_i\cdot\theta_0|^k$",
        sides.moment_sides,
        "<=",
    ),
    _claim(
        "e.2",
        r"$B = 1$, $H_i = g_ig_i^T$: $\frac{1}{n}(1-\eta\|g_i\|^2)^2 \le"
        r" \lambda_1(\mathbf{M})$ for every $g_i \ne 0$",
        sides.single_sides,
        "<=",
    ),
    _claim(
        "e.3",
        r"$B = 1$, $H_i = g_ig_i^T$: $\eta^*\max_i\|g_i\|^2 \le 1+\sqrt{n}$",
        sides.single_threshold_sides,
        "<=",
    ),
)

_ON_NETWORKS = (
    Claim(
        label="f.1",
        statement=r"interpolation, $\lambda_1(H) \le 2/\eta$: $\|\nabla_xf(x_i)\|^2 \le"
        r" 2n\|W\|^2/(\eta(1+\|x_i\|^2))$ for every $i$",
        law=law(networks.slope_sides, "<="),
        **_NETWORKS,
    ),
    Claim(
        label="f.2",
        statement=r"interpolation, $\lambda_1(H) \le 2/\eta$: $\mathrm{Cx} \le"
        r" 2\min(n,p)\|W\|^2/(\eta(1+\min_i\|x_i\|^2))$",
        law=law(networks.complexity_sides, "<="),
        **_NETWORKS,
    ),
    Claim(
        label="f.3",
        statement=r"interpolation, $\eta\max_i\|g_i\|^2 \le 1+n^{1/k}$ as (e) requires,"
        r" $k = 1$: $\|\nabla_xf(x_i)\|^2 \le \|W\|^2(1+n)/(\eta(1+\|x_i\|^2))$",
        law=law(networks.stable_slope_sides, "<=", "rescaling", halvings=0),
        **_NETWORKS,
    ),
    Claim(
        label="f.4",
        statement=r"the same for $k = 2$: $\|\nabla_xf(x_i)\|^2 \le"
        r" \|W\|^2(1+\sqrt{n})/(\eta(1+\|x_i\|^2))$",
        law=law(networks.stable_slope_sides, "<=", "rescaling", halvings=1),
        **_NETWORKS,
    ),
)
CLAIMS = (*_DYNAMICS, *_ON_NETWORKS)
CLAIM = {claim.label: claim for claim in CLAIMS}


def _mutant(name: str, label: str, side: Any, **changes: Any) -> Mutant:
    return Mutant(name=name, claim=changed(CLAIM[label], side, **changes))


MUTANTS = (
    _mutant("λ_1 ≤ 3/η in place of 2/η", "a.1", sides.trajectory_sides, limit=3),
    _mutant("(ηλ_1)^2t in place of (ηλ_1 - 1)^2t", "a.2", sides.growth_sides, less=0),
    _mutant("κ = 1/B", "b.1", sides.evolution_sides, replacement=True),
    _mutant("HQH left out of the variance", "b.1", sides.evolution_sides, square=False),
    _mutant("H⊗H in place of (1 - κ)H⊗H", "b.2", sides.operator_sides, whole=True),
    _mutant("3 in place of 2 in (b.3)", "b.3", sides.decrease_sides, two=3),
    _mutant("2/λ_1(H) as the threshold", "b.3", sides.decrease_sides, gradient=True),
    _mutant("λ_1 in place of λ_r in (b.4)", "b.4", sides.increase_sides, largest=True),
    _mutant("M has no negative eigenvalue", "b.5", sides.perron_sides, zero=True),
    _mutant("η* grows in proportion to B", "b.6", sides.batch_size_sides, linear=True),
    _mutant("η* = 2/λ_1(H) for B = n - 1", "b.7", sides.full_batch_sides, less=1),
    _mutant("κ = 1/B in the mean square", "c.1", sides.norm_sides, replacement=True),
    _mutant("H² left out of Σ", "c.1", sides.norm_sides, square=False),
    _mutant("the criterion necessary", "c.2", sides.criterion_sides, swapped=True),
    _mutant("(c.3) for p ≤ 2", "c.3", sides.one_parameter_sides, most=2),
    _mutant("λ_1(H) ≤ 2/η sufficient", "d", sides.necessary_sides, swapped=True),
    _mutant("1 in place of 1/n for moments", "e.1", sides.moment_sides, share=0),
    _mutant("1 in place of 1/n for M", "e.2", sides.single_sides, share=0),
    _mutant("√n in place of 1 + √n", "e.3", sides.single_threshold_sides, one=0),
    _mutant("1 in place of n in (f.1)", "f.1", networks.slope_sides, samples=False),
    _mutant("σ_min(W) in place of ‖W‖", "f.1", networks.slope_sides, least=True),
    _mutant("1 for min(n, p)", "f.2", networks.complexity_sides, ranks=False),
    _mutant(
        "n in place of 1 + n", "f.3", networks.stable_slope_sides, halvings=0, less=1.0
    ),
    _mutant(
        "√n in place of 1 + √n in (f.4)",
        "f.4",
        networks.stable_slope_sides,
        halvings=1,
        less=1.0,
    ),
)
