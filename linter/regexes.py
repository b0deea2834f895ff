"""Regular expressions that are compiled when they are first used.

Compiling one takes as long as reading the module that it stands in, and a run needs a few of the
hundred that there are.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


def regex(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what can be used like the pattern that :func:`re.compile` would return.

    A text that is no regular expression is found out when it is first used; a test uses them all.
    """
    return cast("re.Pattern[AnyStr]", _Uncompiled(text, flags))


class _Uncompiled:
    """A pattern whose methods become its own attributes when one of them is first asked for."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._said = (text, flags)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        compiled: Any = re.compile(*self._said)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


_METHODS = ("match", "fullmatch", "search", "finditer", "findall", "split", "sub", "subn")
