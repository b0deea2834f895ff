"""Reports under the validators of those who defined the formats.

``WPLINT_VALIDATORS=folder pytest tests/report/test_report_validators.py`` runs them.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import jsonschema
import pytest
import report_samples as samples
from builders import rules
from service_validators import junit_schema, sarif_multitool
from test_report_hostile import HOSTILE, outcome_of

from linter.engine.outcome import Outcome
from linter.engine.run import lint
from linter.records import replace
from linter.report import render

EXAMPLES = Path(__file__).parents[2] / "examples"


def outcomes() -> dict[str, Outcome]:
    """What the renderers meet, by a name for the file."""
    known = {
        "everything": samples.everything(),
        "awkward": samples.awkward(),
        "clean": samples.clean(),
        "nothing": Outcome(),
        "all-rules": replace(samples.clean(), rules=rules()),
        "examples": lint([str(EXAMPLES)], rules()),
    }
    return known | {f"hostile-{n}": outcome_of(text) for n, text in enumerate(HOSTILE)}


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of SARIF logs."""
    folder = tmp_path_factory.mktemp("sarif")
    for name, outcome in outcomes().items():
        (folder / f"{name}.sarif").write_text(render("sarif", outcome))
    return folder


def test_sarif_is_valid_under_the_schema_of_the_standard(logs: Path) -> None:
    schema = json.loads((sarif_multitool() / "sarif-2.1.0.json").read_text("utf-8-sig"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    for log in sorted(logs.iterdir()):
        assert not [error.message for error in validator.iter_errors(json.loads(log.read_text()))]


def test_sarif_has_no_errors_and_no_warnings_under_the_rules_of_github(logs: Path) -> None:
    done = subprocess.run(
        [
            str(sarif_multitool() / "Sarif.Multitool"),
            "validate",
            str(logs / "*.sarif"),
            "--rule-kind",
            "Sarif;Gh",
            "--level",
            "Error;Warning;Note",
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert f"{len(list(logs.iterdir()))} files scanned" in done.stdout
    assert "Analysis completed successfully" in done.stdout
    said = [line for line in done.stdout.splitlines() if re.search(r": (?:error|warning)\b", line)]
    assert not said
    assert done.returncode == 0


def test_junit_is_valid_under_the_published_schema() -> None:
    schema = junit_schema()
    for name, outcome in outcomes().items():
        errors = [error.reason for error in schema.iter_errors(render("junit", outcome))]
        assert not errors, name
