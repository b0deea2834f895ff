"""Where the folders are that ship with the program."""

from __future__ import annotations

import os


def tree(name: str) -> str:
    """Return the path of a folder that ships with the program: ``rules`` or ``schemas``.

    An installed package holds them inside itself, the repository beside it.
    """
    package = os.path.dirname(os.path.abspath(__file__))
    packaged = os.path.join(package, name)
    return packaged if os.path.isdir(packaged) else os.path.join(os.path.dirname(package), name)
