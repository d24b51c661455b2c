"""T05: G is the Fisher information, and the empirical Fisher is not."""

from dataclasses import replace
from functools import reduce
from operator import add
from typing import Any, Final

from ..expressions import Constant, call, name
from ..theorems import Claim, Counterexample, Example, Mutant, Theorem, Witness
from .laws import law

__all__ = ["T05"]

C, EF, G = name("C"), name("EF"), name("G")


def _label_sides(q: Any, drawn: Any, *, share: float = 1.0) -> tuple[Any, Any]:
    """The expectation over all labels, each weighted by its probability."""
    return q.G, q.fisher * share


def _gaussian_sides(q: Any, drawn: Any, *, one_output: bool = False) -> tuple[Any, Any]:
    """The mean of g gᵀ over y = f ± √C e_c, which is that over a unit Gaussian."""
    networks = q.gaussian_labels()
    kept = networks[:1] if one_output else networks
    total = reduce(add, (there.EF for there in kept))
    return q.G, total / float(len(kept))


def _empirical_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    return q.G, q.EF


_T05 = (
    Claim(
        label="a.1",
        statement=r"logistic and softmax: $G = \frac{1}{n}\sum_i\sum_yp_\theta(y|x_i)\,"
        r"gg^T$, $g = \nabla_\theta(-\log p_\theta(y|x_i))$",
        law=law(_label_sides, "=="),
        losses=("logistic", "softmax"),
    ),
    Claim(
        label="a.2",
        statement=r"squared loss: $G = \frac{1}{n}\sum_i\mathbb{E}[gg^T]$ over"
        r" $y = f(x_i) + \xi$, $\xi$ a unit Gaussian, with the same moments as"
        r" $\xi = \pm\sqrt{C}e_c$",
        law=law(_gaussian_sides, "=="),
        losses=("squared",),
    ),
    Claim(
        label="b.1",
        statement=r"$f(X) = Y \Rightarrow$ the empirical Fisher is 0",
        law=call("fro", EF).equals(0),
        assumes=("interpolation",),
        losses=("squared",),
    ),
    Claim(
        label="b.2",
        statement=r"$\operatorname{tr} G \ge C$",
        law=call("tr", G) >= C,
        losses=("squared",),
    ),
)

_CLAIM: Final = {claim.label: claim for claim in _T05}

T05 = Theorem(
    id="T05",
    title="G is the Fisher information; the empirical Fisher is not",
    topic="interpolation",
    statement=r"Let the loss be the negative log-likelihood $-\log p_\theta(y|x)$ of a"
    r" unit Gaussian around $f(x)$ (squared), of a coin (logistic) or of one of $C$ labels"
    r" (softmax). At every $\theta$ and for every data set $G$ is the Fisher information"
    r" $\frac{1}{n}\sum_i\mathbb{E}_{y\sim p_\theta(\cdot|x_i)}[gg^T]$,"
    r" $g = \nabla_\theta(-\log p_\theta(y|x_i))$. The empirical Fisher"
    r" $\frac{1}{n}\sum_iJ_i^Tr_ir_i^TJ_i$, with the labels of the data in place of the"
    r" expectation, is 0 at interpolation, where $\operatorname{tr} G \ge C$.",
    hypotheses=(
        r"$\sigma$ is differentiable at every pre-activation",
        r"(a) squared, logistic or softmax loss",
        r"(b) squared loss, and the output bias $c$ is a parameter",
        r"(b.1) $f(x_i) = y_i$ for every $i$",
    ),
    claims=_T05,
    mutants=(
        Mutant(
            name="G = empirical Fisher",
            claim=replace(_CLAIM["a.1"], law=law(_empirical_sides, "==")),
        ),
        Mutant(
            name="G = half the Fisher",
            claim=replace(_CLAIM["a.1"], law=law(_label_sides, "==", share=0.5)),
        ),
        Mutant(
            name="squared loss: G = empirical Fisher",
            claim=replace(_CLAIM["a.2"], law=law(_empirical_sides, "==")),
        ),
        Mutant(
            name="y = f ± √C e_1 for the Gaussian: variance C in one output, else 0",
            claim=replace(
                _CLAIM["a.2"], law=law(_gaussian_sides, "==", one_output=True)
            ),
        ),
        Mutant(
            name="empirical Fisher 0 anywhere",
            claim=replace(_CLAIM["b.1"], assumes=()),
        ),
        Mutant(
            name="tr G ≥ 1.01 C",
            claim=replace(
                _CLAIM["b.2"],
                law=Constant(101) * C <= Constant(100) * call("tr", G),
            ),
        ),
    ),
    proof=r"(a) For each loss $\ell$ is $-\log p_\theta(y|x_i)$ up to a constant:"
    r" $\frac{1}{2}\|f - y\|^2$, $\log(1 + e^f) - yf$ and $-\log p_y$. The chain rule"
    r" gives $g = J_i^T(\mu_i - t)$, where $t$ is the label as the loss takes it ($y$"
    r" itself, or $e_y$ for softmax) and $\mu_i$ is $f(x_i)$ for the squared loss and the"
    r" probabilities $p_i$ for the others; each time $\mu_i = \mathbb{E}[t]$. So"
    r" $\mathbb{E}[gg^T] = J_i^T\operatorname{Cov}(t)J_i$. The covariance is $I$ for the"
    r" unit Gaussian, $p_i(1 - p_i)$ for the coin and, as $t_ct_e = \delta_{ce}t_c$,"
    r" $\operatorname{diag}(p_i) - p_ip_i^T$ for a label: $S_i$ each time, and the mean"
    r" over $i$ is $G$. The $2C$ equally likely points $\xi = \pm\sqrt{C}e_c$ have mean 0"
    r" and covariance $\frac{1}{2C}\sum_c2Ce_ce_c^T = I$, so what is quadratic in"
    r" $\xi$, as $gg^T = J_i^T\xi\xi^TJ_i$ is, has the same mean over them as over the"
    r" Gaussian."
    r" (b) At interpolation every $r_i = f(x_i) - y_i$ is 0. For every $\theta$ the"
    r" diagonal of $G = \frac{1}{n}\sum_iJ_i^TJ_i$ is non-negative, and its $C$ entries on"
    r" the output biases are $\frac{1}{n}\sum_i1 = 1$, as $\partial f_e/\partial c_c ="
    r" \delta_{ce}$.",
    source="Martens (2014); Kunstner, Hennig and Balles (2019)",
    uses=("T02",),
    witnesses=(
        Witness(
            labels=("b.2",),
            note="A = 0 and σ(z) = 0: only the output bias moves f, and tr G = C",
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
    counterexamples=(
        Counterexample(
            dropped="the expectation over y in (a): one sample with r = 1 has"
            " empirical Fisher JᵀJ = G, with r = 2 it has 4G",
            claim=replace(_CLAIM["a.2"], law=law(_empirical_sides, "==")),
            example=Example(
                activation="identity",
                x=((1,),),
                W=((1,),),
                b=(0,),
                A=((1,),),
                c=(0,),
                residual=((2,),),
            ),
        ),
        Counterexample(
            dropped="f(X) = Y in (b.1): r = 1 at one sample",
            claim=replace(_CLAIM["b.1"], assumes=()),
            example=Example(
                activation="tanh",
                x=((1,),),
                W=((1,),),
                b=(0,),
                A=((1,),),
                c=(0,),
                residual=((1,),),
            ),
        ),
        Counterexample(
            dropped="squared loss in (b.2): the logistic loss at f = 0 has tr G = ¼",
            claim=replace(_CLAIM["b.2"], losses=("logistic",)),
            example=Example(
                activation="relu",
                loss="logistic",
                x=((1,),),
                W=((-1,),),
                b=(0,),
                A=((0,),),
                c=(0,),
                labels=(1,),
            ),
        ),
    ),
)
