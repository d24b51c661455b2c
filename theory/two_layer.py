"""The two-layer network f(x) = A σ(W x + b) + c in index notation, for any size."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from sympy import (
    Expr,
    Function,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Matrix,
    Sum,
    Symbol,
    sqrt,
)

from ..errors import InputError
from . import symbols
from .activations import (
    UNDEFINED,
    Activation,
    activation_from_expression,
    get_activation,
)
from .indexed import Atom, Term, atom, collected, derivative, product, to_sympy
from .losses import NORMALISER, SHIFT, Loss, get_loss
from .symbols import OUTPUT, PREACTIVATION, TARGET, positive_integer

__all__ = ["BLOCKS", "IndexedMatrix", "IndexedVector", "TwoLayerNet"]

BLOCKS: Final = ("W", "b", "A", "c")

_INDICES: Final = {"W": ("k", "j"), "b": ("k",), "A": ("c", "k"), "c": ("c",)}
_PRIME: Final = "'"
_ONE = [Term(Integer(1), (), ())]


def _single(factor: Atom) -> list[Term]:
    return [Term(Integer(1), (factor,), ())]


def _summed(factors: tuple[Atom, ...], bound: tuple[str, ...]) -> list[Term]:
    return [Term(Integer(1), factors, bound)]


def _rule(factor: Atom, variable: Atom) -> list[Term]:
    """Derivative of one atom in one entry of a parameter."""
    name, indices = factor.name, factor.indices
    if name == variable.name:
        deltas = tuple(
            Atom("delta", pair) for pair in zip(indices, variable.indices, strict=True)
        )
        return [Term(Integer(1), deltas, ())]
    if name in ("s0", "s1", "s2"):
        raised = Atom(f"s{int(name[1]) + 1}", indices)
        inner = derivative(_preactivation(*indices), variable, _rule)
        return product(_single(raised), inner)
    if name == "f":
        return derivative(_output(*indices), variable, _rule)
    if name == "ell":
        (i,) = indices
        outer = _summed((atom("r", i, "c~"), atom("f", i, "c~")), ("c~",))
        return _chain(outer, variable)
    if name == "r":
        i, c = indices
        outer = _summed((atom("S", i, c, "c~"), atom("f", i, "c~")), ("c~",))
        return _chain(outer, variable)
    return []


def _chain(outer: list[Term], variable: Atom) -> list[Term]:
    """Σ_c g_c ∂f_c, given Σ_c g_c f_c: only f is differentiated."""
    (term,) = outer
    first, output = term.atoms
    rest = Term(term.coefficient, (first,), term.bound)
    return product([rest], _rule(output, variable))


def _preactivation(i: str, k: str) -> list[Term]:
    return [
        *_summed((atom("W", k, "j~"), atom("x", i, "j~")), ("j~",)),
        *_single(atom("b", k)),
    ]


def _output(i: str, c: str) -> list[Term]:
    return [
        *_summed((atom("A", c, "k~"), atom("s0", i, "k~")), ("k~",)),
        *_single(atom("c", c)),
    ]


@dataclass(frozen=True, eq=False)
class _Family:
    """Entries of a vector or matrix whose rows are the parameters."""

    net: "TwoLayerNet"
    name: str

    def terms(self, *blocks: str) -> list[Term]:
        """Entry of a block, its free indices k, j, c and (for columns) k', j', c'."""
        for place, block in zip(("rows", "columns"), blocks, strict=False):
            if block not in BLOCKS:
                raise InputError(f"{place} is {block!r}; expected one of W, b, A, c")
        key = (self.name, *blocks)
        known = self.net.known.get(key)
        if known is None:
            known = self.net.entry(self.name, *blocks)
            self.net.known[key] = known
        return known


class IndexedVector(_Family):
    """A vector over the parameters, such as the gradient."""

    def block(self, rows: str) -> Expr:
        """Entry of a block, in index notation.

        Parameters
        ----------
        rows : {"W", "b", "A", "c"}
            Which parameters; free indices W: k, j; b: k; A: c, k; c: c.

        Raises
        ------
        InputError
            If `rows` is none of these.
        """
        return self.net.express(self.terms(rows))

    def at(self, **sizes: int) -> Matrix:
        """The whole vector for given n, d, m, C, as an explicit column (p, 1)."""
        from .explicit import Explicit

        return Explicit(self.net, **sizes).vector(self)


class IndexedMatrix(_Family):
    """A matrix over the parameters, such as the Hessian."""

    def block(self, rows: str, columns: str) -> Expr:
        """Entry of a block, in index notation.

        Parameters
        ----------
        rows, columns : {"W", "b", "A", "c"}
            Which parameters; free indices W: k, j; b: k; A: c, k; c: c for the rows,
            the same with a prime for the columns.

        Raises
        ------
        InputError
            If a name is none of these.
        """
        return self.net.express(self.terms(rows, columns))

    @property
    def trace(self) -> Expr:
        """Sum of the diagonal entries of all blocks."""
        total: Expr = Integer(0)
        for block in BLOCKS:
            primes = {f"{index}{_PRIME}": index for index in _INDICES[block]}
            same = [_diagonal(term, primes) for term in self.terms(block, block)]
            summed = [
                Term(t.coefficient, t.atoms, t.bound + _INDICES[block]) for t in same
            ]
            total += self.net.express(summed)
        return total

    @property
    def frobenius_norm(self) -> Expr:
        """Root of the sum of the squares of all entries."""
        total: Expr = Integer(0)
        for rows in BLOCKS:
            for columns in BLOCKS:
                names = [
                    *_INDICES[rows],
                    *(f"{index}{_PRIME}" for index in _INDICES[columns]),
                ]
                square = product(self.terms(rows, columns), self.terms(rows, columns))
                summed = [
                    Term(t.coefficient, t.atoms, t.bound + tuple(names)) for t in square
                ]
                total += self.net.express(summed)
        return sqrt(total)

    def at(self, **sizes: int) -> Matrix:
        """The whole matrix for given n, d, m, C, explicit (p, p)."""
        from .explicit import Explicit

        return Explicit(self.net, **sizes).matrix(self)


def _diagonal(term: Term, primes: dict[str, str]) -> Term:
    """Column indices put equal to row indices: δ_kk' becomes 1."""
    renamed = term.renamed(primes)
    kept = tuple(
        factor
        for factor in renamed.atoms
        if not (factor.name == "delta" and len(set(factor.indices)) == 1)
    )
    return Term(renamed.coefficient, kept, renamed.bound)


class TwoLayerNet:
    """f(x) = A σ(W x + b) + c with a loss, for symbolic n, d, m and C.

    Everything is obtained by differentiating L = (1/n) Σ_i ℓ(f(x_i), y_i) in index
    notation, in terms of z_ik, r_ic = ∂ℓ/∂f_c and S_ice = ∂²ℓ/∂f_c∂f_e, whose own
    definitions `definitions` lists.

    Parameters
    ----------
    activation : str, Activation or sympy.Expr
        σ; `UNDEFINED` for any.
    loss : str or Loss
        ℓ.
    outputs : int, optional
        C; symbolic by default, 1 for the logistic loss.

    Raises
    ------
    InputError
        If a name is unknown, or `outputs` does not fit the loss.
    """

    def __init__(
        self, activation: Any, loss: str | Loss = "squared", outputs: int | None = None
    ) -> None:
        self.activation = _activation(activation)
        self.loss_function = get_loss(loss) if isinstance(loss, str) else loss
        single = self.loss_function.single_output
        if outputs is not None and not positive_integer(outputs):
            raise InputError(f"outputs is {outputs!r}; expected an integer C >= 1")
        if single and outputs not in (None, 1):
            raise InputError(
                f"outputs is {outputs!r}; expected 1 for the logistic loss: "
                "use softmax for more classes"
            )
        self.outputs = 1 if single else outputs
        self.known: dict[tuple[str, ...], list[Term]] = {}

    # Nouns, as of TwoLayerProblem

    def output(self) -> Expr:
        """f_c(x_i) = Σ_k A_ck σ(z_ik) + c_c."""
        return self.express(collected(_output("i", "c")))

    def gradient(self) -> IndexedVector:
        """∇L."""
        return IndexedVector(self, "gradient")

    def hessian(self) -> IndexedMatrix:
        """H = ∇²L."""
        return IndexedMatrix(self, "hessian")

    def gauss_newton(self) -> IndexedMatrix:
        """G = (1/n) Σ_i J_iᵀ S_i J_i."""
        return IndexedMatrix(self, "gauss_newton")

    def residual_hessian(self) -> IndexedMatrix:
        """F = H - G = (1/n) Σ_i Σ_c r_ic ∇²f_c(x_i)."""
        return IndexedMatrix(self, "residual_hessian")

    def fisher(self) -> IndexedMatrix:
        """(1/n) Σ_i E[g gᵀ] with g = J_iᵀ (μ_i - t), t drawn from the model.

        In terms of V_ice = E[(μ_ic - t_c)(μ_ie - t_e)], the covariance of the targets
        under the model.
        """
        return IndexedMatrix(self, "fisher")

    def ntk_gram(self) -> Expr:
        """K_(i,c),(i',c') = Σ_θ ∂f_c(x_i)/∂θ ∂f_c'(x_i')/∂θ."""
        return self.express(self.gram_terms())

    def gram_terms(self) -> list[Term]:
        """Terms of the entry of the NTK Gram matrix."""
        total: list[Term] = []
        for block in BLOCKS:
            # indices that no other expression uses: they are summed over below
            variable = Atom(block, tuple(f"{x}*" for x in _INDICES[block]))
            left = derivative(_single(atom("f", "i", "c")), variable, _rule)
            right = derivative(_single(atom("f", "i'", "c'")), variable, _rule)
            summed = [
                Term(t.coefficient, t.atoms, t.bound + variable.indices)
                for t in product(left, right)
            ]
            total += collected(product(summed, _ONE))
        return total

    def input_jacobian(self) -> Expr:
        """∂f_c(x_i)/∂x_ij = Σ_k A_ck σ'(z_ik) W_kj."""
        return self.express(self.input_terms())

    def trace(self, matrix: str = "hessian") -> Expr:
        """Trace of one of the matrices."""
        return self._matrix(matrix).trace

    def frobenius_norm(self, matrix: str = "hessian") -> Expr:
        """Frobenius norm of one of the matrices."""
        return self._matrix(matrix).frobenius_norm

    def block(self, rows: str, columns: str, matrix: str = "hessian") -> Expr:
        """One block of one of the matrices, in index notation."""
        return self._matrix(matrix).block(rows, columns)

    def _matrix(self, name: str) -> IndexedMatrix:
        known = ("hessian", "gauss_newton", "residual_hessian", "fisher")
        if name not in known:
            raise InputError(f"matrix is {name!r}; expected one of {', '.join(known)}")
        return IndexedMatrix(self, name)

    # How entries are found

    def input_terms(self) -> list[Term]:
        """Terms of ∂f_c(x_i)/∂x_ij."""
        variable = atom("x", "i", "j")
        inner = _single(atom("f", "i", "c"))
        return derivative(inner, variable, _rule)

    def entry(self, name: str, *blocks: str) -> list[Term]:
        """Terms of one block of a vector or matrix over the parameters."""
        rows = Atom(blocks[0], _INDICES[blocks[0]])
        mean = [Term(1 / symbols.n, (atom("ell", "i~"),), ("i~",))]
        gradient = derivative(mean, rows, _rule)
        if name == "gradient":
            return gradient
        columns = Atom(
            blocks[1], tuple(f"{index}{_PRIME}" for index in _INDICES[blocks[1]])
        )
        if name == "hessian":
            return derivative(gradient, columns, _rule)
        if name == "residual_hessian":
            return derivative(gradient, columns, _rule_at_fixed_residual)
        weight = "S" if name == "gauss_newton" else "V"
        return self._outer(rows, columns, weight)

    def _outer(self, rows: Atom, columns: Atom, weight: str) -> list[Term]:
        """(1/n) Σ_i Σ_ce weight_ice ∂f_c/∂rows ∂f_e/∂columns."""
        left = derivative(_single(atom("f", "i~", "c~")), rows, _rule)
        right = derivative(_single(atom("f", "i~", "c^")), columns, _rule)
        middle = [Term(1 / symbols.n, (atom(weight, "i~", "c~", "c^"),), ())]
        terms = product(middle, product(left, right))
        bound = ("i~", "c~", "c^")
        open_terms = [Term(t.coefficient, t.atoms, t.bound + bound) for t in terms]
        # a product with 1 contracts the deltas over the indices just bound
        return collected(product(open_terms, _ONE))

    # From terms to SymPy

    def express(self, terms: list[Term]) -> Expr:
        """Terms as a SymPy expression."""
        return to_sympy(terms, self._make, self.size, _index)

    def size(self, kind: str) -> Expr:
        """Size of an index: n, d, m or C, a number where it is known."""
        if kind == "c" and self.outputs is not None:
            return Integer(self.outputs)
        return {
            "i": symbols.n,
            "j": symbols.d,
            "k": symbols.m,
            "c": symbols.C,
        }[kind]

    def _make(self, factor: Atom) -> Expr:
        indices = tuple(_index(name) for name in factor.indices)
        if factor.name in ("s0", "s1", "s2"):
            z = IndexedBase("z", real=True)[indices]
            return self.activated(int(factor.name[1]), z)
        return IndexedBase(factor.name, real=True)[indices]

    def activated(self, order: int, z: Expr) -> Expr:
        """σ⁽ᵒʳᵈᵉʳ⁾(z)."""
        if self.is_undefined:
            return Function("σ" + _PRIME * order)(z)
        return self.activation.derivative(order).subs(PREACTIVATION, z)

    @cached_property
    def is_undefined(self) -> bool:
        """Whether σ is undefined."""
        return self.activation == UNDEFINED

    @cached_property
    def definitions(self) -> tuple[tuple[Expr, Expr], ...]:
        """What z, f, r, S (and V) stand for: (name, expression) pairs."""
        i, c, e = _index("i"), _index("c"), _index("c'")
        real = {"real": True}
        f = IndexedBase("f", **real)
        t = IndexedBase("t", **real)
        N, M = IndexedBase("N", **real)[i], IndexedBase("M", **real)[i]
        loss = self.loss_function
        here = {OUTPUT: f[i, c], TARGET: t[i, c], NORMALISER: N, SHIFT: M}
        there = {OUTPUT: f[i, e], TARGET: t[i, e], NORMALISER: N, SHIFT: M}
        curvature, slope = loss.output_hessian_outer
        own = loss.output_hessian_diagonal.subs(here)
        S = own * KroneckerDelta(c, e) + curvature.subs(here) * slope.subs(
            here
        ) * slope.subs(there)
        z = self.express(collected(_preactivation("i", "k")))
        pairs = [
            (IndexedBase("z", **real)[i, _index("k")], z),
            (f[i, c], self.output()),
            (IndexedBase("r", **real)[i, c], loss.residual.subs(here)),
            (IndexedBase("S", **real)[i, c, e], S),
        ]
        if loss.outer != NORMALISER:
            inner = loss.inner.subs(here)
            pairs.insert(2, (N, Sum(inner, (c, 1, self.size("c")))))
        return tuple(pairs)


def _rule_at_fixed_residual(factor: Atom, variable: Atom) -> list[Term]:
    """As `_rule`, with r held fixed: what is left of H is F."""
    return [] if factor.name == "r" else _rule(factor, variable)


def _index(name: str) -> Symbol:
    return Symbol(name, integer=True, positive=True)


def _activation(activation: Any) -> Activation:
    if isinstance(activation, Activation):
        return activation
    if isinstance(activation, str):
        return get_activation(activation)
    return activation_from_expression(activation)
