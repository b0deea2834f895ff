"""wplint: checks that every statement of a partitioned cluster's reserved CPUs agrees."""

__version__ = "0.1.0"
