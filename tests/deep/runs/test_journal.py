"""runs/journal.py: products that are asked for again are not made again."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from landtheory.deep.estimators.eigenvalues import TopEigenvalues, top_eigenvalues
from landtheory.deep.operators.blocks import MatrixFreeOperator
from landtheory.deep.runs.journal import Journal, JournaledOperator
from landtheory.deep.runs.streams import generator_for


class Dense(MatrixFreeOperator):
    """A dense matrix that dies after so many products."""

    def __init__(self, matrix: Tensor, *, dies_after: int = 10**9) -> None:
        super().__init__(len(matrix), dtype=matrix.dtype, device=matrix.device)
        self.matrix, self.left = matrix, dies_after

    def _multiply(self, V: Tensor) -> Tensor:
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return self.matrix @ V


def matrix(p: int = 60) -> Tensor:
    A = torch.randn(p, p, generator=generator_for(0, "matrix"), dtype=torch.float64)
    return A + A.T


def found(op: Dense, folder: Path | None, name: str = "A") -> TopEigenvalues:
    journal = None if folder is None else Journal(folder)
    return top_eigenvalues(
        JournaledOperator(op, journal, name), 3, generator=generator_for(0, "start")
    )


def same(one: TopEigenvalues, two: TopEigenvalues) -> bool:
    return all(
        torch.equal(getattr(one, name), getattr(two, name))
        for name in ("eigenvalues", "residuals", "noise", "eigenvectors")
    )


def test_a_run_that_died_goes_on_to_the_same_bits(tmp_path: Path) -> None:
    A = matrix()
    expected = found(Dense(A), None)
    with pytest.raises(KeyboardInterrupt):
        found(Dense(A, dies_after=7), tmp_path)
    assert len(list(tmp_path.iterdir())) == 7
    op = Dense(A)
    assert same(found(op, tmp_path), expected)
    # one more for the first of a process, and one call for all verifications
    assert 10**9 - op.left == expected.products - 7 + 1 + 1


def test_a_whole_journal_costs_no_product(tmp_path: Path) -> None:
    A = matrix()
    expected = found(Dense(A), tmp_path)
    assert same(found(Dense(A, dies_after=0), tmp_path), expected)


def test_entries_of_another_operator_or_vector_are_not_taken(tmp_path: Path) -> None:
    A = matrix()
    found(Dense(A), tmp_path)
    assert same(found(Dense(2 * A), tmp_path, "B"), found(Dense(2 * A), None))
    journal = Journal(tmp_path)
    assert journal.find("B 60x1 0000") is None


def test_a_broken_entry_is_made_again(tmp_path: Path) -> None:
    A = matrix()
    expected = found(Dense(A), tmp_path)
    path = tmp_path / "000002.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    op = Dense(A)
    assert same(found(op, tmp_path), expected)
    assert op.left < 10**9
