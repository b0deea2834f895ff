"""How the operator names what it makes of a PerformanceProfile: these, and the profile's name.

Source: openshift/cluster-node-tuning-operator, ``…/performanceprofile/components/consts.go``.
"""

GENERATED_MACHINE_CONFIG = "50-performance-"
GENERATED_KUBELET_CONFIG = "performance-"
GENERATED_TUNED = "openshift-node-performance-"
