"""Mutants of the kernels' formulas, and which of them the comparisons with torch kill.

    python tests/quality/kernel_mutants.py

lists the mutants by function and prints the score. A mutant differs from the kernel in
one place: a factor dropped, a sign turned, an index transposed or moved by one, a
quantity taken for its neighbour, a term left out. Kernels run as plain Python here.
"""

import ast
import importlib
import inspect
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from quality.kernel_comparisons import comparisons
from quality.mutation import changed_functions

ROOM = "landtheory.numerics."

TARGETS: Mapping[str, tuple[str, ...]] = {
    "_kernels": ("sample_rows", "fill_hessian", "small_hessians", "hessian_product"),
    "complexity": ("input_jacobian", "complexity", "weighted_complexity"),
    "forward": ("forward",),
    "gauss_newton": ("empirical_fisher", "fisher", "_labels", "_outer", "_mean"),
    "hessian": ("_sums", "_add_square", "_moments"),
    "jacobian": ("jacobian", "ntk_gram", "gradient", "functional_gradient"),
    "lowering": ("loss_values", "_output_hessian"),
    "products": ("_arrays", "_parts"),
    "residual": ("add_residual_hessian",),
}
"""What is mutated: every function that states a formula of the network's derivatives."""

EQUIVALENT: Mapping[tuple[str, str], str] = {
    **{
        ("sample_rows", f"{entry}: indices 1 and 2 exchanged"): "S_i is symmetric"
        for entry in ("S[i, c, 0]", "S[i, c, e]")
    },
    (
        "small_hessians",
        "S[t, i, c, e]: indices 2 and 3 exchanged",
    ): "S_i is symmetric",
    **{
        ("fill_hessian", f"{entry}: indices 0 and 1 exchanged"): "x_j x_q is x_q x_j"
        for entry in ("place[j, q]", "place[last, q]")
    },
    (
        "fill_hessian",
        "outputs[pair, k, l]: indices 1 and 2 exchanged",
    ): "sums of σ(z_k) σ(z_l) are symmetric",
    (
        "_moments",
        "square.reshape(m, D, m, D)[k, :, other][:, j, q]: indices 1 and 2 exchanged",
    ): "the block of (W, b) is symmetric",
    **{
        ("_sums", f"{size}: the right part dropped"): "rows that nothing reads"
        for size in ("m * (m + 1) // 2", "C * (C + 1) // 2")
    },
    ("_add_square", "rows.delta: taken for weighted"): "as many rows",
    ("forward", "0.0 * f: the right part dropped"): "0 is spread over all outputs",
    ("_output_hessian", "bend: taken for slope"): "then 0 is added where φ is linear",
    (
        "_output_hessian",
        "s += (bend * slope)[..., :, None] * slope[..., None, :]: += turned into =",
    ): "s is 0 before",
}
"""(function, change) → why the mutant computes the same."""


@dataclass(frozen=True)
class Mutant:
    """One change of one function.

    Attributes
    ----------
    module, function : str
        Where.
    change : str
        The part of the formula as it stands, and what was done to it.
    code : ast.Module
        The function, changed.
    """

    module: str
    function: str
    change: str
    code: ast.Module

    @property
    def same(self) -> bool:
        """Whether it is known to compute the same."""
        return (self.function, self.change) in EQUIVALENT

    def __str__(self) -> str:
        return f"{self.module}.{self.function}: {self.change}"


def mutants(module: str, function: str) -> Iterator[Mutant]:
    """Every mutant of one function."""
    for change, code in changed_functions(_original(module, function)):
        yield Mutant(module, function, change, code)


def survives(mutant: Mutant) -> bool:
    """Whether no comparison tells the mutant from the kernel."""
    original = _original(mutant.module, mutant.function)
    room = importlib.import_module(ROOM + mutant.module)
    namespace = dict(vars(room))
    exec(compile(mutant.code, "<mutant>", "exec"), namespace)
    changed = namespace[mutant.function]
    # what it calls is looked up where the original looks it up
    changed = FunctionType(
        inspect.unwrap(changed).__code__,
        vars(room),
        mutant.function,
        inspect.unwrap(changed).__defaults__,
        inspect.unwrap(changed).__closure__,
    )
    changed.__kwdefaults__ = inspect.unwrap(original).__kwdefaults__
    with _standing_in(original, changed):
        return agree()


def agree() -> bool:
    """Whether everything computed agrees with torch; an error is disagreement."""
    with np.errstate(all="ignore"):
        for compute, reference in comparisons():
            try:
                value = compute()
            except Exception:  # noqa: BLE001 - any failure gives a mutant away
                return False
            if np.shape(value) != np.shape(reference) or not _close(value, reference):
                return False
    return True


def _original(module: str, function: str) -> Any:
    return getattr(importlib.import_module(ROOM + module), function)


class _standing_in:  # noqa: N801 - used as a function
    """A changed function wherever the room has the original, and no compiler."""

    def __init__(self, original: Any, changed: Any) -> None:
        self._pairs = [(original, changed)]
        jitted = _original("_jit", "jitted")
        self._pairs.append((jitted, lambda kernel, **options: kernel))
        self._put: list[tuple[Any, str, Any]] = []

    def __enter__(self) -> None:
        for name, room in list(sys.modules.items()):
            if not name.startswith(ROOM) or room is None:
                continue
            for key, value in list(vars(room).items()):
                for original, changed in self._pairs:
                    if value is original:
                        self._put.append((room, key, value))
                        setattr(room, key, changed)

    def __exit__(self, *error: object) -> None:
        for room, key, value in self._put:
            setattr(room, key, value)


def _close(value: Any, reference: Any) -> bool:
    scale = max(float(np.abs(reference).max()), 1e-300)
    return bool(np.abs(np.asarray(value) - reference).max() <= 1e-11 * scale)


def examine() -> tuple[Counter[str], list[Mutant]]:
    """How many mutants there are of each function, and which survive."""
    counts: Counter[str] = Counter()
    left = []
    for module, functions in TARGETS.items():
        for function in functions:
            for mutant in mutants(module, function):
                counts[f"{module}.{function}"] += 1
                if survives(mutant):
                    left.append(mutant)
    return counts, left


def main() -> int:
    """Print the list and the score."""
    if not agree():
        print("the kernels themselves disagree with torch")
        return 1
    counts, left = examine()
    for name, count in counts.items():
        print(f"{count:5d}  {name}")
    same = [mutant for mutant in left if mutant.same]
    for mutant in same:
        print("the same:", mutant, "-", EQUIVALENT[mutant.function, mutant.change])
    alive = [mutant for mutant in left if not mutant.same]
    for mutant in alive:
        print("SURVIVES:", mutant)
    total = sum(counts.values())
    print(
        f"{total - len(left)} of {total} mutants killed, {len(same)} compute the same, "
        f"{len(alive)} survive"
    )
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
