"""The Open Inference Protocol over REST as tritonclient[http] speaks it, JSON and binary.

Usage: python oip_http.py http://HOST:PORT [PICTURE]

The server has the models `echo` (inputs in_<type> to outputs out_<type>, one of every element type, [N, M]),
`one` (in_float32 to out_float32), `tensor-demo` and `efficientnet-lite0`, and lets its callers load and unload.
"""

import base64
import json
import sys
import urllib.request

import numpy as np
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException, triton_to_np_dtype

DATATYPES = {
    "float32": "FP32",
    "float64": "FP64",
    "float16": "FP16",
    "int8": "INT8",
    "uint8": "UINT8",
    "int16": "INT16",
    "uint16": "UINT16",
    "int32": "INT32",
    "uint32": "UINT32",
    "int64": "INT64",
    "uint64": "UINT64",
    "bool": "BOOL",
    "string": "BYTES",
}


def table(datatype, finite=False):
    """A 2 x 2 table with the extremes of the datatype."""
    if datatype == "BYTES":
        return np.array([[b"", "Żółw".encode()], [b"a" * 70_000, b'\n"\\']], dtype=np.object_)
    if datatype == "BOOL":
        return np.array([[True, False], [False, True]])
    dtype = triton_to_np_dtype(datatype)
    if datatype.startswith("FP"):
        limits = np.finfo(dtype)
        if finite:
            return np.array([[limits.max, limits.tiny], [-0.0, 0.1]], dtype=dtype)
        return np.array([[np.nan, np.inf], [-np.inf, limits.max]], dtype=dtype)
    limits = np.iinfo(dtype)
    return np.array([[limits.min, limits.max], [0, 1]], dtype=dtype)


def tensor(name, values, datatype, binary=True):
    given = triton.InferInput(name, list(values.shape), datatype)
    given.set_data_from_numpy(values, binary_data=binary)
    return given


def one(value, binary=True):
    return [tensor("in_float32", np.array([[value]], dtype=np.float32), "FP32", binary)]


def refused(ask, status, words):
    try:
        ask()
    except InferenceServerException as error:
        assert str(error.status()) == str(status), (error.status(), error.message())
        assert words in error.message(), error.message()
        return
    raise AssertionError(f"it was answered; {status} was expected")


def same(values, back, why):
    if values.dtype == np.object_:
        # In JSON tritonclient leaves texts as they are.
        texts = [each.encode() if isinstance(each, str) else each for each in back.flatten()]
        assert back.shape == values.shape and texts == values.flatten().tolist(), why
        return
    assert back.shape == values.shape and back.dtype == values.dtype, (why, back.shape, back.dtype)
    np.testing.assert_array_equal(back, values, err_msg=why)
    if values.dtype.kind == "f":
        np.testing.assert_array_equal(np.signbit(back), np.signbit(values), err_msg=why)


def health_and_metadata(client):
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready("echo")
    assert client.is_model_ready("echo", "1.2.0")
    assert not client.is_model_ready("nobody")
    refused(lambda: client.get_model_metadata("nobody"), 404, "nobody")
    server = client.get_server_metadata()
    assert server["name"] == "outpost" and "binary_tensor_data" in server["extensions"]
    model = client.get_model_metadata("tensor-demo")
    assert model["platform"] == "onnx_onnxv1" and model["inputs"][2]["datatype"] == "INT64"
    assert model["inputs"][0]["shape"] == [-1, 3]
    assert client.get_model_metadata("tensor-demo", model["versions"][0])["name"] == "tensor-demo"
    config = client.get_model_config("tensor-demo")
    assert config["backend"] == "onnxruntime" and config["input"][2]["data_type"] == "TYPE_INT64"


def every_datatype_binary(client):
    given = {element: table(datatype) for element, datatype in DATATYPES.items()}
    inputs = [tensor(f"in_{element}", given[element], datatype) for element, datatype in DATATYPES.items()]
    answer = client.infer("echo", inputs, request_id="seven")
    assert answer.get_response()["id"] == "seven"
    for element, values in given.items():
        same(values, answer.as_numpy(f"out_{element}"), element)
    wanted = [triton.InferRequestedOutput("out_string"), triton.InferRequestedOutput("out_bool")]
    only = client.infer("echo", inputs, outputs=wanted)
    assert [output["name"] for output in only.get_response()["outputs"]] == ["out_string", "out_bool"]
    same(given["string"], only.as_numpy("out_string"), "string alone")


def every_datatype_json(client):
    wanted = [triton.InferRequestedOutput(f"out_{element}", binary_data=False) for element in DATATYPES]
    for finite in (True, False):
        given = {element: table(datatype, finite) for element, datatype in DATATYPES.items()}
        inputs = [
            tensor(f"in_{element}", given[element], datatype, binary=False)
            for element, datatype in DATATYPES.items()
        ]
        answer = client.infer("echo", inputs, outputs=wanted)
        for element, values in given.items():
            same(values, answer.as_numpy(f"out_{element}"), element)


def values_without_json(client):
    for value in (np.nan, np.inf, -np.inf):
        wanted = [triton.InferRequestedOutput("out_float32", binary_data=False)]
        same(
            np.array([[value]], dtype=np.float32),
            client.infer("one", one(value, binary=False), outputs=wanted).as_numpy("out_float32"),
            f"{value} in JSON",
        )
        same(
            np.array([[value]], dtype=np.float32),
            client.infer("one", one(value)).as_numpy("out_float32"),
            str(value),
        )


def empty_tensors(client):
    for binary in (True, False):
        none = np.zeros((0, 3), dtype=np.float32)
        wanted = [triton.InferRequestedOutput("out_float32", binary_data=binary)]
        answer = client.infer("one", [tensor("in_float32", none, "FP32", binary)], outputs=wanted)
        assert answer.get_output("out_float32")["shape"] == [0, 3]


def large(client):
    values = np.random.default_rng(1).standard_normal((224, 672), dtype=np.float32)
    for binary in (True, False):
        wanted = [triton.InferRequestedOutput("out_float32", binary_data=binary)]
        answer = client.infer("one", [tensor("in_float32", values, "FP32", binary)], outputs=wanted)
        same(values, answer.as_numpy("out_float32"), f"large, binary {binary}")


def compressed(client):
    for algorithm in ("gzip", "deflate"):
        answer = client.infer("one", one(2), request_compression_algorithm=algorithm)
        assert answer.as_numpy("out_float32")[0, 0] == 2


def asynchronous(client):
    asked = [client.async_infer("one", one(value), request_id=str(value)) for value in range(100)]
    for value, request in enumerate(asked):
        result = request.get_result()
        assert result.as_numpy("out_float32")[0, 0] == value and result.get_response()["id"] == str(value)


def parameters(client):
    answer = client.infer("one", one(1), timeout=30_000_000, priority=2)
    assert answer.as_numpy("out_float32")[0, 0] == 1
    refused(lambda: client.infer("one", one(1), timeout=1), 504, "")


def classification(client):
    values = np.array([[0.1, 3.5, 2.25]], dtype=np.float32)
    wanted = [triton.InferRequestedOutput("out_float32", class_count=2)]
    ranked = client.infer("one", [tensor("in_float32", values, "FP32")], outputs=wanted).as_numpy("out_float32")
    assert ranked.tolist() == [[b"3.500000:1", b"2.250000:2"]], ranked


def faults(client):
    refused(lambda: client.infer("nobody", one(1)), 404, "nobody")
    refused(lambda: client.infer("one", one(1), model_version="77"), 404, "77")
    refused(
        lambda: client.infer("one", one(1), outputs=[triton.InferRequestedOutput("strange")]), 400, "strange"
    )
    wrong = [tensor("in_float32", np.array([[1]], dtype=np.int64), "INT64")]
    refused(lambda: client.infer("one", wrong), 400, "it is FP32, and INT64 came")
    flat = [tensor("in_float32", np.array([1], dtype=np.float32), "FP32")]
    refused(lambda: client.infer("one", flat), 400, "[-1, -1]")
    refused(lambda: client.infer("one", one(1) + one(2)), 400, "twice")
    refused(lambda: client.infer("echo", one(1)), 400, "missing")
    refused(lambda: client.infer("one", one(1) + [tensor("more", np.zeros((1, 1)), "FP64")]), 400, "more")


def statistics(client):
    def told():
        return client.get_inference_statistics("one")["model_stats"][0]

    before = told()
    for value in range(5):
        client.infer("one", one(value + 1000))
    after = told()
    assert after["inference_count"] - before["inference_count"] == 5, (before, after)
    spent = after["inference_stats"]["success"]
    assert spent["count"] - before["inference_stats"]["success"]["count"] == 5
    assert isinstance(spent["ns"], int) and spent["ns"] > before["inference_stats"]["success"]["ns"]
    assert len(client.get_inference_statistics()["model_stats"]) >= 4


def repository(client):
    def state():
        index = client.get_model_repository_index()
        return next(entry["state"] for entry in index if entry["name"] == "one")

    assert state() == "READY"
    client.unload_model("one")
    assert state() == "UNAVAILABLE" and not client.is_model_ready("one")
    refused(lambda: client.infer("one", one(1)), 503, "one")
    refused(lambda: client.load_model("one", config="{}"), 400, "config")
    client.load_model("one")
    assert state() == "READY" and client.infer("one", one(1)) is not None
    refused(lambda: client.load_model("nobody"), 404, "nobody")


def pictures(client, file):
    with open(file, "rb") as opened:
        picture = opened.read()
    values = np.array([picture] * 2, dtype=np.object_)
    answer = client.infer("efficientnet-lite0", [tensor("image", values, "BYTES")], parameters={"k": 3})
    labels, scores, indexes = (answer.as_numpy(name) for name in ("label", "score", "index"))
    assert labels.shape == scores.shape == indexes.shape == (2, 3)
    assert (np.diff(scores) <= 0).all() and (indexes[0] == indexes[1]).all()
    bad = np.array([picture, b"no picture"], dtype=np.object_)
    refused(lambda: client.infer("efficientnet-lite0", [tensor("image", bad, "BYTES")]), 415, "image[1]")
    pixels = [tensor("pixels", np.zeros((1, 3, 224, 224), dtype=np.float32), "FP32")]
    wanted = [triton.InferRequestedOutput("logits", class_count=2)]
    ranked = client.infer("efficientnet-lite0", pixels, outputs=wanted).as_numpy("logits")
    assert ranked.shape == (1, 2) and ranked[0, 0].count(b":") >= 2, ranked


def detections(client, file):
    """Four things on the first picture; on the second, which has none, the rows are filled up."""
    with open(file, "rb") as opened:
        sheet = opened.read()
    empty = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4//8/AAX+Av4N70a4AAAAAElFTkSuQmCC")
    values = np.array([sheet, empty], dtype=np.object_)
    answer = client.infer("camera-triage", [tensor("image", values, "BYTES")])
    boxes, scores, labels, count = (answer.as_numpy(name) for name in ("boxes", "scores", "labels", "count"))
    assert boxes.shape == (2, 4, 4) and scores.shape == labels.shape == (2, 4), boxes.shape
    assert count.dtype == np.int64 and count.tolist() == [4, 0], count
    assert sorted(labels[0].tolist()) == [b"animal", b"animal", b"person", b"person"], labels
    assert (boxes[0, :, :2] < boxes[0, :, 2:]).all() and (boxes[0, :, 2:] <= [1280, 960]).all(), boxes
    assert (np.diff(scores[0]) <= 0).all() and not scores[1].any(), scores


def raw_body(base):
    body = np.zeros((1, 3, 224, 224), dtype=np.float32).tobytes()
    request = urllib.request.Request(
        f"{base}/v2/models/efficientnet-lite0/infer", data=body, headers={"Inference-Header-Content-Length": "0"}
    )
    with urllib.request.urlopen(request) as answer:
        head = json.loads(answer.read(int(answer.headers["Inference-Header-Content-Length"])))
        sizes = [output["parameters"]["binary_data_size"] for output in head["outputs"]]
        assert len(answer.read()) == sum(sizes)


def main():
    base = sys.argv[1].rstrip("/")
    with triton.InferenceServerClient(base.removeprefix("http://"), concurrency=8) as client:
        for check in (
            health_and_metadata,
            every_datatype_binary,
            every_datatype_json,
            values_without_json,
            empty_tensors,
            large,
            compressed,
            asynchronous,
            parameters,
            classification,
            faults,
            statistics,
            repository,
        ):
            check(client)
            print(f"{check.__name__}: ok")
        if len(sys.argv) > 2:
            pictures(client, sys.argv[2])
            print("pictures: ok")
        if len(sys.argv) > 3:
            detections(client, sys.argv[3])
            print("detections: ok")
    raw_body(base)
    print("raw_body: ok")


main()
