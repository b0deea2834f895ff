"""A process that repairs trees in children of its own, and kills them when it is told to.

It reads one order a line, as JSON, and answers each with one line: how long the repair ran, and
whether it was killed. Children need not import anything, so many moments can be tried. With
``moments`` in an order the repair is computed once, and written anew for each order that follows,
until one that is empty.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from builders import pool, profile
from fix_samples import removing, rule_that, setting

from linter.engine.findings import Fix, Severity, finding
from linter.engine.rules import Rule
from linter.fix import fix_tree, passes
from linter.fix.journal import NAME
from linter.model.cluster import Cluster  # noqa: TC001 - a rule's parameters are looked at
from linter.sources.text import NewFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from linter.engine.findings import Draft

    Files = dict[str, str]


# --- what is repaired ----------------------------------------------------------------------------


def adding(cluster: Cluster) -> Iterator[Draft]:
    """Every pool called lonely has a file beside its own."""
    there = {found.ref.file.name for found in cluster.facts.pools}
    for found in cluster.facts.pools:
        name = os.path.basename(found.ref.file.name).replace(".yaml", "-new.yaml")
        if found.name == "lonely" and not any(path.endswith(name) for path in there):
            new = NewFile(found.ref.file, name, pool("beside"))
            yield finding(
                "It is alone.", found.ref.label("here"), fix=Fix("", (), creations=(new,))
            )


RULES = (
    rule_that(setting("spec.cpu.reserved", "0")),
    removing("WPL901"),
    Rule("WPL902", "adding", Severity.WARNING, adding),
)
"""Rules of their own, so that no change of the rules that ship makes this a different test."""


def states(number: int) -> tuple[Files, Files]:
    """Return the files of a tree before and after its repair: some change, some go, some come."""
    old: Files = {}
    new: Files = {}
    for n in range(number):
        name = f"{n:03}.yaml"
        if n % 5 == 3:
            old[name] = pool("old")
        elif n % 5 == 4:
            old[name] = new[name] = pool("lonely")
            new[f"{n:03}-new.yaml"] = pool("beside")
        else:
            selector = f'node-role.x/p{n}: ""'
            old[name] = profile("0-1", "2-7", name=f"p{n}", selector=selector)
            new[name] = profile("0", "2-7", name=f"p{n}", selector=selector)
    return old, new


# --- the process ---------------------------------------------------------------------------------


class Killer:
    """The process, as tests see it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, os.path.abspath(__file__)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, **order: Any) -> dict[str, Any]:
        """Give an order, and return what came of it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{json.dumps(order)}\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def end(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(60)
        assert self.process.stdout is not None
        self.process.stdout.close()


def serve() -> None:
    """Do what is ordered until there are no more orders."""
    for order in iter(sys.stdin.readline, ""):
        _ordered(json.loads(order))


def _ordered(order: dict[str, Any]) -> None:
    root = order["root"]
    if not order.get("moments"):
        _answer(_killed(lambda: _repair(root, order), root, order.get("seconds")))
        return
    child = os.fork()
    if not child:
        passes.commit = _again_and_again(passes.commit, root)  # type: ignore[attr-defined]
        _repair(root, {})
        os._exit(0)
    os.waitpid(child, 0)


def _again_and_again(commit: Callable[..., None], root: str) -> Callable[..., None]:
    """Return a function that writes as often as it is ordered to, each time in a child."""

    def committing(*arguments: Any) -> None:
        _answer({})
        while order := json.loads(sys.stdin.readline()):
            _answer(_killed(lambda: commit(*arguments), root, order.get("seconds")))
        _answer({})
        os._exit(0)

    return committing


def _repair(root: str, order: dict[str, Any]) -> None:
    if "call" in order:
        _die_at(order["call"], order["number"])
    fix_tree([root], RULES)


def _die_at(call: str, number: int) -> None:
    """Have this process killed just before a system call."""
    real, left = getattr(os, call), number

    def dying(*arguments: Any, **options: Any) -> Any:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments, **options)

    setattr(os, call, dying)


def _killed(work: Callable[[], None], root: str, seconds: float | None) -> dict[str, Any]:
    """Do something in a child; with ``seconds`` kill it so long after files begin to be written."""
    journal = os.path.join(root, NAME)
    begun = time.monotonic()
    child = os.fork()
    if not child:
        work()
        os._exit(0)
    if seconds is not None:
        while not os.path.exists(journal) and not os.waitid(
            os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT
        ):
            time.sleep(0.0002)
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return {"killed": os.WIFSIGNALED(status), "seconds": time.monotonic() - begun}


def _answer(said: dict[str, Any]) -> None:
    sys.stdout.write(f"{json.dumps(said)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve()
