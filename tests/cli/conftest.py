from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from command_line import Run, cluster

from linter.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A cluster in which everything agrees."""
    return cluster(tmp_path / "sound")


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A cluster in which CRI-O and the kubelet's file say 0-1,20-24 and the profile 0-1,20-21."""
    return cluster(tmp_path / "broken", pinned="0-1,20-24")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], usual_garbage_collection: None) -> Callable[..., Run]:
    """Run the command line in this process, which is ten times as fast as in one of its own."""

    def call(*arguments: object) -> Run:
        status = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Run(status, out, err)

    return call
