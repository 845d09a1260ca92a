"""Asks a server as programs for TensorFlow Serving's REST API do. Needs Python 3 alone; uses requests when it is there.

usage: tfs_rest.py BASE_URL [PICTURE [SHEET]]
Models: tensor-demo, efficientnet-lite0 and camera-triage, the ones that Outpost ships with.
"""

import base64
import json
import sys
import urllib.error
import urllib.request

try:
    import requests
except ImportError:
    requests = None


def call(url, payload=None):
    """Status and parsed body, by requests as tutorials write it, else by urllib."""
    if requests is not None:
        if payload is None:
            answer = requests.get(url, timeout=60)
        else:
            headers = {"content-type": "application/json"}
            answer = requests.post(url, data=json.dumps(payload), headers=headers, timeout=60)
        return answer.status_code, answer.json()
    data = None if payload is None else json.dumps(payload).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=data), timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def tensors(models):
    row = {"a": [1.0, 2.0, 3.0], "b": [0.5, 0.5, 0.5], "count": 7}
    status, body = call(f"{models}/tensor-demo:predict", {"instances": [row, row]})
    assert status == 200, body
    assert body == {"predictions": [{"sum": [1.5, 2.5, 3.5], "count_out": 7}] * 2}, body

    columns = {"a": [[1.0, 2.0, 3.0]], "b": [[0.5, 0.5, 0.5]], "count": [2**63 - 1]}
    status, body = call(f"{models}/tensor-demo:predict", {"signature_name": "serving_default", "inputs": columns})
    assert status == 200, body
    assert body == {"outputs": {"sum": [[1.5, 2.5, 3.5]], "count_out": [2**63 - 1]}}, body
    assert isinstance(body["outputs"]["sum"][0][0], float), body

    columns["a"] = [[float("nan"), float("inf"), float("-inf")]]
    status, body = call(f"{models}/tensor-demo:predict", {"inputs": columns})
    first, second, third = body["outputs"]["sum"][0]
    assert first != first and second == float("inf") and third == float("-inf"), body


def models_and_versions(models):
    status, body = call(f"{models}/tensor-demo")
    assert status == 200, body
    newest = body["model_version_status"][0]
    assert newest["state"] == "AVAILABLE" and newest["status"]["error_code"] == "OK", body
    assert newest["version"].isdigit(), body

    row = {"a": [1.0, 2.0, 3.0], "b": [0.5, 0.5, 0.5], "count": 7}
    status, body = call(f"{models}/tensor-demo/versions/{newest['version']}:predict", {"instances": [row]})
    assert status == 200 and body["predictions"][0]["count_out"] == 7, body

    status, body = call(f"{models}/tensor-demo/metadata")
    assert status == 200, body
    assert body["model_spec"]["name"] == "tensor-demo", body
    signature = body["metadata"]["signature_def"]["signature_def"]["serving_default"]
    assert signature["method_name"] == "tensorflow/serving/predict", body
    assert signature["inputs"]["a"]["dtype"] == "DT_FLOAT", body
    assert [dim["size"] for dim in signature["inputs"]["a"]["tensor_shape"]["dim"]] == ["-1", "3"], body


def refusals(models):
    status, body = call(f"{models}/tensor-demo:predict", {"instances": [1.0]})
    assert status == 400 and "a, b, count" in body["error"], body
    status, body = call(f"{models}/nope:predict", {"instances": [1.0]})
    assert status == 404 and "nope" in body["error"], body
    status, body = call(f"{models}/tensor-demo:regress", {"examples": [{"a": 1.0}]})
    assert status == 400 and "regress" in body["error"], body


def pictures(models, picture):
    with open(picture, "rb") as file:
        image = {"b64": base64.b64encode(file.read()).decode()}
    status, body = call(f"{models}/efficientnet-lite0:classify", {"examples": [{"image": image}]})
    assert status == 200, body
    label, score = body["results"][0][0]
    assert isinstance(label, str) and 0.0 < score <= 1.0, body

    payload = {"signature_name": "predict_images", "instances": [image, {"b64": image["b64"]}]}
    status, body = call(f"{models}/efficientnet-lite0:predict", payload)
    assert status == 200, body
    assert [one["label"][0] for one in body["predictions"]] == [label, label], body
    assert abs(body["predictions"][0]["score"][0] - score) < 1e-6, body
    return label, score


def detections(models, sheet):
    with open(sheet, "rb") as file:
        image = {"b64": base64.b64encode(file.read()).decode()}
    payload = {"signature_name": "predict_images", "instances": [image]}
    status, body = call(f"{models}/camera-triage:predict", payload)
    assert status == 200, body
    found = body["predictions"][0]
    assert sorted(found) == ["detection_boxes", "detection_classes", "detection_scores", "num_detections"], body
    assert found["num_detections"] == 4.0 and sorted(found["detection_classes"]) == [1.0, 1.0, 2.0, 2.0], body
    assert found["detection_scores"] == sorted(found["detection_scores"], reverse=True), body
    for top, left, bottom, right in found["detection_boxes"]:
        assert 0.0 <= top < bottom <= 1.0 and 0.0 <= left < right <= 1.0, body


def main():
    base = sys.argv[1].rstrip("/")
    models = f"{base}/v1/models"
    tensors(models)
    models_and_versions(models)
    refusals(models)
    if len(sys.argv) > 2:
        print("%s %.4f" % pictures(models, sys.argv[2]))
    if len(sys.argv) > 3:
        detections(models, sys.argv[3])
    print("ok")


if __name__ == "__main__":
    main()
