"""Every example in a docstring, run; the driver imports by the package's own name."""

import doctest
import importlib
import pkgutil

import pytest

import landtheory

MODULES = [
    module.name
    for module in pkgutil.walk_packages(landtheory.__path__, "landtheory.")
    if not module.name.startswith(("landtheory.tests", "landtheory.benchmarks"))
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0
