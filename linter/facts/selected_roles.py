"""Selected roles: a pool's selector is widened by one value of a label."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.sources.fields import known
from linter.sources.insertion import added_item, added_key, another_value

if TYPE_CHECKING:
    from linter.facts.pools import DeclaredPool
    from linter.sources.text import Replacement

_FIELD = "machineConfigSelector"


def selecting(pool: DeclaredPool, key: str, value: str) -> Replacement | None:
    """Return the wish that a pool take MachineConfigs of a label besides those that it takes.

    A label that is asked for becomes a list of values; None where a selector asks for more than
    one thing, since all of it has to hold.
    """
    spec = pool.manifest.root.at("spec")
    selector = spec.at(_FIELD)
    labels = list(selector.at("matchLabels").items())
    expressions = list(selector.at("matchExpressions").elements())
    if len(expressions) == 1 and not labels:
        (one,) = expressions
        if (known(one.at("key").text()), known(one.at("operator").text())) != (key, "In"):
            return None
        return added_item(one.at("values"), value)
    wanted = [value]
    if len(labels) == 1 and not expressions and labels[0][0] == key:
        stated = known(labels[0][1].text())
        wanted = [stated, value] if stated is not None else []
    elif labels or expressions:
        return None
    listed = [{"key": key, "operator": "In", "values": wanted}]
    if not wanted:
        return None
    if labels:
        return another_value(selector, "matchLabels", listed, name="matchExpressions")
    if not selector.exists:
        return added_key(pool.manifest.root, ("spec", _FIELD, "matchExpressions"), listed)
    return (
        another_value(spec, _FIELD, {"matchExpressions": listed}) if selector.is_mapping else None
    )
