from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest
from rendering_command import Run

from linter.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[..., Run]]:
    """Run the command line in this process, in an empty directory of its own."""
    threshold = gc.get_threshold()
    monkeypatch.chdir(tmp_path)
    for name in ("ASSET_INPUT_DIR", "ASSET_OUTPUT_DIR", "OWNER_REF"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: object) -> Run:
        status = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Run(status, out, err)

    yield call
    gc.set_threshold(*threshold)
    gc.unfreeze()
