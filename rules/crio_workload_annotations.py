"""The annotations by which CRI-O recognises management pods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, Fix, Replacement, finding, rule
from linter.facts.crio import ANNOTATIONS, MANAGEMENT
from linter.sources.fields import is_template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.contents import ConfigContents

_ACTIVATION = "activation_annotation"


@rule("WPL319", severity=ERROR)
def crio_workload_annotations(contents: ConfigContents) -> Iterator[Draft]:
    """CRI-O's management workload carries the annotations that OpenShift sets on pods."""
    for drop_in in contents.drop_ins:
        workload = drop_in.workloads.get(MANAGEMENT)
        if workload is None:
            continue
        stated = {
            _ACTIVATION: workload.activation_annotation,
            "annotation_prefix": workload.annotation_prefix,
        }
        for key, (value, ref) in ((key, entry or ("", None)) for key, entry in stated.items()):
            wanted = ANNOTATIONS[key]
            if value == wanted or is_template(value):
                continue
            said = "not set" if ref is None else f"'{value}'"
            place = workload.keys.get(key, workload.ref) if ref is None else ref
            pins = "CRI-O does not start: it wants an annotation for every workload."
            if value:
                pins = "CRI-O does not recognise management pods and pins none of them."
            yield finding(
                f"{key} of CRI-O's management workload is {said}, "
                f"but OpenShift marks management pods with '{wanted}'.",
                place.label("this workload" if ref is None else "this annotation"),
                effect=pins
                if key == _ACTIVATION
                else "Management pods are pinned, but not given the CPU shares they ask for.",
                advice=f'Set {key} = "{wanted}".',
                severity=ERROR if key == _ACTIVATION else WARNING,
                fix=Fix(f"set {key}", (Replacement(ref, wanted),)) if ref is not None else None,
            )
