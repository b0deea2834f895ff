"""Which Ignition versions a release reads in a MachineConfig.

Source: openshift/machine-config-operator ``pkg/controller/common/helpers.go`` (IgnParseWrapper) per
release branch.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linter.model.releases import IGNITION_3_5, IGNITION_DOWNGRADED
from linter.regexes import regex

if TYPE_CHECKING:
    from linter.model.releases import Releases

_VERSION = regex(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})\Z", re.ASCII)

READ_EVERYWHERE = "3.2.0"
"""The newest version that every release reads."""

_NEWEST_KNOWN = 5
"""The minor of the newest version 3 of which it is known what it adds."""


def is_read(version: str, releases: Releases) -> bool:
    """Say whether MachineConfigs of an Ignition version can be used.

    Versions 2.0 and 2.1 are taken to be read: whether the reader of 2.2 converts them is not known.

    Raises:
        Undecided: Some of the releases read it and some do not.

    """
    found = _VERSION.match(version)
    if found is None:
        return False
    major, minor = int(found.group(1)), int(found.group(2))
    if major == 2:
        return minor <= 2
    if major != 3:
        return False
    if minor <= 2:
        return True
    if minor <= 4:
        return releases.has(IGNITION_DOWNGRADED)
    return minor == _NEWEST_KNOWN and releases.has(IGNITION_3_5)


def may_be_lowered(version: str) -> bool:
    """Say whether files and units of a version mean the same in :data:`READ_EVERYWHERE`.

    Versions 3.3 to 3.5 add only sections and settings beside these.
    """
    found = _VERSION.match(version)
    return found is not None and found.group(1) == "3" and 2 < int(found.group(2)) <= _NEWEST_KNOWN
