"""The validators of those who defined the formats, fetched from the registries on demand.

They are large and need a network, so they are used only where ``WPLINT_VALIDATORS`` names a folder
to keep them in; ``.ci/run`` does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from network import skip_if_offline

SARIF = "@microsoft/sarif-multitool@5.7.0"
PYTEST = "pytest==8.4.2"
"""Its source distribution holds junit-10.xsd of jenkinsci/xunit-plugin, against which it tests."""

XMLSCHEMA = "xmlschema>=4,<5"


def folder() -> Path:
    """Return where validators are kept, or skip the test."""
    kept = os.environ.get("WPLINT_VALIDATORS")
    if not kept:
        pytest.skip("set WPLINT_VALIDATORS to a folder to fetch and run the validators of services")
    path = Path(kept).absolute()
    path.mkdir(parents=True, exist_ok=True)
    return path


def _fetch(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    said = done.stdout + done.stderr
    if done.returncode:
        skip_if_offline(said)
    assert done.returncode == 0, said


def sarif_multitool() -> Path:
    """Return the folder of Microsoft's validator of SARIF; the test is skipped without npm."""
    kept = folder() / "npm"
    package = kept / "node_modules" / "@microsoft" / "sarif-multitool-linux"
    if not package.exists():
        npm = shutil.which("npm")
        if npm is None or not sys.platform.startswith("linux"):
            pytest.skip("the validator of SARIF needs npm, and Linux")
        _fetch(npm, "install", "--no-audit", "--no-fund", "--prefix", str(kept), SARIF)
    return package


def junit_schema() -> Any:
    """Return the published schema of JUnit reports, ready to validate with."""
    kept = folder() / "junit"
    if not (kept / "lib" / "xmlschema").exists():
        pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
        _fetch(*pip, "install", "--quiet", "--target", str(kept / "lib"), XMLSCHEMA)
        source = ("--no-deps", "--no-binary", ":all:", "--dest", str(kept))
        _fetch(*pip, "download", "--quiet", *source, PYTEST)
        shutil.unpack_archive(next(kept.glob("pytest-*.tar.gz")), kept, filter="data")
    (found,) = kept.glob("pytest-*/testing/example_scripts/junit-10.xsd")
    sys.path.insert(0, str(kept / "lib"))
    try:
        from xmlschema import XMLSchema
    finally:
        sys.path.remove(str(kept / "lib"))
    return XMLSchema(str(found))
