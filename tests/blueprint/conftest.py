"""A page of the whole catalogue: some theorems really run, the others as if."""

from pathlib import Path

import pytest
from support.evidence import FORMAL, changed, keep_all, whole
from support.page import Page

from landtheory.blueprint.page import blueprint_page
from landtheory.evidence.library import Library
from landtheory.evidence.records import RecordFolder
from landtheory.evidence.running import Task, run_tasks
from landtheory.evidence.status import Assessment, assess

REAL = (
    Task(kind="verify", of="T08"),
    Task(kind="verify", of="T17"),
    Task(kind="verify", of="T24"),
    Task(kind="derivation", of="T06"),
    Task(kind="derivation", of="T04"),
    Task(kind="folklore", of="R02b"),
    Task(kind="folklore", of="R08"),
)


@pytest.fixture(scope="session")
def library() -> Library:
    return changed(whole(), formal=FORMAL)


@pytest.fixture(scope="session")
def folder(library: Library, tmp_path_factory: pytest.TempPathFactory) -> RecordFolder:
    made = keep_all(library, tmp_path_factory.mktemp("records"))
    run_tasks(REAL, library, made, budget=0.2, seed=0, progress=lambda *_: None)
    return made


@pytest.fixture(scope="session")
def found(library: Library, folder: RecordFolder) -> Assessment:
    return assess(library, folder)


@pytest.fixture(scope="session")
def text(library: Library, found: Assessment) -> str:
    return blueprint_page(library, found)


@pytest.fixture(scope="session")
def page(text: str) -> Page:
    return Page(text)


@pytest.fixture(scope="session")
def file(text: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(text, encoding="utf-8")
    return path
