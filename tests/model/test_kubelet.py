"""Which KubeletConfig a pool gets (openshift/machine-config-operator, kubelet-config)."""

from __future__ import annotations

import pytest
from builders import kubelet_config, node, pool

MASTER_POOL = 'matchLabels:\n  pools.operator.machineconfiguration.openshift.io/master: ""'
RESERVED = 'reservedSystemCPUs: "0-1"'


@pytest.mark.parametrize(
    ("selector", "applies"),
    [
        (MASTER_POOL, True),
        ('matchLabels:\n  machineconfiguration.openshift.io/mco-built-in: ""', True),
        ('matchLabels:\n  pools.operator.machineconfiguration.openshift.io/worker: ""', False),
        (
            """
            matchExpressions:
            - key: pools.operator.machineconfiguration.openshift.io/master
              operator: Exists
            """,
            True,
        ),
        ("matchExpressions:\n- {key: x, operator: DoesNotExist}", True),
        ("matchExpressions:\n- {key: custom-kubelet, operator: In, values: [small]}", False),
        ("matchLabels: {}", False),
        ("{}", False),
        ("", False),
        ("# nothing", False),
    ],
)
def test_a_config_selects_pools_by_their_labels(selector: str, *, applies: bool) -> None:
    kubelet = node("master", kubelet_config("a", selector, RESERVED)).kubelet
    assert (kubelet.config is not None) is applies
    assert (kubelet.reserved is not None) is applies
    assert kubelet.open is False


def test_labels_of_a_declared_pool_count_as_well() -> None:
    texts = (
        pool("cnf", "paused: false", "custom-kubelet: small"),
        kubelet_config("a", "matchLabels: {custom-kubelet: small}", RESERVED),
    )
    assert node("cnf", *texts).kubelet.config is not None
    assert node("worker", *texts).kubelet.config is None
    declared = pool("master", labels="custom-kubelet: small")
    assert node("master", declared, texts[1]).kubelet.config is not None
    assert node("master", declared, kubelet_config("b", MASTER_POOL, RESERVED)).kubelet.config


def test_a_custom_pool_gets_no_label_of_itself() -> None:
    selector = 'matchLabels:\n  pools.operator.machineconfiguration.openshift.io/cnf: ""'
    assert node("cnf", pool("cnf"), kubelet_config("a", selector, RESERVED)).kubelet.configs == ()


def test_of_two_none_is_taken() -> None:
    kubelet = node(
        "master",
        kubelet_config("b", MASTER_POOL, RESERVED),
        kubelet_config("a", MASTER_POOL, "logLevel: 2"),
    ).kubelet
    assert [config.name for config in kubelet.configs] == ["a", "b"]
    assert kubelet.config is None
    assert kubelet.reserved is None


@pytest.mark.parametrize(
    "selector",
    ["'{{ .selector }}'", "matchLabels: {'{{ .key }}': x, y: '{{ .value }}'}", "{{ .x }}"],
)
def test_a_template_leaves_it_open(selector: str) -> None:
    kubelet = node("master", kubelet_config("a", selector, RESERVED)).kubelet
    assert kubelet.configs == ()
    assert kubelet.open is True


def test_what_is_set_is_listed_with_its_place() -> None:
    text = kubelet_config("a", MASTER_POOL, f"{RESERVED}\nsystemReserved: {{cpu: 500m}}")
    config = node("master", text).kubelet.config
    assert config is not None
    assert [key for key, _ in config.keys] == ["reservedSystemCPUs", "systemReserved"]
    assert config.reserves_cpu_time is True
    assert config.reserved is not None
    assert config.reserved.ref.text == "0-1"
