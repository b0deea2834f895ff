"""KubeletConfig ``performance-<profile>``.

Source: openshift/cluster-node-tuning-operator, ``components/kubeletconfig/kubeletconfig.go`` per
release branch (4.8 to 4.10: openshift-kni/performance-addon-operators). The operator serialises a
Go structure, so its object has further keys with zero values, which the Machine Config Operator
ignores; ours has the keys that say something. Unknown keys of the snippet annotation, which the
operator drops, are kept.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from linter.model.releases import (
    FULL_EVICTION_DEFAULTS,
    FULL_PCPUS_ONLY,
    NORMALISED_RESERVED,
    OVS_DPDK,
    STATIC_MEMORY_MANAGER,
)
from linter.render import quantity
from linter.render.fields import Fields
from linter.render.machine_config import API_VERSION
from linter.render.manifest import Manifest
from linter.render.plain_data import refuse_unwritable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linter.model.releases import Releases
    from linter.render.profile import CpuList, ProfileInput

SNIPPET = "kubeletconfig.experimental"

_SNIPPET_PATH = ("metadata", "annotations", SNIPPET)
_MEMORY = "memory"
_MEMORY_THRESHOLD = "memory.available"
_RESERVED_MEMORY = "500Mi"
_THRESHOLDS = {"nodefs.available": "10%", "imagefs.available": "15%", "nodefs.inodesFree": "5%"}
_NUMA_POLICIES = ("restricted", "single-numa-node")


def kubelet_config(
    profile: ProfileInput,
    pool_labels: Mapping[str, str],
    releases: Releases,
    *,
    shared: CpuList | None = None,
    managed_by_dra: bool = False,
) -> Manifest:
    """Return the profile's KubeletConfig, which selects pools by ``pool_labels``.

    ``shared`` is given where mixed CPUs are on. ``managed_by_dra`` leaves CPUs and memory to a DRA
    driver.

    Raises:
        RenderError: The snippet annotation is not a JSON object, or a setting in it that the
            profile completes is of the wrong type.

    """
    settings = _snippet(profile)
    if managed_by_dra:
        settings |= {
            "cpuManagerPolicy": "none",
            "cpuManagerPolicyOptions": {},
            "topologyManagerPolicy": "none",
            "memoryManagerPolicy": "None",
        }
    else:
        _complete(settings, profile, releases, shared)
    for key in ("apiVersion", "kind"):
        settings.pop(key, None)
    selector = {"matchLabels": dict(pool_labels)} if pool_labels else {}
    return Manifest(
        f"{profile.name}_kubeletconfig.yaml",
        {
            "apiVersion": API_VERSION,
            "kind": "KubeletConfig",
            "metadata": {"name": f"performance-{profile.name}"},
            "spec": {
                "machineConfigPoolSelector": selector,
                "kubeletConfig": {
                    "apiVersion": "kubelet.config.k8s.io/v1beta1",
                    "kind": "KubeletConfiguration",
                    **{key: settings[key] for key in sorted(settings)},
                },
            },
        },
    )


def reserved_system_cpus(profile: ProfileInput, shared: CpuList | None, releases: Releases) -> str:
    """Return the text of ``reservedSystemCPUs``."""
    reserved = profile.cpu.reserved
    if not releases.has(NORMALISED_RESERVED):
        return str(reserved.cpus | shared.cpus) if shared else reserved.text
    cpus = reserved.cpus
    for more in (profile.cpu.ovs_dpdk if releases.has(OVS_DPDK) else None, shared):
        cpus = cpus | more.cpus if more else cpus
    return str(cpus)


def _complete(
    settings: dict[str, Any], profile: ProfileInput, releases: Releases, shared: CpuList | None
) -> None:
    """Write the profile's settings into those of the snippet."""
    eviction = _amounts(settings, "evictionHard", profile)
    eviction.setdefault(_MEMORY_THRESHOLD, "100Mi")
    if releases.has(FULL_EVICTION_DEFAULTS):
        for name, threshold in _THRESHOLDS.items():
            eviction.setdefault(name, threshold)
    kube = _amounts(settings, "kubeReserved", profile)
    system = _amounts(settings, "systemReserved", profile)
    kube.setdefault(_MEMORY, _RESERVED_MEMORY)
    system.setdefault(_MEMORY, _RESERVED_MEMORY)
    policy = profile.topology_policy or "best-effort"
    settings |= {
        "cpuManagerPolicy": "static",
        "cpuManagerReconcilePeriod": "5s",
        "topologyManagerPolicy": policy,
        "reservedSystemCPUs": reserved_system_cpus(profile, shared, releases),
        "evictionHard": dict(sorted(eviction.items())),
        "kubeReserved": dict(sorted(kube.items())),
        "systemReserved": dict(sorted(system.items())),
    }
    if policy not in _NUMA_POLICIES or not releases.has(STATIC_MEMORY_MANAGER):
        return
    settings["memoryManagerPolicy"] = "Static"
    if settings.get("reservedMemory") is None:
        amounts = (kube[_MEMORY], system[_MEMORY], eviction[_MEMORY_THRESHOLD])
        try:
            memory = quantity.total(amounts)
        except ValueError as problem:
            raise profile.error(
                f"the memory reserved on NUMA node 0 cannot be summed: {problem}", *_SNIPPET_PATH
            ) from problem
        settings["reservedMemory"] = [{"numaNode": 0, "limits": {_MEMORY: memory}}]
    if policy == "single-numa-node" and releases.has(FULL_PCPUS_ONLY):
        options = _amounts(settings, "cpuManagerPolicyOptions", profile)
        options.setdefault("full-pcpus-only", "true")
        settings["cpuManagerPolicyOptions"] = options


def _amounts(settings: Mapping[str, Any], key: str, profile: ProfileInput) -> dict[str, str]:
    """Return a copy of a map of strings in the snippet; absence is an empty map."""
    fields = Fields(profile.fields.subject, _SNIPPET_PATH, settings)
    return fields.strings(key) or {}


def _snippet(profile: ProfileInput) -> dict[str, Any]:
    text = profile.annotations.get(SNIPPET)
    if text is None:
        return {}
    try:
        settings = json.loads(text, parse_constant=_refuse)
        refuse_unwritable(settings)
    except (ValueError, RecursionError) as problem:
        reason = str(problem) if isinstance(problem, ValueError) else "it is nested too deeply"
        raise profile.error(
            f"the annotation {SNIPPET} is not a KubeletConfiguration in JSON: {reason}",
            *_SNIPPET_PATH,
        ) from problem
    if settings is None:
        return {}
    if not isinstance(settings, dict):
        raise profile.error(
            f"the annotation {SNIPPET} is not a JSON object, as a KubeletConfiguration is",
            *_SNIPPET_PATH,
        )
    return {key: value for key, value in settings.items() if value is not None}


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a JSON number")
