"""The Open Inference Protocol over gRPC as tritonclient[grpc] speaks it.

Usage: python oip_grpc.py HOST:PORT [PICTURE]

The server has the models `echo` (inputs in_<type> to outputs out_<type>, one of every element type, [N, M]),
`one` (in_float32 to out_float32), `tensor-demo` and `efficientnet-lite0`.
"""

import asyncio
import base64
import queue
import sys

import numpy as np
import tritonclient.grpc as triton
import tritonclient.grpc.aio as triton_aio
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


def table(datatype):
    """A 2 x 2 table with the extremes of the datatype."""
    if datatype == "BYTES":
        return np.array([[b"", "Żółw".encode()], [b"a" * 70_000, b"\n"]], dtype=np.object_)
    if datatype == "BOOL":
        return np.array([[True, False], [False, True]])
    dtype = triton_to_np_dtype(datatype)
    if datatype.startswith("FP"):
        most = np.finfo(dtype).max
        return np.array([[np.nan, np.inf], [-np.inf, most]], dtype=dtype)
    limits = np.iinfo(dtype)
    return np.array([[limits.min, limits.max], [0, 1]], dtype=dtype)


def tensor(name, values, datatype):
    given = triton.InferInput(name, list(values.shape), datatype)
    given.set_data_from_numpy(values)
    return given


def one(value):
    return [tensor("in_float32", np.array([[value]], dtype=np.float32), "FP32")]


def refused(ask, status, words):
    try:
        ask()
    except InferenceServerException as error:
        assert error.status() == f"StatusCode.{status}", (error.status(), error.message())
        assert words in error.message(), error.message()
        return
    raise AssertionError(f"it was answered; {status} was expected")


def health_and_metadata(client):
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready("echo")
    assert not client.is_model_ready("nobody")
    refused(lambda: client.get_model_metadata("nobody"), "NOT_FOUND", "nobody")
    server = client.get_server_metadata()
    assert server.name == "outpost" and "statistics" in server.extensions
    model = client.get_model_metadata("tensor-demo")
    assert list(model.inputs[0].shape) == [-1, 3] and model.inputs[2].datatype == "INT64"
    assert client.get_model_metadata("tensor-demo", model.versions[0]).name == "tensor-demo"
    config = client.get_model_config("tensor-demo", as_json=True)["config"]
    assert config["backend"] == "onnxruntime" and config["input"][2]["data_type"] == "TYPE_INT64"


def every_datatype(client):
    given = {element: table(datatype) for element, datatype in DATATYPES.items()}
    inputs = [tensor(f"in_{element}", given[element], datatype) for element, datatype in DATATYPES.items()]
    answer = client.infer("echo", inputs, request_id="seven")
    assert answer.get_response().id == "seven"
    for element, values in given.items():
        back = answer.as_numpy(f"out_{element}")
        assert back.shape == values.shape and back.dtype == values.dtype, element
        np.testing.assert_array_equal(back, values)
    only = client.infer("echo", inputs, outputs=[triton.InferRequestedOutput("out_string")])
    assert [output.name for output in only.get_response().outputs] == ["out_string"]
    np.testing.assert_array_equal(only.as_numpy("out_string"), given["string"])


def empty_tensors(client):
    none = np.zeros((0, 3), dtype=np.float32)
    back = client.infer("one", [tensor("in_float32", none, "FP32")]).as_numpy("out_float32")
    assert back.shape == (0, 3), back.shape


def compressed(client):
    back = client.infer("one", one(2), compression_algorithm="gzip").as_numpy("out_float32")
    assert back[0, 0] == 2


def asynchronous(client):
    answers = queue.Queue()
    for value in range(100):
        client.async_infer("one", one(value), lambda result, error: answers.put((result, error)), request_id=str(value))
    for _ in range(100):
        result, error = answers.get(timeout=30)
        assert error is None, error
        assert result.as_numpy("out_float32")[0, 0] == int(result.get_response().id)


def streamed(client):
    answers = queue.Queue()
    client.start_stream(lambda result, error: answers.put((result, error)))
    for value in range(100):
        client.async_stream_infer("one" if value != 50 else "nobody", one(value), request_id=str(value))
    values = []
    for _ in range(100):
        result, error = answers.get(timeout=30)
        if error is None:
            values.append(int(result.as_numpy("out_float32")[0, 0]))
        else:
            assert "nobody" in error.message(), error.message()
    client.stop_stream()
    assert values == [value for value in range(100) if value != 50], values


async def with_asyncio(address):
    async with triton_aio.InferenceServerClient(address) as client:
        assert await client.is_server_live()
        answers = await asyncio.gather(*(client.infer("one", one(value)) for value in range(50)))
        assert [int(answer.as_numpy("out_float32")[0, 0]) for answer in answers] == list(range(50))


def time_limits(client):
    # So large that no machine sends it within the limit.
    large = [tensor("in_float32", np.zeros((1024, 4096), dtype=np.float32), "FP32")]
    refused(lambda: client.infer("one", large, client_timeout=0.001), "DEADLINE_EXCEEDED", "")
    refused(lambda: client.infer("one", one(1), timeout=1), "DEADLINE_EXCEEDED", "")
    assert client.infer("one", one(1), client_timeout=30, timeout=30_000_000, priority=2).as_numpy("out_float32")[0, 0] == 1


def faults(client):
    refused(lambda: client.infer("nobody", one(1)), "NOT_FOUND", "nobody")
    refused(lambda: client.infer("one", one(1), model_version="77"), "NOT_FOUND", "77")
    wrong = [tensor("in_float32", np.array([[1]], dtype=np.int64), "INT64")]
    refused(lambda: client.infer("one", wrong), "INVALID_ARGUMENT", "it is FP32, and INT64 came")
    flat = [tensor("in_float32", np.array([1], dtype=np.float32), "FP32")]
    refused(lambda: client.infer("one", flat), "INVALID_ARGUMENT", "[-1, -1]")
    refused(lambda: client.get_system_shared_memory_status(), "UNIMPLEMENTED", "")


def statistics(client):
    before = client.get_inference_statistics("one").model_stats[0]
    for value in range(5):
        client.infer("one", one(value))
    after = client.get_inference_statistics("one").model_stats[0]
    assert after.inference_count - before.inference_count == 5
    assert after.execution_count - before.execution_count == 5
    assert after.inference_stats.success.ns > before.inference_stats.success.ns
    assert len(client.get_inference_statistics().model_stats) >= 4


def repository(client):
    def state():
        index = client.get_model_repository_index().models
        return next(entry.state for entry in index if entry.name == "one")

    assert state() == "READY"
    client.unload_model("one")
    assert state() == "UNAVAILABLE" and not client.is_model_ready("one")
    refused(lambda: client.infer("one", one(1)), "UNAVAILABLE", "one")
    client.load_model("one")
    assert state() == "READY" and client.infer("one", one(1)) is not None


def pictures(client, file):
    with open(file, "rb") as opened:
        values = np.array([opened.read()] * 2, dtype=np.object_)
    answer = client.infer("efficientnet-lite0", [tensor("image", values, "BYTES")], parameters={"k": 3})
    labels, scores, indexes = (answer.as_numpy(name) for name in ("label", "score", "index"))
    assert labels.shape == scores.shape == indexes.shape == (2, 3)
    assert (np.diff(scores) <= 0).all() and (indexes[0] == indexes[1]).all()
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


def main():
    address = sys.argv[1]
    with triton.InferenceServerClient(address) as client:
        for check in (
            health_and_metadata,
            every_datatype,
            empty_tensors,
            compressed,
            asynchronous,
            streamed,
            time_limits,
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
    asyncio.run(with_asyncio(address))
    print("with_asyncio: ok")


main()
