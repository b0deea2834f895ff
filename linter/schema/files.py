"""The JSON Schemas of the manifests, as they stand in ``schemas/``.

They say what the API accepts: names, types and enumerations. What the API's webhook refuses beyond
that, and what makes no sense although it is accepted, are rules of their own. Beside the keywords
of JSON Schema (2020-12) they use these:

``x-since``
    The first release that knows the field, such as ``4.15``.
``x-api-versions``
    The API versions that know it, where not all of them do.
``x-judged-by``
    Keyword → the rule that judges it, which then has the say.
``x-grows``
    Releases add fields to this object, so a name in it is reported only if it looks like a known
    one that is misspelt.
``x-any-case``
    What reads this object, and those in it, takes its names in any case, as Go reads JSON.
``x-essential``
    Fields of this object without which the manifest is in vain: a misspelt one is an error. Where
    it is true, so is every unknown field.
``x-refusal``
    What becomes of an object in which something has the wrong type.
"""

from __future__ import annotations

import json
import os
from functools import cache
from typing import TYPE_CHECKING, Any

from linter.records import dataclass
from linter.trees import tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

INSTALL_CONFIG = "install-config"
KUBELET_CONFIGURATION = "kubeletconfig#configuration"
"""The settings of a kubelet, which also stand alone as JSON in an annotation of profiles.

There, unlike in a KubeletConfig, their names are read in any case.
"""

_MACHINE_CONFIGURATION = "machineconfiguration.openshift.io"

OF_KIND: Mapping[tuple[str, str], str] = {
    ("performance.openshift.io", "PerformanceProfile"): "performanceprofile",
    (_MACHINE_CONFIGURATION, "MachineConfig"): "machineconfig",
    (_MACHINE_CONFIGURATION, "MachineConfigPool"): "machineconfigpool",
    (_MACHINE_CONFIGURATION, "KubeletConfig"): "kubeletconfig",
    ("tuned.openshift.io", "Tuned"): "tuned",
    ("config.openshift.io", "Infrastructure"): "infrastructure",
}
"""API group and kind → the name of the schema."""

NAMES = (*sorted(OF_KIND.values()), INSTALL_CONFIG, KUBELET_CONFIGURATION)


@dataclass(frozen=True, slots=True)
class Introduced:
    """A field that not every release, or not every API version, knows.

    ``since`` is a minor release of OpenShift 4; ``api_versions`` is empty where all know it.
    """

    path: tuple[str, ...]
    since: int | None
    api_versions: tuple[str, ...]


@cache
def schema(name: str) -> Mapping[str, Any]:
    """Return a schema as it is written; a part of one is named after ``#``."""
    stem, _, part = name.partition("#")
    if part:
        whole = schema(stem)
        return {**whole["$defs"][part], "$defs": whole["$defs"], "x-any-case": True}
    with open(os.path.join(tree("schemas"), f"{stem}.schema.json"), encoding="utf-8") as file:
        found: Mapping[str, Any] = json.load(file)
    return found


@cache
def introduced(name: str) -> tuple[Introduced, ...]:
    """Return the fields of a schema that came later, an object before what it holds."""
    return tuple(_introduced(schema(name), ()))


def _introduced(part: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Introduced]:
    since, versions = part.get("x-since"), part.get("x-api-versions", ())
    if since is not None or versions:
        yield Introduced(path, int(since.partition(".")[2]) if since else None, tuple(versions))
    for key, below in part.get("properties", {}).items():
        yield from _introduced(below, (*path, key))
