"""Products written down as they are made, so that a killed run repeats none of them.

Whatever an estimator computes is a function of its random draws and of its products. With
both at hand it comes to the same result, bit by bit, whichever estimator it is: a resumed
run asks for the same products again, and gets those that were made from the journal.
"""

import hashlib
from pathlib import Path

import torch
from torch import Tensor

from ...errors import RecordError
from ..devices import widest_dtype
from ..operators.blocks import MatrixFreeOperator
from ..processes import Processes
from ..training.checkpoints import read_checkpoint, write_checkpoint

__all__ = ["Journal", "JournaledOperator", "SharedJournal"]


class Journal:
    """Products in the order in which they are asked for, one file each.

    Parameters
    ----------
    folder : pathlib.Path
        Where; it exists. An entry of p · k numbers takes 8 p k bytes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._position = 0

    def find(self, key: str) -> Tensor | None:
        """The next entry, if it is the one of that key; one that is broken is not."""
        try:
            tensors, values = read_checkpoint(self._path)
        except RecordError:
            return None
        if values.get("key") != key:
            return None
        self._position += 1
        return tensors["product"]

    def add(self, key: str, product: Tensor) -> None:
        """Write the next entry.

        Raises
        ------
        RecordError
            If it cannot be written.
        """
        write_checkpoint(self._path, {"product": product}, {"key": key})
        self._position += 1

    @property
    def _path(self) -> Path:
        return self._folder / f"{self._position:06d}.safetensors"


class SharedJournal:
    """A journal that the first of several processes keeps and reads out to all.

    Parameters
    ----------
    journal : Journal, optional
        Of the first process; the others have none.
    processes : Processes
        All of them; each must ask and add as the first does.
    """

    def __init__(self, journal: Journal | None, processes: Processes) -> None:
        self._journal, self._processes = journal, processes

    def find(self, key: str) -> Tensor | None:
        """As `Journal.find`."""
        found = None if self._journal is None else self._journal.find(key)
        shape = self._processes.told(None if found is None else list(found.shape))
        if shape is None:
            return None
        found = torch.zeros(shape, dtype=torch.float64) if found is None else found
        self._processes.copied(found)
        return found

    def add(self, key: str, product: Tensor) -> None:
        """As `Journal.add`."""
        if self._journal is not None:
            self._journal.add(key, product)


class JournaledOperator(MatrixFreeOperator):
    """A, whose products are looked up in a journal before they are made.

    Parameters
    ----------
    op : operator
        A.
    journal : Journal or SharedJournal, optional
        Where products are kept; none are without it.
    name : str
        What A is called there.
    """

    def __init__(
        self,
        op: MatrixFreeOperator,
        journal: Journal | SharedJournal | None,
        name: str,
    ) -> None:
        super().__init__(op.shape[0], dtype=op.dtype, device=op.device)
        self._op, self._journal, self._name = op, journal, name
        self._first: Tensor | None = None

    def _multiply(self, V: Tensor) -> Tensor:
        if self._journal is None:
            return self._made(V).T
        key = f"{self._name} {_digest(V)}"
        found = self._journal.find(key)
        if found is not None:
            self._first = V[:, :1].clone() if self._first is None else self._first
            return _laid_out(found.to(self.device)).T
        if self._first is not None and self._op.products == 0:
            # the first product of a process is recorded, and later ones replay it:
            # they may differ by rounding, so this process has to make a first one too
            _ = self._op @ self._first
        product = self._made(V)
        self._journal.add(key, product)
        return product.T

    def _made(self, V: Tensor) -> Tensor:
        """(A V)ᵀ."""
        wide = V.to(self.device, widest_dtype(self.device))
        return _laid_out((self._op @ wide).T)


def _laid_out(rows: Tensor) -> Tensor:
    """A copy, where and as torch itself would make it.

    Later sums differ by rounding with the strides, those of an axis of length 1 too, and
    with where the memory begins: so these must not tell a product from its entry.
    """
    return torch.empty(rows.shape, dtype=rows.dtype, device=rows.device).copy_(rows)


def _digest(V: Tensor) -> str:
    rows = V.detach().T.contiguous().to("cpu").reshape(-1)
    shape = "x".join(map(str, V.shape))
    return f"{shape} {hashlib.sha256(rows.view(torch.uint8).numpy().data).hexdigest()}"
