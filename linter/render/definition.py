"""The CustomResourceDefinition of PerformanceProfile, which releases up to 4.10 lack at first."""

from __future__ import annotations

import os

from linter.trees import tree

FILE_NAME = "performanceprofile.crd.yaml"


def definition_text() -> str:
    """Return the definition as one YAML document: it ships with the program."""
    with open(os.path.join(tree("schemas"), FILE_NAME), encoding="utf-8") as file:
        return file.read()
