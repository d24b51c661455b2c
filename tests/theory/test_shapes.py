"""theory/shapes.py, theory/symmetry.py: NumPy arrays whose sizes are all different."""

import re
from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.claims import VALID
from support.trees import value

from landtheory.theory import THEOREMS
from landtheory.theory.catalogue import REFUTATIONS
from landtheory.theory.expressions import (
    Binary,
    Call,
    Comparison,
    Constant,
    Expression,
    call,
    name,
)
from landtheory.theory.language import parse_claim
from landtheory.theory.shapes import ShapeError, check_shapes, shape_of
from landtheory.theory.symmetry import is_symmetric
from landtheory.theory.vocabulary import FUNCTIONS, QUANTITIES

SIZES = {"n": 7, "d": 3, "m": 5, "C": 2, "p": 32}
PLACES = {
    **SIZES,
    "n*C": 14,
    "m*d": 15,
    "m*C": 10,
    "m*(d + 1)": 20,
}


def arrays(seed: int = 0) -> dict[str, np.ndarray]:
    """Random values of every quantity, at pairwise different sizes."""
    rng = np.random.default_rng(seed)
    found = {}
    for text, quantity in QUANTITIES.items():
        array = rng.standard_normal(tuple(PLACES[size] for size in quantity.shape))
        found[text] = array + array.T if quantity.symmetric else array
    return found


ARRAYS = arrays()


def numeric(shape: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(PLACES[size] for size in shape)


def accepts(tree: Expression) -> bool:
    try:
        shape_of(tree)
    except ShapeError:
        return False
    return True


def test_the_sizes_tell_every_axis_apart() -> None:
    assert len(set(PLACES.values())) == len(PLACES)
    assert {size for q in QUANTITIES.values() for size in q.shape} <= set(PLACES)


def makes_sense(operator: str, a: np.ndarray, b: np.ndarray) -> bool:
    """Whether an operation on two arrays is one of linear algebra."""
    if operator in "+-":
        return a.shape == b.shape
    if operator == "*":
        return a.ndim == 0 or b.ndim == 0
    if operator == "/":
        return b.ndim == 0
    if a.ndim == 0 or b.ndim == 0:
        return False
    return a.shape[-1] == b.shape[0]


def agrees(shapes: Callable[[Expression], tuple[str, ...]]) -> bool:
    """Whether all operations on two quantities are accepted, and shaped, as by NumPy."""
    for left, right, operator in product(ARRAYS, ARRAYS, "+-*/@"):
        a, b = ARRAYS[left], ARRAYS[right]
        try:
            shape = shapes(Binary(operator, name(left), name(right)))
        except ShapeError:
            if makes_sense(operator, a, b):
                return False
            continue
        if not makes_sense(operator, a, b):
            return False
        result = value(Binary(operator, name(left), name(right)), ARRAYS)
        if np.shape(result) != numeric(shape):
            return False
    return True


def test_operations_are_those_of_linear_algebra() -> None:
    assert agrees(shape_of)


def by_numpy_rules(tree: Expression) -> tuple[str, ...]:
    """A mutant that lets a number be added to a matrix."""
    assert isinstance(tree, Binary)
    if tree.operator == "+" and shape_of(tree.right) == ():
        return shape_of(tree.left)
    return shape_of(tree)


def outer_sizes_only(tree: Expression) -> tuple[str, ...]:
    """A mutant that forgets that inner sizes must agree."""
    assert isinstance(tree, Binary)
    left, right = shape_of(tree.left), shape_of(tree.right)
    if tree.operator == "@" and left and right:
        return left[:-1] + right[1:]
    return shape_of(tree)


def turned(tree: Expression) -> tuple[str, ...]:
    """A mutant that takes products the other way round."""
    assert isinstance(tree, Binary)
    if tree.operator == "@":
        return shape_of(Binary("@", tree.right, tree.left))
    return shape_of(tree)


@pytest.mark.parametrize("mutant", [by_numpy_rules, outer_sizes_only, turned])
def test_wrong_rules_are_seen(mutant: Callable[[Expression], tuple[str, ...]]) -> None:
    assert not agrees(mutant)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("W.T", ("d", "m")),
        ("-J", ("n*C", "p")),
        ("W @ W.T", ("m", "m")),
        ("J @ grad", ("n*C",)),
        ("b @ W", ("d",)),
        ("theta @ H @ theta", ()),
        ("H_wb @ b", ("m*d",)),
        ("2 * H / n", ("p", "p")),
        ("tr(H) * W", ("m", "d")),
        ("abs(R)", ("n", "C")),
        ("abs(c)", ("C",)),
        ("abs(L)", ()),
        ("max(R)", ()),
        ("max(L, Cx)", ()),
        ("inner(theta, grad)", ()),
        ("L**2", ()),
        ("L**-0.5", ()),
        ("L**(1 / 3)", ()),
        ("F_wa.T", ("m*C", "m*d")),
        ("H_tt", ("m*(d + 1)", "m*(d + 1)")),
    ],
)
def test_shapes_of_expressions(text: str, shape: tuple[str, ...]) -> None:
    side = text if not shape else f"{text} - {text}"
    zero = "0" if not shape else text
    claim = parse_claim(f"{side} == {zero}")
    tree = claim.left if not shape else claim.right
    assert shape_of(tree) == shape
    assert np.shape(value(tree, ARRAYS)) == numeric(shape)


TAKES = {
    "number": {"log", "exp", "sqrt", "abs"},
    "vector": {"norm", "norm1", "abs", "max", "min", "mean"},
    "matrix": {"op", "fro", "nuc", "smax", "smin", "rank", "nullity", "abs", "max"}
    | {"min", "mean"},
}
TAKES["square"] = TAKES["matrix"] | {"tr"}
TAKES["symmetric"] = TAKES["square"] | {"lmax", "lmin", "logdet"}

ARGUMENTS = {
    "number": name("L"),
    "vector": name("b"),
    "matrix": name("W"),
    "square": name("H") @ name("G"),
    "symmetric": name("H"),
}


@pytest.mark.parametrize("kind", list(ARGUMENTS))
def test_functions_take_what_they_are_for(kind: str) -> None:
    taken = {
        function for function in FUNCTIONS if accepts(call(function, ARGUMENTS[kind]))
    }
    assert taken == TAKES[kind]


def test_functions_of_two_take_what_they_are_for() -> None:
    a, v, M = name("L"), name("b"), name("W")
    for function in FUNCTIONS:
        numbers, vectors = call(function, a, a), call(function, v, v)
        assert accepts(numbers) == (function in ("max", "min"))
        assert accepts(vectors) == (function == "inner")
        assert accepts(call(function, M, M)) == (function == "inner")
        assert not accepts(call(function, M, M.T))
        assert not accepts(call(function, M, a))
        assert not accepts(call(function, a, a, a))
        assert not accepts(call(function, M, M, M))
        assert not accepts(Call(function, ()))


W, H, A = name("W"), name("H"), name("A")

SENTENCES: list[tuple[Comparison, str]] = [
    (
        call("tr", W @ W) <= 1,
        (
            "W @ W has shapes (m, d) and (m, d); expected as many columns on the left as "
            "rows on the right: transpose one with .T"
        ),
    ),
    (
        call("tr", Binary("@", Constant(2), H)) <= 1,
        (
            "2 @ H has shapes () and (p, p); expected matrices or vectors: "
            "use * for products with numbers"
        ),
    ),
    (
        call("tr", W * W) <= 1,
        (
            "W * W has shapes (m, d) and (m, d); expected a number on one side: "
            "use @ or inner for products of arrays"
        ),
    ),
    (
        call("tr", H / H) <= 1,
        (
            "H / H has shapes (p, p) and (p, p); expected a number below: "
            "divide by norm, op or tr"
        ),
    ),
    (
        call("tr", H + 1) <= 1,
        (
            "H + 1 has shapes (p, p) and (); expected two numbers, or two arrays of one "
            "shape"
        ),
    ),
    (
        call("tr", H**2) <= 1,
        (
            "H**2 has shapes (p, p) and (); expected a number to be raised: "
            "use @ for products of matrices"
        ),
    ),
    (
        Binary("**", name("L"), name("m")) <= 1,
        "exponent is m; expected a number written out: for others use exp and log",
    ),
    (
        call("norm", name("b").T) <= 1,
        "b has shape (m,); expected a matrix before .T: leave it out",
    ),
    (
        call("tr", W) <= 1,
        "argument W of tr has shape (m, d); expected a square matrix",
    ),
    (
        call("norm", W) <= 1,
        (
            "argument W of norm has shape (m, d); expected a vector: "
            "use op, fro or nuc for matrices"
        ),
    ),
    (
        call("op", name("b")) <= 1,
        "argument b of op has shape (m,); expected a matrix: use norm for vectors",
    ),
    (
        call("log", W) <= 1,
        "argument W of log has shape (m, d); expected a number",
    ),
    (
        call("mean", name("L")) <= 1,
        (
            "argument L of mean has shape (); expected a vector or a matrix, or two numbers "
            "for max and min"
        ),
    ),
    (
        call("lmax", H @ name("G")) <= 1,
        (
            "argument H @ G of lmax has shape (p, p); expected a matrix that is symmetric "
            "by form: use smax, smin or op, or (M + M.T) / 2"
        ),
    ),
    (
        call("inner", W, A) <= 1,
        (
            "inner has arguments of shapes (m, d) and (C, m); expected two arrays of one "
            "shape"
        ),
    ),
    (
        call("inner", W) <= 1,
        "inner has arguments of shapes (m, d); expected two arrays of one shape",
    ),
    (
        Call("inner", ()) <= 1,
        "inner has arguments of shapes none; expected two arrays of one shape",
    ),
    (
        call("max", W, name("L")) <= 1,
        (
            "max has arguments of shapes (m, d) and (); expected two numbers, or one vector "
            "or matrix"
        ),
    ),
    (Call("max", ()) <= 1, "max has 0 arguments; expected 1 or 2"),
    (call("tr", H, H) <= 1, "tr has 2 arguments; expected 1"),
    (
        Comparison(H, "<=", name("G")),
        (
            "H <= G has sides of shapes (p, p) and (p, p); "
            "expected two numbers: order by lmin, lmax, max, norm or the like"
        ),
    ),
    (
        H.equals(0),
        (
            "H == 0 has sides of shapes (p, p) and (); "
            "expected two numbers, or two of one shape with =="
        ),
    ),
    (
        call("tr", W + W + W + W + W + W + W + W + W + W + W + A) <= 1,
        (
            "W + W + W + W + W + W + W + W + W + W + … has shapes (m, d) and (C, m); "
            "expected two numbers, or two arrays of one shape"
        ),
    ),
]


@pytest.mark.parametrize(
    ("claim", "sentence"), SENTENCES, ids=[str(claim) for claim, _ in SENTENCES]
)
def test_mismatches_are_said(claim: Comparison, sentence: str) -> None:
    with pytest.raises(ShapeError, match=f"^{re.escape(sentence)}$"):
        check_shapes(claim)


def test_nodes_of_no_kind_are_refused() -> None:
    with pytest.raises(TypeError, match="Expression"):
        shape_of(Expression())


@pytest.mark.parametrize("relation", ["<=", ">=", "<", ">", "=="])
def test_arrays_are_compared_by_equality_alone(relation: str) -> None:
    numbers = Comparison(name("L"), relation, name("Cx"))  # type: ignore[arg-type]
    check_shapes(numbers)
    matrices = Comparison(H, relation, name("G"))  # type: ignore[arg-type]
    if relation == "==":
        check_shapes(matrices)
    else:
        with pytest.raises(ShapeError):
            check_shapes(matrices)


def test_every_claim_of_the_catalogue_has_agreeing_shapes() -> None:
    laws = [
        claim.law
        for theorem in THEOREMS.values()
        for claim in (
            *theorem.claims,
            *(mutant.claim for mutant in theorem.mutants),
            *(example.claim for example in theorem.counterexamples),
        )
    ]
    laws += [case.claim.law for one in REFUTATIONS.values() for case in one.cases]
    comparisons = [law for law in laws if isinstance(law, Comparison)]
    assert len(comparisons) > 100
    for comparison in comparisons:
        check_shapes(comparison)
        assert parse_claim(str(comparison)) == comparison


def test_valid_claims_have_agreeing_shapes() -> None:
    for text in VALID:
        check_shapes(parse_claim(text))


# Symmetry by form

G, J, X, K = name("G"), name("J"), name("X"), name("K")
SYMMETRIC = [
    H,
    H.T,
    -H,
    H + G,
    G - 2 * H,
    H / name("n"),
    W @ W.T,
    W.T @ W,
    -(W.T @ (2 * W)),
    (2 * W) @ W.T,
    (W @ W.T) @ (W @ W.T),
    W @ (W.T @ W) @ W.T,
    H @ G @ H,
    H @ G + G @ H,
    J @ H @ J.T,
    (W.T @ W) / call("tr", H),
    H @ G - (-(G @ H)),
    (H @ G + (H @ G).T) / 2,
    (H + J.T @ J) @ G @ (J.T @ J + H),
    call("abs", W @ W.T),
    call("abs", W) @ call("abs", W.T),
    name("F_wa") @ name("H_aa") @ name("F_wa").T,
    (H @ (-G)) @ (-H),
]
OTHERS = [
    H @ G,
    H @ G - G @ H,
    W @ W.T @ name("G_bb"),
    (H + G) @ (H - G),
    name("F_wb") @ name("G_bb") @ name("H_wb").T,
    call("abs", H @ G),
    (H @ G) @ (H @ G),
    J.T @ J @ H,
]


@pytest.mark.parametrize("tree", SYMMETRIC, ids=str)
def test_symmetric_forms_are_found(tree: Expression) -> None:
    matrix = value(tree, ARRAYS)
    assert np.allclose(matrix, matrix.T, rtol=1e-9, atol=1e-9 * np.abs(matrix).max())
    assert is_symmetric(tree, shape_of)


@pytest.mark.parametrize("tree", OTHERS, ids=str)
def test_other_forms_are_not(tree: Expression) -> None:
    matrix = value(tree, ARRAYS)
    assert np.abs(matrix - matrix.T).max() > 1e-3 * np.abs(matrix).max()
    assert not is_symmetric(tree, shape_of)


SQUARE = st.recursive(
    st.sampled_from(
        [name("G_bb"), name("H_bb"), W @ W.T, name("F_wb").T @ name("H_wb")]
    ),
    lambda part: st.one_of(
        st.builds(lambda a, b: a + b, part, part),
        st.builds(lambda a, b: a - b, part, part),
        st.builds(lambda a, b: a @ b, part, part),
        st.builds(lambda a: a.T, part),
        st.builds(lambda a: -a, part),
        st.builds(lambda a: 2 * a, part),
        st.builds(lambda a: a / call("tr", a), part),
        st.builds(lambda a: call("abs", a), part),
    ),
    max_leaves=6,
)


@given(SQUARE)
def test_what_is_called_symmetric_is_so(tree: Expression) -> None:
    if is_symmetric(tree, shape_of):
        with np.errstate(all="ignore"):
            matrix = value(tree, ARRAYS)
        size = np.abs(matrix).max()
        if np.isfinite(size):
            assert np.abs(matrix - matrix.T).max() <= 1e-6 * size


@given(SQUARE)
def test_a_matrix_with_its_transpose_is_symmetric(tree: Expression) -> None:
    assert is_symmetric(tree @ tree.T, shape_of)
    assert is_symmetric(tree + tree.T, shape_of)
