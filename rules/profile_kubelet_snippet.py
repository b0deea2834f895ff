"""The annotation that adds kubelet settings to a profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, Fix, finding, rule
from linter.facts.kubelet_snippet import ANNOTATION, MEMORY_POLICY, OVERWRITTEN, REFUSED
from linter.facts.merged_settings import needless_setting, text_without
from linter.sources.fields import known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.kubelet_snippet import KubeletSnippet
    from linter.facts.profile_settings import ProfileSettings
    from linter.facts.profiles import Profile

_STRICT = ("restricted", "single-numa-node")


@rule("WPL213", severity=ERROR)
def profile_kubelet_snippet(
    profile: Profile, profile_settings: ProfileSettings, snippet: KubeletSnippet
) -> Iterator[Draft]:
    """The kubelet settings in a profile's annotation are JSON, and others than the operator's."""
    if snippet.problem is not None:
        why, place = snippet.problem
        yield finding(
            f"The annotation {ANNOTATION} is {why}.",
            place.label("at fault"),
            effect="The operator makes no configuration of this profile.",
            advice='Write one JSON object, such as {"systemReserved": {"memory": "3Gi"}}.',
        )
    strict = (known(profile_settings.topology_policy) or "") in _STRICT
    for key, place in snippet.keys:
        if key in REFUSED:
            yield finding(
                f"The annotation {ANNOTATION} sets {key}, which no KubeletConfig may set.",
                place.label("refused"),
                effect="The Machine Config Operator refuses the KubeletConfig that is generated, "
                "with everything in it.",
                advice=f"Take {key} out{text_without(snippet, key)}.",
            )
        elif key in OVERWRITTEN or (key == MEMORY_POLICY and strict):
            yield finding(
                f"The annotation {ANNOTATION} sets {key}, which the operator sets itself.",
                place.label("overwritten"),
                effect="The operator writes its own value over this one, so it has no effect.",
                advice=f"Take {key} out; the profile's own fields decide it.",
                severity=WARNING,
                fix=_fix(profile, key),
            )


def _fix(profile: Profile, key: str) -> Fix | None:
    """Take a setting out that the operator sets to the same."""
    wish = needless_setting(profile, key)
    return Fix(f"take {key} out", (wish,)) if wish is not None else None
