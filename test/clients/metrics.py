"""Reads the metrics of a server as Prometheus' own Python library does.

Usage: python metrics.py http://HOST:PORT
"""

import sys

import requests
from prometheus_client.parser import text_string_to_metric_families

def main():
    base = sys.argv[1].rstrip("/")
    body = {"instances": [{"a": [1.0, 2.0, 3.0], "b": [0.5, 0.5, 0.5], "count": 7}]}
    assert requests.post(f"{base}/v1/models/tensor-demo:predict", json=body, timeout=60).status_code == 200
    for path in ("/metrics", "/monitoring/prometheus/metrics"):
        answer = requests.get(base + path, timeout=60)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("text/plain"), answer.headers
        families = {family.name: family for family in text_string_to_metric_families(answer.text)}
        assert any(name.startswith("outpost_") for name in families), sorted(families)
        for family in families.values():
            assert family.type != "unknown" and family.documentation, family
            rows = [(sample.name, tuple(sorted(sample.labels.items()))) for sample in family.samples]
            assert len(rows) == len(set(rows)), f"{family.name} has a row twice"
        about = [row for family in families.values() for row in family.samples if row.labels.get("model") == "tensor-demo"]
        assert about, "nothing about tensor-demo, which was asked"
        print(f"{path}: ok")


main()
