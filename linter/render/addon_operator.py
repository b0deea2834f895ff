"""What installs the Performance Addon Operator, which releases up to 4.10 need.

Source: openshift-kni/performance-addon-operators (bundle metadata), and the reference manifests of
openshift-kni/cnf-features-deploy, ``ztp/source-crs/Pao*.yaml``. From 4.11 on the Node Tuning
Operator, which is part of the release, does its work.
"""

from __future__ import annotations

from linter.render.manifest import Manifest

NAMESPACE = "openshift-performance-addon-operator"
NAME = "performance-addon-operator"


def addon_operator(channel: str) -> tuple[Manifest, Manifest, Manifest]:
    """Return Namespace, OperatorGroup and Subscription; the channel is a release such as 4.10."""
    metadata = {"name": NAME, "namespace": NAMESPACE}
    namespace = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": NAMESPACE,
            "annotations": {"workload.openshift.io/allowed": "management"},
            "labels": {"openshift.io/cluster-monitoring": "true"},
        },
    }
    # Without target namespaces the operator watches all of them, as it must.
    group = {
        "apiVersion": "operators.coreos.com/v1",
        "kind": "OperatorGroup",
        "metadata": dict(metadata),
        "spec": {},
    }
    subscription = {
        "apiVersion": "operators.coreos.com/v1alpha1",
        "kind": "Subscription",
        "metadata": dict(metadata),
        "spec": {
            "channel": channel,
            "name": NAME,
            "source": "redhat-operators",
            "sourceNamespace": "openshift-marketplace",
        },
    }
    return (
        Manifest(f"{NAME}_namespace.yaml", namespace),
        Manifest(f"{NAME}_operatorgroup.yaml", group),
        Manifest(f"{NAME}_subscription.yaml", subscription),
    )
