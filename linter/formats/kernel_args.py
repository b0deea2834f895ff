"""The kernel command line, split as the kernel splits it (Linux, ``lib/cmdline.c``, next_arg).

Arguments are separated by white space outside double quotes. Quotes cannot be escaped; they may
stand around the value (``name="a b"``) or around the whole argument (``"name=a b"``). What comes
after a lone ``--`` is for init, not for the kernel; it is returned like everything else.
"""

from __future__ import annotations

import re

from linter.records import dataclass
from linter.regexes import regex

# Never fails once it has begun, so nothing is scanned twice. An open quote reaches to the end.
_ARGUMENT = regex(r'(?=\S)[^\s"]*(?:"[^"]*"?[^\s"]*)*', re.ASCII)


@dataclass(frozen=True, slots=True)
class KernelArgument:
    """One argument; offsets count code points of the command line.

    `start` and `end` bound the argument with its quotes. `value` is None without an equals sign;
    then `value_start` and `value_end` are both `end`. Otherwise they bound exactly the value,
    inside its quotes.
    """

    name: str
    value: str | None
    start: int
    end: int
    value_start: int
    value_end: int

    @property
    def canonical_name(self) -> str:
        """The name as the kernel compares it: ``-`` and ``_`` are the same."""
        return self.name.replace("-", "_")


def split(text: str) -> tuple[KernelArgument, ...]:
    """Split a kernel command line into its arguments; every text is a command line."""
    return tuple(_argument(text, match.start(), match.end()) for match in _ARGUMENT.finditer(text))


def _argument(text: str, start: int, end: int) -> KernelArgument:
    name_start = start
    content_end = end
    if text[start] == '"':
        name_start += 1
        if end > name_start and text[end - 1] == '"':
            content_end -= 1
    # The kernel takes an equals sign in first place for a part of the name.
    equals = text.find("=", name_start + 1, content_end)
    if equals < 0:
        return KernelArgument(text[name_start:content_end], None, start, end, end, end)
    value_start = equals + 1
    value_end = content_end
    if text[value_start:content_end].startswith('"'):
        value_start += 1
        if content_end == end and end > value_start and text[end - 1] == '"':
            value_end -= 1
    value = text[value_start:value_end]
    return KernelArgument(text[name_start:equals], value, start, end, value_start, value_end)
