"""What a change of manifests does to the clusters that run already."""
