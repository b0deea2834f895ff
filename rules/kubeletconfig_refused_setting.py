"""Settings that no KubeletConfig may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, finding, rule
from linter.facts.kubelet_refusals import refused_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.kubelet_configs import KubeletConfig


@rule("WPL609", severity=ERROR)
def kubeletconfig_refused_setting(kubelet_config: KubeletConfig) -> Iterator[Draft]:
    """A KubeletConfig has no settings that the Machine Config Operator refuses."""
    for refused in refused_settings(kubelet_config):
        who = "The" if refused.certain else "A recent"
        yield finding(
            f"KubeletConfig {kubelet_config.name} sets {refused.setting}, "
            f"which is refused: {refused.why}.",
            refused.ref.label("refused"),
            effect=f"{who} Machine Config Operator applies nothing of this KubeletConfig.",
            advice=f"Remove {refused.setting}.",
            severity=ERROR if refused.certain else WARNING,
        )
