from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rendering_command import Run

from linter.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    usual_garbage_collection: None,
) -> Callable[..., Run]:
    """Run the command line in this process, in an empty directory of its own."""
    monkeypatch.chdir(tmp_path)
    for name in ("ASSET_INPUT_DIR", "ASSET_OUTPUT_DIR", "OWNER_REF"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: object) -> Run:
        status = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Run(status, out, err)

    return call
