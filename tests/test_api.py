"""The public names: complete, importable, and none of them a module's name."""

import importlib
from pathlib import Path

import pytest

import landtheory

PACKAGES = ("landtheory", "landtheory.theory", "landtheory.numerics", "landtheory.deep")


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_can_be_imported(package: str) -> None:
    module = importlib.import_module(package)
    assert list(module.__all__) == sorted(
        module.__all__, key=lambda n: (not n.isupper(), not n[0].isupper(), n)
    ) or set(module.__all__) == set(dir(module))
    for name in module.__all__:
        assert getattr(module, name) is not None
    assert (
        set(module.__all__)
        == {
            name
            for name in dir(module)
            if not name.startswith("__") or name == "__version__"
        }
        or package == "landtheory.deep"
    )


@pytest.mark.parametrize("package", PACKAGES)
def test_no_public_name_is_a_module(package: str) -> None:
    module = importlib.import_module(package)
    folder = Path(module.__file__).parent
    modules = {path.stem for path in folder.glob("*.py")}
    assert not modules & set(module.__all__)


@pytest.mark.parametrize("package", PACKAGES[:3])
def test_an_unknown_name_is_an_attribute_error(package: str) -> None:
    module = importlib.import_module(package)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = module.nothing


def test_the_version_is_one() -> None:
    from importlib.metadata import version

    assert landtheory.__version__ == version("landtheory")
