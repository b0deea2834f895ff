"""The manifests of which trees are made. The same number always gives the same text."""

from __future__ import annotations

import base64
import hashlib
import json
import random

_CRIO = """
[crio.runtime.workloads.management]
activation_annotation = "target.workload.openshift.io/management"
annotation_prefix = "resources.workload.openshift.io"
resources = { "cpushares" = 0, "cpuset" = "%s" }
"""

_PROSE = (
    "the desired state observed by this controller is reported as soon as it changes and may lag "
    "behind what the scheduler has decided since when it is empty a default of the platform is "
    "used which depends on the release and cannot be altered once the object was accepted"
)


def _key(number: int, length: int) -> str:
    """Return text that looks like a key, the same for the same number."""
    digest = hashlib.sha256(f"key {number}".encode()).digest() * (length // 40 + 1)
    return base64.b64encode(digest).decode()[:length]


def install_config(number: int) -> str:
    """Return an install-config.yaml; all of its names, addresses and keys are the site's own."""
    third, fourth = number // 250, number % 250
    return f"""\
apiVersion: v1
baseDomain: region-{number % 17}.example.com
compute:
- name: worker
  replicas: 0
controlPlane:
  name: master
  replicas: 1
cpuPartitioningMode: AllNodes
metadata:
  name: site-{number:05d}
networking:
  networkType: OVNKubernetes
  clusterNetwork:
  - cidr: 10.128.0.0/14
    hostPrefix: 23
  machineNetwork:
  - cidr: 10.{third}.{fourth}.0/24
  serviceNetwork:
  - 172.30.0.0/16
platform:
  none: {{}}
bootstrapInPlace:
  installationDisk: /dev/disk/by-id/wwn-0x5000c500{number:08x}
pullSecret: '{{"auths":{{"registry.example.com":{{"auth":"{_key(number, 96)}"}}}}}}'
sshKey: |
  ssh-rsa {_key(number + 100_000, 372)} core@site-{number:05d}
additionalTrustBundle: |
  -----BEGIN CERTIFICATE-----
  {_key(number // 500, 64)}
  {_key(number // 500 + 1, 64)}
  -----END CERTIFICATE-----
"""


def performance_profile(reserved: str, isolated: str) -> str:
    """Return the profile of single-node clusters, the same wherever the hardware is."""
    return f"""\
apiVersion: performance.openshift.io/v2
kind: PerformanceProfile
metadata:
  name: openshift-node-performance-profile
  annotations:
    kubeletconfig.experimental: |
      {{"allowedUnsafeSysctls":["net.ipv4.tcp_keepalive_time"]}}
spec:
  additionalKernelArgs:
  - rcupdate.rcu_normal_after_boot=0
  - vfio_pci.enable_sriov=1
  cpu:
    isolated: "{isolated}"
    reserved: "{reserved}"
  hugepages:
    defaultHugepagesSize: 1G
    pages:
    - count: 32
      size: 1G
  machineConfigPoolSelector:
    pools.operator.machineconfiguration.openshift.io/master: ""
  nodeSelector:
    node-role.kubernetes.io/master: ""
  numa:
    topologyPolicy: restricted
  realTimeKernel:
    enabled: true
  workloadHints:
    realTime: true
    highPowerConsumption: false
    perPodPowerManagement: false
"""


def _url(text: str) -> str:
    return "data:text/plain;charset=utf-8;base64," + base64.b64encode(text.encode()).decode()


def machine_config(pinned: str, reserved: str) -> str:
    """Return the MachineConfig that pins management pods by hand."""
    pinning = json.dumps({"management": {"cpuset": reserved}}, indent=2)
    return f"""\
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata:
  name: 99-master-workload-partitioning
  labels:
    machineconfiguration.openshift.io/role: master
spec:
  config:
    ignition:
      version: 3.2.0
    storage:
      files:
      - path: /etc/crio/crio.conf.d/99-workload-pinning.conf
        mode: 420
        overwrite: true
        contents:
          source: {_url(_CRIO % pinned)}
      - path: /etc/kubernetes/openshift-workload-pinning
        mode: 420
        overwrite: true
        contents:
          source: {_url(pinning)}
"""


def site_config(number: int, group: int, cpuset: str) -> str:
    """Return the SiteConfig of one single-node cluster."""
    name, third, fourth = f"site-{number:05d}", number // 250, number % 250
    return f"""\
apiVersion: ran.openshift.io/v1
kind: SiteConfig
metadata:
  name: {name}
  namespace: {name}
spec:
  baseDomain: region-{number % 17}.example.com
  pullSecretRef:
    name: assisted-deployment-pull-secret
  clusterImageSetNameRef: img4.16.4-x86-64-appsub
  sshPublicKey: ssh-rsa {_key(number, 372)} core@{name}
  clusters:
  - clusterName: {name}
    networkType: OVNKubernetes
    cpuPartitioningMode: AllNodes
    clusterLabels:
      hardware: group-{group}
      sites: {name}
    clusterNetwork:
    - cidr: 10.128.0.0/14
      hostPrefix: 23
    machineNetwork:
    - cidr: 10.{third}.{fourth}.0/24
    serviceNetwork:
    - 172.30.0.0/16
    nodes:
    - hostName: node.{name}.example.com
      role: master
      bmcAddress: idrac-virtualmedia://10.{third}.{fourth}.2/redfish/v1/Systems/System.Embedded.1
      bmcCredentialsName:
        name: bmc-secret
      bootMACAddress: 52:54:00:{number >> 16:02x}:{number >> 8 & 255:02x}:{number & 255:02x}
      bootMode: UEFI
      cpuset: "{cpuset}"
      rootDeviceHints:
        wwn: "0x5000c500{number:08x}"
      nodeNetwork:
        interfaces:
        - name: eno1
          macAddress: 52:54:00:{number >> 16:02x}:{number >> 8 & 255:02x}:{number & 255:02x}
        config:
          interfaces:
          - name: eno1
            type: ethernet
            state: up
            ipv4:
              enabled: true
              address:
              - ip: 10.{third}.{fourth}.10
                prefix-length: 24
"""


def source_profile() -> str:
    """Return the source CR that the policies lay their values over."""
    return """\
apiVersion: performance.openshift.io/v2
kind: PerformanceProfile
metadata:
  name: openshift-node-performance-profile
spec:
  cpu:
    isolated: $isolated
    reserved: $reserved
  machineConfigPoolSelector:
    pools.operator.machineconfiguration.openshift.io/$mcp: ""
  nodeSelector:
    node-role.kubernetes.io/$mcp: ""
  numa:
    topologyPolicy: restricted
  realTimeKernel:
    enabled: true
"""


def policy_template(group: int, reserved: str, isolated: str) -> str:
    """Return the policies of a group of sites."""
    return f"""\
apiVersion: ran.openshift.io/v1
kind: PolicyGenTemplate
metadata:
  name: group-{group}
  namespace: ztp-group
spec:
  bindingRules:
    hardware: group-{group}
  mcp: master
  sourceFiles:
  - fileName: PerformanceProfile.yaml
    policyName: config-policy
    spec:
      cpu:
        isolated: "{isolated}"
        reserved: "{reserved}"
"""


def other(number: int, index: int) -> str:
    """Return a manifest of another kind, of which one in ninety names one of ours."""
    kind = (number * 7 + index) % 6
    text = (_deployment, _service, _values, _network_policy, _config_map, _cron_job)[kind](
        f"site-{number:05d}", index
    )
    if (number * 18 + index) % 90 == 0:
        return f"# The PerformanceProfile of this site leaves these CPUs to us.\n{text}"
    return text


def definition(number: int) -> str:
    """Return a CustomResourceDefinition of 30 to 140 kB."""
    words = random.Random(number % 64)
    wanted = 30_000 + (number * 7919) % 110_000
    name = f"widgets{number % 64}"
    lines = [
        "apiVersion: apiextensions.k8s.io/v1",
        "kind: CustomResourceDefinition",
        "metadata:",
        f"  name: {name}.example.com",
        "spec:",
        "  group: example.com",
        "  names:",
        "    kind: Widget",
        f"    plural: {name}",
        "  scope: Namespaced",
        "  versions:",
        "  - name: v1",
        "    served: true",
        "    storage: true",
        "    schema:",
        "      openAPIV3Schema:",
        "        type: object",
        "        properties:",
    ]
    size = 0
    while size < wanted:
        saying = " ".join(words.choices(_PROSE.split(), k=24))
        block = (
            f"          field{len(lines)}:\n"
            f"            description: {saying[:90]}\n"
            f"              {saying[90:]}.\n"
            "            type: string"
        )
        size += len(block)
        lines.append(block)
    return "\n".join(lines) + "\n"


def _deployment(site: str, index: int) -> str:
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-{index}
  namespace: {site}
  labels:
    app.kubernetes.io/name: app-{index}
    app.kubernetes.io/part-of: {site}
spec:
  replicas: {index % 3 + 1}
  selector:
    matchLabels:
      app.kubernetes.io/name: app-{index}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: app-{index}
    spec:
      containers:
      - name: main
        image: registry.example.com/{site}/app-{index}:1.{index}
        ports:
        - containerPort: 8080
          name: http
        readinessProbe:
          httpGet:
            path: /ready
            port: http
        resources:
          requests:
            cpu: 100m
            memory: 128Mi
          limits:
            memory: 512Mi
        volumeMounts:
        - name: settings
          mountPath: /etc/app
      volumes:
      - name: settings
        configMap:
          name: app-{index}
"""


def _service(site: str, index: int) -> str:
    return f"""\
apiVersion: v1
kind: Service
metadata:
  name: app-{index}
  namespace: {site}
spec:
  selector:
    app.kubernetes.io/name: app-{index}
  ports:
  - name: http
    port: 80
    targetPort: http
"""


def _values(site: str, index: int) -> str:
    return f"""\
replicaCount: {index}
image:
  repository: registry.example.com/{site}/chart-{index}
  pullPolicy: IfNotPresent
  tag: "2.{index}"
serviceAccount:
  create: true
  annotations: {{}}
podAnnotations: {{}}
resources:
  limits:
    cpu: 500m
    memory: 256Mi
  requests:
    cpu: 50m
    memory: 64Mi
autoscaling:
  enabled: false
  minReplicas: 1
  maxReplicas: 5
tolerations: []
affinity: {{}}
"""


def _network_policy(site: str, index: int) -> str:
    return f"""\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: allow-{index}
  namespace: {site}
spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: app-{index}
  policyTypes:
  - Ingress
  ingress:
  - from:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {site}
"""


def _config_map(site: str, index: int) -> str:
    return f"""\
apiVersion: v1
kind: ConfigMap
metadata:
  name: app-{index}
  namespace: {site}
data:
  app.properties: |
    site={site}
    listen=0.0.0.0:8080
    upstream=https://hub.example.com/{site}/{index}
    retries=5
    log.level=info
"""


def _cron_job(site: str, index: int) -> str:
    return f"""\
apiVersion: batch/v1
kind: CronJob
metadata:
  name: backup-{index}
  namespace: {site}
spec:
  schedule: "{index} 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
          - name: backup
            image: registry.example.com/tools/backup:3.{index}
            args: ["--target", "s3://backups/{site}"]
"""
