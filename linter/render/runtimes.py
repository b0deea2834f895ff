"""``99-runtimes.conf``: where CRI-O's own processes run, and the high-performance runtime.

Source: openshift/cluster-node-tuning-operator, ``assets/performanceprofile/configs/
99-runtimes.conf`` per release branch, and ``getContainerRuntimeName`` of ``cmd/render/render.go``
(4.13 to 4.17). Our text has the same tables and values; comments and blank lines differ.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from linter.model.releases import (
    DYNAMIC_RUNTIME,
    EXEC_CPU_AFFINITY,
    INHERIT_DEFAULT_RUNTIME,
    INJECTED_GOMAXPROCS,
    POWER_ANNOTATIONS,
)
from linter.records import dataclass
from linter.render.error import RenderError
from linter.render.fields import Fields, quoted
from linter.render.pinning import CRIO_DROPIN_FOLDER
from linter.render.pool import read_selector

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linter.formats.label_selector import LabelSelector
    from linter.model.releases import Releases
    from linter.render.error import Subject
    from linter.render.pool import PoolInput
    from linter.render.profile import CpuList, ProfileInput

RUNTIMES = f"{CRIO_DROPIN_FOLDER}/99-runtimes.conf"
HANDLER = "high-performance"
CONTAINER_RUNTIME = "ContainerRuntimeConfig"

_EXEC_AFFINITY = "performance.openshift.io/exec-cpu-affinity"
_MIN_GOMAXPROCS = 4
_ANNOTATIONS = ("cpu-load-balancing.crio.io", "cpu-quota.crio.io", "irq-load-balancing.crio.io")
_OF_POWER = ("cpu-c-states.crio.io", "cpu-freq-governor.crio.io")
_OF_SHARED_CPUS = "cpu-shared.crio.io"
_RUNC = ("/bin/runc", "/run/runc")
_CRUN = ("/usr/bin/crun", "/run/crun")


def runtimes_text(
    profile: ProfileInput, shared: CpuList | None, default_runtime: str, releases: Releases
) -> str:
    """Return the drop-in's text.

    ``shared`` is given where mixed CPUs are on; ``default_runtime`` is ``runc`` or ``crun``.
    """
    lines = ["[crio.runtime]", f'infra_ctr_cpuset = "{profile.cpu.reserved.text}"']
    if shared:
        lines.append(f'shared_cpuset = "{shared.text}"')
    if releases.has(INJECTED_GOMAXPROCS):
        lines.append(f"min_injected_gomaxprocs = {_MIN_GOMAXPROCS}")
    if not releases.has(INHERIT_DEFAULT_RUNTIME):
        # A drop-in that names runtimes replaces the whole table, the default runtime included.
        lines += ["", "[crio.runtime.runtimes.runc]", *_runtime("", _RUNC[1])]
    lines += ["", f"[crio.runtime.runtimes.{HANDLER}]"]
    if releases.has(INHERIT_DEFAULT_RUNTIME):
        lines.append("inherit_default_runtime = true")
    elif releases.has(DYNAMIC_RUNTIME) and default_runtime == "crun":
        lines += _runtime(*_CRUN)
    else:
        lines += _runtime(*_RUNC)
    if releases.has(EXEC_CPU_AFFINITY):
        if profile.annotations.get(_EXEC_AFFINITY) != "disable":
            lines.append('exec_cpu_affinity = "first"')
        lines.append('default_annotations = { "run.oci.systemd.subgroup" = "" }')
    allowed = [
        *_ANNOTATIONS,
        *(_OF_POWER if releases.has(POWER_ANNOTATIONS) else ()),
        *([_OF_SHARED_CPUS] if shared else []),
    ]
    lines.append(f"allowed_annotations = {json.dumps(allowed)}")
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class RuntimeChoice:
    """A ContainerRuntimeConfig: which pools (None: none) get which default runtime."""

    subject: Subject
    selector: LabelSelector | None
    runtime: str

    @classmethod
    def read(cls, manifest: object) -> RuntimeChoice:
        """Read a ContainerRuntimeConfig.

        Raises:
            RenderError: A field is of the wrong type, or the selector is not a valid one.

        """
        top = Fields.of_object(manifest, CONTAINER_RUNTIME)
        spec = top.fields("spec")
        pools = "machineConfigPoolSelector"
        selector = read_selector(spec.fields(pools)) if spec.has(pools) else None
        runtime = spec.fields("containerRuntimeConfig").text("defaultRuntime")
        return cls(top.subject, selector, runtime or "runc")


def default_runtime(
    choices: Iterable[RuntimeChoice], pool: PoolInput | None, releases: Releases
) -> str:
    """Return the runtime that is the pool's default, ``runc`` where nothing chooses another.

    It matters from 4.13 to 4.17 only.

    Raises:
        RenderError: More than one ContainerRuntimeConfig selects the pool.

    """
    if pool is None or not releases.has(DYNAMIC_RUNTIME):
        return "runc"
    chosen = [one for one in choices if one.selector and one.selector.matches(pool.labels)]
    if len(chosen) > 1:
        first, second = chosen[0].subject, chosen[1].subject
        raise RenderError(
            f"pool {pool.name} has {len(chosen)} ContainerRuntimeConfigs, among them "
            f"{quoted(first.name)} and {quoted(second.name)}; one pool has one default runtime",
            second.kind,
            second.name,
            ("spec", "machineConfigPoolSelector"),
        )
    return chosen[0].runtime if chosen else "runc"


def _runtime(path: str, root: str) -> list[str]:
    return [f'runtime_path = "{path}"', 'runtime_type = "oci"', f'runtime_root = "{root}"']
