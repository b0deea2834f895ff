"""What a pool's nodes see, and which reserved CPUs everything is held against."""

from __future__ import annotations

import pytest
from builders import CRIO, PINNING, machine_config, node, pinning, profile, workload

from linter.model.node import NodeConfig, Once

DROP_IN = CRIO + "99-workload-pinning.conf"


def reserved(found: NodeConfig) -> tuple[str, str] | None:
    """Return the reference, and whether a profile gives it or which file does."""
    if found.reserved is None:
        return None
    if found.reserved.profile is not None:
        return found.reserved.cpus.text, "profile"
    payload = found.reserved.ref.in_payload()
    assert payload is not None
    return found.reserved.cpus.text, getattr(payload.source, "title", "")


@pytest.mark.parametrize(
    ("profiles", "files", "expected"),
    [
        (["0-1"], {DROP_IN: workload("0-3")}, ("0-1", "profile")),
        ([], {DROP_IN: workload("0-3"), PINNING: pinning("0-3")}, ("0-3", DROP_IN)),
        ([], {DROP_IN: workload("0-3")}, ("0-3", DROP_IN)),
        ([], {DROP_IN: workload("0-3"), PINNING: pinning("")}, ("0-3", DROP_IN)),
        ([], {PINNING: pinning("0-3")}, ("0-3", PINNING)),
        ([], {DROP_IN: workload("0-3"), PINNING: pinning("0-4")}, None),
        ([], {DROP_IN: workload(""), PINNING: pinning("0-4")}, None),
        ([], {DROP_IN: workload("0-")}, None),
        ([], {}, None),
        (["0-"], {DROP_IN: workload("0-3")}, None),
        (["{{ .reserved }}"], {DROP_IN: workload("0-3")}, None),
        ([""], {DROP_IN: workload("0-3")}, None),
        (["0-1", "0-3"], {DROP_IN: workload("0-3")}, None),
    ],
)
def test_the_profile_is_the_reference_and_without_one_the_files_that_agree(
    profiles: list[str], files: dict[str, str | None], expected: tuple[str, str] | None
) -> None:
    texts = [profile(text, name=f"p{number}") for number, text in enumerate(profiles)]
    found = node("master", *texts, machine_config("50", files=files))
    assert reserved(found) == expected


def test_the_reference_is_labelled_where_it_stands() -> None:
    found = node("master", profile("0-1"))
    assert found.reserved is not None
    label = found.reserved.labelled()
    assert (label.ref.text, label.words) == ("0-1", "reserved here")


def test_a_profile_that_differs_in_order_reserves_the_same() -> None:
    found = node("master", profile("1,0,2-3"))
    assert found.reserved is not None
    assert found.reserved.cpus.text == "0-3"


def test_other_pools_see_nothing_of_it() -> None:
    texts = (profile("0-1"), machine_config("50", files={DROP_IN: workload("0-1")}))
    found = node("worker", *texts)
    assert found.profile is None
    assert found.reserved is None
    assert found.crio.management is None
    assert found.merged.order == ()


def test_a_reader_reads_each_file_once() -> None:
    read: list[str] = []
    once = Once(lambda file: read.append(file.path))
    merged = node("master", machine_config("50", files={"/a": "x", "/b": "y"})).merged
    for _ in range(3):
        for file in merged.files.values():
            for layer in file.layers:
                once(layer.file)
    assert read == ["/a", "/b"]
