"""One run: from paths to an outcome. Nothing here prints."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from linter.engine.findings import Finding
from linter.engine.gate import Gate
from linter.engine.loading import Loading, skipped
from linter.engine.outcome import ClusterOutcome, Outcome, PoolOutcome, SkippedFile, Summary
from linter.engine.runner import check_cluster
from linter.engine.sharing import Shares, held_by_all, settled, shared
from linter.facts.scope import Facts, add_document
from linter.gitops.documents import Repository
from linter.model.cluster import build_cluster, target_releases
from linter.model.node import Readers
from linter.model.partitioning import Mode
from linter.records import dataclass, field
from linter.sources.discovery import discover
from linter.sources.reading import read
from linter.sources.scopes import Scope, assign_scopes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from linter.engine.loading import Loaded, Reader
    from linter.engine.outcome import RuleFailure
    from linter.engine.rules import Rule
    from linter.engine.suppressions import Suppression
    from linter.gitops.repository import GitOps
    from linter.model.cluster import Cluster
    from linter.model.releases import Release
    from linter.sources.candidates import Candidate, Discovery
    from linter.sources.text import Ref
    from linter.topology.machine import Topologies


@dataclass(slots=True)
class Tally:
    """What was met while reading, for the summary."""

    files: int = 0
    relevant: int = 0
    skipped: list[SkippedFile] = field(default_factory=list)
    not_understood: list[SkippedFile] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    suppressions: list[Suppression] = field(default_factory=list)

    @property
    def unread(self) -> list[SkippedFile]:
        """The files that were not read, and what was not understood in those that were."""
        return [*self.skipped, *self.not_understood]


def read_scopes(
    paths: Sequence[str],
    tally: Tally,
    read: Reader = read,
    *,
    found: Discovery | None = None,
    loading: Loading | None = None,
) -> list[tuple[Scope, Facts]]:
    """Find and read everything beneath some paths.

    Args:
        paths: Files and directories.
        tally: Counts what was met; it is filled here.
        read: Returns the bytes of a file, or why there are none; from the disk if left out.
        found: The files beneath the paths; looked for on the disk if left out.
        loading: Loads the files; made with ``read`` if left out.

    Raises:
        PathError: A path does not exist.

    """
    found = discover(paths) if found is None else found
    tally.files = len(found.candidates)
    tally.notes.extend(found.notes)
    tally.skipped.extend(skipped(skip) for skip in found.skipped)
    loading = Loading(read) if loading is None else loading
    loaded = loading.everything(found.candidates)
    explicit = _explicit(found, loaded)
    listed = dict(found.clusters)
    candidates = [candidate for candidate in found.candidates if candidate.path not in listed]
    repository = Repository(path for path in paths if os.path.isdir(path))
    for path, file in loaded.items():
        if path not in listed:
            repository.add(path, file.roots)
    for path, file in loading.patches(candidates, loaded, repository.patch_files()).items():
        loaded[path] = file
        repository.add(path, file.roots)
    if not repository.is_gitops and not repository.kustomizations:
        scopes = assign_scopes(candidates, paths)
        clusters = [(scope, _facts(scope, loaded)) for scope in scopes]
        clusters += _embedded(repository, clusters, loaded)
    else:
        for path, file in loading.config_maps(loaded).items():
            loaded[path] = file
            repository.add(path, file.roots)
        clusters = _read_gitops(repository, candidates, loaded, paths, tally)
    tally.read.extend(loaded)
    tally.suppressions.extend(wish for file in loaded.values() for wish in file.suppressions)
    tally.relevant = loading.relevant
    tally.skipped.extend(loading.skipped)
    return [*explicit, *clusters]


def _explicit(found: Discovery, loaded: Mapping[str, Loaded]) -> list[tuple[Scope, Facts]]:
    """Return the clusters that were known beforehand, each with all files of its directory."""
    homes = dict(found.clusters)
    members: dict[str, list[Candidate]] = {}
    for candidate in found.candidates:
        if candidate.path in homes:
            members.setdefault(homes[candidate.path], []).append(candidate)
    scopes: list[tuple[Scope, Facts]] = []
    for folder, listed in sorted(members.items()):
        installer = any(scope.installer for scope in assign_scopes(listed, [folder]))
        scope = Scope(os.path.basename(folder), folder, tuple(listed), installer)
        scopes.append((scope, _facts(scope, loaded)))
    return scopes


def _read_gitops(
    repository: Repository,
    candidates: Iterable[Candidate],
    loaded: Mapping[str, Loaded],
    paths: Sequence[str],
    tally: Tally,
) -> list[tuple[Scope, Facts]]:
    """Join clusters and policies; other manifests are taken directory by directory.

    Where a directory holds two profiles for the same nodes, it is taken file by file.
    """
    from linter.gitops.repository import GitOps

    gitops = GitOps(repository, os.path.basename(os.path.abspath(paths[0])))
    tally.not_understood.extend(SkippedFile(name, why) for name, why in gitops.not_understood)
    plain = [
        candidate
        for candidate in candidates
        if not gitops.is_material(os.path.abspath(candidate.path))
    ]
    clusters = list(gitops.scopes)
    clusters.extend(_unreadable(candidates, loaded, gitops))
    apart = repository.is_gitops
    for folder in assign_scopes(plain, paths, apart=apart):
        if folder.installer:
            clusters.append((folder, _facts(folder, loaded, gitops)))
            continue
        is_live = gitops.liveness.is_live if apart else gitops.liveness.is_listed
        for scope, live in _by_liveness(folder, is_live):
            several = apart and _several(_facts(scope, loaded, gitops))
            for part in _files(scope) if several else [scope]:
                facts = _facts(part, loaded, gitops)
                facts.dormant = not live
                facts.pools_open = facts.profiles_open = apart or gitops.has_builds
                clusters.append((part, facts))
    if not apart and sum(facts.relevant > 0 for _, facts in clusters) == 1:
        for _, facts in clusters:  # all that there is is one cluster
            facts.pools_open = facts.profiles_open = not gitops.whole
    return clusters


def _embedded(
    repository: Repository,
    clusters: Sequence[tuple[Scope, Facts]],
    loaded: Mapping[str, Loaded],
) -> list[tuple[Scope, Facts]]:
    """Add the manifests in ConfigMaps to their clusters; return those that are for NodePools."""
    if not repository.of("", "ConfigMap"):
        return []
    from linter.gitops.extra_manifests import ExtraManifests
    from linter.gitops.join import add_facts
    from linter.gitops.node_pools import NodePools, is_for_node_pools

    extra = ExtraManifests(repository)
    for scope, facts in clusters:
        paths = {os.path.abspath(c.path) for c in scope.candidates if c.path in loaded}
        for document in repository.of("", "ConfigMap"):
            if document.path in paths and not is_for_node_pools(document):
                add_facts(facts, extra.of_config_map(document))
    return NodePools(repository).scopes


def _unreadable(
    candidates: Iterable[Candidate], loaded: Mapping[str, Loaded], gitops: GitOps
) -> Iterator[tuple[Scope, Facts]]:
    """Yield a scope for each file that others use and that cannot be read."""
    for candidate in candidates:
        file = loaded.get(candidate.path)
        if file is None or file.problem is None:
            continue
        if gitops.is_material(os.path.abspath(candidate.path)):
            facts = Facts(unreadable=[file.problem])
            yield Scope(candidate.name, candidate.name, (candidate,), installer=False), facts


def _by_liveness(folder: Scope, is_live: Callable[[str], bool]) -> Iterator[tuple[Scope, bool]]:
    """Split a directory into the files that are live and those that are not."""
    for live in (True, False):
        listed = tuple(
            candidate
            for candidate in folder.candidates
            if is_live(os.path.abspath(candidate.path)) is live
        )
        if listed:
            yield Scope(folder.name, folder.path, listed, installer=False), live


def _several(facts: Facts) -> bool:
    """Say whether two profiles are for the same nodes, and so for several clusters."""
    selectors = [
        tuple(sorted(profile.node_selector.values.items()))
        for profile in facts.profiles
        if profile.node_selector is not None
    ]
    return len(set(selectors)) < len(selectors)


def _files(folder: Scope) -> list[Scope]:
    """Return a scope for each file of a directory."""
    return [
        Scope(folder.name, candidate.name, (candidate,), installer=False)
        for candidate in folder.candidates
    ]


def _facts(scope: Scope, loaded: Mapping[str, Loaded], gitops: GitOps | None = None) -> Facts:
    """Return the facts of the files of a scope, without what describes a cluster by itself."""
    facts = Facts()
    for candidate in scope.candidates:
        file = loaded.get(candidate.path)
        if file is None:
            continue
        for root in file.roots:
            if gitops is None or not gitops.is_taken(root):
                add_document(facts, root)
        if file.problem is not None:
            facts.unreadable.append(file.problem)
    return facts


def lint(
    paths: Sequence[str],
    rules: Sequence[Rule],
    release: Release | None = None,
    read: Reader = read,
    *,
    topologies: Topologies | None = None,
    broken: Iterable[RuleFailure] = (),
    found: Discovery | None = None,
    gate: Gate | None = None,
) -> Outcome:
    """Judge everything beneath some paths.

    Args:
        paths: Files and directories.
        rules: The rules to run; those about a change have nothing to say here.
        release: The target release where it is known.
        read: Returns the bytes of a file, or why there are none; from the disk if left out.
        topologies: The CPUs of the machines, by pool, where they are known.
        broken: Rules that cannot even be loaded.
        found: The files beneath the paths, where that is known.
        gate: What is let pass besides what the manifests themselves suppress.

    Raises:
        PathError: A path does not exist.

    """
    rules = [rule for rule in rules if not rule.about_change]
    tally = Tally()
    undecided: set[str] = set()
    findings: list[Finding] = []
    failures: list[RuleFailure] = list(broken)
    clusters: list[ClusterOutcome] = []
    manifests = templated = 0
    unreadable: set[Ref] = set()
    common: list[Finding] = []
    shares = Shares()
    for scope, variants in alternatives(read_scopes(paths, tally, read, found=found)):
        judged: list[list[Finding]] = []
        for facts in variants:
            if not facts.relevant and not facts.unreadable and not facts.remarks:
                continue
            facts.topologies = topologies.of_cluster(scope.name) if topologies else None
            build = partial(
                build_cluster,
                scope.name,
                scope.path,
                facts,
                installer=scope.installer,
                readers=Readers(),
            )
            mine, cluster, broken, sometimes = check_cluster(
                build, target_releases(facts, release), rules
            )
            judged.append(settled(mine, facts))
            if facts.bound or facts.shared:
                shares.add(cluster.statements, mine)
            failures.extend(broken)
            manifests += facts.relevant
            templated += count_templates(cluster)
            unreadable.update(unreadable_places(cluster))
            if facts.relevant and len(judged) == 1:
                clusters.append(describe(cluster))
            undecided.update(sometimes)
            if sometimes:
                tally.notes.append(
                    f"{scope.name}: {len(sometimes)} finding(s) hold in some releases only and are "
                    "left out, since the release is not known; name it with --openshift-version"
                )
        if judged:
            (common if variants[0].bound or variants[0].shared else findings).extend(
                held_by_all(judged)
            )
    findings.extend(shares.agreed(shared(common)))
    if topologies is not None:
        tally.notes.extend(_without_pool(topologies, clusters))
    outcome = Outcome(
        findings=tuple(sorted(findings, key=Finding.order)),
        clusters=tuple(clusters),
        summary=Summary(
            tally.files, tally.relevant, manifests, templated,
            tuple(sorted(tally.skipped, key=lambda skip: skip.name)),
            tuple(sorted(tally.not_understood, key=lambda skip: skip.name)),
            len(unreadable),
        ),
        failures=tuple(failures),
        notes=tuple(tally.notes),
        rules=tuple(rules),
        suppressions=tuple(sorted(tally.suppressions, key=lambda wish: wish.ref.order())),
        undecided=frozenset(undecided),
        read=tuple(sorted(tally.read)),
    )  # fmt: skip
    return (gate or Gate()).applied(outcome, rules)


def _without_pool(topologies: Topologies, clusters: Sequence[ClusterOutcome]) -> Iterator[str]:
    """Yield a note for each topology that is for a pool which no cluster has."""
    names = {pool.name for cluster in clusters for pool in cluster.pools}
    names |= {f"{cluster.name}/{pool.name}" for cluster in clusters for pool in cluster.pools}
    for name in topologies.pools():
        if name not in names:
            yield f"a topology is given for '{name}', but no cluster has such a pool"


def alternatives(
    scopes: Iterable[tuple[Scope, Facts]],
) -> Iterator[tuple[Scope, list[Facts]]]:
    """Yield each scope once, with all that its facts may be."""
    waiting: tuple[Scope, list[Facts]] | None = None
    for scope, facts in scopes:
        if waiting is not None and waiting[0] is scope:
            waiting[1].append(facts)
            continue
        if waiting is not None:
            yield waiting
        waiting = (scope, [facts])
    if waiting is not None:
        yield waiting


def count_templates(cluster: Cluster) -> int:
    """Count the values that a template engine decides, as far as rules would have read them."""
    payloads = (f.contents for c in cluster.facts.machine_configs for f in c.files)
    return sum(statement.templated for statement in cluster.statements) + sum(
        payload is not None and payload.templated for payload in payloads
    )


def unreadable_places(cluster: Cluster) -> Iterator[Ref]:
    """Yield where files could not be read on, and the payloads that could not be decoded."""
    for _, problem in cluster.facts.unreadable:
        yield problem.ref
    for config in cluster.facts.machine_configs:
        for file in config.files:
            if file.contents is not None and file.contents.problem is not None:
                yield file.contents.ref


def describe(cluster: Cluster) -> ClusterOutcome:
    """Say what was understood of a cluster."""
    release = cluster.releases.known
    mode = cluster.partitioning.mode
    return ClusterOutcome(
        name=cluster.name,
        path=cluster.path,
        release=str(release) if release is not None else None,
        partitioning=mode.value if mode in {Mode.ALL_NODES, Mode.OFF} else None,
        pools=tuple(
            PoolOutcome(
                node.pool.name,
                node.profile.name if node.profile is not None else None,
                str(node.reserved.cpus) if node.reserved is not None else None,
                str(isolated.cpus)
                if node.profile is not None
                and (isolated := node.profile.isolated) is not None
                and isolated.cpus is not None
                else None,
            )
            for node in cluster.nodes
        ),
    )
