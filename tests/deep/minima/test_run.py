"""minima/run.py: a run killed at each of its files, and means by plain arithmetic."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from landtheory.deep import result_folder
from landtheory.deep.minima import folder as folders
from landtheory.deep.minima.folder import MinimaFolder
from landtheory.deep.minima.minimum import Minimum
from landtheory.deep.minima.run import (
    PreparedMinima,
    levels,
    prepare_minima,
    run_minima,
)
from landtheory.deep.minima.search import Search
from landtheory.deep.minima.settings import MinimaSettings

SETTINGS = MinimaSettings(
    model="relu:24", data="digits", attack=(0.0, 0.5), seeds=2, seed=1, samples=30,
    labels="parity", loss="squared", initialisation="kaiming", device="cpu",
    dtype="float32",
)  # fmt: skip
HEAD: dict[str, Any] = {"version": "1", "settings": SETTINGS.record()}


@cache
def prepared() -> PreparedMinima:
    return prepare_minima(SETTINGS)


def finished(out: Path, *, resume: bool = False) -> dict[str, bytes]:
    """Run to the end, and give each file's content without the time it took."""
    folder = MinimaFolder(out, HEAD, resume=resume)
    if not folder.complete:
        folder.begin(prepared().digest)
        found = run_minima(SETTINGS, prepared(), folder=folder, progress=_silent)
        del found["timing"]
        folder.write_result(HEAD | found)
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file()
    }


def _silent(stage: str, done: int, of: int) -> None:
    del stage, done, of


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return finished(tmp_path_factory.mktemp("whole") / "run")


def test_every_minimum_is_kept(whole: dict[str, bytes]) -> None:
    stems = [f"minima/attack-{f}-seed-{s}" for f in ("0.0", "0.5") for s in (1, 2)]
    files = {f"{stem}.{kind}" for stem in stems for kind in ("json", "safetensors")}
    assert set(whole) == files | {"manifest.json", "result.json"}


def killed_at(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop as by a signal before the n-th file is written, for each way of writing."""
    left = [n]

    def counted(write: Callable[..., None]) -> Callable[..., None]:
        def written(*arguments: Any) -> None:
            if left[0] == 0:
                raise KeyboardInterrupt
            left[0] -= 1
            write(*arguments)

        return written

    for room, name in (
        (folders, "write_bytes"),
        (folders, "write_text"),
        (result_folder, "write_text"),
    ):
        monkeypatch.setattr(room, name, counted(getattr(room, name)))


@pytest.mark.parametrize("n", range(10))
def test_a_run_killed_at_any_file_resumes_to_the_same_bytes(
    tmp_path: Path, whole: dict[str, bytes], n: int
) -> None:
    out = tmp_path / "run"
    with pytest.MonkeyPatch.context() as monkeypatch:
        killed_at(n, monkeypatch)
        with pytest.raises(KeyboardInterrupt):
            finished(out)
    assert not (out / "result.json").exists()
    assert finished(out, resume=True) == whole
    assert finished(out, resume=True) == whole


def test_groups_that_are_there_are_not_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        killed_at(6, patch)
        with pytest.raises(KeyboardInterrupt):
            finished(tmp_path / "run")
    run: list[object] = []
    own = Search.run

    def counted(self: Any, group: Any, **named: Any) -> tuple[Minimum, ...]:
        run.append(group)
        return own(self, group, **named)

    monkeypatch.setattr(Search, "run", counted)
    finished(tmp_path / "run", resume=True)
    assert run == [prepared().search.groups[1]]


def test_other_samples_and_starts_have_other_digests() -> None:
    again = prepare_minima(MinimaSettings.of(SETTINGS.record()))
    assert again.digest == prepared().digest
    for change in ({"seed": 2}, {"initialisation": "small"}, {"samples": 31}):
        other = MinimaSettings.of(SETTINGS.record() | change)
        assert prepare_minima(other).digest != prepared().digest


def test_levels_are_means_over_those_that_converged() -> None:
    found = [
        minimum
        for group in prepared().search.groups
        for minimum in prepared().search.run(group)
    ]
    first, second = levels(found)
    assert (first["fraction"], first["attacked"], first["seeds"]) == (0.0, 0, 2)
    assert (second["fraction"], second["attacked"], second["converged"]) == (0.5, 15, 2)
    a, b = (minimum.test_accuracy for minimum in found[2:])
    assert second["test_accuracy"] == pytest.approx((a + b) / 2)
    deviation = abs(a - b) / 2**0.5
    assert second["test_accuracy_deviation"] == pytest.approx(deviation)
    before = mean(minimum.first.test_accuracy for minimum in found[2:])
    assert second["test_accuracy_before_polish"] == pytest.approx(before)
    assert second["clean_accuracy"] == 1
    lost = [_missing(minimum) for minimum in found[:3]] + found[3:]
    none, one = levels(lost)
    assert (none["seeds"], none["converged"], none["test_accuracy"]) == (2, 0, None)
    assert one["converged"] == 1
    assert one["test_accuracy"] == found[3].test_accuracy
    assert one["test_accuracy_deviation"] is None


def _missing(minimum: Minimum) -> Minimum:
    values = {name: getattr(minimum, name) for name in Minimum.__dataclass_fields__}
    return Minimum(**values | {"converged": False, "reason": "it was lost"})


def test_those_that_miss_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    own = Search.run

    def lost(self: Any, group: Any, **named: Any) -> tuple[Minimum, ...]:
        first, *others = own(self, group, **named)
        return (_missing(first), *others)

    monkeypatch.setattr(Search, "run", lost)
    record = run_minima(SETTINGS, prepared(), folder=None, progress=_silent)
    assert record["notices"] == [
        "attack 0, seed 1: it was lost",
        "attack 0.5, seed 1: it was lost",
    ]
    assert len(record["minima"]) == 4
    assert [level["converged"] for level in record["levels"]] == [1, 1]
    assert record["network"] == {
        "model": "relu:24", "data": "digits", "p": 1585, "outputs": 1, "n": 30,
        "n_test": 1752, "device": "cpu",
    }  # fmt: skip


def test_stages_are_told() -> None:
    told: list[tuple[str, int, int]] = []
    run_minima(
        SETTINGS, prepared(), folder=None, progress=lambda *given: told.append(given)
    )
    assert told[0] == ("group 1 of 2, attack 0", 0, 7000)
    assert {stage for stage, _, _ in told} == {
        "group 1 of 2, attack 0",
        "group 2 of 2, attack 0.5",
    }
