"""Fixtures that every test may ask for."""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest
from effort import tried
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from linter.engine.judging import Judge
    from linter.engine.verdict import Verdict
    from linter.facts.scope import Facts
    from linter.sources.scopes import Scope

# The same examples in every run; WPLINT_EXPLORE=1 looks for new ones.
settings.register_profile("wplint", tried(100), derandomize="WPLINT_EXPLORE" not in os.environ)
settings.load_profile("wplint")

# A shell that runs the tests in the background has them ignore Ctrl-C, and all that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Some machines keep no bytecode. The program is started hundreds of times here, and compiling it
# takes longer than all that it then does; compiling the tests takes a tenth of a whole run.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture
def tree(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], str]:
    """Return a function that writes files below a new directory and returns that directory."""

    def write(files: Mapping[str, str | bytes]) -> str:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(tmp_path)

    return write


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list to which the names of the clusters are added that are judged from here on."""
    from linter.engine.judging import Judge

    names: list[str] = []
    verdict = Judge.verdict

    def noted(self: Judge, scope: Scope, variants: Sequence[Facts]) -> Verdict:
        names.append(scope.name)
        return verdict(self, scope, variants)

    monkeypatch.setattr(Judge, "verdict", noted)
    return names


@pytest.fixture
def usual_garbage_collection() -> Iterator[None]:
    """Undo what a command does to the looking for garbage in its process."""
    threshold = gc.get_threshold()
    yield
    gc.set_threshold(*threshold)
    gc.unfreeze()
