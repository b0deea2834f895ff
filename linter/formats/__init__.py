"""The text formats that carry CPU lists: one module per format, each free of the others' files."""
