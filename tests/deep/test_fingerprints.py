"""fingerprints.py: by changing one thing at a time, and by what sums of bits miss."""

import pytest
import torch
from torch import Tensor

from landtheory.deep.fingerprints import fingerprint


def v() -> Tensor:
    return torch.linspace(-1, 1, 64, dtype=torch.float64)


def changed() -> dict[str, list[Tensor | str]]:
    one_bit = v()
    one_bit[7] = torch.nextafter(one_bit[7], torch.tensor(2.0).double())
    signed = torch.zeros(64, dtype=torch.float64)
    return {
        "as it is": [v(), "text"],
        "one bit": [one_bit, "text"],
        "doubled": [v() * 2, "text"],
        "turned round": [v().flip(0), "text"],
        "another shape": [v().reshape(8, 8), "text"],
        "another dtype": [v().view(torch.int64), "text"],
        "cut": [v()[:32], v()[32:], "text"],
        "another text": [v(), "texts"],
        "another order": ["text", v()],
        "fewer": [v()],
        "zeros": [signed, "text"],
        "negative zeros": [-signed, "text"],
        "nothing": [],
        "empty": [v()[:0]],
        "halves": [v().bfloat16()],
        "truths": [v() > 0],
    }


def test_whatever_differs_is_seen() -> None:
    found = {name: fingerprint("v", parts) for name, parts in changed().items()}
    assert len(set(found.values())) == len(found)
    assert found["as it is"] != fingerprint("w", changed()["as it is"])
    assert all(0 <= each < 2**62 for each in found.values())


def test_the_same_bits_give_the_same_wherever_they_lie() -> None:
    wide = torch.zeros(64, 2, dtype=torch.float64)
    wide[:, 1] = v()
    assert fingerprint("v", [wide[:, 1]]) == fingerprint("v", [v()])


@pytest.mark.parametrize("step", [1, 2])
def test_a_sum_of_bits_takes_a_vector_and_its_double_for_the_same(step: int) -> None:
    """Why it is no sum."""

    def added(tensor: Tensor) -> int:
        words = tensor.view(torch.int64)
        return int((words * torch.arange(1, 2 * len(words), 2) * step).sum())

    assert added(v()[v() != 0]) == added(v()[v() != 0] * 2)
