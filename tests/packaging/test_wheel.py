"""The wheel and the source distribution, built for real."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from network import installs
from wheel_contents import PROJECT, problems

from linter import __version__

pytest.importorskip("hatchling", reason="hatchling builds the wheel: pip install hatchling")


def build(target: str, source: Path, into: Path) -> Path:
    """Build a ``wheel`` or ``sdist`` of a source tree; return the archive."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", target]
    done = subprocess.run(
        [*command, "--directory", str(into)],
        cwd=source,
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (archive,) = into.iterdir()
    return archive


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", PROJECT, tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_one_import_package(wheel: Path) -> None:
    assert problems(wheel) == []
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert tops == {"linter", f"wplint-{__version__}.dist-info"}


@installs
def test_the_source_distribution_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    archive = build("sdist", PROJECT, tmp_path / "sdist")
    with tarfile.open(archive) as sources:
        sources.extractall(tmp_path, filter="data")
    again = build("wheel", tmp_path / f"wplint-{__version__}", tmp_path / "again")
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(again) as other:
        assert sorted(one.namelist()) == sorted(other.namelist())
        for name in one.namelist():
            assert one.read(name) == other.read(name), name


@installs
def test_the_wheel_works_without_the_repository(wheel: Path, tmp_path: Path) -> None:
    """Rules and their pages are found inside the package."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")

    def wplint(folder: Path, *arguments: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", "from linter.cli import main; main()", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(folder)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    for arguments in (["rules"], ["explain", "WPL301"], ["lint", "-o", "json", "."]):
        assert wplint(tmp_path / "site", *arguments) == wplint(PROJECT, *arguments) != ""
    where = "import linter.engine.loader as loader; print(loader.tree('rules'))"
    found = subprocess.run(
        [sys.executable, "-c", where],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert Path(found) == tmp_path / "site" / "linter" / "rules"


def test_the_version_is_stated_once_more_and_the_same() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    assert project["version"] == __version__
    assert f"## [{__version__}]" in (PROJECT / "CHANGELOG.md").read_text()
