"""MachineConfigs: files on a node, as Ignition writes them.

Source: openshift/cluster-node-tuning-operator, ``components/machineconfig/machineconfig.go``
(``addContent``): Ignition 3.2.0 in every release, payloads as base64 data URLs.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from linter.records import dataclass
from linter.render.manifest import Manifest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linter.render.error import Path

KIND = "MachineConfig"
API_VERSION = "machineconfiguration.openshift.io/v1"
IGNITION_VERSION = "3.2.0"

_DATA_URL = "data:text/plain;charset=utf-8;base64,"
_MODE = 0o644


@dataclass(frozen=True, slots=True)
class NodeFile:
    """A file that a MachineConfig puts on the node: its path, its text, and what that says.

    ``owned`` spells out the owner and that an existing file is overwritten, both of which are
    Ignition's defaults in a MachineConfig; hand-made manifests have it.
    """

    path: str
    text: str
    says: str
    owned: bool = False


def machine_config(
    file_name: str,
    name: str,
    labels: Mapping[str, str],
    files: Sequence[NodeFile],
    kernel_type: str = "",
) -> Manifest:
    """Return the MachineConfig with these labels that writes these files."""
    spec: dict[str, Any] = {
        "config": {
            "ignition": {"version": IGNITION_VERSION},
            "storage": {"files": [_file(file) for file in files]},
        }
    }
    if kernel_type:
        spec["kernelType"] = kernel_type
    at: Path = ("spec", "config", "storage", "files")
    return Manifest(
        file_name,
        {
            "apiVersion": API_VERSION,
            "kind": KIND,
            "metadata": {"name": name, "labels": dict(labels)},
            "spec": spec,
        },
        {(*at, index, "contents", "source"): file.says for index, file in enumerate(files)},
    )


def data_url(text: str) -> str:
    """Return the data URL that the operator writes for a payload."""
    return _DATA_URL + b64encode(text.encode()).decode("ascii")


def _file(file: NodeFile) -> dict[str, Any]:
    entry: dict[str, Any] = {"path": file.path, "mode": _MODE}
    if file.owned:
        entry |= {"overwrite": True, "user": {"name": "root"}}
    return entry | {"contents": {"source": data_url(file.text)}}
