"""The kubelet's pinning file: its presence is what the kubelet looks at, its text is for people.

openshift/kubernetes ``pkg/kubelet/managed/managed.go`` only asks whether the file exists.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from linter.facts.cpus import read_cpuset
from linter.facts.payloads import Undecodable
from linter.records import dataclass, field
from linter.sources.text import Ref
from linter.sources.yaml_tree import compose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linter.facts.cpus import CpuStatement
    from linter.facts.machine_configs import NodeFile

PATH = "/etc/kubernetes/openshift-workload-pinning"


@dataclass(frozen=True, slots=True)
class PinningFile:
    """``/etc/kubernetes/openshift-workload-pinning`` as it is written."""

    file: NodeFile
    cpuset: CpuStatement | None = None
    workloads: Mapping[str, Ref] = field(default_factory=dict)
    problem: Undecodable | None = None


def read_pinning_file(file: NodeFile) -> PinningFile | None:
    """Read the pinning file; None where its contents are not known."""
    source = file.text
    if source is None:
        return None
    try:
        json.loads(source.text)
    except json.JSONDecodeError as error:
        place = Ref(source, error.pos, min(error.pos + 1, len(source.text)))
        return PinningFile(file, problem=Undecodable(f"The text is no JSON: {error.msg}.", place))
    except (RecursionError, ValueError):
        place = Ref(source, 0, 0)
        return PinningFile(file, problem=Undecodable("The text is no usable JSON.", place))
    roots, problem = compose(source)
    if problem is not None or not roots:
        return PinningFile(
            file, problem=Undecodable("The text is no usable JSON.", Ref(source, 0, 0))
        )
    root = roots[0]
    return PinningFile(
        file,
        read_cpuset(root.at("management", "cpuset"), "management.cpuset"),
        {name: root.key_ref(name) for name, _ in root.items()},
    )
