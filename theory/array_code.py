"""SymPy expressions as source text over arrays, for NumPy or torch.

SymPy's own torch printer imports torch when it is loaded, and its NumPy printer writes
`math.erf`, which takes no array; hence this one.
"""

from collections.abc import Mapping
from typing import Any, Final

from sympy import (
    Add,
    Basic,
    Expr,
    Function,
    Mul,
    Number,
    NumberSymbol,
    Piecewise,
    Pow,
    Symbol,
)
from sympy.core.relational import Relational
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import BooleanAtom, BooleanFunction
from sympy.printing.pycode import PythonCodePrinter

from ..errors import InputError

__all__ = ["ArrayCode"]

_NUMPY: Final = {
    name: f"np.{name}"
    for name in (
        "cos",
        "cosh",
        "exp",
        "log",
        "log1p",
        "sign",
        "sin",
        "sinh",
        "tan",
        "tanh",
    )
} | {"Abs": "np.abs", "atan": "np.arctan", "erf": "special.erf", "erfc": "special.erfc"}
_TORCH: Final = {
    name: text.replace("np.", "torch.").replace("special.", "torch.special.")
    for name, text in _NUMPY.items()
}
_ALLOWED: Final = (
    Add, Mul, Pow, Number, NumberSymbol, Symbol, Function, Piecewise, ExprCondPair,
    Relational, BooleanFunction, BooleanAtom,
)  # fmt: skip
_GUARD: Final = 'with np.errstate(over="ignore", invalid="ignore"):'


class _Printer(PythonCodePrinter):
    def __init__(self, functions: Mapping[str, str], module: str) -> None:
        super().__init__({"fully_qualified_modules": True})
        self._functions = functions
        self._array_module = module
        self.names: dict[Symbol, str] = {}
        self.like = ""
        self.met: set[str] = set()

    def _print(self, expr: Any, **kwargs: Any) -> str:
        if isinstance(expr, Basic) and not isinstance(expr, _ALLOWED):
            raise InputError(
                f"expression holds {type(expr).__name__!r}; expected sums, products, "
                "powers, cases and known functions: write it in these for source code"
            )
        if isinstance(expr, Function) and not isinstance(expr, Piecewise):
            return self._call(expr)
        return str(super()._print(expr, **kwargs))

    def _call(self, expr: Any) -> str:
        name = type(expr).__name__
        if name not in self._functions:
            raise InputError(
                f"function is {name!r}; expected one of {', '.join(self._functions)} "
                "for source code"
            )
        inner = self._print(expr.args[0])
        if not expr.free_symbols:
            self.met.add("math")
            return f"math.{name}({inner})"
        text = self._functions[name]
        self.met.add(text.split(".")[0])
        return f"{text}({inner})"

    def _print_Symbol(self, expr: Any) -> str:
        if expr not in self.names:
            # a name that is not ours could hold anything, source code included
            raise InputError(
                f"expression holds the symbol {expr.name!r}; expected one variable: "
                "make it with activation_from_expression"
            )
        return self.names[expr]

    def _print_Pi(self, expr: Any) -> str:
        del expr
        self.met.add("math")
        return "math.pi"

    def _print_Exp1(self, expr: Any) -> str:
        del expr
        self.met.add("math")
        return "math.e"

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:  # noqa: FBT001, FBT002 - SymPy's signature
        if not expr.free_symbols:
            self.met.add("math")
            return str(self._hprint_Pow(expr, rational=rational, sqrt="math.sqrt"))
        root = f"{self._array_module}.sqrt"
        return str(self._hprint_Pow(expr, rational=rational, sqrt=root))

    def _print_Piecewise(self, expr: Any) -> str:
        *branches, last = expr.args
        text = self._branch(last[0])
        for value, condition in reversed(branches):
            where = f"{self._array_module}.where"
            text = f"{where}({self._print(condition)}, {self._branch(value)}, {text})"
        return text

    def _branch(self, value: Expr) -> str:
        text = self._print(value)
        return text if value.free_symbols else self.filled(text)

    def filled(self, text: str) -> str:
        """A constant as an array."""
        return f"{self._array_module}.full_like({self.like}, {text})"


class ArrayCode:
    """The words of one array module, and expressions in them.

    Parameters
    ----------
    module : {"numpy", "torch"}
        Which one.
    """

    def __init__(self, module: str) -> None:
        self._torch = module == "torch"
        self._module = "torch" if self._torch else "np"
        self._printer = _Printer(_TORCH if self._torch else _NUMPY, self._module)

    def imports(self) -> str:
        """What the source printed so far needs."""
        lines = ["import math", ""] if "math" in self._printer.met else []
        lines.append("import torch" if self._torch else "import numpy as np")
        if "special" in self._printer.met:
            lines.append("from scipy import special")
        return "\n".join(lines)

    def array(self, value: Expr, names: Mapping[Symbol, str], *, like: str) -> str:
        """An expression in arrays called by other names, as an array like one of them.

        No name but those given reaches the source.

        Raises
        ------
        InputError
            If it holds another symbol, or what the module cannot express.
        """
        self._printer.names, self._printer.like = dict(names), like
        text = str(self._printer.doprint(value))
        return text if value.free_symbols else self._printer.filled(text)

    def plain(self, value: Expr) -> str:
        """An expression in symbols that landtheory made, whose names are safe."""
        self._printer.names = {symbol: symbol.name for symbol in value.free_symbols}
        return str(self._printer.doprint(value))

    def guarded(self, body: list[str]) -> list[str]:
        """The body of a function; NumPy says nothing of a branch that is not taken."""
        if self._torch or not any("np.where" in line for line in body):
            return body
        return [_GUARD, *(f"    {line}" for line in body)]

    def einsum(self, script: str, operands: list[str]) -> str:
        """A product of arrays, contracted in a good order."""
        optimised = "" if self._torch or len(operands) < 3 else ", optimize=True"
        return f'{self._module}.einsum("{script}", {", ".join(operands)}{optimised})'

    def eye(self, length: str) -> str:
        """Identity matrix."""
        return f"{self._module}.eye({length}, {self._like})"

    def ones(self, length: str) -> str:
        """Vector of ones."""
        return f"{self._module}.ones({length}, {self._like})"

    def zeros(self, shape: str) -> str:
        """Array of zeros."""
        return f"{self._module}.zeros({shape}, {self._like})"

    @property
    def _like(self) -> str:
        return "dtype=X.dtype" + (", device=X.device" if self._torch else "")

    def ones_like(self, array: str) -> str:
        """Ones of an array's shape."""
        return f"{self._module}.ones_like({array})"

    def largest(self, array: str) -> str:
        """Largest entry of each row."""
        if self._torch:
            return f"{array}.amax(dim=1, keepdim=True)"
        return f"{array}.max(axis=1, keepdims=True)"

    def total(self, array: str) -> str:
        """Sum of each row."""
        words = "dim=1, keepdim=True" if self._torch else "axis=1, keepdims=True"
        return f"({array}).sum({words})"

    def stack(self, arrays: str) -> str:
        """Arrays along a new first axis."""
        return f"{self._module}.stack({arrays})"

    def mean(self, array: str) -> str:
        """Mean over the last axis."""
        return f"{array}.mean({'dim' if self._torch else 'axis'}=-1)"

    def permute(self, array: str, axes: tuple[int, ...]) -> str:
        """Axes in another order."""
        return f"{array}.{'permute' if self._torch else 'transpose'}{axes}"

    def targets(self, kind: str) -> str:
        """t (n, C) from Y as the user has it."""
        if kind == "label":
            return f"{self.eye('C')}[Y]"
        return "Y.reshape(n, C)"
