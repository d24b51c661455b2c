"""proofs/lexer.py: comments, strings and sentences as Coq has them."""

import pytest

from landtheory.proofs.lexer import (
    Sentence,
    blanked,
    comments,
    exported,
    line_of,
    sentences,
    squeezed,
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a (* b *) c", "a c"),
        ("a (* b (* c *) d *) e", "a e"),
        # a string hides what closes a comment, and a comment what opens a string
        ('a (* "*)" b *) c', "a c"),
        ('a "(*" b "*)" c', "a b c"),
        ('a "b""c" d', "a d"),
        ("a (*) b *) c", "a c"),
        ("a (**) b", "a b"),
        ("a (* b **) c", "a c"),
        ("a (* b", "a"),
        ('a "b', "a"),
    ],
)
def test_comments_and_strings_are_blanked(text: str, left: str) -> None:
    assert squeezed(blanked(text)) == left
    assert len(blanked(text)) == len(text)


def test_lines_stay_where_they_are_and_strings_on_demand() -> None:
    text = 'a (* b\n c *) "d" e'
    assert blanked(text).count("\n") == 1
    assert line_of(text, text.index("e")) == 2
    assert squeezed(blanked(text, keep_strings=True)) == 'a "d" e'


def test_the_outermost_comments_are_found() -> None:
    text = "(* a (* b *) *) c (** d *)"
    assert [text[i:j] for i, j in comments(text)] == ["(* a (* b *) *)", "(** d *)"]


def test_sentences_end_at_full_stops_and_nowhere_else() -> None:
    text = 'Notation "x , .. , y" := (f x .. (f y z) ..). Check 1.5. A.b c.\n- by []. }'
    assert [one.command for one in sentences(text)] == ["Notation", "Check", "A", "by"]
    assert sentences("A. (* B. *) C.")[1].text == "C."
    assert sentences("auto... B.")[0].text == "auto..."


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("#[global] Hypothesis h : P.", "Hypothesis"),
        ("#[local]Hypothesis h : P.", "Hypothesis"),
        ("Local Fail Definition a := b.", "Definition"),
        ("Program Definition a := b.", "Definition"),
        ("Time Timeout 3 Axiom a : b.", "Axiom"),
        ("Localise a.", "Localise"),
    ],
)
def test_what_stands_before_a_command_is_left_out(text: str, command: str) -> None:
    assert sentences(text)[0].command == command
    assert isinstance(sentences(text)[0], Sentence)


def test_what_other_files_see() -> None:
    text = (
        "A a. Local B b. #[local] C c. #[global] D d. Section S. E e. End S. F local."
    )
    assert [one.command for one in exported(sentences(text))] == ["A", "D", "F"]
