"""The two-layer network f(x) = A σ(W x + b) + c in index notation, for any size."""

from functools import cached_property
from typing import Any

from sympy import Add, Expr, Integer, KroneckerDelta, Mul, Sum

from ..errors import InputError
from . import complexity, gauss_newton, gradient, hessian, symbols
from .activations import Activation, activation_from_expression, get_activation
from .blocks import IndexedEntry, IndexedMatrix, IndexedVector
from .definitions import expanded as written_out
from .definitions import index, loss_definitions, quantity
from .explicit import Explicit
from .indexed import SIZES, Atom, Term, collected, substituted
from .losses import Loss, get_loss
from .sigma import order_of, sigma
from .symbols import PREACTIVATION

__all__ = ["TwoLayerNet"]

_DERIVATIONS: dict[str, Any] = {
    "gradient": gradient.gradient,
    "hessian": hessian.hessian,
    "residual_hessian": hessian.residual_hessian,
    "gauss_newton": gauss_newton.gauss_newton,
    "fisher": gauss_newton.fisher,
    "ntk_gram": gauss_newton.ntk_gram,
    "input_jacobian": gradient.input_jacobian,
    "complexity": complexity.complexity,
}
_MATRICES = ("hessian", "gauss_newton", "residual_hessian", "fisher")


class TwoLayerNet:
    """f(x) = A σ(W x + b) + c with a loss, for symbolic n, d, m and C.

    Everything is obtained by differentiating L = (1/n) Σ_i ℓ(f(x_i), y_i) in index
    notation. Results are written in x, the parameters, and the named quantities z_ik,
    r_ic = ∂ℓ_i/∂f_ic and S_ice = ∂²ℓ_i/∂f_ic∂f_ie, which `definitions` lists and
    `expanded=True` writes out.

    Parameters
    ----------
    activation : str, Activation or sympy.Expr
        σ: a name, UNDEFINED, or an expression in one symbol.
    loss : str or Loss
        The loss.
    outputs : int, optional
        C; symbolic by default, 1 for the logistic loss.

    Raises
    ------
    InputError
        If a name is unknown, or `outputs` does not fit the loss.

    Examples
    --------
    >>> from landtheory.theory import UNDEFINED, TwoLayerNet
    >>> TwoLayerNet(UNDEFINED, "softmax").hessian.block("A", "c")
    Sum(sigma(z[i, k])*S[i, c, c'], (i, 1, n))/n
    """

    def __init__(
        self,
        activation: str | Activation | Expr,
        loss: str | Loss = "squared",
        outputs: int | None = None,
    ) -> None:
        self.activation = _activation(activation)
        self.loss = get_loss(loss) if isinstance(loss, str) else loss
        whole = isinstance(outputs, int) and not isinstance(outputs, bool)
        if outputs is not None and (not whole or outputs < 1):
            raise InputError(f"outputs is {outputs!r}; expected an integer C >= 1")
        if self.loss.single_output and outputs not in (None, 1):
            raise InputError(
                f"outputs is {outputs!r}; expected 1 for the {self.loss.name} loss: "
                "use softmax for more classes"
            )
        self.outputs = 1 if self.loss.single_output else outputs
        self._terms: dict[tuple[str, ...], list[Term]] = {}
        self._symbols: dict[tuple[Atom, bool], Expr] = {}

    @property
    def output(self) -> IndexedEntry:
        """f_ic = Σ_k A_ck σ(z_ik) + c_c; `at` gives (n, C)."""
        return IndexedEntry(self, "output", ("i",), ("c",))

    @property
    def gradient(self) -> IndexedVector:
        """∇L."""
        return IndexedVector(self, "gradient")

    @property
    def hessian(self) -> IndexedMatrix:
        """H = ∇²L."""
        return IndexedMatrix(self, "hessian")

    @property
    def gauss_newton(self) -> IndexedMatrix:
        """G = (1/n) Σ_i J_iᵀ S_i J_i."""
        return IndexedMatrix(self, "gauss_newton")

    @property
    def residual_hessian(self) -> IndexedMatrix:
        """F = H - G = (1/n) Σ_i Σ_c r_ic ∇²f_c(x_i)."""
        return IndexedMatrix(self, "residual_hessian")

    @property
    def fisher(self) -> IndexedMatrix:
        """(1/n) Σ_i E[g gᵀ], the target of g drawn from the model at x_i."""
        return IndexedMatrix(self, "fisher")

    @property
    def ntk_gram(self) -> IndexedEntry:
        """K_(i,c),(i',c') = Σ_θ ∂f_ic/∂θ ∂f_i'c'/∂θ; `at` gives (nC, nC)."""
        return IndexedEntry(self, "ntk_gram", ("i", "c"), ("i'", "c'"))

    @property
    def input_jacobian(self) -> IndexedEntry:
        """∂f_ic/∂x_ij; `at` gives (nC, d)."""
        return IndexedEntry(self, "input_jacobian", ("i", "c"), ("j",))

    @property
    def complexity(self) -> IndexedEntry:
        """Cx = (1/n) Σ_i ‖∇ₓf(x_i)‖²_F; `at` gives (1, 1)."""
        return IndexedEntry(self, "complexity", (), ())

    def trace(self, matrix: str = "hessian") -> Expr:
        """Trace of one of the matrices.

        Raises
        ------
        InputError
            If there is no matrix of that name.
        """
        return self._matrix(matrix).trace

    def frobenius_norm(self, matrix: str = "hessian") -> Expr:
        """Frobenius norm of one of the matrices.

        Raises
        ------
        InputError
            If there is no matrix of that name.
        """
        return self._matrix(matrix).frobenius_norm

    def block(self, rows: str, columns: str, matrix: str = "hessian") -> Expr:
        """One block of one of the matrices, in index notation.

        Raises
        ------
        InputError
            If there is no matrix or block of that name.
        """
        return self._matrix(matrix).block(rows, columns)

    def _matrix(self, name: str) -> IndexedMatrix:
        if name not in _MATRICES:
            raise InputError(
                f"matrix is {name!r}; expected one of {', '.join(_MATRICES)}"
            )
        return IndexedMatrix(self, name)

    def explicit(self, **sizes: int) -> Explicit:
        """Scalar symbols for given sizes, and the way from index notation to them.

        Raises
        ------
        InputError
            If a size is missing, not a positive integer, or not the network's.
        """
        return Explicit(self, **sizes)

    def terms(self, name: str, *blocks: str) -> list[Term]:
        """One entry as a sum of products, derived when first asked for."""
        key = (name, *blocks)
        if key not in self._terms:
            if name == "output":
                derived = collected(gradient.output("i", "c"))
            else:
                derived = _DERIVATIONS[name](self.loss.shown, *blocks)
            self._terms[key] = derived
        return self._terms[key]

    def size(self, kind: str) -> Expr:
        """n, d, m or C, a number where it is known."""
        if kind == "c" and self.outputs is not None:
            return Integer(self.outputs)
        return SIZES[kind]

    def express(
        self, terms: list[Term], *, expanded: bool = False, named: bool = False
    ) -> Expr:
        """A sum of products as a SymPy expression.

        Parameters
        ----------
        terms : list of Term
            What to write.
        expanded : bool
            Replace z, f, N, p, r and S by what they stand for.
        named : bool
            Write σ, σ' and σ'' by these names, unless they are constant.
        """
        # one addition: each of many partial sums would be sorted anew
        total = Add(*(self._product(term, named=named) for term in self.placed(terms)))
        return written_out(total, self._meanings) if expanded else total

    def placed(self, terms: list[Term]) -> list[Term]:
        """The same where C = 1: every index of an output is 1, and no sum over it."""
        if self.outputs != 1:
            return terms
        single = []
        for term in terms:
            names = dict.fromkeys(
                {i for atom in term.atoms for i in atom.indices if i[0] == "c"}, "1"
            )
            bound = tuple(name for name in term.bound if name[0] != "c")
            single.append(Term(term.coefficient, term.atoms, bound).renamed(names))
        return substituted(single, {})

    def _product(self, term: Term, *, named: bool) -> Expr:
        """Factors that no bound index touches stand before the sum."""
        bound_here = set(term.bound)
        inside: list[Expr] = []
        outside: list[Expr] = []
        for atom in term.atoms:
            place = outside if bound_here.isdisjoint(atom.indices) else inside
            place.append(self._atom(atom, named=named))
        coefficient = term.coefficient.subs(symbols.C, self.size("c"))
        summand = Mul(*inside)
        if term.bound and summand != 0:
            limits = [(index(name), 1, self.size(name[0])) for name in term.bound]
            bound = [limit[0] for limit in limits]
            constant, summand = summand.as_independent(*bound, as_Add=False)
            summand = constant * Sum(summand, *limits)
        return Mul(coefficient, *outside, summand)

    def _atom(self, atom: Atom, *, named: bool) -> Expr:
        """An atom as a SymPy object, made once: explicit entries share few of them."""
        key = (atom, named)
        if key not in self._symbols:
            self._symbols[key] = self._made(atom, named=named)
        return self._symbols[key]

    def _made(self, atom: Atom, *, named: bool) -> Expr:
        indices = tuple(index(name) for name in atom.indices)
        if atom.name == "delta":
            return KroneckerDelta(*indices)
        if atom.name in ("s0", "s1", "s2"):
            z = quantity("z", *indices)
            return self.activated(int(atom.name[1]), z, named=named)
        return quantity(atom.name, *indices)

    def activated(self, order: int, z: Expr, *, named: bool = False) -> Expr:
        """σ⁽ᵒʳᵈᵉʳ⁾(z), by name if asked and not constant."""
        value = self.activation.shown_derivative(order)
        if named and value.free_symbols:
            return sigma(order)(z)
        return value.subs(PREACTIVATION, z)

    @property
    def is_undefined(self) -> bool:
        """Whether σ is left undefined."""
        return order_of(self.activation.value) == 0

    @cached_property
    def definitions(self) -> tuple[tuple[Expr, Expr], ...]:
        """What z, f, and for the loss N, p, r and S stand for: pairs (name, meaning)."""
        i, k = index("i"), index("k")
        c = index("1") if self.outputs == 1 else index("c")
        z = self.express(collected(gradient.preactivation("i", "k")))
        return (
            (quantity("z", i, k), z),
            (quantity("f", i, c), self.output.entry()),
            *loss_definitions(self.loss, self.size("c")),
        )

    @property
    def _meanings(self) -> dict[str, Any]:
        def meaning(name: Expr, value: Expr) -> Any:
            return lambda indices: value.subs(
                dict(zip(name.indices, indices, strict=True)), simultaneous=True
            )

        return {
            str(name.base): meaning(name, value) for name, value in self.definitions
        }


def _activation(activation: str | Activation | Expr) -> Activation:
    if isinstance(activation, Activation):
        return activation
    if isinstance(activation, str):
        return get_activation(activation)
    return activation_from_expression(activation)
