"""Closed forms as text: for the terminal, for LaTeX, and as NumPy or torch source."""

import re
from typing import Any, Final

from sympy import (
    Add,
    Expr,
    Function,
    Integer,
    Matrix,
    Mul,
    Number,
    Piecewise,
    Pow,
    Sum,
    Symbol,
    latex,
    pi,
    pretty,
    sstr,
)
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanTrue

from ..errors import InputError
from .explicit import Explicit
from .indexed import Term
from .losses import NORMALISER, SHIFT
from .symbols import OUTPUT, PREACTIVATION, TARGET
from .two_layer import BLOCKS, IndexedMatrix, TwoLayerNet

__all__ = ["FORMATS", "NOUNS", "render"]

FORMATS: Final = ("pretty", "latex", "numpy", "torch")

NOUNS: Final = {
    "gradient": "gradient",
    "hessian": "hessian",
    "ggn": "gauss_newton",
    "residual-hessian": "residual_hessian",
    "fisher": "fisher",
    "ntk-gram": "ntk_gram",
    "input-jacobian": "input_jacobian",
}
"""What can be derived: the command's word, and the method of `TwoLayerNet`."""

_LETTERS: Final = {
    "hessian": "H", "ggn": "G", "residual-hessian": "F", "fisher": "Fisher",
    "gradient": "grad", "ntk-gram": "K", "input-jacobian": "Jx",
}  # fmt: skip
_INDICES: Final = {"W": ("k", "j"), "b": ("k",), "A": ("c", "k"), "c": ("c",)}
_PRIMES: Final = ("", "'", "''")
WIDTH = 100
_DEFAULTS: Final = {"n": 1, "d": 2, "m": 2, "C": 1}


def render(
    net: TwoLayerNet,
    quantity: str,
    *,
    block: str | None = None,
    size: dict[str, int] | None = None,
    format: str = "pretty",  # noqa: A002 - the command's own word
) -> str:
    """A closed form as text.

    Parameters
    ----------
    net : TwoLayerNet
        The network and its loss.
    quantity : str
        A key of `NOUNS`.
    block : str, optional
        "W,b" for a matrix, "W" for the gradient; all blocks by default.
    size : dict, optional
        Any of n, d, m, C: the result is then an explicit matrix. Sizes that are not
        given are n = 1, d = 2, m = 2 and C = 1 (the network's own where it has one).
    format : str
        One of `FORMATS`.

    Raises
    ------
    InputError
        If the quantity, block, size or format is unknown or does not fit.
    """
    if quantity not in NOUNS:
        raise InputError(
            f"quantity is {quantity!r}; expected one of {', '.join(NOUNS)}"
        )
    if format not in FORMATS:
        raise InputError(f"format is {format!r}; expected one of {', '.join(FORMATS)}")
    if format in ("numpy", "torch") and net.is_undefined:
        raise InputError(
            "activation is 'undefined'; expected a named activation for code: "
            "pass --activation"
        )
    blocks = _blocks(quantity, block)
    if size:
        return _explicit(net, quantity, blocks, size, format)
    if format in ("numpy", "torch"):
        return "\n\n\n".join(_source(net, quantity, names, format) for names in blocks)
    return _symbolic(net, quantity, blocks, format)


def _blocks(quantity: str, block: str | None) -> list[tuple[str, ...]]:
    wanted = {"gradient": 1, "ntk-gram": 0, "input-jacobian": 0}.get(quantity, 2)
    if block is None:
        if wanted == 0:
            return [()]
        if wanted == 1:
            return [(name,) for name in BLOCKS]
        return [
            (left, right)
            for place, left in enumerate(BLOCKS)
            for right in BLOCKS[place:]
        ]
    names = tuple(part.strip() for part in block.split(","))
    if wanted == 0:
        raise InputError(f"block is {block!r}; expected none: {quantity} has no blocks")
    if len(names) != wanted or any(name not in BLOCKS for name in names):
        example = "W" if wanted == 1 else "W,b"
        raise InputError(
            f"block is {block!r}; expected {wanted} of W, b, A, c, such as {example}"
        )
    return [names]


def _terms(net: TwoLayerNet, quantity: str, names: tuple[str, ...]) -> list[Term]:
    if quantity == "ntk-gram":
        return net.gram_terms()
    if quantity == "input-jacobian":
        return net.input_terms()
    terms: list[Term] = getattr(net, NOUNS[quantity])().terms(*names)
    return terms


def _free(quantity: str, names: tuple[str, ...]) -> tuple[str, ...]:
    if quantity == "ntk-gram":
        return ("i", "c", "i'", "c'")
    if quantity == "input-jacobian":
        return ("i", "c", "j")
    free = _INDICES[names[0]]
    if len(names) == 2:
        free += tuple(f"{index}'" for index in _INDICES[names[1]])
    return free


# Symbolic sizes


def _symbolic(
    net: TwoLayerNet, quantity: str, blocks: list[tuple[str, ...]], style: str
) -> str:
    if style == "latex":
        return _symbolic_latex(net, quantity, blocks)
    lines = [] if net.is_undefined else [*_sigma_lines(net), ""]
    lines += ["z_ik = Σ_j W_kj x_ij + b_k", "f_ic = Σ_k A_ck σ(z_ik) + c_c"]
    lines += [
        f"{_subscripted(left)} = {_subscripted(right)}"
        for left, right in net.definitions
        if str(left)[0] in "NrS"
    ]
    if quantity == "fisher":
        lines.append("V_icc' = E[(μ_ic - t_c)(μ_ic' - t_c')], t drawn from the model")
    for names in blocks:
        lines += ["", _label(quantity, names, "pretty") + " ="]
        terms = [_line(term) for term in _terms(net, quantity, names)]
        lines += [
            ("  + " if place else "    ") + text for place, text in enumerate(terms)
        ]
    return "\n".join(lines)


def _sigma_lines(net: TwoLayerNet) -> list[str]:
    texts = (sstr(net.activation.derivative(order)) for order in range(3))
    return [f"σ{_PRIMES[order]}(z) = {text}" for order, text in enumerate(texts)]


def _line(term: Term) -> str:
    """One term on one line: coefficient, sums, factors."""
    factors = [_factor(factor.name, factor.indices) for factor in term.atoms]
    coefficient = sstr(term.coefficient)
    parts = [] if coefficient == "1" else [f"({coefficient})"]
    if term.bound:
        parts.append(f"Σ_{','.join(term.bound)}")
    return " ".join([*parts, *(factors or ["1"] if not parts else factors)])


def _factor(name: str, indices: tuple[str, ...]) -> str:
    joined = "".join(indices)
    if name in ("s0", "s1", "s2"):
        return f"σ{_PRIMES[int(name[1])]}(z_{joined})"
    return f"{'δ' if name == 'delta' else name}_{joined}"


def _subscripted(expression: Expr) -> str:
    """f[i, c] as f_ic, and Sum(…, (c, 1, C)) as Σ_c (…)."""
    if isinstance(expression, Sum):
        return f"Σ_{expression.variables[0]} {_subscripted(expression.function)}"
    text = sstr(expression)
    text = re.sub(r"KroneckerDelta\((\w+'?), (\w+'?)\)", r"δ_\1\2", text)
    return re.sub(
        r"(\w+)\[([^\]]*)\]", lambda m: f"{m[1]}_{m[2].replace(', ', '')}", text
    )


def _symbolic_latex(
    net: TwoLayerNet, quantity: str, blocks: list[tuple[str, ...]]
) -> str:
    lines = [f"{_latex(left)} = {_latex(right)}" for left, right in net.definitions]
    for names in blocks:
        value = net.express(_terms(net, quantity, names))
        lines.append(f"{_label(quantity, names, 'latex')} = {_latex(value)}")
    return "\n\n".join(lines)


def _latex(expression: Expr) -> str:
    text: str = latex(expression)
    return re.sub(r"\\operatorname\{σ('*)\}", r"\\sigma\1", text).replace(
        "σ", r"\sigma"
    )


def _pretty(expression: Expr) -> str:
    text: str = pretty(expression, use_unicode=True, wrap_line=False)
    return text


def _equation(left: str, right: str) -> str:
    rows = right.splitlines()
    middle = len(rows) // 2
    pad = " " * (len(left) + 3)
    return "\n".join(
        (f"{left} = {row}" if place == middle else pad + row).rstrip()
        for place, row in enumerate(rows)
    )


def _label(quantity: str, names: tuple[str, ...], style: str) -> str:
    letter = _LETTERS[quantity]
    indices = _free(quantity, names)
    if style == "latex":
        subscript = ",".join(indices)
        block = "".join(names)
        return rf"\left({letter}_{{{block}}}\right)_{{{subscript}}}"
    where = f"_{''.join(names)}" if names else ""
    return f"{letter}{where}[{', '.join(indices)}]"


# Explicit sizes


def _explicit(
    net: TwoLayerNet,
    quantity: str,
    blocks: list[tuple[str, ...]],
    size: dict[str, int],
    style: str,
) -> str:
    for name in size:
        if name not in _DEFAULTS:
            raise InputError(f"size is {name!r}; expected one of n, d, m, C")
    given = dict(_DEFAULTS) | {"C": net.outputs or 1} | size
    if net.loss_function.targets == "label" and "C" not in size and not net.outputs:
        given["C"] = 2
    explicit = Explicit(net, **given)
    parts = []
    for names in blocks:
        value = _explicit_value(net, explicit, quantity, names)
        if style in ("numpy", "torch"):
            parts.append(_explicit_source(quantity, names, value, style))
        else:
            label = _label(quantity, names, "pretty").split("[")[0]
            parts.append(_shown(label, value, style))
    gap = "\n\n\n" if style in ("numpy", "torch") else "\n\n"
    return gap.join(parts)


def _shown(label: str, value: Matrix, style: str) -> str:
    """A matrix, or where it is too wide one entry a line."""
    if style == "latex":
        return f"{label} = {_latex(value)}"
    whole = _equation(label, _pretty(value))
    if max(map(len, whole.splitlines())) <= WIDTH:
        return whole
    return "\n".join(
        f"{label}[{i + 1}, {j + 1}] = {sstr(value[i, j])}"
        for i in range(value.rows)
        for j in range(value.cols)
    )


def _explicit_value(
    net: TwoLayerNet, explicit: Explicit, quantity: str, names: tuple[str, ...]
) -> Matrix:
    if quantity == "ntk-gram":
        return explicit.gram()
    if quantity == "input-jacobian":
        return explicit.input_jacobian()
    family = getattr(net, NOUNS[quantity])()
    if isinstance(family, IndexedMatrix):
        return explicit.block(family, *names)
    rows = names[0]
    terms = family.terms(rows)
    return Matrix(
        [
            explicit.value(terms, dict(zip(_INDICES[rows], indices, strict=True)))
            for indices in explicit.names(rows)
        ]
    )


def _explicit_source(
    quantity: str, names: tuple[str, ...], value: Matrix, style: str
) -> str:
    """A function of the scalars, with common subexpressions taken out."""
    from sympy import cse

    symbols = sorted(value.free_symbols, key=str)
    shared, (reduced,) = cse(value, symbols=_shared_names())
    code = _Code(style)
    module = code.module
    lines = [
        _imports(style, code_uses_special(value)),
        "",
        "",
        f"def {_function_name(quantity, names)}({', '.join(map(str, symbols))}):",
    ]
    lines += [f"    {name} = {code(term)}" for name, term in shared]
    rows = [
        "[" + ", ".join(code(entry) for entry in reduced.row(i)) + "]"
        for i in range(reduced.rows)
    ]
    if style == "torch":
        flat = ", ".join(
            f"{module}.as_tensor({code(entry)}, dtype={module}.float64)"
            for entry in reduced
        )
        shape = f"{reduced.rows}, {reduced.cols}"
        lines.append(f"    return {module}.stack([{flat}]).reshape({shape})")
    else:
        body = ",\n        ".join(rows)
        lines.append(f"    return {module}.array([\n        {body},\n    ])")
    return "\n".join(lines)


def _shared_names() -> Any:
    from itertools import count

    return (Symbol(f"t{number}_") for number in count())


# Code for symbolic sizes


def _source(net: TwoLayerNet, quantity: str, names: tuple[str, ...], style: str) -> str:
    """A function of X, the parameters and the targets, for any sizes."""
    terms = _terms(net, quantity, names)
    used = {factor.name for term in terms for factor in term.atoms}
    code = _Code(style)
    mod = code.module
    head = f"def {_function_name(quantity, names)}(X, W, b, A, c, T):"
    lines = [
        f'    """Block {_label(quantity, names, "pretty")}; T (n, C) are the targets."""',
        "    n, d = X.shape",
        "    C, m = A.shape",
        "    z = X @ W.T + b",
    ]
    outputs = bool(used & {"r", "S", "V"})
    for order in range(3):
        if f"s{order}" in used or (order == 0 and outputs):
            value = code(net.activation.derivative(order), {PREACTIVATION: "z"})
            lines.append(
                f"    s{order} = {mod}.broadcast_to({_array(value, mod)}, z.shape)"
            )
    if outputs:
        lines += _loss_lines(net, used, code)
    lines.append("    return " + _einsum_sum(terms, quantity, names, code))
    special = code_uses_special(net.activation.value)
    return "\n".join([_imports(style, special), "", "", head, *lines])


def _array(value: str, module: str) -> str:
    """Constants such as relu'' = 0 must become arrays."""
    make = "asarray" if module == "np" else "as_tensor"
    return f"{module}.{make}({value})"


def _loss_lines(net: TwoLayerNet, used: set[str], code: "_Code") -> list[str]:
    loss, mod = net.loss_function, code.module
    keep = "keepdims=True" if mod == "np" else "keepdim=True"
    names = {OUTPUT: "f", TARGET: "T", NORMALISER: "N", SHIFT: "M"}
    largest = f"f.max(axis=1, {keep})" if mod == "np" else f"f.amax(dim=1, {keep})"
    lines = ["    f = s0 @ A.T + c", f"    M = {largest}"]
    axis = "axis" if mod == "np" else "dim"
    inner = code(loss.inner, names)
    lines.append(f"    N = ({inner}).sum({axis}=1, {keep})")
    if used & {"r", "V"}:
        lines.append(f"    r = {code(loss.residual, names)}")
    if used & {"S", "V"}:
        curvature, slope = loss.output_hessian_outer
        own = code(loss.output_hessian_diagonal, names)
        lines += [
            f"    slope = {code(slope, names)}",
            f"    own = ({own}) * {mod}.ones_like(f)",
            f"    eye = {mod}.eye(C, dtype=f.dtype)",
            "    S = own[:, :, None] * eye",
            f"    outer = {code(curvature, names)} * slope",
            "    S = S + outer[:, :, None] * slope[:, None, :]",
        ]
    if "V" in used:
        lines += _covariance_lines(net)
    return lines


def _covariance_lines(net: TwoLayerNet) -> list[str]:
    targets = net.loss_function.targets
    if targets == "real":
        return ["    V = eye + 0 * S"]
    lines = ["    p = r + T"]
    if targets == "binary":
        return [*lines, "    V = ((1 - p) * p**2 + p * (1 - p) ** 2)[:, :, None]"]
    return [
        *lines,
        "    V = 0 * S",
        "    for y in range(C):",
        "        away = p - eye[y]",
        "        V = V + p[:, y, None, None] * away[:, :, None] * away[:, None, :]",
    ]


def _einsum_sum(
    terms: list[Term], quantity: str, names: tuple[str, ...], code: "_Code"
) -> str:
    free = _free(quantity, names)
    parts = [_einsum(term, free, code) for term in terms]
    return " + ".join(parts) if parts else f"{code.module}.zeros(1)"


def _einsum(term: Term, free: tuple[str, ...], code: "_Code") -> str:
    letters: dict[str, str] = {}
    pool = iter("abcdefghijklmnopqrstuvwxyz")

    def letter(index: str) -> str:
        if index not in letters:
            letters[index] = next(pool)
        return letters[index]

    operands, scripts = [], []
    module = code.module
    sizes = {"i": "n", "j": "d", "k": "m", "c": "C"}
    for factor in term.atoms:
        name = {"x": "X", "delta": None}.get(factor.name, factor.name)
        if name is None:
            name = f"{module}.eye({sizes[factor.indices[0][0]]}, dtype=X.dtype)"
        operands.append(name)
        scripts.append("".join(letter(index) for index in factor.indices))
    for index in (*free, *term.bound):
        # an index that no factor carries is summed or repeated over ones
        if index not in letters:
            operands.append(f"{module}.ones({sizes[index[0]]}, dtype=X.dtype)")
            scripts.append(letter(index))
    target = "".join(letters[index] for index in free)
    call = f'{module}.einsum("{",".join(scripts)}->{target}", {", ".join(operands)})'
    coefficient = code(term.coefficient)
    return call if coefficient == "1" else f"{coefficient} * {call}"


def _function_name(quantity: str, names: tuple[str, ...]) -> str:
    return "_".join((NOUNS[quantity], *names))


def _imports(style: str, special: bool) -> str:  # noqa: FBT001 - private
    if style == "torch":
        return "import math\n\nimport torch"
    lines = "import math\n\nimport numpy as np"
    return f"{lines}\nfrom scipy import special" if special else lines


def code_uses_special(expression: Any) -> bool:
    """Whether NumPy alone does not know a function in it."""
    return "erf" in str(expression)


class _Code:
    """SymPy → source text of one array module, for the functions that we use."""

    def __init__(self, style: str) -> None:
        self.module = "torch" if style == "torch" else "np"
        self._names: dict[Symbol, str] = {}

    def __call__(self, expression: Expr, names: dict[Symbol, str] | None = None) -> str:
        self._names = names or {}
        return self._text(expression)

    def _text(self, e: Any) -> str:
        if isinstance(e, Symbol):
            return self._names.get(e, str(e))
        if e == pi:
            return "math.pi"
        if isinstance(e, Integer):
            return str(e) if e >= 0 else f"({e})"
        if isinstance(e, Number):
            return f"({e})"
        if isinstance(e, Add):
            return "(" + " + ".join(self._text(a) for a in e.args) + ")"
        if isinstance(e, Mul):
            return "*".join(self._text(a) for a in e.args)
        if isinstance(e, Pow):
            return self._power(e)
        return self._function(e)

    def _power(self, e: Any) -> str:
        base, exponent = e.as_base_exp()
        if base.func.__name__ == "Exp1":
            return f"{self.module}.exp({self._text(exponent)})"
        if exponent == -1:
            return f"(1/{self._text(base)})"
        number = all(part.is_number for part in (base, exponent))
        if number and not base.is_Integer:
            return f"math.pow({self._text(base)}, {self._text(exponent)})"
        return f"({self._text(base)})**({exponent})"

    def _function(self, e: Any) -> str:
        if isinstance(e, Piecewise):
            return self._piecewise(e)
        if isinstance(e, Relational):
            return f"({self._text(e.lhs)} {e.rel_op} {self._text(e.rhs)})"
        name = type(e).__name__
        arguments = [self._text(a) for a in e.args]
        if isinstance(e, Function) and not e.free_symbols:
            return f"math.{name}({arguments[0]})"
        if name == "erf":
            where = "special" if self.module == "np" else "torch"
            return f"{where}.erf({arguments[0]})"
        return f"{self.module}.{name}({arguments[0]})"

    def _piecewise(self, e: Any) -> str:
        """Nested where; the arguments of the other branch are kept from overflow."""
        *branches, last = e.args
        text = self._branch(last[0])
        for value, condition in reversed(branches):
            if isinstance(condition, BooleanTrue):
                text = self._branch(value)
            else:
                choice = self._text(condition)
                text = f"{self.module}.where({choice}, {self._branch(value)}, {text})"
        return text

    def _branch(self, value: Any) -> str:
        text = self._text(value)
        return f"{float(value)}" if value.is_number else text
