"""theory/worlds.py and what theorems say of worlds, held against the catalogue's own."""

from fractions import Fraction

from landtheory.theory import THEOREMS
from landtheory.theory.theorems import Law
from landtheory.theory.worlds import NETWORKS, WORLDS, WorldExample


def world_of(example: object) -> str:
    return example.world if isinstance(example, WorldExample) else NETWORKS


def test_an_example_changes_some_of_its_values() -> None:
    example = WorldExample(world="quadratic-forms", values={"spectrum": (1,)})
    changed = example.but(scale=Fraction(1, 2))
    assert changed.values == {"spectrum": (1,), "scale": Fraction(1, 2)}
    assert example.values == {"spectrum": (1,)}
    assert changed.world == example.world


def test_claims_speak_of_networks_unless_they_say_otherwise() -> None:
    assert THEOREMS["T06"].worlds == (NETWORKS,)
    assert THEOREMS["T17"].worlds == ("linear-networks",)
    assert THEOREMS["T17"].activations == THEOREMS["T17"].losses == ()
    for theorem in THEOREMS.values():
        assert set(theorem.worlds) <= set(WORLDS)


def test_what_is_said_of_one_world_is_shown_in_that_world() -> None:
    for theorem in THEOREMS.values():
        worlds = {claim.label: claim.world for claim in theorem.claims}
        for mutant in theorem.mutants:
            assert mutant.claim.world == worlds[mutant.claim.label]
        for counter in theorem.counterexamples:
            assert world_of(counter.example) == counter.claim.world
        for witness in theorem.witnesses:
            named = {worlds[label] for label in witness.labels}
            assert named == {world_of(witness.example)}


def test_claims_of_other_worlds_assume_nothing_of_networks() -> None:
    for theorem in THEOREMS.values():
        for claim in theorem.claims:
            if claim.world != NETWORKS:
                assert claim.assumes == ()
                assert isinstance(claim.law, Law)
                assert claim.law.draws == ()
