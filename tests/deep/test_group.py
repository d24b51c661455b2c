"""group.py and what rests on it: two processes against one, and mutants.

The processes run `support/pair.py`; here their files are
compared with what this process measures by itself, and with matrices by brute force.
"""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from support import disagreeing, sharded
from support.launch import TESTS, ended, started
from support.networks import dense_gauss_newton, dense_gradient, dense_hessian
from torch import Tensor

Found = dict[str, Tensor]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What two processes wrote."""
    path = tmp_path_factory.mktemp("pair")
    script = str(TESTS / "support" / "pair.py")
    for each in ended(started(2, script, str(path))):
        assert each.returncode == 0, each.stderr
    return path


@pytest.fixture(scope="module")
def two(folder: Path) -> list[Found]:
    return [load_file(folder / f"{rank}.safetensors") for rank in (0, 1)]


@pytest.fixture(scope="module")
def told(folder: Path) -> list[dict[str, Any]]:
    return [json.loads((folder / f"{rank}.json").read_text()) for rank in (0, 1)]


@pytest.fixture(scope="module")
def single() -> Found:
    found: Found = {}
    for name in sharded.CASES:
        found |= sharded.measured(name)
    return found


def agrees(found: Tensor, expected: Tensor) -> bool:
    # some parts are 0, as the difference of two of this size
    scale = max(float(expected.abs().max()), 1e-3)
    return bool((found - expected).abs().max() <= 1e-11 * scale)


def test_every_process_has_the_same_bits(two: list[Found]) -> None:
    assert two[0].keys() == two[1].keys()
    for name in two[0]:
        if name != "mutant/not added":
            assert torch.equal(two[0][name], two[1][name]), name


def test_two_processes_have_what_one_has(two: list[Found], single: Found) -> None:
    assert single.keys() == {name for name in two[0] if not name.startswith("mutant/")}
    assert len(single) > 15 * (len(sharded.CASES) - 2)
    for name, expected in single.items():
        assert agrees(two[0][name], expected), name


@pytest.mark.parametrize("name", ["uneven", "squared", "summed", "conv", "weighted"])
def test_two_processes_have_what_brute_force_gives(two: list[Found], name: str) -> None:
    case, found = sharded.CASES[name][0](), two[0]
    H, G = dense_hessian(case), dense_gauss_newton(case)
    V = torch.randn(len(H), 2, generator=sharded.generator(3), dtype=torch.float64)
    assert agrees(found[f"{name}/H"], H @ V)
    assert agrees(found[f"{name}/G"], G @ V)
    assert agrees(found[f"{name}/F"], (H - G) @ V)
    assert agrees(found[f"{name}/gradient"], dense_gradient(case).detach())


@pytest.mark.parametrize("mutant", sharded.MUTANTS)
def test_wrong_ways_to_add_the_shares_are_seen(two: list[Found], mutant: str) -> None:
    H = dense_hessian(sharded.NETWORKS["tanh"]())
    v = torch.ones(64, dtype=torch.float64)
    assert agrees(H @ v, H @ v)
    assert not agrees(two[0][f"mutant/{mutant}"], H @ v)


DIFFERS = (
    "{} differs between the 2 processes; expected the same bits in each: give each the "
    "same seed, data and weights"
)
OTHER_DATA = (
    "data differs between the processes at batch {}; expected all of it in each, in the "
    "same order: pass it without a DistributedSampler, and shuffle=False"
)

SENTENCES = {
    "other_weights": DIFFERS.format("model"),
    "other_class_weights": DIFFERS.format("model"),
    "other_order": OTHER_DATA.format(2),
    "other_labels": OTHER_DATA.format(0),
    "own_part": OTHER_DATA.format(0),
    "more_data": DIFFERS.format("number of batches"),
    "other_vectors": DIFFERS.format("v"),
    "another_matrix": DIFFERS.format("v"),
    "other_draws": DIFFERS.format("generator"),
    "one_bad_sample": (
        "loss is nan at batch 2; expected a finite number: the inputs have entries that "
        "are not finite"
    ),
    "batch_norm": (
        "batch_norm is 'train' in 2 processes; expected 'eval', since its statistics are "
        "those of a batch: run one process"
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_what_is_wrong_in_one_process_all_of_them_say(
    told: list[dict[str, Any]], name: str
) -> None:
    for each in told:
        assert each[name] == ["InputError", f"InputError: {SENTENCES[name]}"]


def test_two_steps_that_do_not_belong_together_are_refused(
    told: list[dict[str, Any]],
) -> None:
    for each, name in zip(told, ("v", "gradient"), strict=True):
        sentence = f"InputError: {DIFFERS.format(name)}"
        assert each["another_step"] == ["InputError", sentence]


def test_a_defect_of_one_process_ends_the_others_by_its_name(
    told: list[dict[str, Any]],
) -> None:
    assert [each["defect"] for each in told] == [
        ["other", "LandtheoryError: KeyError: 'odd'"],
        ["other", "KeyError: 'odd'"],
    ]


def test_after_a_refusal_the_processes_go_on_together(
    told: list[dict[str, Any]],
) -> None:
    H = dense_hessian(sharded.NETWORKS["tanh"]())
    expected = float((H @ disagreeing.v()).sum())
    for each in told:
        assert each["nothing_wrong"] == pytest.approx(expected, rel=1e-12)
    # one of them may also compute by itself
    assert told[0]["by_itself"] == pytest.approx(expected, rel=1e-12)


def test_a_process_that_is_gone_holds_nobody_up(told: list[dict[str, Any]]) -> None:
    sentence = (
        "process 0 of 2 lost the others; expected all of them to run to the end: look at "
        "what they said"
    )
    assert told[0]["gone"] == ["other", f"LandtheoryError: {sentence}"]
    assert "gone" not in told[1]
