"""Network devices that a profile does not describe as the API wants it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, Fix, Replacement, finding, rule
from linter.sources.fields import Invalid, Missing, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profile_settings import ProfileSettings
    from linter.sources.fields import Field

_ID = re.compile(r"0x[0-9a-fA-F]{1,4}")
_EXAMPLE = '0x and up to four hexadecimal digits, in quotes, such as "0x8086"'
_REFUSED = "The API refuses the profile."


@rule("WPL209", severity=ERROR)
def profile_net_devices(profile_settings: ProfileSettings) -> Iterator[Draft]:
    """A network device is named, or identified by vendor and model in hexadecimal."""
    for device in profile_settings.net_devices:
        if isinstance(device.interface, Value) and not device.interface.value:
            yield finding(
                "spec.net.devices[].interfaceName is empty.",
                device.interface.ref.label("no name"),
                effect=_REFUSED,
                advice="Name the interface, or leave the field out.",
            )
        yield from _wrong_id("vendorID", device.vendor)
        yield from _wrong_id("deviceID", device.device)
        if isinstance(device.device, Value) and isinstance(device.vendor, Missing):
            yield finding(
                f"spec.net.devices[].deviceID is '{device.device.value}', but its vendorID is "
                "missing.",
                device.device.ref.label("a model of which vendor?"),
                effect=_REFUSED,
                advice="Add the vendorID.",
            )


def _wrong_id(name: str, field: Field[str]) -> Iterator[Draft]:
    if isinstance(field, Invalid) and field.found == "an integer":
        text, number = field.text, True
    elif isinstance(field, Value) and not _ID.fullmatch(field.value):
        text, number = repr(field.value), False
    else:
        return
    quoted = f'"{text}"' if _ID.fullmatch(text) else ""
    yield finding(
        f"spec.net.devices[].{name} is {text}, "
        + ("a number, but must be a string." if number else "which is not 0x and 1 to 4 digits."),
        field.ref.label("a number" if number else "no identifier"),
        effect=_REFUSED,
        advice=f"Write {quoted or _EXAMPLE}.",
        fix=Fix(f"write {quoted}", (Replacement(field.ref, quoted),)) if quoted else None,
    )
