"""Classical lemmas that derivations may apply: named, few, and trusted.

A derivation by index algebra cannot speak of eigenvalues, ranks or infima. Where a proof
needs such a fact it names one of these, and the step is checked only if every premise is,
for the very matrices that the claim is about.
"""

from dataclasses import dataclass

__all__ = [
    "BLOCK_DIAGONAL",
    "CONGRUENCE",
    "COURANT_FISCHER",
    "DERIVATIVE_BOUNDS",
    "ERROR_FREE",
    "FACTORED",
    "GRAM_SPECTRA",
    "INDEPENDENT",
    "INVARIANT_PARTS",
    "INVARIANT_SUBSPACE",
    "ISOTROPY",
    "LINEAR_SYMMETRY",
    "NORMAL_MOMENTS",
    "POLAR",
    "PRICE",
    "RANK_OF_PRODUCT",
    "SORTED",
    "SQUARE_ROOT",
    "SYMMETRIC_SPECTRUM",
    "TENSOR_SPACES",
    "TRIANGLE",
    "Lemma",
]


@dataclass(frozen=True, kw_only=True)
class Lemma:
    """A classical lemma.

    Attributes
    ----------
    name : str
        What it is called.
    premises : tuple of str
        What must be shown of the objects at hand.
    conclusion : str
        What follows.
    source : str
        Where it is proved.
    """

    name: str
    premises: tuple[str, ...]
    conclusion: str
    source: str


SYMMETRIC_SPECTRUM = Lemma(
    name="spectral theorem",
    premises=("M is real and symmetric",),
    conclusion=(
        "M has an orthonormal basis of eigenvectors; its rank is the number of its "
        "eigenvalues other than 0, ‖M‖_F² the sum of their squares and ‖M‖ the largest "
        "of their magnitudes, all with multiplicity"
    ),
    source="Horn and Johnson (2013), Theorem 4.1.5",
)
BLOCK_DIAGONAL = Lemma(
    name="spectrum of a block-diagonal matrix",
    premises=("the entries of M between different blocks are 0",),
    conclusion="the spectrum of M is the union of those of its blocks",
    source="Horn and Johnson (2013), section 0.9.2",
)
INVARIANT_SUBSPACE = Lemma(
    name="invariant subspace of a symmetric matrix",
    premises=(
        "M maps the span of orthonormal u_1, …, u_q into itself, by a matrix T",
        "M is 0 on the orthogonal complement",
    ),
    conclusion="the spectrum of M is that of T, and zeros",
    source="Horn and Johnson (2013), section 1.3.17",
)
GRAM_SPECTRA = Lemma(
    name="spectra of BᵀB and BBᵀ",
    premises=("M = BᵀB", "N = BBᵀ"),
    conclusion=(
        "M and N are positive semi-definite and have the same eigenvalues other than 0, "
        "with multiplicity"
    ),
    source="Horn and Johnson (2013), Theorem 1.3.22",
)
RANK_OF_PRODUCT = Lemma(
    name="rank of a product",
    premises=("M = BᵀB with B of q rows and p columns",),
    conclusion="rank M <= min(p, q)",
    source="Horn and Johnson (2013), section 0.4.5",
)
SQUARE_ROOT = Lemma(
    name="square root of a positive semi-definite matrix",
    premises=("M is positive semi-definite",),
    conclusion="M = RR with a symmetric positive semi-definite R",
    source="Horn and Johnson (2013), Theorem 7.2.6",
)
FACTORED = Lemma(
    name="factor of a positive semi-definite matrix",
    premises=("M is positive semi-definite", "M u = 0 for a vector u that is not 0"),
    conclusion="M = RRᵀ with a matrix R of one column fewer than M has",
    source="Horn and Johnson (2013), Theorem 7.2.7",
)
SORTED = Lemma(
    name="largest terms of a sum",
    premises=("all eigenvalues of M are >= 0",),
    conclusion="j λ_j <= λ_1 + … + λ_j <= tr M",
    source="elementary",
)
COURANT_FISCHER = Lemma(
    name="Rayleigh's bound",
    premises=("vᵀMv = μ", "vᵀv = 1"),
    conclusion="λ_1(M) >= μ",
    source="Horn and Johnson (2013), Theorem 4.2.2",
)
LINEAR_SYMMETRY = Lemma(
    name="derivatives of an invariant function",
    premises=(
        "L(Mθ) = L(θ) for every θ, with a matrix M that does not depend on θ",
        "MᵀM = I",
    ),
    conclusion=(
        "∇L(Mθ) = M∇L(θ) and ∇²L(Mθ) = M∇²L(θ)Mᵀ, with the eigenvalues of ∇²L(θ)"
    ),
    source="the chain rule, twice",
)
CONGRUENCE = Lemma(
    name="Sylvester's law of inertia",
    premises=("N = DMD with D diagonal", "no entry of D is 0"),
    conclusion=(
        "M and N have as many positive, negative and zero eigenvalues, and "
        "det N = det(D)² det M"
    ),
    source="Horn and Johnson (2013), Theorem 4.5.8",
)
INDEPENDENT = Lemma(
    name="orthogonal vectors in a kernel",
    premises=("M v_k = 0 for every k", "v_k·v_q = 0 for k ≠ q"),
    conclusion="the nullity of M is at least the number of the v_k other than 0",
    source="Horn and Johnson (2013), section 0.6.2",
)
TENSOR_SPACES = Lemma(
    name="dimension of ℝᶜ⊗U + V⊗ℝⁿ",
    premises=(
        "each column of M in one group is a vector of ℝᶜ times one of q vectors of ℝⁿ",
        "each other column is one of s vectors of ℝᶜ times a vector of ℝⁿ",
    ),
    conclusion="where q <= n, rank M <= C q + min(s, C) (n - q)",
    source=(
        "Horn and Johnson (2013), section 0.1.7: dim(S + T) = dim S + dim T - dim(S ∩ T),"
        " with U of dimension q, V of dimension min(s, C), and V⊗U in both"
    ),
)
TRIANGLE = Lemma(
    name="triangle inequality",
    premises=("M = Σ_k M_k", "‖M_k‖_F² = u_k² with u_k >= 0"),
    conclusion="‖M‖_F <= Σ_k u_k",
    source="Horn and Johnson (2013), section 5.6",
)
POLAR = Lemma(
    name="polar coordinates of the normal law in the plane",
    premises=(
        "p is a primitive of cos φ cos(φ - θ)",
        "κ = (1/2π) ‖u‖ ‖v‖ ∫ s³ exp(-s²/2) ds (p(π/2) - p(θ - π/2))",
    ),
    conclusion=(
        "for the angle θ between u and v, κ = E max(u·x, 0) max(v·x, 0) over normal x: "
        "both factors are positive for φ from θ - π/2 to π/2 alone"
    ),
    source="Cho and Saul (2009)",
)
PRICE = Lemma(
    name="Price's theorem",
    premises=(
        "κ = 0 where r = 0",
        "∂κ/∂r = (2/π) det(I + Σ)^(-½) with r the covariance in Σ",
    ),
    conclusion=(
        "κ = E erf(z_1/√2) erf(z_2/√2) for (z_1, z_2) normal with covariance Σ: its "
        "derivative in r is E σ'(z_1) σ'(z_2), and erf is odd"
    ),
    source="Price (1958)",
)
NORMAL_MOMENTS = Lemma(
    name="moments of two independent normal variables",
    premises=("κ = r²ρ² (3 cos² θ + sin² θ)",),
    conclusion=(
        "κ = E (rX)² (ρ cos θ X + ρ sin θ Y)²: E X⁴ = 3, E X²Y² = 1 and E X³Y = 0"
    ),
    source="elementary",
)
ISOTROPY = Lemma(
    name="a frame for a function of inner products",
    premises=(
        "rotations change none of u·u, u·v, v·v, of which κ is a function",
        "the derivatives of κ are the closed forms in one frame of three dimensions",
    ),
    conclusion=(
        "they are at all u and v with an angle in (0, π), in every dimension: both sides "
        "turn with u and v, and the third axis stands for all others"
    ),
    source="elementary",
)
DERIVATIVE_BOUNDS = Lemma(
    name="bounds from those of a derivative",
    premises=("f = f(0) + g with g = sin t - t cos t", "g has the derivative t sin t"),
    conclusion="0 <= f - f(0) <= t³/3 for 0 <= t <= π, because 0 <= t sin t <= t² there",
    source="elementary",
)
ERROR_FREE = Lemma(
    name="Hessian where the error vanishes",
    premises=("E ∂_p f ∂_q f is the given entry, for all p and q",),
    conclusion=(
        "if f - f* is 0 for every input there, ½ E (f - f*)² has the Hessian E ∇f ∇fᵀ, "
        "as far as it has one, for f that are Lipschitz in their parameters"
    ),
    source="the definition of the derivative, with dominated convergence",
)
INVARIANT_PARTS = Lemma(
    name="sum of invariant subspaces",
    premises=(
        "M maps each of some subspaces into itself, with the given eigenvalues",
        "the subspaces are independent",
        "their dimensions add up to that of the whole space",
    ),
    conclusion="the spectrum of M is the union of theirs, with multiplicities",
    source="Horn and Johnson (2013), section 1.3",
)
