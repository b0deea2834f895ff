"""The CPU shares of CRI-O's management workload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, Fix, Replacement, finding, rule
from linter.facts.crio import MANAGEMENT
from linter.sources.fields import is_template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.contents import ConfigContents


@rule("WPL320", severity=WARNING)
def crio_cpushares(contents: ConfigContents) -> Iterator[Draft]:
    """CRI-O's management workload states no cpushares other than 0."""
    for drop_in in contents.drop_ins:
        workload = drop_in.workloads.get(MANAGEMENT)
        if workload is None or workload.cpushares is None:
            continue
        shares, ref = workload.cpushares
        if (shares == 0 and not isinstance(shares, bool)) or is_template(ref.text):
            continue
        yield finding(
            f"CRI-O's management workload in {drop_in.path} sets cpushares to "
            f"{ref.text}, but OpenShift's own file sets 0.",
            ref.label("set here"),
            effect="Management containers that ask for no CPU shares of their own get that weight."
            if isinstance(shares, int) and not isinstance(shares, bool)
            else "CRI-O wants a number here and does not start.",
            advice='Set "cpushares" = 0.',
            fix=Fix("set cpushares to 0", (Replacement(ref, "0"),)),
        )
