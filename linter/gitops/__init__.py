"""GitOps repositories: which policies meet which cluster, and what they put on it."""
