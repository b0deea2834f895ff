"""What is covered in a file that describes clusters makes no difference to what is read of it.

Two files of one pattern describe clusters whose outlines differ in nothing but the words that their
covers have numbers for, and state the same as far as rules can tell.
"""

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING

import pytest
from effort import tried
from hypothesis import assume, event, given
from hypothesis import strategies as st

from linter.engine.loading import load_file
from linter.engine.twins import likeness
from linter.facts.manifests import group_of, objects_in
from linter.facts.scope import Facts
from linter.gitops.documents import DESCRIBING, Place
from linter.gitops.managed_cluster import statements_in
from linter.gitops.patterns import pattern_of
from linter.gitops.shelf import Shelf
from linter.records import replace
from linter.sources.candidates import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linter.gitops.documents import Outline
    from linter.gitops.managed_cluster import Statement
    from linter.gitops.patterns import Pattern, Template

SITE_CONFIG = """\
apiVersion: ran.openshift.io/v1
kind: SiteConfig
metadata:
  name: NAME
  namespace: NAME
spec:
  baseDomain: DOMAIN
  pullSecretRef:
    name: SECRET
  clusterImageSetNameRef: "img4.16.4-x86-64-appsub"
  sshPublicKey: "ssh-rsa KEY core@NAME"
  clusters:
  - clusterName: "NAME"
    networkType: "OVNKubernetes"
    # These labels bind the policies ['common', "group"] to it {all of them}
    cpuPartitioningMode: AllNodes
    cpuArchitecture: "x86-64"
    extraManifestPath: "more-1/"
    installConfigOverrides: |
      {
        "capabilities": {
          "baselineCapabilitySet": "None",
          "additionalEnabledCapabilities": [ "NodeTuning" ]
        }
      }
    clusterLabels:
      common: "true"
      'group-du/zone': "ZONE"
      rack: rack-1
      site: NAME
    extraManifests:
      searchPaths:
      - source-crs/extra-manifest
      - own/
    clusterNetwork:
      - cidr: FIRST::/48
        hostPrefix: 64
    machineNetwork:
    - cidr: FIRST.0/24
    additionalNTPSources: [
      FIRST.9
    ]
    proxy:
      httpProxy: "http://proxy.DOMAIN:8080"
    nodes:
    - hostName: "node1.NAME.DOMAIN"
      role: "master"
      nodeLabels:
        node-role.kubernetes.io/master-du: ""
        name: fixed-1
      bmcAddress: "idrac-virtualmedia+https://[FIRST::2]/redfish/v1/Systems/System.Embedded.1"
      bmcCredentialsName:
        name: "node1-NAME"
      bootMACAddress: "AA:BB:CC:DD:EE:FIRST"
      bootMode: "UEFI"
      cpuset: "0-1,20-21"
      rootDeviceHints:
        wwn: "0x5000c500FIRST"
      nodeNetwork:
        config:
          interfaces:
          - name: LINK
            type: ethernet
            state: up
            ipv4: {enabled: true, address: [{ip: FIRST.10 , prefix-length: 24}]}
          routes:
            config:
            - destination: 0.0.0.0/0
              next-hop-address: FIRST.254
        interfaces:
        - name: "LINK"
          macAddress: "AA:BB:CC:DD:EE:FIRST"
    - hostName: "node2.NAME.DOMAIN"
      role: "worker"
      cpuset: "0-3"
  - clusterName: second-NAME
    clusterLabels: {}
    nodes:
    - hostName: node1.NAME.DOMAIN
"""
INSTANCE = """\
apiVersion: siteconfig.open-cluster-management.io/v1alpha1
kind: ClusterInstance
metadata:
  name: "NAME"
  namespace: "NAME"
  annotations:
    argocd.argoproj.io/sync-wave: "5"
spec:
  baseDomain: "DOMAIN"
  pullSecretRef:
    name: "SECRET"
  clusterImageSetNameRef: "openshift-4.18"
  sshPublicKey: "ssh-ed25519 KEY"
  clusterName: "NAME"
  cpuPartitioningMode: "AllNodes"
  installConfigOverrides: '{"capabilities":{"baselineCapabilitySet": "None"}}'
  extraManifestsRefs:
    - name: extra-NAME
    - name: custom-manifests-configmap
  extraLabels:
    ManagedCluster:
      du-profile: "latest"
      region: "ZONE"
      site: "NAME"
  apiVIPs:
    - FIRST.13
    - 1111:2222:FIRST:4444::1:1
  templateRefs:
    - name: ai-cluster-templates-v1
      namespace: open-cluster-management
  nodes:
    - hostName: "node1-NAME"
      role: "master"
      bootMACAddress: "00:11:22:33:44:FIRST"
    - hostName: "node2-NAME"
      role: "master"
    - hostName: "node3-NAME"
      role: "master"
"""
IMPORTED = """\
apiVersion: cluster.open-cluster-management.io/v1
kind: ManagedCluster
metadata:
  name: NAME
  labels:
    cloud: auto-detect
    common: "true"
    region: "ZONE"
    site: 'NAME'
    rack: ~
    count: 1
spec:
  hubAcceptsClient: true
"""
TEXTS = {"SiteConfig": SITE_CONFIG, "ClusterInstance": INSTANCE, "ManagedCluster": IMPORTED}
PARTS = ("NAME", "DOMAIN", "ZONE", "KEY", "FIRST", "LINK", "SECRET")
SITES = (
    ("north-1", "example.com", "ZONE-4", "AAAAB3Nza", "10.1.1", "eno1", "pull-secret-1"),
    ("plant-22.b", "other.example.org", "far, away", "AAAAC3Nza+/=", "fd01", "ens1f0", "s3.x"),
    ("c3", "c", "4", "B", "7", "true-1", "null-2"),
)


def filled_in(text: str, site: tuple[str, ...] = SITES[0]) -> str:
    """Return the file of a site."""
    for key, word in zip(PARTS, site, strict=True):
        text = text.replace(key, word)
    return text


# --- what is said of a file -----------------------------------------------------------------------

PATH = "/sites/site.yaml"
PLACE = Place(PATH, "site.yaml", "site.yaml")


def new_shelf() -> Shelf:
    return Shelf(lambda path: pytest.fail(f"{path} is read again"))


def composed(data: bytes) -> list[Outline]:
    """Return what is kept of a file that is composed; nothing where it would not be shelved."""
    file = load_file(Candidate(PLACE.opened, PLACE.shown), data)
    if file.problem is not None or file.skipped is not None:
        return []
    return new_shelf().outlines(PATH, file.roots)


def plain(outlines: Iterable[Outline]) -> list[object]:
    """Return what outlines say, without who says it."""
    return [
        (one.place, one.shape, [replace(c, shelf=None, template=None) for c in one.clusters])
        for one in outlines
    ]


def statements(data: bytes) -> Iterator[Statement]:
    """Yield what a file states of each cluster."""
    for root in load_file(Candidate(PLACE.opened, PLACE.shown), data).roots:
        for node, kind in objects_in(root):
            if (shape := (group_of(node), kind)) in DESCRIBING:
                yield from statements_in(node, shape)


def stated(data: bytes) -> list[object]:
    """Return all that rules may look at of what a file states of each cluster.

    What is compared by its identity, since it is never of a clean cluster, is here by its text.
    """
    told: list[object] = []
    for one in statements(data):
        configs = [i.config.ref.text if i.config is not None else "" for i in one.installations]
        errors = [str(cpuset.statement.error) for cpuset in one.cpusets]
        facts = Facts(
            bound=True,
            installations=[replace(i, config=None) for i in one.installations],
            node_cpusets=[
                replace(c, statement=replace(c.statement, error=None)) for c in one.cpusets
            ],
        )
        told.append((likeness([facts])[0], configs, errors, one.search_paths is None))
    return told


def template_in(shelf: Shelf, data: bytes) -> Template | None:
    """Return what a file is recognised by, once it is seen that what is known by it is so."""
    outlines = shelf.recognised(PLACE, data)
    if not outlines:
        return None
    assert plain(outlines) == plain(composed(data))
    clusters = [cluster for one in outlines for cluster in one.clusters]
    (template,) = {cluster.template for cluster in clusters}
    assert [cluster.number for cluster in clusters] == list(range(len(clusters)))
    assert all(cluster.shelf is shelf for cluster in clusters)
    return template


# --- examples -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_files_of_several_sites_have_one_pattern(text: str) -> None:
    shelf = new_shelf()
    files = [filled_in(text, site).encode() for site in SITES]
    templates = [template_in(shelf, data) for data in files]
    assert None not in templates
    assert len({id(template) for template in templates}) == 1
    assert stated(files[1]) == stated(files[0]) == stated(files[2])
    assert any(True for _ in statements(files[0]))


def test_words_are_put_in_for_the_covers_with_numbers() -> None:
    shelf = new_shelf()
    for site in SITES:
        name, _, zone, *_ = site
        ((outline,), (instance,), (imported,)) = (
            shelf.recognised(PLACE, filled_in(text, site).encode()) for text in TEXTS.values()
        )
        first, second = outline.clusters
        assert (first.name, second.name, first.namespace) == (name, f"second-{name}", name)
        assert first.labels == {
            "common": "true", "group-du/zone": zone, "rack": "rack-1", "site": name
        }  # fmt: skip
        assert first.extra_folders == ("source-crs/extra-manifest", "own/", "more-1/")
        (cluster,) = instance.clusters
        assert cluster.extra_config_maps == (f"extra-{name}", "custom-manifests-configmap")
        assert cluster.labels == {"du-profile": "latest", "region": zone, "site": name}
        (cluster,) = imported.clusters
        assert (cluster.labels["region"], cluster.labels["site"]) == (zone, name)
        assert (cluster.labels["rack"], cluster.labels["count"]) == ("", "1")


CHANGES = [
    ('role: "worker"', 'role: "master"'),
    ('"0-1,20-21"', '"0-2,20-21"'),
    ('cpuset: "0-3"', "cpuset: 0-3"),
    ('      cpuset: "0-3"\n', ""),
    ("AllNodes", "None"),
    ("cpuPartitioningMode: AllNodes\n", ""),
    ("img4.16.4", "img4.16.5"),
    ("clusterImageSetNameRef", "clusterImageSetName"),
    ('"None"', '"v4.16"'),
    ("NodeTuning", "Ingress"),
    ("installConfigOverrides: |", "installConfigOverrides: >"),
    ("master-du", "master-ru"),
    ("name: fixed-1", "name: fixed-2"),
    ("        name: fixed-1\n", ""),
    ("own/", "more/"),
    ("more-1/", "more-2/"),
    ("      - own/\n", ""),
    ("searchPaths", "searchPath"),
    ("x86-64", "arm64"),
    ("    - hostName: node1.north-1.example.com\n", ""),
    ("    clusterLabels: {}\n", "    clusterLabels: {a: b}\n"),
    ("node2.north-1.example.com", "node1.north-1.example.com"),
    ("second-north-1", "north-1"),
    ("site: north-1", "site: north-2"),
    ("rack: rack-1", "rack: rack"),
    ("rack: rack-1", "rack: 1"),
    ("rack: rack-1", "rack: rack-1 # here"),
    ("rack: rack-1", "rock: rack-1"),
    ('common: "true"', 'common: ""'),
    ('common: "true"', "common: true"),
    ("SiteConfig", "Siteconfig"),
    ("ran.openshift.io/v1", "run.openshift.io/v1"),
    ("  namespace: north-1\n", ""),
    ("\n  clusters:", "\n  # comment\n  clusters:"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), CHANGES)
def test_a_file_that_states_something_else_has_another_pattern(old: str, new: str) -> None:
    shelf, text = new_shelf(), filled_in(SITE_CONFIG)
    assert old in text
    known = template_in(shelf, text.encode())
    assert known is not None
    assert template_in(shelf, text.replace(old, new).encode()) is not known


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("extra-north-1", "custom-manifests-configmap"),
        ("    - name: custom-manifests-configmap\n", ""),
        ("extraManifestsRefs", "extraManifestRefs"),
        ("node3-north-1", "node2-north-1"),
        ('"None"', '"None "'),
        ("openshift-4.18", "openshift-4.19"),
        ('"AllNodes"', '"None"'),
        ('    - hostName: "node3-north-1"\n      role: "master"\n', ""),
        ("ManagedCluster:", "AgentClusterInstall:"),
    ],
)  # fmt: skip
def test_so_does_one_of_another_kind(old: str, new: str) -> None:
    shelf, text = new_shelf(), filled_in(INSTANCE)
    assert old in text
    known = template_in(shelf, text.encode())
    assert known is not None
    assert template_in(shelf, text.replace(old, new).encode()) is not known


SITE = filled_in(SITE_CONFIG)
CLUSTER = filled_in(IMPORTED)
HOST = "    - hostName: node1.north-1.example.com\n"
LABELS = "    clusterLabels: {}\n"
LEFT_ALONE = {
    "an anchor": SITE.replace('"true"', '&a "true"', 1),
    "an alias": SITE.replace('"AA:BB', '*a # "AA:BB', 1),
    "an escape": SITE.replace('"true"', '"tr\\u0075e"', 1),
    "a percent sign": SITE.replace("ssh-rsa", "ssh%rsa"),
    "a template": SITE.replace("eno1", "{{ link }}", 1),
    "a merge": SITE.replace("eno1", "eno1\n            <<: a", 1),
    "a complex key": SITE.replace("    nodes:", "    ? nodes\n    :", 1),
    "two documents": SITE + "---\nkind: Namespace\n",
    "a document that ends": SITE + "...\n",
    "a tab": SITE.replace("state: up", "state:\tup"),
    "other line ends": SITE.replace("\n", "\r\n"),
    "an umlaut": SITE.replace("eno1", "enö1"),
    "a byte order mark": "\ufeff" + SITE,
    "a long text": SITE + "# " + 70_000 * "x",
    "no YAML": SITE + "  a: [\n",
    "no cluster": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: north-1\n",
    "no object": "a: b\n",
    "nothing": "",
    "a cluster without a name": CLUSTER.replace("name: north-1", 'name: ""'),
    "more in a list": "apiVersion: v1\nkind: List\nitems:\n"
    "- apiVersion: v1\n  kind: Namespace\n  metadata:\n    name: north-1\n"
    "- apiVersion: ran.openshift.io/v1\n  kind: SiteConfig\n  spec:\n    clusters:\n"
    "    - clusterName: north-1\n",
    "files in a list": "- a.yaml: |\n"
    + "".join(f"    {line}\n" for line in filled_in(INSTANCE).splitlines()),
    "a name over two lines": CLUSTER.replace("name: north-1", "name: north-1\n    more"),
    "a label over two lines": CLUSTER.replace("'north-1'\n", "north-1\n      more\n"),
    "a label with a key in it": CLUSTER.replace("'north-1'\n", "'\n    a: \"b\"\n    '\n"),
    "a name in a label's text": CLUSTER.replace("'north-1'\n", "|\n     name: north-1\n"),
    "names in labels of nodes that are not seen to be in them": SITE.replace(
        HOST, HOST + "      nodeLabels:\n       name: north-1\n"
    ),
    "names behind a comment in labels of nodes": SITE.replace(
        HOST, HOST + "      nodeLabels:\n        a: b\n# here\n        name: north-1\n"
    ),
    "labels of nodes first in an item": SITE.replace(
        HOST, "    - nodeLabels:\n        proxy: a\n        name: north-1\n"
    ),
    "a name in an image set": SITE.replace(
        '"img4.16.4-x86-64-appsub"', "\n    img4\n    name: north-1"
    ).replace("    img4\n", "    |\n    img4\n"),
    "a field in a role": SITE.replace('"worker"', "worker\n        proxy:a b"),
    "a field in a cpuset": SITE.replace('cpuset: "0-3"', "cpuset: |\n        proxy: a\n"),
    "a field in overrides": SITE.replace('"capabilities": {\n', "proxy: a\n"),
    "labels of which one is called like a field": SITE.replace(
        LABELS, "    'clusterLabels':\n      proxy: a\n"
    ),
    "labels between braces, of which one is called like a field": SITE.replace(
        LABELS, "    'clusterLabels': {\n      proxy: {},\n        a b: {}\n    }\n"
    ),
    "a name that stands elsewhere as it is": SITE.replace(HOST, HOST.replace("\n", " # first\n"))
    .replace("node2.north-1.example.com", "node1.north-1.example.com"),
    "a ConfigMap that is named twice": filled_in(INSTANCE).replace(
        "- name: custom-manifests-configmap", "- {name: extra-north-1}"
    ),
    "a word that may be a key, but for its length": SITE.replace(
        "state: up", f"[ {1100 * 'x'} ]: up"
    ),
    "a word in quotes that may be": SITE.replace("state: up", f'a: {{ "{1100 * "x"} y":up }}'),
}  # fmt: skip


@pytest.mark.parametrize("text", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_a_text_that_does_not_tell_is_left_alone(text: str) -> None:
    assert text not in TEXTS.values()
    assert new_shelf().recognised(PLACE, text.encode()) == []


ODD = {
    "a label that stands elsewhere as it is": SITE.replace(
        LABELS, "    clusterLabels:\n      a: true\n      b: north-1 # too\n"
    ),
    "templates": SITE.replace(LABELS, "    clusterLabels:\n      <zone>: a\n      b: $(zone)\n"),
    "braces over lines": SITE.replace(
        LABELS,
        "    clusterLabels: {\n      a: b,\n      c: d-1\n    }\n    apiVIPs: [\n      a ]\n",
    ),
    "labels of nodes first in an item": SITE.replace(
        HOST, "    - nodeLabels:\n        a: b\n      hostName: x-1\n"
    ),
    "labels first in an item": SITE.replace(
        "  - clusterName: second-north-1\n" + LABELS,
        "  - clusterLabels:\n      name: x-1\n      'a': \"b c\"\n    clusterName: y-1\n",
    ),
    "quoted keys": SITE.replace(
        LABELS, "    'clusterLabels':\n      'a': \"b\"\n      name: x-1\n"
    ),
    "text over lines in labels": SITE.replace(
        LABELS, "    clusterLabels:\n      a: |\n        b\n      c: 'd\n        e'\n      f: 'g'\n"
    ),
    "a list in labels": SITE.replace(LABELS, "    clusterLabels:\n      a:\n      - b: 'c'\n"),
    "comments": SITE.replace(
        "    nodes:\n", "    nodes: # [ {\n    # name: 'x-1\n    # nodeLabels: {\n"
    ),
    "lists beneath fields": SITE.replace(
        "    serviceNetwork:\n    - cidr", "    serviceNetwork:\n    -   cidr"
    ).replace("    proxy:\n", "    ingressVIPs:\n    - a\n    -\n      b\n    proxy:\n"),
    "tags": SITE.replace('"true"', "!!str true")
    .replace("- clusterName", "- !x clusterName")
    .replace('"north-1"', "z-9")
    .replace("second-north-1", "z-8"),
    "names of other kinds": SITE.replace(HOST, HOST.replace("hostName: ", "hostName: 1 # ")),
    "no hostName": SITE.replace(HOST, "    - {}\n    - role: master\n"),
    "an empty hostName": SITE.replace(HOST, '    - hostName: ""\n    - role: master\n'),
    "a field twice": SITE.replace(HOST, HOST + "      hostName: x-1\n      hostName: y-1\n"),
    "no line end": SITE[:-1],
    "blanks at the end": SITE.replace(HOST, "    - hostName: z-9  \n"),
    "empty lines": SITE.replace("\n", "\n\n"),
    "a list of objects": "apiVersion: v1\nkind: List\nitems:\n- "
    + CLUSTER.replace("\n", "\n  ")
    + "\n- "
    + CLUSTER.replace("\n", "\n  "),
    "a long word": SITE.replace("ssh-rsa AAAAB3Nza", f"ssh-rsa {2000 * 'x'}"),
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_an_odd_text_is_recognised_if_it_tells(text: str) -> None:
    shelf = new_shelf()
    data = text.encode()
    template = template_in(shelf, data)
    assert template is not None
    for seed in range(20):
        other = refilled(pattern_of(data), Random(seed))
        again = template_in(shelf, other)
        assert again is template or pattern_of(other) != pattern_of(data)
        if again is template:
            assert stated(other) == stated(data)


# --- any text -------------------------------------------------------------------------------------

NAMES = ["a-1", "b-2", "c3", "alpha.1", "n.", "y-", "o0", "true-1", "extra-1", "node1.north-1"]
QUOTED = [*NAMES, "b c", "alpha", "", "true", "1", "~", " ", "img4.16", "master", "0-1", "a: b"]
VALUES = ["a", "b-2", "1", "true", "x:y", "/dev/x", "+1", "a=", "fd00::1", "y", "null", "a@b"]


def refilled(pattern: Pattern | None, random: Random) -> bytes:
    """Return a text that has a pattern, as a rule, with other words for its covers."""
    assert pattern is not None
    text = pattern.text.decode()
    plain = set(re.findall(r"(?<!['\"])x%(\d+)", text))
    words = {
        str(number): word
        if random.random() < 0.3
        else random.choice(NAMES if str(number) in plain else QUOTED)
        for number, word in enumerate(pattern.words)
    }
    text = re.sub(r"x%(\d+)", lambda match: words[match[1]], text)
    text = re.sub(r'"x%"', lambda match: f'"{random.choice(ADDRESSES)}"', text)
    return re.sub(r"x%", lambda match: random.choice(VALUES), text).encode()


ADDRESSES = ["a-1", "1", "http://[fd00::1]/x", "{a: b}", "a # b", "a: b", "", "- a", "| [", "!!str"]
FIELDS = [
    *(["clusterName", "hostName", "name", "namespace"] * 3),
    *(["proxy", "nodeNetwork", "bmcAddress", "apiVIP", "pullSecretRef", "sshPublicKey"] * 2),
    *(["clusterLabels", "extraLabels", "labels", "ManagedCluster", "nodeLabels"] * 2),
    *(
        ["installConfigOverrides", "clusterImageSetNameRef", "cpuPartitioningMode", "annotations"]
        * 2
    ),
    *["cpuset", "role", "cpuArchitecture", "nodes", "kind", "a", "b", "template"],
    *["extraManifestsRefs", "extraManifestPath", "extraManifests", "searchPaths"],
]
WORDS = st.sampled_from(
    [
        *NAMES,
        *VALUES,
        "AllNodes",
        "worker",
        "0-1",
        "null",
        '"a-1"',
        "'a-1'",
        '""',
        "'b c'",
        '"alpha"',
    ]
)
SIGNS = st.sampled_from(
    [
        *":'\"{}[],|>#!`@=~-?.$<",
        " ",
        " ",
        ": ",
        "- ",
        "!!str ",
        "..",
        "|\n",
        ">-\n",
        "\n",
        " #",
        ", ",
    ]
)
KEYS = st.sampled_from(FIELDS).map(lambda field: f"{field}: ")
TEXT = st.one_of(
    *[WORDS] * 4,
    st.sampled_from(["", "|", ">-"]),
    st.lists(st.builds("{}{}".format, KEYS, WORDS), max_size=2).map(
        lambda one: f"{{{', '.join(one)}}}"
    ),
    st.lists(st.one_of(WORDS, SIGNS, SIGNS, KEYS), min_size=1, max_size=5).map("".join),
)
LINES = st.builds(
    "{}{}{}{}".format,
    st.sampled_from([0, 1, 2, 2, 3, 4, 4, 4, 5, 6, 6, 6, 7, 8, 8, 10]).map(
        lambda width: " " * width
    ),
    st.sampled_from(["", "", "", "", "- ", "- ", "-", "# ", "- - "]),
    st.one_of(
        st.just(""),
        *[KEYS] * 8,
        *(
            KEYS.map(change)
            for change in (str.rstrip, lambda key: f"'{key[:-2]}': ", lambda key: f"{key} ")
        ),
    ),
    TEXT,
)
TURNS = st.sampled_from(
    [
        lambda line: f" {line}",
        lambda line: line.replace(" ", "", 1),
        lambda line: f"{line} ",
        lambda line: f"{line} # c",
        lambda line: line.replace(": ", ":\n          "),
        lambda line: line.replace("- ", "-\n          "),
        lambda line: "",
    ]
)
EDITS = st.one_of(
    LINES.map(lambda new: lambda line: f"{line}\n{new}"),
    LINES.map(lambda new: lambda line: f"{line}\n{new}"),
    LINES.map(lambda new: lambda line: new),
    TEXT.map(lambda new: lambda line: re.sub(r"(?<=: ).*", lambda _: new, line)),
    TURNS,
)
SHORT = [
    re.sub(
        r"(?m)^ {4,6}(?:installConfig.*|[{ ]*\"cap[^}]*}\n *}|cpuArch.*|sshPub.*|bootM.*)\n",
        "",
        text,
    )
    for text in (SITE, filled_in(INSTANCE), CLUSTER)
]


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Return something like a file that describes clusters, with odd lines."""
    lines = draw(st.sampled_from(SHORT)).splitlines()
    for number, edit in draw(
        st.lists(st.tuples(st.integers(2, 80), EDITS), min_size=1, max_size=3)
    ):
        at = number % len(lines)
        lines[at] = edit(lines[at])
    return "\n".join(lines) + draw(st.sampled_from(["\n", "\n", "\n", ""]))


@tried(600)
@given(texts(), st.integers(0, 2**32))
def test_texts_of_one_pattern_say_the_same(text: str, seed: int) -> None:
    shelf = new_shelf()
    data = text.encode()
    pattern = pattern_of(data)
    assume(pattern is not None)
    template = template_in(shelf, data)
    assume(template is not None or composed(data))
    known = stated(data)
    random = Random(seed)
    for other in {refilled(pattern, random) for _ in range(4)} - {data}:
        again = template_in(shelf, other)
        if template is None or again is not template:
            continue
        event("recognised")
        assert stated(other) == known
