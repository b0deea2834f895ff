"""Typed statements read from manifests, each with its place."""
