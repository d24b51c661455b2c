r"""Sums of products at a θ moved by a symmetry, in index notation.

    rescaling   T_α: (w̃_k, a_k) -> (α_k w̃_k, a_k / α_k), for positively homogeneous
                piecewise-linear σ: σ(αz) = ασ(z), σ'(αz) = σ'(z), σ'' = 0 off kinks;
    flip        D: (w̃_k, a_k) -> ε_k (w̃_k, a_k), ε_k = ±1, for odd σ: σ(εz) = εσ(z);
    permutation P: (w̃_k, a_k) -> Σ_q P_kq (w̃_q, a_q), P of zeros and a single 1 in each
                row and in each column, for any σ: σ(Σ_q P_kq z_q) = Σ_q P_kq σ(z_q).

The rest of the network, r and S among it, depends on θ through f alone, which is shown
to be unchanged first.
"""

from collections.abc import Iterable, Mapping

from ..gradient import preactivation
from ..indexed import Atom, Term, collected, one, product, summed, unified

__all__ = ["flipped", "homogeneous", "permuted", "rescaled", "scale", "straight"]

_RESCALED: Mapping[str, str] = {
    "W": "alpha",
    "b": "alpha",
    "A": "1/alpha",
    "s0": "alpha",
}
_FLIPPED: Mapping[str, str] = {"W": "eps", "b": "eps", "A": "eps", "s0": "eps"}

_INVERSES: Mapping[str, str] = {"alpha": "1/alpha", "eps": "eps"}
"""Factors whose product is 1."""

_NEURON: Mapping[str, int] = {
    **dict.fromkeys(("W", "b", "vW", "vb"), 0),
    **dict.fromkeys(("A", "s0", "s1", "vA"), 1),
}
"""Which index of an atom is its neuron's; v is a direction in the space of θ."""


def straight(terms: Iterable[Term]) -> list[Term]:
    """σ'' = 0."""
    return [t for t in terms if all(atom.name != "s2" for atom in t.atoms)]


def rescaled(terms: Iterable[Term]) -> list[Term]:
    """At T_α θ."""
    return scale(_moved(straight(terms), _RESCALED))


def flipped(terms: Iterable[Term]) -> list[Term]:
    """At D θ, of what holds no derivative of σ.

    Raises
    ------
    ValueError
        If it does.
    """
    known = list(terms)
    if any(atom.name in {"s1", "s2"} for term in known for atom in term.atoms):
        raise ValueError("terms hold a derivative of σ; expected none")
    return scale(_moved(known, _FLIPPED))


def permuted(terms: Iterable[Term]) -> list[Term]:
    """At P θ: every atom of unit k as Σ_q P_kq times that of unit q."""
    total: list[Term] = []
    for term in terms:
        parts = [Term(term.coefficient, ())]
        for atom in term.atoms:
            parts = product(parts, _elsewhere(atom))
        total += [_placed(part) for part in summed(parts, *term.bound)]
    return collected(total)


def scale(terms: Iterable[Term], *factors: Atom) -> list[Term]:
    """Terms times factors, α_k (1/α_k) = 1 and ε_k² = 1 cancelled."""
    whole = product([one(*factors)], terms)
    return collected(_cancelled(unified(term)) for term in whole)


def homogeneous(terms: Iterable[Term]) -> list[Term]:
    """σ'' = 0 and σ(z_ik) = σ'(z_ik) z_ik, z_ik written out."""
    total: list[Term] = []
    for term in straight(terms):
        values = [atom for atom in term.atoms if atom.name == "s0"]
        rest = tuple(atom for atom in term.atoms if atom.name != "s0")
        parts = [Term(term.coefficient, rest)]
        for value in values:
            slope = one(Atom("s1", value.indices))
            parts = product(parts, product([slope], preactivation(*value.indices)))
        total += summed(parts, *term.bound)
    return collected(total)


def _moved(terms: Iterable[Term], factors: Mapping[str, str]) -> list[Term]:
    moved = []
    for term in terms:
        extra = tuple(
            Atom(factors[atom.name], (atom.indices[_NEURON[atom.name]],))
            for atom in term.atoms
            if atom.name in factors
        )
        moved.append(Term(term.coefficient, term.atoms + extra, term.bound))
    return moved


def _cancelled(term: Term) -> Term:
    atoms = list(term.atoms)
    for name, inverse in _INVERSES.items():
        for atom in [found for found in atoms if found.name == name]:
            rest = list(atoms)
            if atom in rest:
                rest.remove(atom)
                partner = Atom(inverse, atom.indices)
                if partner in rest:
                    rest.remove(partner)
                    atoms = rest
    return Term(term.coefficient, tuple(atoms), term.bound)


def _elsewhere(atom: Atom) -> list[Term]:
    if atom.name not in _NEURON:
        return [one(atom)]
    k, q = atom.indices[_NEURON[atom.name]], "k9"
    return summed([one(Atom("P", (k, q)), atom.renamed({k: q}))], q)


def _placed(term: Term) -> Term:
    """P_kq P_kq' = δ_qq' P_kq, and Σ_k P_kq = 1."""
    rows: dict[str, Atom] = {}
    for atom in term.atoms:
        if atom.name != "P":
            continue
        k, q = atom.indices
        if k in rows:
            rest = list(term.atoms)
            rest.remove(atom)
            same = Atom("delta", (rows[k].indices[1], q))
            (joined,) = summed([Term(term.coefficient, (*rest, same))], *term.bound)
            return _placed(joined)
        rows[k] = atom
    for k, atom in rows.items():
        others = [other for other in term.atoms if other is not atom]
        if k in term.bound and all(k not in other.indices for other in others):
            bound = tuple(index for index in term.bound if index != k)
            return _placed(Term(term.coefficient, tuple(others), bound))
    return term
