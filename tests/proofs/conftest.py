"""One cache of compiled files, and one check of the small library, in each process."""

from pathlib import Path
from typing import Any

import pytest
from support.coq import checked, small


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("proofs")


@pytest.fixture(scope="session")
def honest(cache: Path) -> dict[str, Any]:
    return checked(small(), cache, thorough=True, required=("T06", "R03"))
