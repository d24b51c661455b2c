"""proofs/build.py: what is compiled belongs to its sources, and nothing stale is used."""

import json
import os
import shutil
import time
from pathlib import Path

import pytest
from support.coq import changed, checked, extended, needs_coq, small, write

from landtheory.errors import InputError, RecordError
from landtheory.proofs.build import Build, Compiled, build, workspace
from landtheory.proofs.processes import processes
from landtheory.proofs.sources import Sources, read_sources
from landtheory.proofs.toolchain import find_toolchain


def silent(stage: str, done: int, of: int, /) -> None:
    del stage, done, of


def compiled(sources: Sources, cache: Path, folder: Path) -> Build:
    with processes(2) as pool:
        return build(
            sources, find_toolchain(), folder, cache=cache, pool=pool, progress=silent
        )


def reused(made: Build) -> set[str]:
    return {name for name, one in made.compiled.items() if one.reused}


@needs_coq
def test_only_what_rests_on_a_change_is_compiled_again(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    for name in "abcde":
        (tmp_path / name).mkdir()
    first = compiled(small(), cache, tmp_path / "a")
    assert (first.whole, reused(first)) == (True, set())
    assert first.order.index("Means") < first.order.index("Statements")
    assert first.requires["NonVacuity"] == ("Counts", "Means", "Statements")
    assert first.dependents("Counts") == ("Statements", "NonVacuity")
    second = compiled(small(), cache, tmp_path / "b")
    assert reused(second) == set(small().texts)
    assert second.compiled["Means"].seconds == first.compiled["Means"].seconds > 0
    assert second.compiled["Means"].timings == first.compiled["Means"].timings
    # another text of the same proof: what rests on it finds nothing changed
    other = changed("exists n. unfold", "exists n; unfold", file="Counts")
    third = compiled(other, cache, tmp_path / "c")
    assert reused(third) == {"Means", "Statements", "NonVacuity"}
    more = extended({"Counts": "Definition thrice (n : nat) := n + n + n.\n"})
    assert reused(compiled(more, cache, tmp_path / "e")) == {"Means"}
    # a damaged file of the store is not used
    for shelf in (cache / "objects").iterdir():
        kept = shelf / "Means.vo"
        if kept.is_file():
            kept.write_bytes(kept.read_bytes()[:-1] + b"x")
    fourth = compiled(small(), cache, tmp_path / "d")
    assert "Means" not in reused(fourth)
    assert fourth.whole


@needs_coq
def test_what_is_compiled_beside_the_sources_is_not_used(
    tmp_path: Path, cache: Path
) -> None:
    good = write(small(), tmp_path / "good")
    made_in = tmp_path / "made"
    made_in.mkdir()
    compiled(small(), cache, made_in)
    for path in (*made_in.glob("*.vo"), *made_in.glob("*.glob")):
        shutil.copy(path, good)
    text = (good / "Means.v").read_text(encoding="utf-8")
    (good / "Means.v").write_text(
        text.replace("unfold mean. lra. Qed.", "Qed.", 1), encoding="utf-8"
    )
    before = {path.name: path.read_bytes() for path in good.iterdir()}
    record = checked(read_sources(good), cache)
    told = [one["sentence"] for one in record["refusals"]]
    assert len(told) == 1
    assert told[0].startswith("Means.v does not compile, line 21: (in proof mean_le)")
    assert not any(row["checked"] for row in record["statements"].values())
    assert {path.name: path.read_bytes() for path in good.iterdir()} == before


@needs_coq
def test_a_failed_build_leaves_nothing_behind(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    broken = changed("pose proof (h 0 4) as H.", "idtac.")
    record = checked(broken, cache)
    assert record["refusals"][0]["sentence"].startswith("Means.v does not compile")
    kept = [
        json.loads((shelf / "made.json").read_text(encoding="utf-8"))["file"]
        for shelf in (cache / "objects").iterdir()
    ]
    assert kept == ["Counts"]
    assert not list(cache.glob("work-*"))


def test_closures_follow_what_files_require() -> None:
    requires = {"A": (), "B": ("A",), "C": ("B",), "D": ("A",)}
    made = Build(Path(), ("A", "B", "C", "D"), requires)
    assert made.closure("C") == ("A", "B", "C")
    assert made.dependents("B") == ("C",)
    assert made.dependents("A") == ("B", "C", "D")
    made.compiled = {"A": Compiled("", 0.0, ())}
    assert not made.whole


def test_a_cache_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(RecordError, match=r"cache .* cannot be written"),
        workspace(tmp_path / "file" / "cache"),
    ):
        pass


def test_what_nobody_needs_is_tidied_away(tmp_path: Path) -> None:
    old, kept = time.time() - 40 * 86_400, time.time() - 2 * 86_400
    ages = {"work-a": old, "work-b": kept, "objects/a": old, "objects/b": kept}
    for name, age in ages.items():
        (tmp_path / name).mkdir(parents=True)
        os.utime(tmp_path / name, (age, age))
    with workspace(tmp_path) as folder:
        assert sorted(tmp_path.glob("*/*")) == [tmp_path / "objects/b"]
        assert sorted(tmp_path.glob("work-*")) == [folder]
    assert not folder.exists()


def test_what_is_no_library(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"expected a folder with \.v files"):
        read_sources(tmp_path)
    folder = write(small(), tmp_path / "copy")
    (folder / "not-a-name.v").touch()
    with pytest.raises(InputError, match=r"file is 'not-a-name\.v'; expected letters"):
        read_sources(folder)
    (folder / "not-a-name.v").rename(folder / "Name.v").write_bytes(b"\xff")
    with pytest.raises(InputError, match="expected UTF-8"):
        read_sources(folder)


def test_the_digest_covers_every_file() -> None:
    old = small()
    others = [
        old.with_text("Means", "x"),
        Sources(old.folder, old.texts, old.project + "\n", old.mutants),
        Sources(old.folder, old.texts, old.project, None),
        old.with_text("More", ""),
    ]
    assert len({one.digest for one in (old, *others)}) == 5
