"""Small fleets whose clusters are much alike, and everything that a run over them tells."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from builders import CRIO, PINNING, infrastructure, machine_config, pinning, profile, workload
from hypothesis import strategies as st

from linter.report import FORMATS, render
from linter.report.full import summary_lines
from linter.sources.candidates import Skipped, SkipReason
from linter.sources.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linter.engine.outcome import Outcome
    from linter.sources.candidates import Candidate


def told(outcome: Outcome, formats: Iterable[str] = FORMATS) -> list[object]:
    """Return everything that can be seen of an outcome."""
    return [
        *(render(name, outcome, 100) for name in formats),
        summary_lines(outcome, 100),
        [(item.fingerprint, item.effect, item.fix is None) for item in outcome.findings],
        [(one.finding.fingerprint, one.reason, one.kind) for one in outcome.suppressed],
        (outcome.read, outcome.undecided, [wish.ref.order() for wish in outcome.suppressions]),
    ]


def install_config(name: str, mode: str, replicas: int = 1, extra: str = "") -> str:
    return (
        f"baseDomain: {name}.example.com\nmetadata:\n  name: {name}\ncontrolPlane:\n"
        f"  name: master\n  replicas: {replicas}\ncompute:\n- name: worker\n  replicas: 0\n"
        f"cpuPartitioningMode: {mode}\nsshKey: key-of-{name}\n{extra}"
    )


def files(reserved: str, pinned: str) -> str:
    return machine_config("99", files={CRIO + "99": workload(pinned), PINNING: pinning(reserved)})


SITE = """\
apiVersion: ran.openshift.io/v1
kind: SiteConfig
metadata: {{name: {0}, namespace: {0}}}
spec:
  clusterImageSetNameRef: img4.16.4
  clusters:
  - clusterName: {0}
    cpuPartitioningMode: AllNodes
    clusterLabels: {{edge: "", sites: {0}}}
    extraManifests: {{searchPaths: [{2}]}}
    nodes:
    - hostName: node.{0}
      cpuset: "{1}"
"""
BESIDE = st.sampled_from(
    [
        "",
        "",
        "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: north}\n",
        (
            "---\napiVersion: v1\nkind: Namespace\n"
            "metadata: {name: openshift-performance-addon-operator}\n"
        ),
        (
            "---\napiVersion: cluster.open-cluster-management.io/v1\nkind: ManagedCluster\n"
            "metadata: {name: north, labels: {edge: '', more: x}}\n"
        ),
        (
            "---\napiVersion: ran.openshift.io/v1\nkind: SiteConfig\nmetadata: {name: two}\nspec:\n"
            "  clusters:\n  - {clusterName: east, clusterLabels: {edge: ''}}\n"
            "  - {clusterName: west, nodes: [{cpuset: 0-1}], clusterLabels: {edge: ''}}\n"
        ),
        (
            "---\napiVersion: siteconfig.open-cluster-management.io/v1alpha1\n"
            "kind: ClusterInstance\n"
            "metadata: {name: south}\nspec: {clusterName: south, cpuPartitioningMode: AllNodes, "
            "extraLabels: {ManagedCluster: {edge: ''}}}\n"
        ),
        "---\nkind: SiteConfig\nspec: {{ .Values.spec }\n",
        "---\nspec: {}\n",
        "# wplint: ignore[WPL316] as agreed\n",
    ]
)
POLICIES = """\
apiVersion: ran.openshift.io/v1
kind: PolicyGenTemplate
metadata: {name: edge, namespace: ztp}
spec:
  bindingRules: {edge: ""}
  mcp: master
  sourceFiles:
  - fileName: PerformanceProfile.yaml
    policyName: config
    spec: {cpu: {reserved: "0-3", isolated: "4-7"}}
"""
NAMES = st.sampled_from(["north", "south", "east"])
SETS = st.sampled_from(["0-3", "0-3", "0-3", "0-2", "0,1"])
CONFIGS = st.builds(
    install_config,
    NAMES,
    st.sampled_from(["AllNodes", "AllNodes", "None", "{{ mode }}"]),
    st.sampled_from([1, 1, 3]),
    st.sampled_from(["", "", "sshKey: twice\n", "capabilities:\n  baselineCapabilitySet: None\n"]),
)
MANIFESTS = st.one_of(
    st.builds(files, SETS, SETS),
    st.builds(lambda cpus: profile(cpus, "4-7"), SETS),
    st.just(infrastructure()),
    st.just(profile("0-3", "4-7") + "# wplint: ignore[WPL301] as agreed\n"),
    st.just("# wplint: ignore[WPL101,WPL999] as agreed\n" + profile("0-3", "3-7")),
    st.just(infrastructure() + "# wplint: ignore\n"),
    st.just(profile("0-3", "4-7") + "---\n" + files("0-3", "0-3")),
    st.just("kind: MachineConfig\nspec: [\n"),
    st.just("kind: MachineConfig\nspec: {{ .Values.spec }\n"),
    st.just("kind: ConfigMap\nmetadata: {name: MachineConfig}\ndata: {}\n"),
    st.just("kind: Deployment\n"),
)
CLUSTERS = st.fixed_dictionaries(
    {},
    optional={
        "install-config.yaml": CONFIGS,
        "openshift/a.yaml": MANIFESTS,
        "openshift/b.yaml": MANIFESTS,
        "c.yaml": MANIFESTS,
    },
)
SITES = st.builds(
    SITE.format, NAMES, SETS, st.sampled_from(["extra", "extra", "../clusters/0a/openshift"])
)


@st.composite
def trees(draw: st.DrawFn) -> dict[str, str]:
    """Return a repository of a few clusters, of which many are alike."""
    tree: dict[str, str] = {}
    for number, cluster in enumerate(draw(st.lists(CLUSTERS, max_size=4))):
        for copy in "abc"[: draw(st.integers(1, 3))]:
            for name, text in cluster.items():
                tree[f"clusters/{number}{copy}/{name}"] = text.replace("north", f"north-{copy}")
    for number, site in enumerate(draw(st.lists(SITES, max_size=4))):
        beside = draw(BESIDE)
        for copy in "abc"[: draw(st.integers(1, 3))]:
            text = (site + beside).replace("north", f"north-{copy}")
            tree[f"sites/{number}{copy}.yaml"] = text
    if draw(st.booleans()):
        tree["policies/edge.yaml"] = POLICIES
        tree["policies/source-crs/PerformanceProfile.yaml"] = profile("$reserved", "$isolated")
    if draw(st.booleans()):
        tree["other/profile.yaml"] = draw(MANIFESTS)
        tree["0/profile.yaml"] = draw(MANIFESTS)
    return tree


def write(folder: str, tree: Mapping[str, str]) -> None:
    """Write the files of a tree."""
    for name, text in tree.items():
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


class Fickle:
    """Reads files, of which one is something else when it is read for the third time."""

    def __init__(self, name: str, other: bytes | None) -> None:
        self._name = name
        self._other = other
        self._times = 0

    def __call__(self, candidate: Candidate) -> bytes | Skipped:
        """Return the bytes of a file, or why there are none."""
        self._times += candidate.path.endswith(self._name)
        if self._times > 2 and candidate.path.endswith(self._name):
            gone = Skipped(candidate.name, SkipReason.UNREADABLE, "no such file")
            return gone if self._other is None else self._other
        return read(candidate)
