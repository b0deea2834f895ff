"""A file mode whose octal digits are not read as octal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Applicability, Draft, Fix, Replacement, finding, rule
from linter.formats.file_modes import LARGEST_MODE, LOOK_OCTAL, is_written_octal, meant_mode
from linter.sources.fields import Invalid, Value
from linter.sources.text import Ref

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.machine_configs import MachineConfig, NodeFile

_LONGEST_SHOWN = 40


@rule("WPL607", severity=ERROR)
def file_mode_octal(machine_config: MachineConfig) -> Iterator[Draft]:
    """A file's mode is a number of at most 0777, in whichever base it is written."""
    for file in machine_config.files:
        mode, text = file.mode, file.mode.ref.text[:_LONGEST_SHOWN]
        if isinstance(mode, Invalid) and mode.found == "a string":
            quoted = Ref(mode.ref.source, mode.ref.start - 1, mode.ref.end + 1)
            whole = quoted.text in {f'"{mode.text}"', f"'{mode.text}'"}
            yield _rejected(file, f"is the string '{text}'", quoted if whole else None)
        elif isinstance(mode, Value) and mode.value > LARGEST_MODE:
            octal = f"0{mode.value:o}"[:_LONGEST_SHOWN]
            yield _rejected(file, f"is {text}, in octal {octal}", mode.ref)
        elif isinstance(mode, Value) and (text in LOOK_OCTAL or _is_wrong_json(mode.ref)):
            meant = meant_mode(text)
            yield finding(
                f"The mode of {file.path} is {text}, in octal 0{mode.value:o}."
                if text in LOOK_OCTAL
                else f"The mode of {file.path} is {text}, but JSON numbers do not begin with 0.",
                mode.ref.label("this mode"),
                effect="It is accepted, but hardly what is meant."
                if text in LOOK_OCTAL
                else "Some programs read the number as octal, others refuse the whole file.",
                advice=f"Write {meant}.",
                severity=WARNING,
                fix=Fix(
                    f"write {meant}", (Replacement(mode.ref, str(meant)),), Applicability.UNSAFE
                ),
            )


def _rejected(file: NodeFile, said: str, written: Ref | None) -> Draft:
    """Say that a mode is rejected; ``written`` are its characters where they are known."""
    meant = meant_mode(file.mode.ref.text)
    return finding(
        f"The mode of {file.path} {said}, and not a number of at most 0777.",
        file.mode.ref.label("this mode"),
        effect="The Machine Config Operator rejects it, and the pool's configuration with it.",
        advice=f"Write {meant}, which is 0{meant:o} in octal."
        if meant is not None
        else "Write a number of at most 511, such as 420 for 0644.",
        fix=Fix(f"write {meant}", (Replacement(written, str(meant)),))
        if meant is not None and written is not None
        else None,
    )


def _is_wrong_json(ref: Ref) -> bool:
    """Say whether a number is written in octal in a file that readers take for JSON."""
    text = ref.in_file().source.text
    is_json = text.startswith("{") and not text.startswith(("{{", "{%", "{#"))
    return is_json and is_written_octal(ref.text)
