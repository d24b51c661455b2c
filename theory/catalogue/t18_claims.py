"""The claims and mutants of T18: kernels, their derivatives, loss and its derivatives."""

from dataclasses import replace
from functools import partial
from typing import Any, Final

from ..theorems import Claim, Law, Mutant
from . import t18_forms as forms
from . import t18_sides as sides
from .laws import changed, law_of

__all__ = ["CLAIM", "CLAIMS", "MUTANTS"]


_SMOOTH = ("erf", "quadratic")

_KERNELS: Final[dict[str, tuple[str, str, forms.Form]]] = {
    "a.1": ("relu", "kappa", forms.relu_value),
    "a.2": ("erf", "kappa", forms.erf_value),
    "a.3": ("quadratic", "kappa", forms.quadratic_value),
    "b.1": ("relu", "kappa_slope", forms.relu_first),
    "b.2": ("relu", "kappa_curvature", forms.relu_second),
    "b.3": ("relu", "kappa_mixed", forms.relu_mixed),
    "b.4": ("erf", "kappa_slope", forms.erf_first),
    "b.5": ("erf", "kappa_curvature", forms.erf_second),
    "b.6": ("erf", "kappa_mixed", forms.erf_mixed),
    "b.7": ("quadratic", "kappa_slope", forms.quadratic_first),
    "b.8": ("quadratic", "kappa_curvature", forms.quadratic_second),
    "b.9": ("quadratic", "kappa_mixed", forms.quadratic_mixed),
}
"""Activation, quantity and closed form of each claim on κ."""


def _kernel_law(label: str, **keywords: Any) -> Law:
    activation, part, form = _KERNELS[label]
    return law_of(
        sides.POPULATION,
        sides.sides_of,
        "==",
        activation=activation,
        part=part,
        form=form,
        **keywords,
    )


def _on_kernel(label: str, statement: str) -> Claim:
    return Claim(label=label, statement=statement, law=_kernel_law(label))


def _law(form: Any, relation: Any, **keywords: Any) -> Law:
    return law_of(sides.POPULATION, form, relation, **keywords)


CLAIMS = (
    _on_kernel(
        "a.1",
        r"ReLU: $\kappa(u,v) = \frac{1}{2\pi}\|u\|\|v\|"
        r"(\sin\theta+(\pi-\theta)\cos\theta)$",
    ),
    _on_kernel(
        "a.2",
        r"$\operatorname{erf}(z/\sqrt{2})$:"
        r" $\kappa(u,v) = \frac{2}{\pi}\arcsin(r/\sqrt{ab})$",
    ),
    _on_kernel("a.3", r"$z^2$: $\kappa(u,v) = \|u\|^2\|v\|^2 + 2r^2$"),
    _on_kernel(
        "b.1",
        r"ReLU: $\partial_u\kappa = \frac{1}{2\pi}"
        r"(\|v\|\sin\theta\,\hat u+(\pi-\theta)v)$, $0 < \theta < \pi$",
    ),
    _on_kernel(
        "b.2",
        r"ReLU: $\partial_u^2\kappa = h_1(u,v) ="
        r" \frac{1}{2\pi}\sin\theta\,(\|v\|/\|u\|)(I-\hat u\hat u^T+nn^T)$,"
        r" $0 < \theta < \pi$",
    ),
    _on_kernel(
        "b.3",
        r"ReLU: $\partial_u\partial_v\kappa = h_2(u,v) ="
        r" \frac{1}{2\pi}((\pi-\theta)I+\hat un^T+\hat vn'^T)$,"
        r" $0 < \theta < \pi$",
    ),
    _on_kernel(
        "b.4",
        r"$\operatorname{erf}(z/\sqrt{2})$:"
        r" $\partial_u\kappa = \frac{2}{\pi}D^{-1/2}p$",
    ),
    _on_kernel(
        "b.5",
        r"$\operatorname{erf}(z/\sqrt{2})$: $\partial_u^2\kappa ="
        r" \frac{2}{\pi}D^{-1/2}(2ruu^T/a^2-(uv^T+rI)/a-p(bu-rv)^T/D)$",
    ),
    _on_kernel(
        "b.6",
        r"$\operatorname{erf}(z/\sqrt{2})$: $\partial_u\partial_v\kappa ="
        r" \frac{2}{\pi}D^{-1/2}(I-uu^T/a-app^T/D)$",
    ),
    _on_kernel("b.7", r"$z^2$: $\partial_u\kappa = 2\|v\|^2u+4rv$"),
    _on_kernel("b.8", r"$z^2$: $\partial_u^2\kappa = 2\|v\|^2I+4vv^T$"),
    _on_kernel("b.9", r"$z^2$: $\partial_u\partial_v\kappa = 4(uv^T+vu^T+rI)$"),
    Claim(
        label="c.1",
        statement=r"$L = \frac{1}{2}\sum_{ij}\kappa(w_i,w_j)-\sum_{ij}\kappa(w_i,v_j)"
        r"+\frac{1}{2}\sum_{ij}\kappa(v_i,v_j)$",
        law=_law(sides.loss_sides, "=="),
    ),
    Claim(
        label="c.2",
        statement=r"ReLU: $\nabla_{w_i}L = \frac{1}{2}w_i +"
        r" \sum_{j\ne i}\partial_u\kappa(w_i,w_j)-\sum_j\partial_u\kappa(w_i,v_j)$",
        law=_law(sides.gradient_sides, "==", activations=("relu",)),
    ),
    Claim(
        label="c.3",
        statement=r"$\operatorname{erf}(z/\sqrt{2})$ and $z^2$: $\nabla_{w_i}L ="
        r" \sum_j\partial_u\kappa(w_i,w_j)-\sum_j\partial_u\kappa(w_i,v_j)$",
        law=_law(sides.gradient_sides, "==", activations=_SMOOTH),
    ),
    Claim(
        label="c.4",
        statement=r"ReLU: $H_{ii} = \frac{1}{2}I+\sum_{j\ne i}h_1(w_i,w_j)"
        r"-\sum_jh_1(w_i,v_j)$ and $H_{ij} = h_2(w_i,w_j)$ for $i \ne j$",
        law=_law(sides.hessian_sides, "==", activations=("relu",)),
    ),
    Claim(
        label="c.5",
        statement=r"$\operatorname{erf}(z/\sqrt{2})$ and $z^2$: $H_{ii} ="
        r" \partial_u\partial_v\kappa(w_i,w_i)+\sum_j\partial_u^2\kappa(w_i,w_j)"
        r"-\sum_j\partial_u^2\kappa(w_i,v_j)$ and"
        r" $H_{ij} = \partial_u\partial_v\kappa(w_i,w_j)$ for $i \ne j$",
        law=_law(sides.hessian_sides, "==", activations=_SMOOTH),
    ),
    Claim(
        label="c.6",
        statement=r"$z^2$:"
        r" $L = \frac{1}{2}(2\|\Delta\|_F^2+(\operatorname{tr}\Delta)^2)$",
        law=_law(sides.matrix_loss_sides, "=="),
    ),
    Claim(
        label="d.1",
        statement=r"ReLU: $0 \le \kappa-\frac{1}{2}r \le"
        r" \frac{1}{6\pi}\|u\|\|v\|\theta^3$",
        law=_law(sides.bending_sides, "<="),
    ),
    Claim(
        label="d.2",
        statement=r"ReLU: $0 \le \kappa \le \frac{1}{6\pi}\|u\|\|v\|(\pi-\theta)^3$",
        law=_law(sides.opposite_sides, "<="),
    ),
    Claim(
        label="d.3",
        statement=r"ReLU: for $\theta = 0$, $\partial_u\kappa = \frac{1}{2}v$,"
        r" $\partial_u^2\kappa = 0$ and $\partial_u\partial_v\kappa = \frac{1}{2}I$;"
        r" for $\theta = \pi$ all three are 0",
        law=_law(sides.parallel_sides, "=="),
    ),
)
CLAIM = {claim.label: claim for claim in CLAIMS}


def _kernel_mutant(name: str, label: str, **constants: Any) -> Mutant:
    """A claim on κ with other constants in its closed form."""
    law = _kernel_law(label, **constants)
    return Mutant(name=name, claim=replace(CLAIM[label], law=law))


MUTANTS = (
    _kernel_mutant("1/π in place of 1/2π in (a.1)", "a.1", share=1),
    _kernel_mutant("a = ‖u‖² in place of 1 + ‖u‖² in (a.2)", "a.2", one=0),
    _kernel_mutant("r² in place of 2r² in (a.3)", "a.3", twice=1),
    _kernel_mutant("θ in place of π - θ in (b.1)", "b.1", turned=False),
    _kernel_mutant("u in place of û in (b.1)", "b.1", unit=False),
    _kernel_mutant("h1 without the factor ‖v‖/‖u‖", "b.2", scaled=False),
    _kernel_mutant("h1 without n nᵀ", "b.2", normal=0),
    _kernel_mutant("1/π in place of 1/2π in h2", "b.3", half=1),
    _kernel_mutant("n and n' exchanged in h2", "b.3", crossed=True),
    _kernel_mutant("v in place of p in (b.4)", "b.4", corrected=False),
    _kernel_mutant("r u uᵀ/a² in place of its double in (b.5)", "b.5", twice=1),
    _kernel_mutant("(b.5) without its last term", "b.5", last=0),
    _kernel_mutant("p pᵀ/D in place of a p pᵀ/D in (b.6)", "b.6", scaled=False),
    _kernel_mutant("2r v in place of 4r v in (b.7)", "b.7", four=2),
    _kernel_mutant("u uᵀ in place of v vᵀ in (b.8)", "b.8", of="u"),
    _kernel_mutant("(b.9) without v uᵀ", "b.9", turned=0),
    Mutant(
        name="L without the ½ before the students' kernels",
        claim=changed(CLAIM["c.1"], sides.loss_sides, half=1),
    ),
    Mutant(
        name="L without the teachers' own kernels",
        claim=changed(CLAIM["c.1"], sides.loss_sides, own=False),
    ),
    Mutant(
        name="w_i in place of ½w_i in (c.2)",
        claim=changed(
            CLAIM["c.2"], sides.gradient_sides, activations=("relu",), halved=1
        ),
    ),
    Mutant(
        name="twice the teacher's pull in (c.3)",
        claim=changed(
            CLAIM["c.3"],
            sides.gradient_sides,
            activations=_SMOOTH,
            teacher=2,
        ),
    ),
    Mutant(
        name="I in place of ½I in (c.4)",
        claim=changed(CLAIM["c.4"], sides.hessian_sides, activations=("relu",), own=1),
    ),
    Mutant(
        name="h1 without the factor ‖v‖/‖u‖ in (c.4)",
        claim=changed(
            CLAIM["c.4"],
            sides.hessian_sides,
            activations=("relu",),
            second=partial(forms.relu_second, scaled=False),
        ),
    ),
    Mutant(
        name="the teachers' h1 added, not subtracted, in (c.4)",
        claim=changed(
            CLAIM["c.4"], sides.hessian_sides, activations=("relu",), teacher=-1
        ),
    ),
    Mutant(
        name="(c.5) without the mixed derivative at (w_i, w_i)",
        claim=changed(
            CLAIM["c.5"], sides.hessian_sides, activations=_SMOOTH, doubled=False
        ),
    ),
    Mutant(
        name="‖Δ‖_F² in place of its double in (c.6)",
        claim=changed(CLAIM["c.6"], sides.matrix_loss_sides, twice=1),
    ),
    Mutant(
        name="(c.6) without (tr Δ)²",
        claim=changed(CLAIM["c.6"], sides.matrix_loss_sides, traced=0),
    ),
    Mutant(
        name="1/(7π) in place of 1/(6π) in (d.1)",
        claim=changed(CLAIM["d.1"], sides.bending_sides, share=7),
    ),
    Mutant(
        name="θ⁴ in place of θ³ in (d.1)",
        claim=changed(CLAIM["d.1"], sides.bending_sides, power=4),
    ),
    Mutant(
        name="1/(7π) in place of 1/(6π) in (d.2)",
        claim=changed(CLAIM["d.2"], sides.opposite_sides, share=7),
    ),
    Mutant(
        name="v in place of ½v in (d.3)",
        claim=changed(CLAIM["d.3"], sides.parallel_sides, pulled=1),
    ),
    Mutant(
        name="I in place of ½I in (d.3)",
        claim=changed(CLAIM["d.3"], sides.parallel_sides, halved=1),
    ),
)
