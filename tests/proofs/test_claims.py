"""proofs/claims.py: what a comment says, and that the catalogue holds it."""

import pytest

from landtheory.proofs.claims import Coverage, catalogue_claims, coverage, unknown


def test_claims_parts_and_meaning() -> None:
    assert coverage(" T07(b.1), part of T07(d.1), T06: a: b (interval). ") == Coverage(
        claims=(("T07", "b.1"),),
        parts=(("T07", "d.1"),),
        ids=("T07", "T06"),
        kind="theorem",
        interval=True,
        meaning="a: b (interval).",
    )
    assert coverage("R02b: a.") == Coverage(ids=("R02b",), meaning="a.")
    assert coverage("anchor: the mean") == Coverage(kind="anchor", meaning="the mean")
    found = coverage("T07(c.1), mutant: swapped.")
    assert isinstance(found, Coverage)
    assert (found.kind, found.claims) == ("mutant", (("T07", "c.1"),))


@pytest.mark.parametrize(
    ("comment", "sentence"),
    [
        ("T07(b.1)", "its comment names no claim before a colon"),
        (": what", "its comment names '', which is no claim such as T07(b.1)"),
        ("mutant: what", "its comment names no claim before a colon"),
        (
            "T7(b): what",
            "its comment names 'T7(b)', which is no claim such as T07(b.1)",
        ),
        ("T07(b.1) T06: what", "its comment names 'T07(b.1) T06', which is no claim"),
        ("all of T07(b.1): what", "its comment names 'all of T07(b.1)', which is no"),
    ],
)
def test_a_comment_that_breaks_the_rule(comment: str, sentence: str) -> None:
    found = coverage(comment)
    assert isinstance(found, str)
    assert found.startswith(sentence)


def test_what_the_catalogue_does_not_hold() -> None:
    known = catalogue_claims()
    assert "b.1" in known["T07"]
    assert known["R02b"] == frozenset()
    good = coverage("T07(b.1), T06(a.1), R03: x")
    assert isinstance(good, Coverage)
    assert unknown(good, known) == []
    bad = coverage("T07(b.9), part of T06(z), R02, R03(a): x")
    assert isinstance(bad, Coverage)
    found = unknown(bad, known)
    assert found[0] == "its comment names R02, which the catalogue does not hold"
    assert found[1].startswith(
        "its comment names T07(b.9), which is no claim: T07 has ("
    )
    assert found[2] == "its comment names R03(a), which is no claim"
    assert found[3].startswith("its comment names T06(z), which is no claim: T06 has (")
