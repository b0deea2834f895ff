"""The grammar of ``wplint render``."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from linter.cli.commands.command import Command, Task
from linter.cli.options import OpenShiftVersion


def render_command(  # noqa: PLR0917 - one parameter per option
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[INPUT]...",
            help="Files and directories with the manifests of one cluster.",
            show_default=False,
        ),
    ] = None,
    asset_output_dir: Annotated[
        str | None,
        typer.Option(
            "--asset-output-dir",
            "-o",
            metavar="DIR",
            help="The directory to write to.  [env: ASSET_OUTPUT_DIR]",
        ),
    ] = None,
    asset_input_dir: Annotated[
        str | None,
        typer.Option(
            metavar="DIR,...", help="Further directories to read.  [env: ASSET_INPUT_DIR]"
        ),
    ] = None,
    owner_ref: Annotated[
        str | None,
        typer.Option(
            metavar="label-name|none|k8s",
            help="How objects name their profile: by a label, not at all, or by an owner "
            "reference, for which the profile needs a UID.  [default: label-name; env: OWNER_REF]",
        ),
    ] = None,
    enable_partitioning: Annotated[
        bool,
        typer.Option(
            "--enable-partitioning",
            help="Switch workload partitioning on, too: in the install-config.yaml or other "
            "manifest that decides it, else in a new Infrastructure manifest.",
        ),
    ] = False,
    with_crd: Annotated[
        bool,
        typer.Option(
            "--with-crd",
            help="Write the CustomResourceDefinition of PerformanceProfile, too: up to 4.10 an "
            "installation waits for it.",
        ),
    ] = False,
    openshift_version: OpenShiftVersion = None,
    diff: Annotated[
        bool,
        typer.Option("--diff", help="Print what would change, and write nothing."),
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite files that hold something else.")
    ] = False,
) -> Task:
    """Write the manifests that the PerformanceProfiles of a cluster imply.

    A drop-in for the render command of the Node Tuning Operator. Without any profile it writes
    what lets nodes join a partitioned cluster, so that profiles can follow later.

    Exit status: 0 done, or nothing would change; 1 with --diff, something would change; 2 the
    manifests imply nothing, a file would be overwritten, wrong usage, or an error of wplint itself.
    """
    from linter.cli.render import RenderRequest, run_render

    request = RenderRequest(
        inputs=tuple(inputs or ()),
        input_dirs=asset_input_dir,
        output_dir=asset_output_dir,
        owner_ref=owner_ref,
        openshift_version=openshift_version,
        enable_partitioning=enable_partitioning,
        with_crd=with_crd,
        diff=diff,
        force=force,
    )
    return partial(run_render, request)


RENDER = Command(
    "render",
    "Write the manifests that PerformanceProfiles imply.",
    render_command,
    (
        "wplint render clusters/north/ -o clusters/north/openshift",
        "wplint render manifests/ -o openshift/ --enable-partitioning --openshift-version 4.16",
        "wplint render manifests/ -o openshift/ --diff",
    ),
)
