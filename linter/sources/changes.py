"""The files of a git work tree that differ from a commit.

Only ``git rev-parse``, ``merge-base``, ``diff-index --cached``, ``ls-files`` and ``cat-file`` are
run: none of them looks into the files of the work tree, as git would only do through the filters
that a repository brings along. Whether a manifest differs from what is staged is found here, by its
hash. The formats are those of git-diff-index(1) with ``--raw -z``, git-ls-files(1) with
``--stage -z`` and git-cat-file(1) with ``--batch``.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.records import dataclass
from linter.sources.candidates import has_manifest_suffix, printable
from linter.sources.git_command import GitError, run_git

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""What there is before the first commit; git knows it without having it."""

_REGULAR = ("100644", "100755")
_LARGEST = 8 * 2**20
_MOST_BYTES = 256 * 2**20


class ChangesError(Exception):
    """What has changed cannot be told; the message is one line that says why."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from a commit.

    ``since`` is the commit as people call it. ``touched`` are the real paths of files that are
    there and differ; ``former`` are the earlier contents of manifests by their path, whether they
    are there or gone.
    """

    since: str
    touched: frozenset[str]
    former: Mapping[str, bytes]


def changes_since(directory: str, revision: str | None = None) -> Changes:
    """Return what differs in the work tree of a directory, staged or not, new files included.

    Args:
        directory: A directory of the work tree.
        revision: The commit to compare with. Where the branch has left it behind, it is the last
            commit that both have in common. The last commit if left out.

    Raises:
        ChangesError: There is no work tree or no such commit, or git is absent or refuses.

    """
    directory = os.path.realpath(directory)
    try:
        top = _line(run_git(directory, ("rev-parse", "--show-toplevel")))
        base = _base(top, revision)
        options = ("--cached", "--raw", "-z", "--abbrev=64", "--no-renames")
        staged = run_git(top, ("diff-index", *options, "--ignore-submodules=all", base, "--"))
        index = run_git(top, ("ls-files", "--stage", "-z"))
        new = run_git(top, ("ls-files", "-z", "--others", "--exclude-standard"))
        touched = {os.path.join(top, name) for name in os.fsdecode(new).split("\0") if name}
        objects: dict[str, str] = {}
        for name, mode, oid in _changed(os.fsdecode(staged)):
            path = os.path.join(top, name)
            if os.path.lexists(path):
                touched.add(path)
            if mode in _REGULAR and has_manifest_suffix(name):
                objects[path] = oid
        for name, mode, oid in _staged(os.fsdecode(index)):
            path = os.path.join(top, name)
            if mode in _REGULAR and has_manifest_suffix(name) and not _is_same(path, oid):
                if os.path.lexists(path):
                    touched.add(path)
                objects.setdefault(path, oid)
        former = _contents(top, objects)
    except GitError as error:
        raise ChangesError(printable(str(error))) from None
    return Changes(printable(revision or "HEAD"), frozenset(touched), former)


def _base(top: str, revision: str | None) -> str:
    """Return the object name of what to compare with."""
    wanted = f"{revision or 'HEAD'}^{{commit}}"
    try:
        commit = _line(run_git(top, ("rev-parse", "--verify", "--end-of-options", wanted)))
    except GitError:
        if revision is None:
            return _EMPTY_TREE
        raise ChangesError(f"'{printable(revision)}' is no commit of this repository") from None
    if revision is None:
        return commit
    try:
        return _line(run_git(top, ("merge-base", commit, "HEAD"))) or commit
    except GitError:  # nothing in common, or a shallow clone
        return commit


def _line(answer: bytes) -> str:
    return os.fsdecode(answer).removesuffix("\n")


def _changed(raw: str) -> Iterable[tuple[str, str, str]]:
    """Yield the name of each entry that differs, with the mode and the object that it had."""
    fields = raw.split("\0")
    for head, name in zip(fields[::2], fields[1::2], strict=False):
        mode, _, oid, *_ = head.removeprefix(":").split(" ")
        yield name, mode, oid


def _staged(listed: str) -> Iterable[tuple[str, str, str]]:
    """Yield the name of each entry of the index, with its mode and object."""
    for line in listed.split("\0"):
        head, tab, name = line.partition("\t")
        if tab:
            mode, oid, _ = head.split(" ")
            yield name, mode, oid


def _is_same(path: str, oid: str) -> bool:
    """Say whether a file has the contents of an object, be it with other line breaks."""
    import hashlib

    try:
        if os.path.islink(path) or not os.path.isfile(path) or os.path.getsize(path) > _LARGEST:
            return False
        with open(path, "rb") as stream:
            data = stream.read()
    except OSError:
        return False
    make = hashlib.sha1 if len(oid) == 40 else hashlib.sha256
    return any(
        make(b"blob %d\0" % len(text) + text, usedforsecurity=False).hexdigest() == oid
        for text in dict.fromkeys((data, data.replace(b"\r\n", b"\n")))
    )


def _contents(top: str, objects: Mapping[str, str]) -> dict[str, bytes]:
    """Read objects, each of a bounded size and all of them together too."""
    if not objects:
        return {}
    asked = "".join(f"{oid}\n" for oid in objects.values()).encode()
    sizes = run_git(top, ("cat-file", "--batch-check=%(objectsize)"), asked).split(b"\n")
    left = _MOST_BYTES
    wanted: dict[str, str] = {}
    for (path, oid), size in zip(objects.items(), sizes, strict=False):
        if size.isdigit() and int(size) <= min(_LARGEST, left):
            wanted[path] = oid
            left -= int(size)
    answer = run_git(
        top, ("cat-file", "--batch"), "".join(f"{o}\n" for o in wanted.values()).encode()
    )
    contents: dict[str, bytes] = {}
    at = 0
    for path in wanted:
        begin = answer.index(b"\n", at) + 1
        length = int(answer[at:begin].split(b" ")[2])
        contents[path] = answer[begin : begin + length]
        at = begin + length + 1
    return contents
