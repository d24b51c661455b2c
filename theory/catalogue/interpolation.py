"""T04, T05 and T26: the spectrum through the NTK Gram matrix, and interpolation."""

from dataclasses import replace
from typing import Any, Final

from ..expressions import Constant, call, name
from ..theorems import Claim, Counterexample, Example, Law, Mutant, Theorem, Witness

__all__ = ["THEOREMS"]

C, EF, F, G, H, J, K = (name(text) for text in ("C", "EF", "F", "G", "H", "J", "K"))
n = name("n")


# T04


def _weighted_gram(q: Any) -> Any:
    """Mᵀ K M with S = M Mᵀ block by block: the spectrum of S^½ K S^½."""
    gram = q.K
    if q.loss.name == "squared":
        return gram
    if q.loss.name == "logistic":
        root = q.S[..., 0, 0].sqrt()
        return gram * root[..., :, None] * root[..., None, :]
    # diag(p) - p pᵀ = (I - p 1ᵀ) diag(p) (I - 1 pᵀ), since Σ p = 1
    p = q.r + q.t
    root = p.sqrt()
    size = q.n * q.C
    blocks = gram.reshape(q.n, q.C, q.n, q.C)
    right = blocks - (blocks * p[:, None, None, :, :]).sum(-1)[..., None]
    right = right * root[:, None, None, :, :]
    left = right - (right * p[:, :, :, None, None]).sum(-3)[:, :, None]
    left = left * root[:, :, :, None, None]
    return left.reshape(size, size)


def _gram_sides(
    q: Any, drawn: Any, *, weighted: bool = True, mean: bool = True
) -> tuple[Any, Any]:
    gram = _weighted_gram(q) if weighted else q.K
    size = max(q.p, q.n * q.C)
    values = gram.eigenvalues() / (float(q.n) if mean else 1.0)
    return (
        q.eigenvalues("G").padded(size).descending(),
        values.padded(size).descending(),
    )


def _gram_trace_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    return q.G.trace(), _weighted_gram(q).trace() / float(q.n)


def _gram_product_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    return q.K, q.J @ q.J.T


def _trace_sides(q: Any, drawn: Any, *, constant: float = 1.0) -> tuple[Any, Any]:
    weights = (q.A * q.A).sum(-2)[:, None, :]
    first = (q.xt * q.xt).sum(-1) * (q.s1 * q.s1 * weights).sum(-1)
    return q.G.trace(), first.mean(-1) + q.hidden * q.C + q.C * constant


def _rank_sides(q: Any, drawn: Any, *, less: int = 0) -> tuple[Any, Any]:
    classes = q.C - 1 if q.loss.name == "softmax" else q.C
    rank = q.G.rank()
    return rank, rank * 0.0 + (min(q.p, q.n * classes) - less)


def _softmax_rank_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    rank = q.G.rank()
    return rank, rank * 0.0 + min(q.p, q.n * (q.C - 1))


def _decay_sides(q: Any, drawn: Any, *, shift: int = 0) -> tuple[Any, Any]:
    places = q.counting + shift
    return q.eigenvalues("G"), q.G.trace()[:, None] / places


_T04 = (
    Claim(
        letter="a",
        statement=r"f(X) = Y \Rightarrow F = 0",
        law=call("fro", F).equals(0),
        assumes=("interpolation",),
        losses=("squared",),
    ),
    Claim(
        letter="a",
        statement=r"f(X) = Y \Rightarrow n H = J^TJ",
        law=(n * H).equals(J.T @ J),
        assumes=("interpolation",),
        losses=("squared",),
    ),
    Claim(
        letter="b",
        statement=r"the non-zero eigenvalues of G are those of"
        r" \frac{1}{n}K_S = \frac{1}{n}S^{1/2}JJ^TS^{1/2}",
        law=Law(sides=_gram_sides, relation="=="),
    ),
    Claim(
        letter="b",
        statement=r"tr G = \frac{1}{n}tr K_S",
        law=Law(sides=_gram_trace_sides, relation="=="),
    ),
    Claim(
        letter="c",
        statement=r"rank G \le \min(p, nC), and \min(p, n(C-1)) for softmax",
        law=Law(sides=_rank_sides, relation="<="),
        dear=True,
    ),
    Claim(
        letter="d",
        statement=r"K_{(i,c),(j,e)} = (\tilde x_i\cdot\tilde x_j)\sum_kA_{ck}A_{ek}"
        r"\sigma'(z_{ik})\sigma'(z_{jk}) + \delta_{ce}(\sum_k\sigma(z_{ik})\sigma(z_{jk})"
        r" + 1)",
        law=Law(sides=_gram_product_sides, relation="=="),
    ),
    Claim(
        letter="d",
        statement=r"tr G = \frac{1}{n}\sum_i(1+\|x_i\|^2)\sum_k\|a_k\|^2\sigma'(z_{ik})^2"
        r" + C\,\frac{1}{n}\sum_i\|\sigma(z_i)\|^2 + C",
        law=Law(sides=_trace_sides, relation="=="),
        losses=("squared",),
    ),
    Claim(
        letter="e",
        statement=r"\lambda_j(G) \le tr G / j",
        law=Law(sides=_decay_sides, relation="<="),
    ),
    Claim(
        letter="f",
        statement=r"\lambda_1(G) \ge 1",
        law=Constant(1) <= call("lmax", G),
        losses=("squared",),
    ),
)


def _with(claim: Claim, sides: Any, **keywords: Any) -> Claim:
    """The claim with its law replaced by other sides."""
    relation = claim.law.relation
    return replace(
        claim,
        law=Law(
            sides=lambda q, drawn: sides(q, drawn, **keywords),
            relation="<=" if relation == "<=" else "==",
        ),
    )


T04 = Theorem(
    id="T04",
    title="Spectrum, rank, trace and Frobenius norm through the Gram matrix",
    topic="interpolation",
    statement=r"At interpolation (squared loss) F = 0 and H = G = \frac{1}{n}J^TJ. At every"
    r" \theta the non-zero spectrum of G is that of \frac{1}{n}K_S, so rank G is at most"
    r" nC (softmax: n(C-1)), and at most tr G / t eigenvalues of G reach t.",
    hypotheses=(
        r"(a) squared loss, f(x_i) = y_i for every i",
        r"(d, trace) and (f): squared loss, with the output bias a parameter",
    ),
    claims=_T04,
    mutants=(
        Mutant(name="F = 0 anywhere", claim=replace(_T04[0], assumes=())),
        Mutant(
            name="H = JᵀJ",
            claim=replace(_T04[1], law=H.equals(J.T @ J)),
        ),
        Mutant(
            name="spectrum of K, without S",
            claim=replace(
                _with(_T04[2], _gram_sides, weighted=False),
                losses=("logistic", "softmax"),
            ),
        ),
        Mutant(
            name="spectrum of K_S without 1/n",
            claim=_with(_T04[2], _gram_sides, mean=False),
        ),
        Mutant(
            name="rank G ≤ min(p, nC) - 1", claim=_with(_T04[4], _rank_sides, less=1)
        ),
        Mutant(
            name="rank G ≤ n(C - 1) for the squared loss",
            claim=replace(_with(_T04[4], _softmax_rank_sides), losses=("squared",)),
        ),
        Mutant(
            name="tr G without the output bias",
            claim=_with(_T04[6], _trace_sides, constant=0.0),
        ),
        Mutant(
            name="λ_j ≤ tr G / (j + 1)", claim=_with(_T04[7], _decay_sides, shift=1)
        ),
        Mutant(
            name="λ_1(G) ≥ 2",
            claim=replace(_T04[8], law=Constant(2) <= call("lmax", G)),
        ),
    ),
    proof=r"(a) r = 0 in T02. (b) With B = S^{1/2}J/\sqrt{n}, G = B^TB and K_S/n = BB^T;"
    r" v \mapsto Bv maps the eigenspace of B^TB for \lambda \ne 0 injectively into that of"
    r" BB^T, since \|Bv\|^2 = \lambda\|v\|^2, and B^T maps back. (c) rank G = rank B, and"
    r" S_i1 = 0 for softmax. (d) J from T01. (e) j\lambda_j \le \lambda_1 + \dots +"
    r" \lambda_j \le tr G. (f) v^TGv = 1 for the unit vector v = (0, \dots, 0,"
    r" 1_C/\sqrt{C}) on the output bias. \blacksquare",
    source="folklore: Sagun et al. (2017), Jacot et al. (2018), Karakida et al. (2019)",
    uses=("T01", "T02"),
    witness=Witness(
        letter="f",
        note="A = 0 and σ(z) = 0: only the output bias moves f, and λ_1(G) = 1",
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
    counterexamples=(
        Counterexample(
            dropped="f(X) = Y: σ = z², w = b = c = 0, a = 1, x = 1, y = -1",
            claim=replace(_T04[0], assumes=()),
            example=Example(
                activation="quadratic",
                x=((1,),),
                W=((0,),),
                b=(0,),
                A=((1,),),
                c=(0,),
                residual=((1,),),
            ),
        ),
        Counterexample(
            dropped="softmax in rank G ≤ n(C - 1)",
            claim=replace(_with(_T04[4], _softmax_rank_sides), losses=("squared",)),
            example=Example(
                activation="identity",
                x=((1,),),
                W=((1,),),
                b=(0,),
                A=((1,), (1,)),
                c=(0, 0),
                residual=((0, 0),),
            ),
        ),
    ),
)


# T05


def _fisher_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    return q.G, q.fisher


def _empirical_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    return q.G, q.EF


def _half_fisher_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    return q.G, q.fisher * 0.5


_T05 = (
    Claim(
        letter="a",
        statement=r"G = \frac{1}{n}\sum_iE_{y\sim p_\theta(\cdot|x_i)}[gg^T],"
        r" g = \nabla_\theta(-\log p_\theta(y|x_i))",
        law=Law(sides=_fisher_sides, relation="=="),
    ),
    Claim(
        letter="b",
        statement=r"at interpolation the empirical Fisher is 0",
        law=call("fro", EF).equals(0),
        assumes=("interpolation",),
        losses=("squared",),
    ),
    Claim(
        letter="b",
        statement=r"tr G \ge C",
        law=call("tr", G) >= C,
        losses=("squared",),
    ),
)

T05 = Theorem(
    id="T05",
    title="G is the Fisher information; the empirical Fisher is not",
    topic="interpolation",
    statement=r"For the squared (Gaussian, unit variance), logistic and softmax losses G is"
    r" the Fisher information of the model at every \theta. The empirical Fisher,"
    r" \frac{1}{n}\sum_iJ_i^Tr_ir_i^TJ_i, is 0 at interpolation, where tr G \ge C.",
    hypotheses=(
        r"\ell = -\log p_\theta(y|x) up to a constant, as for the three losses",
    ),
    claims=_T05,
    mutants=(
        Mutant(name="G = empirical Fisher", claim=_with(_T05[0], _empirical_sides)),
        Mutant(name="G = half the Fisher", claim=_with(_T05[0], _half_fisher_sides)),
        Mutant(name="empirical Fisher 0 anywhere", claim=replace(_T05[1], assumes=())),
        Mutant(name="tr G ≥ C + 1", claim=replace(_T05[2], law=call("tr", G) >= C + 1)),
    ),
    proof=r"g = J_i^T(\mu - t) with \mu = E t, so E[gg^T] = J_i^T Cov(t) J_i; the"
    r" covariance is I for the unit Gaussian, p(1-p) for a Bernoulli label, diag(p) - pp^T"
    r" for a categorical one: S_i each time. At interpolation every r_i = 0, while the"
    r" output bias alone gives tr G \ge C. \blacksquare",
    source="Martens (2014); Kunstner, Hennig and Balles (2019)",
    uses=("T02",),
    witness=Witness(
        letter="b",
        note="A = 0 and σ(z) = 0: tr G = C",
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
    counterexamples=(
        Counterexample(
            dropped="f(X) = Y in (b)",
            claim=replace(_T05[1], assumes=()),
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
    ),
)


# T26


def _least_sides(q: Any, drawn: Any, *, power: int = 2) -> tuple[Any, Any]:
    place = min(q.p, q.n * q.C) - 1
    sigma = q.J.singular_values()[:, place]
    return q.eigenvalues("H")[:, place], sigma**power / float(q.n)


def _manifold_rank_sides(q: Any, drawn: Any, *, extra: int = 0) -> tuple[Any, Any]:
    rank = q.H.rank()
    return rank * 0.0 + (q.n * q.C + extra), rank


def _kernel_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    """The eigenvalues of H beyond the first nC vanish: ker H has dimension p - nC."""
    rest = q.eigenvalues("H")[:, q.n * q.C :]
    return rest, rest * 0.0


def _wide_kernel_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    rest = q.eigenvalues("H")[:, max(0, min(q.p, q.n * q.C) - 1) :]
    return rest, rest * 0.0


_T26 = (
    Claim(
        letter="a",
        statement=r"\lambda_{nC}(H) = \sigma_{\min}(J)^2/n > 0",
        law=Law(sides=_least_sides, relation="=="),
        assumes=("interpolation", "full_rank_jacobian"),
        losses=("squared",),
    ),
    Claim(
        letter="b",
        statement=r"rank H \ge nC: H > 0 on the normal space",
        law=Law(sides=_manifold_rank_sides, relation="<="),
        dear=True,
        assumes=("interpolation", "full_rank_jacobian"),
        losses=("squared",),
    ),
    Claim(
        letter="b",
        statement=r"\lambda_j(H) = 0 for j > nC: dim ker H = p - nC",
        law=Law(sides=_kernel_sides, relation="=="),
        assumes=("interpolation", "full_rank_jacobian"),
        losses=("squared",),
    ),
)

T26 = Theorem(
    id="T26",
    title="The interpolation manifold",
    topic="interpolation",
    statement=r"Let f(X) = Y at \theta^* and J have full row rank nC there. Then"
    r" \{f(X) = Y\} is near \theta^* a C^2 manifold of dimension p - nC with tangent space"
    r" ker J = ker H, and H is positive definite on the normal space.",
    hypotheses=(
        r"squared loss, \sigma is C^2 near the pre-activations, f(X) = Y",
        r"rank J = nC (so p \ge nC)",
    ),
    claims=_T26,
    mutants=(
        Mutant(
            name="σ_min(J)/n, not squared", claim=_with(_T26[0], _least_sides, power=1)
        ),
        Mutant(
            name="rank H = nC without full row rank",
            claim=replace(_T26[1], assumes=("interpolation",)),
        ),
        Mutant(name="dim ker H = p - nC + 1", claim=_with(_T26[2], _wide_kernel_sides)),
    ),
    proof=r"J is the derivative of \theta \mapsto f(X), onto at \theta^*: the implicit"
    r" function theorem makes the level set a manifold with tangent space ker J. By T04"
    r" H = \frac{1}{n}J^TJ there, so ker H = ker J, and the non-zero eigenvalues are those"
    r" of \frac{1}{n}JJ^T, the least of which is \sigma_{\min}(J)^2/n. \blacksquare",
    source="Cooper (2018)",
    uses=("T04",),
    counterexamples=(
        Counterexample(
            dropped="full row rank: the same sample twice",
            claim=replace(_with(_T26[1], _manifold_rank_sides), assumes=()),
            example=Example(
                activation="relu",
                x=((-1,), (-1,)),
                W=((1,),),
                b=(0,),
                A=((1,),),
                c=(0,),
                residual=((0,), (0,)),
            ),
        ),
    ),
)

THEOREMS: Final = (T04, T05, T26)
