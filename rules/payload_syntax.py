"""Payloads of MachineConfigs that their reader cannot parse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, Fix, finding, rule
from linter.facts.pinning import PATH as PINNING_PATH
from linter.sources.fields import is_template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster
    from linter.model.contents import ConfigContents
    from linter.sources.text import Ref


@rule("WPL321", severity=ERROR)
def payload_syntax(cluster: Cluster, contents: ConfigContents) -> Iterator[Draft]:
    """CRI-O's drop-ins are TOML and the kubelet's pinning file is JSON."""
    for drop_in in contents.drop_ins:
        if drop_in.problem is not None and not is_template(drop_in.problem.ref.source.text):
            yield finding(
                f"{drop_in.path} is no TOML: {drop_in.problem.message.rstrip('.')}.",
                drop_in.problem.ref.label("at fault"),
                effect="CRI-O does not start, and so no pod of the node does.",
                advice="Correct the payload.",
                fix=_fix(cluster, contents, drop_in.path, drop_in.problem.ref),
            )
    problem = contents.pinning.problem if contents.pinning is not None else None
    if problem is not None and not is_template(problem.ref.source.text):
        yield finding(
            problem.message.replace("The text", PINNING_PATH, 1),
            problem.ref.label("at fault"),
            effect="The kubelet only looks whether the file exists, so the node works, "
            "but nobody can read which CPUs were meant.",
            advice="Correct the payload.",
            severity=WARNING,
            fix=_fix(cluster, contents, PINNING_PATH, problem.ref),
        )


def _fix(cluster: Cluster, contents: ConfigContents, path: str, at: Ref) -> Fix | None:
    """Write the file anew, where a profile says what it is to be."""
    from linter.render.payload import written_anew

    wish = written_anew(cluster, contents.machine_config, path, at.source)
    return Fix(f"write {path} as the profile implies it", (wish,)) if wish is not None else None
