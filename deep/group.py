"""The processes of torch's default group; torch.distributed is named here alone."""

import json
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import Tensor
from torch import distributed as dist

from ..errors import InputError, LandtheoryError
from .fingerprints import fingerprint
from .processes import Processes

__all__ = ["alone", "current_processes", "joined"]

TIMEOUT = timedelta(minutes=30)
"""How long a process waits for the others before it takes them for lost."""


class Group(Processes):
    """The processes of torch's default group."""

    def __init__(self) -> None:
        self.rank, self.size = dist.get_rank(), dist.get_world_size()
        self._devices = _devices()
        # an error that every process knows of already
        self._known: BaseException | None = None
        hosts = self.gathered(socket.gethostname())
        own = hosts[self.rank]
        self.local, self.here = hosts[: self.rank].count(own), hosts.count(own)

    @contextmanager
    def together(
        self, name: str = "", of: Sequence[Tensor | str] = ()
    ) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            if not self._is_known(error):
                self._meet(error, name, 0)
            raise
        self._meet(None, name, fingerprint(name, of))

    def gathered(self, value: Any) -> list[Any]:
        with self.together("gathered"):
            text = json.dumps(value)
        return [json.loads(each) for each in self._texts(text)]

    def told(self, value: Any) -> Any:
        with self.together("told"):
            text = json.dumps(value) if self.is_first else ""
        content = self._bytes(text)
        size = torch.tensor([len(content)], device=self._carrier)
        with self._reached():
            dist.broadcast(size, src=0)
            if not self.is_first:
                content = content.new_zeros(int(size))
            dist.broadcast(content, src=0)
        return json.loads(_text(content))

    def copied(self, tensor: Tensor) -> None:
        with self.together("copied", [str(tuple(tensor.shape))]):
            carried = self._carried(tensor)
        with self._reached():
            dist.broadcast(carried, src=0)
        with torch.no_grad():
            tensor.copy_(carried)

    def _added(self, value: Tensor) -> Tensor:
        carried = self._carried(value)
        with self._reached():
            # to one process and back: an all-reduce need not round alike everywhere
            dist.reduce(carried, dst=0)
            dist.broadcast(carried, src=0)
        return carried.to(value.device)

    def _meet(self, error: Exception | None, name: str, mark: int) -> None:
        """Tell the others of an error, and raise theirs; or see that all mean the same."""
        own = torch.tensor([error is not None, mark, -mark], device=self._carrier)
        with self._reached():
            dist.all_reduce(own, op=dist.ReduceOp.MAX)
        failed, largest, negative = own.tolist()
        # it holds what its frames held
        self._known = error
        if failed:
            texts = self._texts(_told_of(error))
            if error is None:
                self._raise(*_read(next(text for text in texts if text)))
        elif largest != -negative:
            self._raise(
                InputError,
                f"{name} differs between the {self.size} processes; expected the same "
                "bits in each: give each the same seed, data and weights",
            )

    def _raise(self, kind: type[Exception], sentence: str) -> None:
        self._known = kind(sentence)
        raise self._known

    def _is_known(self, error: BaseException | None) -> bool:
        while error is not None:
            if error is self._known:
                return True
            error = error.__cause__ or error.__context__
        return False

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Make a sentence of what torch raises where a process is gone."""
        try:
            yield
        except RuntimeError as error:
            self._known = LandtheoryError(
                f"process {self.rank} of {self.size} lost the others; expected all of "
                "them to run to the end: look at what they said"
            )
            raise self._known from error

    def _texts(self, text: str) -> list[str]:
        """A text of each process; without a meeting."""
        content = self._bytes(text)
        sizes = torch.zeros(self.size, dtype=torch.int64, device=self._carrier)
        sizes[self.rank] = len(content)
        with self._reached():
            dist.all_reduce(sizes)
            table = content.new_zeros(self.size, int(sizes.max()))
            table[self.rank, : len(content)] = content
            dist.all_reduce(table)
        return [
            _text(row[:size]) for row, size in zip(table, sizes.tolist(), strict=True)
        ]

    def _bytes(self, text: str) -> Tensor:
        content = bytearray(text.encode())
        if not content:
            # torch refuses a buffer without bytes
            return torch.zeros(0, dtype=torch.uint8, device=self._carrier)
        return torch.frombuffer(content, dtype=torch.uint8).to(self._carrier)

    @property
    def _carrier(self) -> torch.device:
        """Where small things travel."""
        kind = "cpu" if "cpu" in self._devices else self._devices[0]
        return torch.device(kind)

    def _carried(self, tensor: Tensor) -> Tensor:
        """A copy that can travel."""
        there = tensor.device.type in self._devices
        device = tensor.device if there else self._carrier
        return tensor.detach().to(device, copy=True).contiguous()


_ALONE: ContextVar[bool] = ContextVar("alone", default=False)
_GROUPS: WeakKeyDictionary[Any, Group] = WeakKeyDictionary()


def current_processes() -> Processes:
    """The processes that share what is computed now.

    Those of torch's default process group, where it is initialised and `alone` is not in
    force; all of them must come here, at the first time.
    """
    if _ALONE.get() or not (dist.is_available() and dist.is_initialized()):
        return Processes()
    if dist.get_world_size() == 1:
        return Processes()
    group = dist.group.WORLD
    if group not in _GROUPS:
        _GROUPS[group] = Group()
    return _GROUPS[group]


@contextmanager
def alone() -> Iterator[None]:
    """Let this process compute all by itself for a while, whatever group it is in.

    Yields
    ------
    None
        Nothing: operators that are made meanwhile have all of the data.
    """
    token = _ALONE.set(True)
    try:
        yield
    finally:
        _ALONE.reset(token)


@contextmanager
def joined(backends: str) -> Iterator[Processes]:
    """Join the processes that torchrun started, and leave them at the end.

    Parameters
    ----------
    backends : str
        As torch names them, from `communication_backends`.

    Yields
    ------
    Processes
        All of them.

    Raises
    ------
    InputError
        If they do not come together.
    """
    try:
        dist.init_process_group(backends, timeout=TIMEOUT)
    except (RuntimeError, ValueError) as error:
        first = str(error).partition("\n")[0]
        raise InputError(
            f"process group cannot be joined: torch raised {first}; expected what "
            "torchrun sets: start all processes by one torchrun"
        ) from error
    try:
        yield current_processes()
    finally:
        dist.destroy_process_group()


def _devices() -> list[str]:
    """Types of device whose tensors the default group moves."""
    pairs = dist.get_backend_config().split(",")
    return [pair.partition(":")[0] for pair in pairs]


def _told_of(error: Exception | None) -> str:
    if error is None:
        return ""
    if isinstance(error, InputError):
        return f"input {error}"
    name = "" if isinstance(error, LandtheoryError) else f"{type(error).__name__}: "
    return f"failed {name}{error}"


def _read(text: str) -> tuple[type[Exception], str]:
    kind, _, sentence = text.partition(" ")
    return (InputError if kind == "input" else LandtheoryError), sentence


def _text(content: Tensor) -> str:
    return content.cpu().numpy().tobytes().decode()
