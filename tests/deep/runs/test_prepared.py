"""runs/prepared.py: the network with its weights, from the settings alone."""

import re
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from support.spectrum import settings

from landtheory.deep.runs.prepared import prepare
from landtheory.errors import InputError


def test_the_same_settings_prepare_the_same() -> None:
    one, two = prepare(settings()), prepare(settings())
    for a, b in zip(one.model.parameters(), two.model.parameters(), strict=True):
        assert torch.equal(a, b)
    assert one.data.fingerprint() == two.data.fingerprint()
    other = prepare(settings(seed=1))
    assert other.data.fingerprint() != one.data.fingerprint()
    assert one.p == 162
    assert one.recipe is not None
    assert one.recipe.epochs == 2
    assert prepare(settings(train=False, epochs=None)).recipe is None


def test_given_weights_are_taken_and_digested(tmp_path: Path) -> None:
    model = prepare(settings(seed=5)).model
    path = tmp_path / "weights.safetensors"
    save_file({name: t.detach() for name, t in model.state_dict().items()}, path)
    found = prepare(settings(weights=str(path)))
    for a, b in zip(found.model.parameters(), model.parameters(), strict=True):
        assert torch.equal(a, b)
    assert found.weights_digest is not None
    assert len(found.weights_digest) == 64


def test_more_eigenvalues_than_parameters_are_refused() -> None:
    sentence = "k is 163; expected at most p = 162, the model's parameters"
    with pytest.raises(InputError, match=re.escape(sentence)):
        prepare(settings(k=163))
    assert prepare(settings(k=162)).p == 162
