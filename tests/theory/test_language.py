"""theory/language.py: trees that Python's operators build, and a corpus of attempts."""

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.claims import ATTEMPTS, TEXTS, VALID

from landtheory.errors import InputError, TextError
from landtheory.theory.expressions import (
    Comparison,
    Constant,
    Expression,
    Transpose,
    call,
    name,
    subtrees,
)
from landtheory.theory.language import LONGEST, parse_claim
from landtheory.theory.places import pointed
from landtheory.theory.shapes import ShapeError, check_shapes, shape_of
from landtheory.theory.vocabulary import FUNCTIONS, QUANTITIES

# Reading


def shown(tree: Expression) -> Comparison:
    """A claim about a tree, whatever its shape."""
    if isinstance(tree, Transpose) and isinstance(tree.of, Constant):
        return Constant(1) <= Constant(2)
    return (
        tree.equals(0) if not shape_of(tree) else call("norm1", tree @ _fit(tree)) >= 0
    )


def _fit(tree: Expression) -> Expression:
    """A vector that the columns of a matrix fit."""
    vectors = {"p": "theta", "m": "b", "C": "c"}
    columns = shape_of(tree)[-1]
    if columns == "d":
        return name("W").T @ name("b")
    return name(vectors[columns])


@pytest.mark.parametrize(("tree", "text"), TEXTS, ids=[text for _, text in TEXTS])
def test_texts_are_read_as_python_reads_them(tree: Expression, text: str) -> None:
    claim = shown(tree)
    assert parse_claim(str(claim)) == claim
    assert text in str(claim) or isinstance(tree, Transpose)


@pytest.mark.parametrize("text", VALID)
def test_valid_claims_are_read_and_printed_alike(text: str) -> None:
    assert str(parse_claim(text)) == text


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("  Cx<=L  ", name("Cx") <= name("L")),
        ("((Cx) <= (L))", name("Cx") <= name("L")),
        ("Cx**-2 < .5", name("Cx") ** -2 < Fraction(1, 2)),
        ("Cx <= 1.", name("Cx") <= 1),
        ("Cx <= 1.50", name("Cx") <= Fraction(3, 2)),
        ("Cx <= 1E-3", name("Cx") <= Fraction(1, 1000)),
        ("Cx <= 1e+2", name("Cx") <= 100),
        ("Cx <= 0.1", name("Cx") <= Fraction(1, 10)),
        ("Cx <= 1e308", name("Cx") <= 10**308),
        ("Cx <= 0e9999", name("Cx") <= 0),
        ("Cx <= 1e-308", name("Cx") <= Fraction(1, 10**308)),
        ("tr(H ) . T <= 1", None),
        ("tr(H . T) <= 1", call("tr", name("H").T) <= 1),
    ],
)
def test_numbers_and_spaces(text: str, tree: Comparison | None) -> None:
    if tree is None:
        with pytest.raises(TextError):
            parse_claim(text)
    else:
        assert parse_claim(text) == tree


def test_every_name_and_function_is_read() -> None:
    for word, quantity in QUANTITIES.items():
        text = word if not quantity.shape else f"max({word})"
        assert name(word) in set(subtrees(parse_claim(f"{text} <= 1")))
    arguments = dict.fromkeys(FUNCTIONS, "H") | {
        "inner": "H, G",
        **dict.fromkeys(("norm", "norm1"), "theta"),
        **dict.fromkeys(("log", "exp", "sqrt"), "L"),
    }
    for function, given_ in arguments.items():
        text = f"{function}({given_})"
        if function == "abs":
            text = f"max({text})"
        assert str(parse_claim(f"{text} <= 1")) == f"{text} <= 1"


def test_the_deepest_claims_are_read() -> None:
    # Cx stands 100 levels down
    assert parse_claim("abs(" * 99 + "Cx" + ")" * 99 + " <= 1")
    assert parse_claim("(" * 99 + "Cx" + ")" * 99 + " <= 1") == (name("Cx") <= 1)
    total = parse_claim("Cx" + " + Cx" * 99 + " <= 1")
    assert parse_claim(str(total)) == total
    assert parse_claim("Cx" + " " * (LONGEST - 7) + " <= 1")


# Refusing


def refusal(text: str, called: str = "claim") -> list[str]:
    with pytest.raises(InputError) as caught:
        parse_claim(text, called=called)
    return str(caught.value).split("\n")


SYNTAX = (
    "claim cannot be read from here; expected names or numbers with an operator between "
    "each two of them"
)
KINDS = (
    "claim has a part of another kind; expected names, numbers, operators and functions "
    "only"
)
OTHERWISE = "use letters, digits, spaces and + - * / ** @ . , ( ) <= >= < > == alone"
WORDS = "expected names of quantities and functions"
NUMBERS = "expected digits such as 2, 0.5 or 1e-3: write * between a number and a name"
RANGE = "expected 0, or between 1e-308 and 1e308"


@pytest.mark.parametrize(
    ("text", "sentence", "place"),
    [
        # characters
        (
            "Cx ≤ 1",
            "claim has '≤'; expected nothing of the kind: write <=",
            "   ^",
        ),
        (
            "W[0] <= 1",
            (
                "claim has '['; expected nothing of the kind: there are no subscripts: "
                "write tr, max, H_bb or the like"
            ),
            " ^",
        ),
        (
            "Cx = 1",
            "claim has '='; expected nothing of the kind: equality is written ==",
            "   ^",
        ),
        (
            "Cx != 1",
            (
                "claim has '!='; expected nothing of the kind: "
                "a claim is one of <= >= < > =="
            ),
            "   ^^",
        ),
        (
            "Cx ! 1",
            f"claim has '!'; expected nothing of the kind: {OTHERWISE}",
            "   ^",
        ),
        (
            "Cx <= 1\n",
            "claim has '\\n'; expected nothing of the kind: write it on one line",
            "       ^",
        ),
        (
            "Cx <= 1\x00",
            f"claim has '\\x00'; expected nothing of the kind: {OTHERWISE}",
            "       ^",
        ),
        # words
        (
            "Cx <= 1 or Cx",
            (
                f"claim has the word 'or'; {WORDS}: state each comparison "
                "as a claim of its own"
            ),
            "        ^^",
        ),
        (
            "lambda x: x",
            f"claim has the word 'lambda'; {WORDS}: leave it out",
            "^^^^^^",
        ),
        # numbers
        ("2Cx <= 1", f"number is '2Cx'; {NUMBERS}", "^^^"),
        ("Cx <= 0x10", f"number is '0x10'; {NUMBERS}", "      ^^^^"),
        ("Cx <= 1_000", f"number is '1_000'; {NUMBERS}", "      ^^^^^"),
        ("Cx <= 007", f"number is '007'; {NUMBERS}", "      ^^^"),
        ("Cx <= 1e-3J", f"number is '1e-3J'; {NUMBERS}", "      ^^^^^"),
        ("Cx <= 1e12345", f"number is '1e12345'; {NUMBERS}", "      ^^^^^^^"),
        ("Cx <= 1e309", f"number is 1e309; {RANGE}", "      ^^^^^"),
        ("1" * 19 + "z < 1", f"number is '{'1' * 19}z'; {NUMBERS}", "^" * 20),
        (
            "1000000000000000e300 < 1",
            f"number is 1000000000000000e300; {RANGE}",
            "^" * 20,
        ),
        ("Cx <= 1e-309", f"number is 1e-309; {RANGE}", "      ^^^^^^"),
        (
            "Cx <= 0." + "1" * 30 + "z",
            f"number is '0.{'1' * 18}…'; {NUMBERS}",
            "      " + "^" * 33,
        ),
        # parentheses
        (
            "((Cx <= 1)",
            "claim has '(' that is never closed; expected ')' after it",
            "^",
        ),
        (
            "Cx) <= 1",
            "claim has ')' that closes nothing; expected '(' before it",
            "  ^",
        ),
        # syntax
        ("Cx <= 1 +", SYNTAX, "         ^"),
        ("  Cx L <= 1", SYNTAX, "     ^"),
        ("Cx <= * 2", SYNTAX, "      ^"),
        # one comparison
        (
            "  tr(W)",
            (
                "claim has no relation; expected one comparison: "
                "join two sides by <=, >=, <, > or =="
            ),
            "  ^^^^^",
        ),
        (
            "0 <= Cx < (1) == 2",
            (
                "claim has 3 relations; expected one: "
                "state each comparison as a claim of its own"
            ),
            "        ^",
        ),
        (
            "1 + (Cx <= 1) <= 2",
            (
                "claim has a relation inside a side; expected one comparison: "
                "state each as a claim of its own"
            ),
            "     ^^^^^^^",
        ),
        (
            "Cx <= (1, 2)",
            (
                "claim has a comma outside a call; expected commas between the arguments "
                "of a function only"
            ),
            "      ^^^^^^",
        ),
        ("tr(*W) <= 1", KINDS, "   ^^"),
        ("tr(**W) <= 1", KINDS, "     ^"),
        # names
        (
            "Cxx <= 1",
            "claim has the name 'Cxx'; expected a quantity: did you mean Cx",
            "^^^",
        ),
        (
            "1 <= cx",
            "claim has the name 'cx'; expected a quantity: did you mean Cx",
            "     ^^",
        ),
        (
            "1 <= HBB",
            "claim has the name 'HBB'; expected a quantity: did you mean H_bb",
            "     ^^^",
        ),
        (
            "trc(H) <= 1",
            "claim has the name 'trc'; expected a function: did you mean tr",
            "^^^",
        ),
        (
            "zzz(H) <= 1",
            "claim has the name 'zzz'; expected a function: one of "
            + " ".join(FUNCTIONS),
            "^^^",
        ),
        (
            "1 <= tr",
            "claim names the function tr alone; expected its arguments: write tr(...)",
            "     ^^",
        ),
        (
            "W(2) <= 1",
            "claim calls W, a quantity; expected a function: write * to multiply",
            "^",
        ),
        (
            "tr(H)(G) <= 1",
            "claim calls this; expected the name of a function",
            "^^^^^",
        ),
        (
            "tr(H .real) <= 1",
            (
                "claim takes .real of something; "
                "expected no attribute but .T, the transpose"
            ),
            "      ^^^^",
        ),
        # operators
        ("+Cx <= 1", "claim has a sign +; expected - or none: leave it out", "^"),
        # powers
        (
            "Cx**65 <= 1",
            (
                "claim raises to the power 65; expected at most 64 in size, "
                "nested powers multiplied"
            ),
            "    ^^",
        ),
        (
            "1 <= (2 + Cx**-8)**(9)",
            (
                "claim raises to the power 72; expected at most 64 in size, "
                "nested powers multiplied"
            ),
            "              ^^",
        ),
        (
            "Cx**m <= 1",
            (
                "claim has the exponent m; expected a number written out: "
                "for others use exp and log"
            ),
            "    ^",
        ),
        # shapes
        (
            "tr(W @ W) <= 1",
            (
                "W @ W has shapes (m, d) and (m, d); expected as many columns on the left "
                "as rows on the right: transpose one with .T"
            ),
            "     ^",
        ),
        (
            "(H) <= (G)",
            (
                "H <= G has sides of shapes (p, p) and (p, p); "
                "expected two numbers: order by lmin, lmax, max, norm or the like"
            ),
            "    ^^",
        ),
    ],
)
def test_what_is_wrong_is_said_and_shown(text: str, sentence: str, place: str) -> None:
    said, line, carets = refusal(text)
    assert said == sentence
    assert len(line) == len(text) + 4
    assert carets == f"    {place}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (3, "claim is 3; expected a text"),
        (
            "",
            (
                "claim is empty; expected one comparison: "
                "such as Cx <= op(W)**2 * tr(G_bb)"
            ),
        ),
        (
            "   ",
            (
                "claim is empty; expected one comparison: "
                "such as Cx <= op(W)**2 * tr(G_bb)"
            ),
        ),
        ("C" * 10_001, "claim has 10001 bytes; expected at most 10000"),
        ("≤" * 3334, "claim has 10002 bytes; expected at most 10000"),
        ("\ud800" * 3334, "claim has 10002 bytes; expected at most 10000"),
    ],
)
def test_what_is_no_line_of_text_is_refused(text: str, sentence: str) -> None:
    assert refusal(text) == [sentence]


LEVELS = "claim is nested too deep; expected at most 100 levels: split it"
HEAP = (
    "claim is nested too deep; expected at most 100 parentheses, and 300 operators, "
    "above one another: split it"
)


@pytest.mark.parametrize(
    ("text", "sentence", "column"),
    [
        ("abs(" * 100 + "Cx" + ")" * 100 + " <= 1", LEVELS, 400),
        ("-" * 100 + "Cx <= 1", LEVELS, 100),
        ("Cx" + " + Cx" * 100 + " <= 1", LEVELS, 0),
        ("-" * 299 + "Cx <= 1", LEVELS, None),
        ("-" * 300 + "Cx <= 1", HEAP, None),
        ("---" + "abs(---" * 74 + "Cx" + ")" * 74 + " <= 1", LEVELS, None),
        ("----" + "abs(---" * 74 + "Cx" + ")" * 74 + " <= 1", HEAP, None),
        ("-" * 9000 + "Cx <= 1", HEAP, 300),
        ("(" * 101 + "Cx" + ")" * 101 + " <= 1", HEAP, 100),
        ("(" * 90 + "Cx" + "--1) + 1" * 90 + " <= 1", HEAP, 638),
        ("abs(---" * 90 + "Cx" + ")" * 90 + " <= 1", HEAP, 525),
        ("Cx" + ".T" * 4000 + " <= 1", HEAP, 602),
        ("Cx**" * 2000 + "2 <= 1", HEAP, 1202),
    ],
)
def test_deep_nesting_is_refused(text: str, sentence: str, column: int | None) -> None:
    said, line, carets = refusal(text)
    assert said == sentence
    if column is not None:
        first = max(0, column - 40)
        assert len(carets.rstrip("^")) == 4 + (first > 0) + column - first
    assert len(line) <= 4 + 72 + 2


def test_numbers_have_a_limit_of_digits() -> None:
    assert refusal("Cx <= 0." + "0" * 399)[0] == (
        "number has 401 characters; expected at most 400"
    )
    assert parse_claim("Cx <= 0." + "0" * 398) == (name("Cx") <= 0)


def test_messages_say_what_the_text_is_called() -> None:
    assert refusal("m", called="assume")[0].startswith("assume has no relation;")
    assert refusal("m <= [", called="assume")[0].startswith("assume has '[';")


def test_parsing_does_not_exhaust_a_small_stack() -> None:
    program = """
import sys, threading
from landtheory.errors import InputError
from landtheory.theory.language import parse_claim

def refuse():
    for text in sys.stdin.read().split(";"):
        try:
            parse_claim(text)
        except InputError:
            seen.append(text)

seen = []
threading.stack_size(512 * 1024)
thread = threading.Thread(target=refuse)
thread.start()
thread.join()
print(len(seen))
"""
    deep = [
        "-" * 9990 + "m",
        "m**" * 3333 + "m",
        "m@" * 4999 + "m",
        "(" * 199 + "m" + ")" * 199,
        "tr(-" * 99 + "m" + ")" * 99,
        "m<" * 4999 + "m",
        "--m**" * 1999 + "m",
        "m" + ".T" * 4990,
        "-" * 290 + "m",
        "m" + "-m" * 290,
    ]
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=";".join(deep), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, str(len(deep))), done.stderr


# Places


@pytest.mark.parametrize(
    ("text", "start", "stop", "lines"),
    [
        ("abc", 1, 2, ["    abc", "     ^"]),
        ("abc", 3, 4, ["    abc", "       ^"]),
        ("abc", 1, 1, ["    abc", "     ^"]),
        ("漢a", 1, 2, ["    漢a", "      ^"]),
        ("漢a", 0, 1, ["    漢a", "    ^^"]),
        ("e\u0301a", 2, 3, ["    e\u0301a", "     ^"]),
        ("\u0301", 0, 1, ["    \u0301", "    ^"]),
        ("\x1b[0m", 1, 2, ["    \ufffd[0m", "     ^"]),
        ("a\u202eb", 2, 3, ["    a\ufffdb", "      ^"]),
        ("\u05d0b", 1, 2, ["    \ufffdb", "     ^"]),
        ("\ud800b", 1, 2, ["    \ufffdb", "     ^"]),
        ("a" * 100, 50, 52, ["    …" + "a" * 72 + "…", "     " + " " * 40 + "^^"]),
        ("a" * 73, 41, 42, ["    …" + "a" * 72, "     " + " " * 40 + "^"]),
        ("a" * 100, 0, 100, ["    " + "a" * 72 + "…", "    " + "^" * 72]),
    ],
)
def test_carets_stand_under_the_place(
    text: str, start: int, stop: int, lines: list[str]
) -> None:
    assert pointed(text, start, stop).split("\n") == lines


# Anything at all


def is_read_or_refused(text: str) -> bool:
    """Whether a text gives a claim that prints alike, or one sentence and a place."""
    try:
        claim = parse_claim(text)
    except InputError as error:
        lines = str(error).split("\n")
        return len(lines) in (1, 3) and "; expected " in lines[0]
    return parse_claim(str(claim)) == claim


TOKENS = (
    *QUANTITIES,
    *FUNCTIONS,
    *["(", ")", ",", "+", "-", "*", "/", "**", "@", ".T", ".", "<=", ">=", "<", ">"],
    *["==", "=", "1", "2", "0.5", "1e-3", "[", "{", ":", "'", "\n", "\0", "≤", "_"],
    *["lambda", "if", "__import__", "\ud800", "é", "9" * 50, " "],
)


@given(st.text(max_size=80))
@example("\ud800")
@example("Cx <= 1\r")
def test_any_text_is_read_or_refused(text: str) -> None:
    assert is_read_or_refused(text)


@given(st.lists(st.sampled_from(TOKENS), max_size=30), st.sampled_from(["", " "]))
def test_any_words_are_read_or_refused(words: list[str], gap: str) -> None:
    assert is_read_or_refused(gap.join(words))


@given(
    st.sampled_from(VALID),
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 3), st.sampled_from(TOKENS)),
        min_size=1,
        max_size=3,
    ),
)
def test_spoilt_claims_are_read_or_refused(
    text: str, edits: list[tuple[int, int, str]]
) -> None:
    for place, length, word in edits:
        text = text[:place] + word + text[place + length :]
    assert is_read_or_refused(text)


MATRICES = st.sampled_from(
    [
        name("W"),
        name("A").T,
        -name("W"),
        2 * name("W"),
        name("W") / name("n"),
        name("W") @ name("X").T,
        name("W") - (name("W") + name("W")),
        name("H"),
        name("F_wa"),
    ]
)
VECTORS = st.sampled_from(
    [name("b"), -name("grad"), name("H") @ name("theta"), name("c") @ name("A")]
)
NUMBERS_ = st.one_of(
    st.sampled_from(["n", "L", "Cx", "Flat", "max_xt"]).map(name),
    st.integers(0, 10**30).map(Constant),
    st.decimals(0, 10**6, allow_nan=False, allow_infinity=False, places=9).map(
        lambda value: Constant(Fraction(value))
    ),
    st.builds(
        call, st.sampled_from(["op", "fro", "rank", "smin", "max", "mean"]), MATRICES
    ),
    st.builds(call, st.sampled_from(["norm", "norm1", "min"]), VECTORS),
)


def larger(part: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    exponents = st.sampled_from([0, 1, 2, -1, Fraction(1, 2), Fraction(-1, 3)])
    return st.one_of(
        st.builds(lambda a, b: a + b, part, part),
        st.builds(lambda a, b: a - b, part, part),
        st.builds(lambda a, b: a * b, part, part),
        st.builds(lambda a, b: a / b, part, part),
        st.builds(lambda a: -a, part),
        st.builds(lambda a, e: a**e, part, exponents),
        st.builds(call, st.sampled_from(["log", "exp", "sqrt", "abs"]), part),
        st.builds(call, st.sampled_from(["max", "min"]), part, part),
    )


TREES = st.recursive(NUMBERS_, larger, max_leaves=20)


@given(TREES, st.sampled_from(["<=", ">=", "<", ">", "=="]), TREES)
def test_any_tree_is_read_back_from_its_text(
    left: Expression, relation: str, right: Expression
) -> None:
    claim = Comparison(left, relation, right)  # type: ignore[arg-type]
    check_shapes(claim)
    assert parse_claim(str(claim)) == claim


# Attempts at something else

TEMPLATES = ("{} <= 1", "1 <= {}", "tr({}) <= 1", "Cx <= 2 * {}")


def dressed(canary: Path) -> list[str]:
    texts = [text.replace("{canary}", str(canary)) for text in ATTEMPTS]
    return texts + [
        template.replace("{}", text) for text in texts for template in TEMPLATES
    ]


def test_attempts_at_anything_else_are_refused(tmp_path: Path) -> None:
    texts = dressed(tmp_path / "canary")
    assert len(texts) >= 200
    accepted = [text for text in texts if not refuses(text)]
    assert not accepted


def refuses(text: str) -> bool:
    try:
        parse_claim(text)
    except InputError:
        return True
    return False


AUDITED = """
import json, sys
from landtheory.errors import InputError
from landtheory.theory.language import parse_claim

texts, control = json.loads(sys.stdin.read())
events = []
armed = False

def hook(event, arguments):
    if armed and event != "compile":
        events.append(event)

sys.addaudithook(hook)
armed = True
for text in texts:
    try:
        parse_claim(text)
    except InputError:
        pass
seen = list(events)
eval(control)
armed = False
print(json.dumps([seen, events[len(seen):]]))
"""


def test_nothing_is_run_opened_or_imported(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    control = f"open({str(canary)!r}, 'w').close()"
    done = subprocess.run(
        [sys.executable, "-c", AUDITED],
        input=json.dumps([[*dressed(canary), *VALID], control]),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    seen, controlled = json.loads(done.stdout)
    assert seen == []
    # the hook would have seen it
    assert "open" in controlled
    assert canary.exists()


def reads_with(parser: Callable[[str], object]) -> bool:
    """Whether a parser refuses the attempts that Python itself accepts as expressions."""
    for text in ATTEMPTS:
        try:
            parser(text)
        except (InputError, SyntaxError, ValueError, MemoryError, RecursionError):
            continue
        return True
    return False


def test_the_attempts_tell_python_from_the_language() -> None:
    assert not reads_with(parse_claim)
    assert reads_with(lambda text: ast.parse(text, mode="eval"))


def test_a_refusal_of_shapes_keeps_no_cause() -> None:
    with pytest.raises(TextError) as caught:
        parse_claim("W <= 1")
    assert not isinstance(caught.value, ShapeError)
    assert caught.value.place == "    W <= 1\n      ^^"
    assert caught.value.sentence == (
        "W <= 1 has sides of shapes (m, d) and (); "
        "expected two numbers, or two of one shape with =="
    )
