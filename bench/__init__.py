"""Measurements: ratios taken in one run, never absolute times held by a test."""
