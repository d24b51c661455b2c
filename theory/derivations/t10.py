r"""T10: covariance under rescaling, null directions, permutations and sign flips.

For symbolic n, d, m and C and any of the losses. T_α multiplies w̃_k by α_k > 0 and
divides a_k by it; E_k is +1 on w̃_k, -1 on a_k and 0 elsewhere, and v_k = E_kθ.
"""

from functools import partial

from sympy import Expr, Integer, Symbol

from .. import symbols
from ..activations import ACTIVATIONS, Activation
from ..derivation import Derivation, Step
from ..gauss_newton import gauss_newton
from ..gradient import (
    BLOCKS,
    chain_rule,
    gradient,
    input_jacobian,
    output,
    preactivation,
    row,
)
from ..hessian import hessian, residual_hessian
from ..indexed import Atom, Term, derivative, one, product, substituted, summed
from ..lemmas import CONGRUENCE, INDEPENDENT, LINEAR_SYMMETRY
from ..rules import factor, identity, lemma, minus, polynomial, sign
from ..symbols import PREACTIVATION
from .along import PAIRS, Direction, Matrix, applied, direction, paired
from .curvature import SOFTMAX
from .moved import flipped, homogeneous, permuted, rescaled, scale, straight
from .t06 import complexity

__all__ = ["DERIVATION", "homogeneity", "steps"]

ANY = SOFTMAX
"""A loss whose S is left as the letter S: what is shown with it holds for all."""

_STRETCH = {"W": "alpha", "b": "alpha", "A": "1/alpha"}
_SHRINK = {"W": "1/alpha", "b": "1/alpha", "A": "alpha"}
_NEURON = {"W": 0, "b": 0, "A": 1}

V = direction("v")


def factors(
    block: str, names: dict[str, str] = _SHRINK, *, primed: bool = False
) -> tuple[Atom, ...]:
    """The entry of the diagonal T_α⁻¹ at a parameter."""
    if block not in names:
        return ()
    return (Atom(names[block], ("k'" if primed else "k",)),)


def covariance(matrix: Matrix, rows: str, columns: str) -> list[Term]:
    """M(T_αθ) - T_α⁻¹ M(θ) T_α⁻¹, one block."""
    block = matrix(rows, columns)
    both = (*factors(rows), *factors(columns, primed=True))
    return minus(rescaled(block), scale(straight(block), *both))


def gradient_covariance(rows: str) -> list[Term]:
    """∇L(T_αθ) - T_α⁻¹ ∇L(θ)."""
    found = gradient(ANY, rows)
    return minus(rescaled(found), scale(found, *factors(rows)))


def log_determinant() -> list[Term]:
    """log det(T_α⁻¹)² - (2C - 2(d + 1)) Σ_k log α_k."""
    log = Atom("log alpha", ("k",))
    signs = {"alpha": 1, "1/alpha": -1}
    entries: list[Term] = []
    for block, name in _SHRINK.items():
        each = [Term(Integer(2 * signs[name]), (log,))]
        entries += summed(each, *row(block).indices)
    claimed = Term(2 * symbols.C - 2 * (symbols.d + 1), (log,))
    return minus(entries, summed([claimed], "k"))


def euler() -> list[Term]:
    """w̃_k·∇_{w̃_k} L - a_k·∇_{a_k} L."""
    W, b, A = (one(row(block)) for block in ("W", "b", "A"))
    inner = [
        *summed(product([W], gradient(ANY, "W")), "j"),
        *product([b], gradient(ANY, "b")),
    ]
    return homogeneous(minus(inner, summed(product([A], gradient(ANY, "A")), "c")))


def null_direction(neuron: str = "k0", sign_of_output: int = -1) -> Direction:
    """v_q = E_q θ."""

    def entries(block: str, sign_of: int) -> Direction:
        def entry(at: Atom) -> list[Term]:
            here = Atom("delta", (at.indices[_NEURON[block]], neuron))
            return product([Term(Integer(sign_of), (here,))], [one(at)])

        return {block: lambda at: entry(Atom(block, at.indices))}

    return {
        **entries("W", 1),
        **entries("b", 1),
        **entries("A", sign_of_output),
        "c": lambda _: [],
    }


def signed_gradient(rows: str, neuron: str = "k0") -> list[Term]:
    """E_q ∇L."""
    if rows == "c":
        return []
    sign_of = -1 if rows == "A" else 1
    here = Term(Integer(sign_of), (Atom("delta", ("k", neuron)),))
    return product([here], gradient(ANY, rows))


def kernel(rows: str, direction: Direction | None = None) -> list[Term]:
    """H v_q + E_q ∇L."""
    v = null_direction() if direction is None else direction
    moved = applied(partial(hessian, ANY), rows, v)
    return homogeneous([*moved, *signed_gradient(rows)])


def along_jacobian(direction: Direction | None = None) -> list[Term]:
    """J_i v_q, at one output."""
    f = [one(Atom("f", ("i", "c0")))]
    v = null_direction() if direction is None else direction
    rule = chain_rule(ANY)
    return homogeneous(paired(lambda block: derivative(f, row(block), rule), v))


def along_gauss_newton(rows: str) -> list[Term]:
    """G v_q."""
    return homogeneous(applied(partial(gauss_newton, ANY), rows, null_direction()))


def curvature(twice: int = 2) -> list[Term]:
    """v_qᵀHv_q + 2 a_q·∇_{a_q}L."""
    v = null_direction()
    form = paired(lambda rows: applied(partial(hessian, ANY), rows, v), v)
    outer = [Term(Integer(twice), (row("A"),))]
    slope = summed(product(outer, gradient(ANY, "A")), "c")
    return homogeneous([*form, *substituted(slope, {"k": "k0"})])


def overlap() -> list[Term]:
    """v_q·v_q'."""
    v = null_direction("k0")
    return paired(lambda block: v[block](row(block)), null_direction("k1"))


def mixed_preactivations() -> list[Term]:
    """Σ_q P_kq z_iq."""
    choice = one(Atom("P", ("k", "k9")))
    return summed(product([choice], preactivation("i", "k9")), "k9")


def length(terms_of: Direction) -> list[Term]:
    """‖v‖² of a direction."""
    return paired(lambda block: terms_of[block](row(block)), terms_of)


def flipped_direction() -> Direction:
    """D v."""

    def entry(block: str, at: Atom) -> list[Term]:
        units = (
            (Atom("eps", (at.indices[_NEURON[block]],)),) if block in _NEURON else ()
        )
        return product([one(*units)], V[block](at))

    return {block: partial(entry, block) for block in BLOCKS}


def homogeneity(claim: str, *, power: int = 1) -> Step:
    """What is used of σ, on either side of its kink, for each activation covered."""
    t, alpha = Symbol("t", positive=True), Symbol("alpha", positive=True)
    facts: list[Expr] = []
    for activation in ACTIVATIONS.values():
        if activation.homogeneous:
            for z in (t, -t):
                value, first = _at(activation, z)
                stretched, slope = _at(activation, alpha * z)
                facts += [
                    stretched - alpha**power * value,
                    slope - first,
                    value - first * z,
                    activation.second.subs(PREACTIVATION, z),
                ]
    return polynomial(
        claim,
        "σ(αz) = ασ(z), σ'(αz) = σ'(z), σ(z) = σ'(z)z, σ''(z) = 0 for z ≠ 0, α > 0",
        *facts,
    )


def oddness(claim: str, *, parity: int = 1) -> Step:
    """σ(-z) = -σ(z)."""
    z = PREACTIVATION
    return polynomial(
        claim,
        "σ(-z) = -σ(z) for each odd activation",
        *(
            activation.value.subs(z, -z) + parity * activation.value
            for activation in ACTIVATIONS.values()
            if activation.odd
        ),
    )


def _at(activation: Activation, z: Expr) -> tuple[Expr, Expr]:
    return (
        activation.value.subs(PREACTIVATION, z),
        activation.first.subs(PREACTIVATION, z),
    )


def _covariant(claim: str, name: str, matrix: Matrix) -> Step:
    return identity(
        claim,
        f"{name}(T_αθ) = T_α⁻¹ {name}(θ) T_α⁻¹",
        *(partial(covariance, matrix, *pair) for pair in PAIRS),
    )


def steps() -> Derivation:
    """The derivation."""
    alpha = Symbol("alpha", positive=True)
    eps, unit = Symbol("eps", real=True), Symbol("theta_k", real=True)
    f, z = output("i", "c"), preactivation("i", "k")
    H = partial(hessian, ANY)
    return Derivation(
        theorem="T10",
        proves=(
            *("a.1", "a.2", "a.3", "a.4"),
            *("b.1", "b.2", "b.3", "b.4"),
            *("c.1", "c.2", "c.3", "c.4"),
            *("d.1", "d.2", "d.3", "d.4", "d.5"),
            "e",
            *("f.1", "f.2"),
            *("g.1", "g.2", "g.3", "g.4"),
        ),
        steps=(
            homogeneity("a"),
            identity(
                "a",
                "z_ik(T_αθ) = α_k z_ik(θ)",
                lambda: minus(rescaled(z), scale(z, Atom("alpha", ("k",)))),
            ),
            identity(
                "a",
                "f(X; T_αθ) = f(X; θ), and with it r, S and L",
                lambda: minus(rescaled(f), f),
            ),
            identity(
                "a",
                "∇ₓf(T_αθ) = ∇ₓf(θ), and with it Cx",
                lambda: minus(rescaled(input_jacobian(ANY)), input_jacobian(ANY)),
            ),
            identity(
                "a",
                "Cx_S(T_αθ) = Cx_S(θ)",
                lambda: minus(rescaled(complexity(ANY)), complexity(ANY)),
            ),
            identity(
                "b",
                "∇L(T_αθ) = T_α⁻¹∇L(θ)",
                *(partial(gradient_covariance, rows) for rows in BLOCKS),
            ),
            _covariant("b", "H", H),
            _covariant("b", "G", partial(gauss_newton, ANY)),
            _covariant("b", "F", partial(residual_hessian, ANY)),
            lemma(
                "c",
                "H(T_αθ) and H(θ) have the same n₊, n₋ and rank, and det H(T_αθ) ="
                " det(T_α⁻¹)² det H(θ)",
                CONGRUENCE,
                _covariant("c", "H", H),
                sign("c", "α_k > 0 and 1/α_k > 0", alpha, 1 / alpha, strict=True),
            ),
            identity(
                "c",
                "det(T_α⁻¹)² = Π_k α_k^(2C - 2(d + 1)): its logarithm, entry by entry",
                log_determinant,
            ),
            identity("d", "w̃_k·∇_{w̃_k}L = a_k·∇_{a_k}L", euler),
            identity("d", "Hv_k = -E_k∇L", *(partial(kernel, rows) for rows in BLOCKS)),
            identity("d", "v_kᵀHv_k = -2 a_k·∇_{a_k}L", curvature),
            identity("d", "J v_k = 0", along_jacobian),
            identity(
                "d", "G v_k = 0", *(partial(along_gauss_newton, r) for r in BLOCKS)
            ),
            lemma(
                "e",
                "∇L = 0: nullity H >= #{k: v_k ≠ 0} = #{k: (w̃_k, a_k) ≠ 0}",
                INDEPENDENT,
                identity(
                    "e",
                    "Hv_k = -E_k∇L = 0",
                    *(partial(kernel, rows) for rows in BLOCKS),
                ),
                factor("e", "v_k·v_q holds δ_kq", Atom("delta", ("k0", "k1")), overlap),
            ),
            identity(
                "f",
                "z(Pθ)_ik = Σ_q P_kq z_iq, so σ(z(Pθ))_ik = Σ_q P_kq σ(z_iq): P has one"
                " 1 in each row",
                lambda: minus(permuted(z), mixed_preactivations()),
            ),
            lemma(
                "f",
                "H(Pθ) = PH(θ)Pᵀ",
                LINEAR_SYMMETRY,
                identity(
                    "f",
                    "f(X; Pθ) = f(X; θ), and with it L",
                    lambda: minus(permuted(f), f),
                ),
                identity(
                    "f",
                    "‖Pv‖ = ‖v‖ for every v",
                    lambda: minus(permuted(length(V)), length(V)),
                ),
            ),
            oddness("g"),
            identity(
                "g",
                "z_ik(Dθ) = ε_k z_ik(θ)",
                lambda: minus(flipped(z), scale(z, Atom("eps", ("k",)))),
            ),
            lemma(
                "g",
                "H(Dθ) = DH(θ)D, with the eigenvalues of H(θ)",
                LINEAR_SYMMETRY,
                identity(
                    "g",
                    "f(X; Dθ) = f(X; θ), and with it L",
                    lambda: minus(flipped(f), f),
                ),
                identity(
                    "g",
                    "‖Dv‖ = ‖v‖ for every v",
                    lambda: minus(scale(length(flipped_direction())), length(V)),
                ),
            ),
            polynomial(
                "g",
                "(PDθ)_k - θ_k = (ε_k - 1)θ_k where P_kk = 1, so ε_k = 1 if it is 0 and"
                " θ_k is not; where P_kq = 1, q ≠ k, it is ε_qθ_q - θ_k, which is not 0"
                " for units that are different up to sign",
                eps * unit - unit - (eps - 1) * unit,
            ),
        ),
    )


DERIVATION = steps()
