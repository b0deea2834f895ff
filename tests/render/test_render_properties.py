from __future__ import annotations

from typing import Any

from effort import tried
from hypothesis import given
from hypothesis import strategies as st
from rendering_inputs import (
    CRIO_LEGACY,
    CRIO_PINNING,
    KUBELET_PINNING,
    RPS,
    RUNTIMES,
    infrastructure,
    management,
    payloads,
    pinned,
    profile,
    rendered,
    role_pool,
    tuned_settings,
)

from linter.formats.cpu_masks import parse_mask
from linter.formats.cpuset import CpuSet, parse_cpuset
from linter.model.releases import NEWEST_MINOR, OLDEST_MINOR
from linter.render.emit import to_yaml

CPUS = 200


@st.composite
def cpu_lists(draw: st.DrawFn) -> tuple[str, str]:
    """Draw two disjoint lists, not empty and not always in canonical form."""
    numbers = draw(st.permutations(range(12)))
    spread = draw(st.sampled_from([1, 7, CPUS // 12]))
    cut = draw(st.integers(1, 11))

    def text(part: list[int]) -> str:
        cpus = CpuSet.of(number * spread for number in part)
        spelled = ",".join(str(number * spread) for number in part)
        return draw(st.sampled_from([str(cpus), spelled]))

    return text(numbers[:cut]), text(numbers[cut:])


minors = st.integers(OLDEST_MINOR, NEWEST_MINOR)
names = st.from_regex(r"[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?", fullmatch=True)


def cluster(minor: int, name: str, lists: tuple[str, str]) -> list[dict[str, Any]]:
    given_profile = profile(name, cpu={"reserved": lists[0], "isolated": lists[1]})
    one_node = infrastructure(control_plane="SingleReplica")
    return [given_profile, one_node, *([role_pool("master")] if minor < 15 else [])]


@tried(60)
@given(minors, names, cpu_lists())
def test_rendering_is_a_function_of_its_input(
    minor: int, name: str, lists: tuple[str, str]
) -> None:
    objects = cluster(minor, name, lists)
    first = rendered(minor, *objects, partitioning=True)
    second = rendered(minor, *reversed(objects), partitioning=True)
    assert list(first) == list(second)
    assert [to_yaml(one) for one in first.values()] == [to_yaml(one) for one in second.values()]


@tried(60)
@given(minors, cpu_lists())
def test_every_place_states_the_reserved_cpus(minor: int, lists: tuple[str, str]) -> None:
    files = rendered(minor, *cluster(minor, "p", lists), partitioning=True)
    reserved, isolated = map(parse_cpuset, lists)
    stated = [files["p_kubeletconfig.yaml"].object["spec"]["kubeletConfig"]["reservedSystemCPUs"]]
    texts: dict[str, str] = payloads(files["p_machineconfig.yaml"].object)
    if minor < 13:
        texts |= payloads(files["02-master-workload-partitioning.yaml"].object)
    crio = texts[CRIO_LEGACY if minor < 13 else CRIO_PINNING]
    stated += [management(crio)["resources"]["cpuset"], pinned(texts[KUBELET_PINNING])]
    infra = next(line for line in texts[RUNTIMES].splitlines() if line.startswith("infra_ctr"))
    stated.append(infra.partition("= ")[2].strip('"'))
    assert [parse_cpuset(text) for text in stated] == [reserved] * 4
    if RPS in texts:
        assert parse_mask(texts[RPS].partition("= ")[2].strip()) == reserved
    settings_of_tuned = tuned_settings(minor, cluster(minor, "p", lists)[0])
    assert parse_cpuset(settings_of_tuned["variables.isolated_cores"]) == isolated


@tried(40)
@given(minors, st.lists(names, min_size=2, max_size=5, unique=True))
def test_profiles_do_not_influence_each_other(minor: int, several: list[str]) -> None:
    pools = [role_pool(name) for name in several]
    objects = [profile(name, role=name) for name in several]
    together = rendered(minor, *pools, *objects)
    for manifest in objects:
        name = manifest["metadata"]["name"]
        alone = rendered(minor, *pools, manifest)
        for file_name, one in alone.items():
            assert together[file_name] == one, name
