"""``wplint render``: write the manifests that an installation needs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.cli.release import read_configuration, read_release
from linter.cli.streams import StandardOutput, complain
from linter.cli.usage import UsageError
from linter.model.partitioning import Mode, read_partitioning
from linter.model.releases import ADDON_OPERATOR, CPU_PARTITIONING_API, Releases
from linter.records import dataclass
from linter.render import OwnerReference, RenderError, RenderOptions, is_rendered, render
from linter.render.carrier import Addition, switch_on
from linter.render.definition import FILE_NAME as DEFINITION_FILE
from linter.render.definition import definition_text
from linter.render.directory import DirectoryError, FileChange, changes_in, write
from linter.render.emit import to_yaml
from linter.render.reading import InputError, place_of, read_inputs
from linter.sources.candidates import PathError, printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linter.model.releases import Release
    from linter.render.reading import Reading

CHANGED = 1

COMPLETED_BY_OPERATOR = (
    "the operator's own scripts and units are left out; the operator in the cluster adds them when "
    "it takes the MachineConfigs over"
)
_MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """What is to be rendered and how: the options of the command, as they were written."""

    inputs: tuple[str, ...] = ()
    input_dirs: str | None = None
    output_dir: str | None = None
    owner_ref: str | None = None
    openshift_version: str | None = None
    enable_partitioning: bool = False
    with_crd: bool = False
    diff: bool = False
    force: bool = False


def run_render(request: RenderRequest) -> int:
    """Render, write the files or print what would change, and return the exit status.

    Raises:
        UsageError: An option cannot be used, the manifests imply nothing, or a file that would be
            overwritten holds something else.

    """
    environment = os.environ
    paths = _inputs(request, environment)
    folder = request.output_dir or environment.get("ASSET_OUTPUT_DIR", "")
    if not folder:
        raise UsageError("name the directory to write to: -o DIR")
    owner = _owner(request.owner_ref or environment.get("OWNER_REF") or "label-name")
    asked_for = read_release(request.openshift_version, read_configuration(paths))
    try:
        reading = read_inputs(paths)
        release = asked_for or _detected(reading)
        addition = _addition(request, reading, release)
        texts = _texts(request, reading, release, owner, carried=addition is not None)
        changes = changes_in(folder, texts)
        if addition is not None and addition.change is not None:
            changes.insert(0, addition.change)
        _warn(reading, release, request)
        if addition is not None:
            complain(f"note: {addition.words}")
        if request.diff:
            return _print_diff(changes)
        _refuse_overwriting(changes, request)
        write(changes)
    except RenderError as error:
        raise UsageError(str(reading.locate(error))) from error
    except (PathError, InputError, DirectoryError) as error:
        raise UsageError(str(error)) from error
    _tell(folder, texts, changes)
    return 0


def _inputs(request: RenderRequest, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the files and directories to read: those named, else those of the environment."""
    listed = [part.strip() for part in (request.input_dirs or "").split(",")]
    paths = (*request.inputs, *(part for part in listed if part))
    if not paths:
        listed = [part.strip() for part in environment.get("ASSET_INPUT_DIR", "").split(",")]
        paths = tuple(part for part in listed if part)
    if not paths:
        raise UsageError("name the manifests to render from: wplint render INPUT... -o DIR")
    return paths


def _owner(word: str) -> OwnerReference:
    try:
        return OwnerReference(word)
    except ValueError:
        known = ", ".join(OwnerReference)
        raise UsageError(f"--owner-ref: '{printable(word)}' is none of {known}") from None


def _detected(reading: Reading) -> Release:
    release, is_known = reading.releases()
    if not is_known:
        complain(
            f"note: rendering for OpenShift {release}, the newest that fits, since the manifests "
            "name no release; name it with --openshift-version"
        )
    return release


def _addition(request: RenderRequest, reading: Reading, release: Release) -> Addition | None:
    """Return what switches partitioning on in a carrier that is there, if that is asked for."""
    if not request.enable_partitioning:
        return None
    if not Releases.only(release).has(CPU_PARTITIONING_API):
        complain(
            f"note: in {release} no field switches workload partitioning on; the MachineConfigs "
            "02-<role>-workload-partitioning do"
        )
        return None
    return switch_on(reading.facts)


def _texts(
    request: RenderRequest,
    reading: Reading,
    release: Release,
    owner: OwnerReference,
    *,
    carried: bool,
) -> dict[str, str]:
    """Return the texts of all files by their names."""
    wanted: bool | None = True if request.enable_partitioning else None
    if wanted is None and reading.inputs.infrastructure is None:
        # The installer has still to make the Infrastructure object of its configuration.
        is_on = read_partitioning(reading.facts.installations).mode is Mode.ALL_NODES
        wanted = (is_on and Releases.only(release).has(CPU_PARTITIONING_API)) or None
    manifests = render(reading.inputs, release, RenderOptions(owner, wanted))
    texts = {
        manifest.file_name: to_yaml(manifest)
        for manifest in manifests
        if manifest.object["kind"] != "Infrastructure"
        or (request.enable_partitioning and not carried)
    }
    if request.with_crd:
        texts[DEFINITION_FILE] = definition_text()
    return texts


def _warn(reading: Reading, release: Release, request: RenderRequest) -> None:
    """Say what was passed over."""
    for words in reading.left_out:
        complain(f"warning: {words}")
    for profile in reading.facts.profiles:
        manifest = profile.manifest
        if is_rendered({"apiVersion": f"{manifest.group}/{manifest.version}"}, release):
            continue
        complain(
            f"warning: {place_of(manifest.name_ref)}: PerformanceProfile {manifest.name} is passed "
            f"over: since 4.13 only version v2 is rendered at installation, and it is of version "
            f"{manifest.version or 'none'}"
        )
    if request.with_crd and not Releases.only(release).has(ADDON_OPERATOR):
        complain(f"note: OpenShift {release} brings the definition of PerformanceProfile itself")


def _print_diff(changes: Sequence[FileChange]) -> int:
    from linter.fix.difference import difference_of

    with StandardOutput() as stream:
        for change in changes:
            old = (change.before or b"").decode("utf-8", "backslashreplace")
            new = change.after.decode("utf-8", "backslashreplace")
            stream.write(difference_of(printable(change.path), old, new))
    return CHANGED if changes else 0


def _refuse_overwriting(changes: Sequence[FileChange], request: RenderRequest) -> None:
    lost = [printable(change.path) for change in changes if change.overwrites]
    if not lost or request.force:
        return
    more = f" and {len(lost) - _MOST_NAMED} more" if len(lost) > _MOST_NAMED else ""
    raise UsageError(
        f"nothing was written, because these hold something else: {', '.join(lost[:_MOST_NAMED])}"
        f"{more}; --diff shows what would change, --force overwrites them"
    )


def _tell(folder: str, texts: Mapping[str, str], changes: Sequence[FileChange]) -> None:
    """Sum up what was done."""
    written = sum(not change.edited for change in changes)
    files = "1 file" if written == 1 else f"{written} files"
    complain(f"{files} written to {printable(folder)}, {len(texts) - written} as they were")
    if any(change.path.endswith("_kubeletconfig.yaml") for change in changes):
        complain(f"note: {COMPLETED_BY_OPERATOR}")
