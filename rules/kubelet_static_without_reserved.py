"""A static CPU manager that is not told which CPUs are reserved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Applicability, Draft, Fix, finding, rule
from linter.formats.cpuset import CpuSet
from linter.sources.fields import Value
from linter.sources.insertion import added_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.kubelet_configs import KubeletConfig
    from linter.model.node import NodeConfig, Reserved


@rule("WPL307", severity=WARNING, requires=("WPL601",))
def kubelet_static_without_reserved(node: NodeConfig) -> Iterator[Draft]:
    """A KubeletConfig with the static CPU manager names the reserved CPUs."""
    for config in node.kubelet.configs:
        policy, stated, reserved = config.cpu_manager_policy, config.reserved, node.reserved
        named = stated is not None and stated.cpus != CpuSet.EMPTY
        if not isinstance(policy, Value) or policy.value != "static" or named:
            continue
        asks = f"KubeletConfig {config.name} asks for the static CPU manager"
        empty = (stated.ref.label("empty here"),) if stated is not None else ()
        if not config.reserves_cpu_time:
            yield finding(
                f"{asks} and reserves neither CPUs nor CPU time.",
                policy.ref.label("static here"),
                *empty,
                effect="The kubelet refuses to start: its static CPU manager needs a reservation.",
                advice="Set reservedSystemCPUs, or leave the CPU manager to a PerformanceProfile.",
                severity=ERROR,
            )
        elif reserved is not None and not node.profiles and not node.profiles_open:
            yield finding(
                f"{asks} without reservedSystemCPUs, but {reserved.said_by} {reserved.cpus}.",
                policy.ref.label("static here"),
                *empty,
                reserved.labelled(),
                effect="The kubelet keeps as many CPUs as the reserved CPU time needs, of its own "
                f"choice, and may give containers exclusive use of {reserved.cpus}.",
                advice=f"Set reservedSystemCPUs to {reserved.cpus}.",
                fix=_fix(config, reserved) if reserved.agreed else None,
            )


def _fix(config: KubeletConfig, reserved: Reserved) -> Fix | None:
    """Reserve what two other statements name."""
    text, stated = reserved.cpus.text, config.reserved
    wish = (
        stated.replaced_by(text)
        if stated is not None
        else added_key(config.settings, ("reservedSystemCPUs",), text, ordered=True)
    )
    what = f"set reservedSystemCPUs to {text}"
    return Fix(what, (wish,), Applicability.UNSAFE) if wish is not None else None
