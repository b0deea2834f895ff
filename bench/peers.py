"""Programs that read every manifest: how each is run, and how it is known to have read them all.

None of them tries the network, and none does more than it has to. kubeconform finds no schema for
anything, so that it parses and no more, and kube-linter has its default checks.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.measure import environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bench.measure import Timing
    from bench.parts import Bench

_EVERY_OBJECT = """\
checks:
  doNotAutoAddDefaults: true
  include: [every-object]
customChecks:
- name: every-object
  template: required-label
  params: {key: no-such-label}
  scope: {objectKinds: [Any]}
"""
"""A configuration in which kube-linter has something to say of whatever it reads."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A program to compare with; paths follow its words.

    Attributes:
        words: How it is run when it is timed.
        listing: How it is run to name each file that it reads.
        verdict: What is in the end of its output once it has judged what it was given.
        statuses: What it ends with then; it may find something.
        walks: Whether it looks for the files of a directory by itself.

    """

    words: tuple[str, ...]
    listing: tuple[str, ...]
    verdict: re.Pattern[str]
    statuses: frozenset[int] = frozenset({0})
    walks: bool = True

    def command(self, paths: Sequence[str]) -> list[str]:
        """Return what is timed."""
        return [*self.words, *(paths if self.walks else files(paths))]

    def read(self, paths: Sequence[str]) -> set[str]:
        """Return those of the files that the program names as read, in a run of its own."""
        words = [*self.listing, *(paths if self.walks else files(paths))]
        done = subprocess.run(words, capture_output=True, text=True, check=False, env=environment())
        named = set(re.findall(r"/[^\s:\"]+", done.stdout + done.stderr))
        return named & set(files(paths))

    def judged(self, timing: Timing) -> bool:
        """Tell whether the program ended with a verdict, whatever that is."""
        return timing.status in self.statuses and bool(self.verdict.search(timing.output))


def files(paths: Iterable[str]) -> list[str]:
    """Return the manifests below some directories, and those given themselves."""
    found: list[str] = []
    for path in paths:
        if not os.path.isdir(path):
            found.append(path)
        for folder, _, names in os.walk(path):
            found += [os.path.join(folder, name) for name in names if name.endswith(".yaml")]
    return sorted(found)


def installed(folder: str) -> dict[str, Peer]:
    """Return the peers that are on the path, by name.

    Args:
        folder: Where what they are given beside manifests is written.

    """
    return {name: peer for name, peer in _known(folder).items() if shutil.which(name)}


def readers(bench: Bench, peers: Mapping[str, Peer], paths: Sequence[str]) -> dict[str, Peer]:
    """Return the peers that read every one of the files, and say of the others that they do not."""
    wanted = files(paths)
    reading: dict[str, Peer] = {}
    for name, peer in peers.items():
        missing = sorted(set(wanted) - peer.read(paths))
        if missing:
            words = f"{len(missing)} of {len(wanted)} files not read, such as {missing[0]}"
            bench.wrong(f"{name} is not compared: {words}")
        else:
            reading[name] = peer
    return reading


def compared(bench: Bench, peers: Mapping[str, Peer], timings: Mapping[str, Timing]) -> list[str]:
    """Return the names of the peers that came to a verdict, and say of the others that none did."""
    judged: list[str] = []
    for name, peer in peers.items():
        timing = timings[name]
        if peer.judged(timing):
            judged.append(name)
        else:
            said = timing.output.strip()[-200:]
            bench.wrong(f"{name} is not compared: no verdict, status {timing.status}: {said}")
    return judged


def _known(folder: str) -> dict[str, Peer]:
    schema = _written(os.path.join(folder, "object.schema.json"), '{"type": "object"}\n')
    everything = _written(os.path.join(folder, "kube-linter.yaml"), _EVERY_OBJECT)
    kubeconform = (
        "kubeconform",
        *("-n", str(os.cpu_count()), "-summary", "-ignore-missing-schemas"),
        *("-schema-location", os.path.join(folder, "no-schemas", "{{.ResourceKind}}.json")),
    )
    return {
        "yamllint": Peer(
            ("yamllint", "-d", "relaxed"), ("yamllint", "--list-files"), re.compile("")
        ),
        "check-jsonschema": Peer(
            ("check-jsonschema", "--schemafile", schema),
            ("check-jsonschema", "-v", "-o", "json", "--schemafile", schema),
            re.compile("^ok", re.MULTILINE),
            walks=False,
        ),
        "kubeconform": Peer(
            kubeconform,
            (*kubeconform, "-verbose"),
            re.compile(r"^Summary: \d+ resources? found in \d+ files?", re.MULTILINE),
            frozenset({0, 1}),
        ),
        "kube-linter": Peer(
            ("kube-linter", "lint"),
            ("kube-linter", "lint", "--verbose", "--config", everything),
            re.compile(r"^(No lint errors found!|Error: found \d+ lint errors)", re.MULTILINE),
            frozenset({0, 1}),
        ),
    }


def _written(path: str, text: str) -> str:
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text)
    return path
