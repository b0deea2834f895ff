"""The CPUs of a machine: which there are, which are threads of one core, which belong together.

Manifests do not say it, so it is read from what a machine says of itself, when somebody gives
that: the output of ``lscpu`` (:mod:`~linter.topology.lscpu_json`,
:mod:`~linter.topology.lscpu_columns`) or files of ``/sys`` (:mod:`~linter.topology.sysfs`). Nothing
is guessed: what a file does not tell is None in :class:`~linter.topology.machine.Topology`, and
rules that need it say nothing.
"""
