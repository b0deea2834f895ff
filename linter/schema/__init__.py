"""Schemas of manifests: what their fields are called, and which values they take."""
