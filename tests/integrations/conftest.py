from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scratch_repository import scratch_repository
from simulated_services import Machine

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    (tmp_path / "machine").mkdir()
    return Machine(tmp_path / "machine")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A git repository with a cluster whose files disagree with its profile."""
    return scratch_repository(tmp_path / "work tree")
