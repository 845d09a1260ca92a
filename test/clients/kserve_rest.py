"""The Open Inference Protocol as the REST client of kserve speaks it, JSON and binary.

Usage: python kserve_rest.py http://HOST:PORT [PICTURE]

The server has the models `echo` (inputs in_<type> to outputs out_<type>, one of every element type, [N, M]),
`one` (in_float32 to out_float32) and `efficientnet-lite0`.
"""

import asyncio
import sys

import httpx
import numpy as np
from kserve import InferenceRESTClient, InferInput, InferRequest
from kserve.inference_client import RESTConfig
from kserve.protocol.infer_type import RequestedOutput

DATATYPES = {
    "float32": ("FP32", np.float32),
    "float64": ("FP64", np.float64),
    "float16": ("FP16", np.float16),
    "int8": ("INT8", np.int8),
    "uint8": ("UINT8", np.uint8),
    "int16": ("INT16", np.int16),
    "uint16": ("UINT16", np.uint16),
    "int32": ("INT32", np.int32),
    "uint32": ("UINT32", np.uint32),
    "int64": ("INT64", np.int64),
    "uint64": ("UINT64", np.uint64),
    "bool": ("BOOL", np.bool_),
    "string": ("BYTES", np.object_),
}


def table(dtype, finite):
    """A 2 x 2 table with the extremes of the type."""
    if dtype is np.object_:
        return np.array([["", "Żółw"], ["a" * 1000, '\n"\\']], dtype=np.object_)
    if dtype is np.bool_:
        return np.array([[True, False], [False, True]])
    if np.issubdtype(dtype, np.floating):
        limits = np.finfo(dtype)
        last = [0.5, 0.1] if finite else [np.nan, -np.inf]
        return np.array([[limits.max, limits.tiny], last], dtype=dtype)
    limits = np.iinfo(dtype)
    return np.array([[limits.min, limits.max], [0, 1]], dtype=dtype)


def tensor(name, values, datatype, binary):
    given = InferInput(name, list(values.shape), datatype)
    given.set_data_from_numpy(values, binary_data=binary)
    return given


def one(value, binary=False):
    return [tensor("in_float32", np.array([[value]], dtype=np.float32), "FP32", binary)]


def same(values, output, why):
    back = output.as_numpy()
    if values.dtype == np.object_:
        texts = [each.decode() if isinstance(each, bytes) else each for each in back.flatten()]
        assert texts == values.flatten().tolist(), (why, texts)
        return
    assert back.shape == values.shape and back.dtype == values.dtype, (why, back.shape, back.dtype)
    np.testing.assert_array_equal(back, values, err_msg=why)


async def refused(asked, status, words):
    try:
        await asked
    except httpx.HTTPStatusError as error:
        assert error.response.status_code == status, error.response.text
        assert words in error.response.json()["error"], error.response.text
        return
    raise AssertionError(f"it was answered; {status} was expected")


async def health(client, base):
    assert await client.is_server_live(base)
    assert await client.is_server_ready(base)
    assert await client.is_model_ready(base, "one")


async def every_datatype(client, base, binary):
    given = {element: table(dtype, not binary) for element, (_, dtype) in DATATYPES.items()}
    inputs = [
        # kserve itself writes no FP16 in JSON, and reads it.
        tensor(f"in_{element}", given[element], datatype, binary or datatype == "FP16")
        for element, (datatype, _) in DATATYPES.items()
    ]
    outputs = [
        RequestedOutput(f"out_{element}", parameters={"binary_data": binary})
        for element, (datatype, _) in DATATYPES.items()
    ]
    asked = InferRequest(model_name="echo", infer_inputs=inputs, request_id="seven", request_outputs=outputs)
    answer = await client.infer(base, asked, model_name="echo")
    assert answer.id == "seven" and answer.model_name == "echo"
    for output, (element, values) in zip(answer.outputs, given.items()):
        same(values, output, element)


async def json_types(client, base):
    await every_datatype(client, base, False)


async def binary_types(client, base):
    await every_datatype(client, base, True)


async def all_binary(client, base):
    asked = InferRequest(
        model_name="one", infer_inputs=one(np.nan, True), parameters={"binary_data_output": True}
    )
    answer = await client.infer(base, asked, model_name="one")
    same(np.array([[np.nan]], dtype=np.float32), answer.outputs[0], "NaN")


async def not_finite_json(client, base):
    for value in (np.nan, np.inf, -np.inf):
        answer = await client.infer(base, InferRequest(model_name="one", infer_inputs=one(value, True)), model_name="one")
        same(np.array([[value]], dtype=np.float32), answer.outputs[0], f"{value} in JSON")


async def first_protocol(_, base):
    client = InferenceRESTClient(RESTConfig(protocol="v1", retries=0))
    assert await client.is_server_live(base)
    assert await client.is_model_ready(base, "one")
    await refused(client.is_model_ready(base, "nobody"), 404, "nobody")
    answer = await client.infer(base, {"instances": [[1.5]]}, model_name="one")
    assert answer == {"predictions": [[1.5]]}, answer
    await client.close()


async def faults(client, base):
    unknown = InferRequest(model_name="nobody", infer_inputs=one(1))
    await refused(client.infer(base, unknown, model_name="nobody"), 404, "nobody")
    wrong = [tensor("in_float32", np.array([[1]], dtype=np.int64), "INT64", False)]
    await refused(
        client.infer(base, InferRequest(model_name="one", infer_inputs=wrong), model_name="one"),
        400,
        "it is FP32, and INT64 came",
    )


async def together(client, base):
    answers = await asyncio.gather(
        *(
            client.infer(base, InferRequest(model_name="one", infer_inputs=one(value)), model_name="one")
            for value in range(50)
        )
    )
    assert [int(answer.outputs[0].as_numpy()[0, 0]) for answer in answers] == list(range(50))


async def pictures(client, base, file):
    with open(file, "rb") as opened:
        values = np.array([opened.read()], dtype=np.object_)
    asked = InferRequest(
        model_name="efficientnet-lite0",
        infer_inputs=[tensor("image", values, "BYTES", True)],
        parameters={"k": 3},
    )
    answer = await client.infer(base, asked, model_name="efficientnet-lite0")
    assert [list(output.shape) for output in answer.outputs] == [[1, 3]] * 3
    assert [output.name for output in answer.outputs] == ["label", "score", "index"]


async def main():
    base = sys.argv[1].rstrip("/")
    client = InferenceRESTClient(RESTConfig(protocol="v2", retries=0))
    for check in (health, json_types, binary_types, all_binary, not_finite_json, first_protocol, faults, together):
        await check(client, base)
        print(f"{check.__name__}: ok")
    if len(sys.argv) > 2:
        await pictures(client, base, sys.argv[2])
        print("pictures: ok")
    await client.close()


asyncio.run(main())
