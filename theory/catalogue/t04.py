"""T04: the spectrum of G through the NTK Gram matrix."""

from dataclasses import replace
from typing import Any

from ..expressions import Constant, call, name
from ..theorems import Claim, Counterexample, Example, Law, Mutant, Theorem, Witness
from .laws import changed

__all__ = ["T04"]

C, F, G, H = name("C"), name("F"), name("G"), name("H")
J, K, n = name("J"), name("K"), name("n")


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
        label="a.1",
        statement=r"f(X) = Y \Rightarrow F = 0",
        law=call("fro", F).equals(0),
        assumes=("interpolation",),
        losses=("squared",),
    ),
    Claim(
        label="a.2",
        statement=r"f(X) = Y \Rightarrow n H = J^TJ",
        law=(n * H).equals(J.T @ J),
        assumes=("interpolation",),
        losses=("squared",),
    ),
    Claim(
        label="b.1",
        statement=r"the non-zero eigenvalues of G are those of"
        r" \frac{1}{n}K_S = \frac{1}{n}S^{1/2}JJ^TS^{1/2}",
        law=Law(sides=_gram_sides, relation="=="),
    ),
    Claim(
        label="b.2",
        statement=r"tr G = \frac{1}{n}tr K_S",
        law=Law(sides=_gram_trace_sides, relation="=="),
    ),
    Claim(
        label="c",
        statement=r"rank G \le \min(p, nC), and \min(p, n(C-1)) for softmax",
        law=Law(sides=_rank_sides, relation="<="),
        dear=True,
    ),
    Claim(
        label="d.1",
        statement=r"K_{(i,c),(j,e)} = (\tilde x_i\cdot\tilde x_j)\sum_kA_{ck}A_{ek}"
        r"\sigma'(z_{ik})\sigma'(z_{jk}) + \delta_{ce}(\sum_k\sigma(z_{ik})\sigma(z_{jk})"
        r" + 1)",
        law=Law(sides=_gram_product_sides, relation="=="),
    ),
    Claim(
        label="d.2",
        statement=r"tr G = \frac{1}{n}\sum_i(1+\|x_i\|^2)\sum_k\|a_k\|^2\sigma'(z_{ik})^2"
        r" + C\,\frac{1}{n}\sum_i\|\sigma(z_i)\|^2 + C",
        law=Law(sides=_trace_sides, relation="=="),
        losses=("squared",),
    ),
    Claim(
        label="e",
        statement=r"\lambda_j(G) \le tr G / j",
        law=Law(sides=_decay_sides, relation="<="),
    ),
    Claim(
        label="f",
        statement=r"\lambda_1(G) \ge 1",
        law=Constant(1) <= call("lmax", G),
        losses=("squared",),
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
                changed(_T04[2], _gram_sides, weighted=False),
                losses=("logistic", "softmax"),
            ),
        ),
        Mutant(
            name="spectrum of K_S without 1/n",
            claim=changed(_T04[2], _gram_sides, mean=False),
        ),
        Mutant(
            name="rank G ≤ min(p, nC) - 1", claim=changed(_T04[4], _rank_sides, less=1)
        ),
        Mutant(
            name="rank G ≤ n(C - 1) for the squared loss",
            claim=replace(changed(_T04[4], _softmax_rank_sides), losses=("squared",)),
        ),
        Mutant(
            name="tr G without the output bias",
            claim=changed(_T04[6], _trace_sides, constant=0.0),
        ),
        Mutant(
            name="λ_j ≤ tr G / (j + 1)", claim=changed(_T04[7], _decay_sides, shift=1)
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
    witnesses=(
        Witness(
            labels=("e", "f"),
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
            claim=replace(changed(_T04[4], _softmax_rank_sides), losses=("squared",)),
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
