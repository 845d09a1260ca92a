"""Every datatype through a model of its own, over REST and gRPC, by tritonclient, kserve's codec and plain JSON.

Usage: python identities.py triton-http|kserve|json http://HOST:PORT
       python identities.py triton-grpc HOST:PORT

The server has a model `same-<type>` for every element type, which gives `x` [N, M] back as `y`.
"""

import sys

import numpy as np
import requests

DATATYPES = {
    "float16": ("FP16", np.float16),
    "float32": ("FP32", np.float32),
    "float64": ("FP64", np.float64),
    "bool": ("BOOL", np.bool_),
    "string": ("BYTES", np.object_),
    "int8": ("INT8", np.int8),
    "int16": ("INT16", np.int16),
    "int32": ("INT32", np.int32),
    "int64": ("INT64", np.int64),
    "uint8": ("UINT8", np.uint8),
    "uint16": ("UINT16", np.uint16),
    "uint32": ("UINT32", np.uint32),
    "uint64": ("UINT64", np.uint64),
}


def tables(dtype):
    """Tables of shapes (2, 2), (1, 1) and (0, 3), with the extremes of the type."""
    if dtype is np.object_:
        first = np.array([[b"", "Żółw".encode()], [b"a" * 70_000, b'\n"\\']], dtype=np.object_)
    elif dtype is np.bool_:
        first = np.array([[True, False], [False, True]])
    elif np.issubdtype(dtype, np.floating):
        first = np.array([[np.nan, np.inf], [-0.0, np.finfo(dtype).max]], dtype=dtype)
    else:
        first = np.array([[np.iinfo(dtype).min, np.iinfo(dtype).max], [0, 1]], dtype=dtype)
    return [first, first[1:, 1:], np.zeros((0, 3), dtype=dtype)]


def same(values, back, why):
    assert back is not None and back.shape == values.shape, (why, back)
    if values.dtype == np.object_:
        # kserve gives texts, tritonclient bytes.
        elements = [each.encode() if isinstance(each, str) else each for each in back.flatten()]
        assert elements == values.flatten().tolist(), (why, back)
        return
    assert back.dtype == values.dtype, (why, back.dtype)
    np.testing.assert_array_equal(back, values, err_msg=why)
    if values.dtype.kind == "f":
        np.testing.assert_array_equal(np.signbit(back), np.signbit(values), err_msg=why)


def by_triton(module, address):
    with module.InferenceServerClient(address) as client:
        for element, (datatype, dtype) in DATATYPES.items():
            model = f"same-{element}"
            metadata = client.get_model_metadata(model)
            told = metadata["inputs"][0]["datatype"] if isinstance(metadata, dict) else metadata.inputs[0].datatype
            assert told == datatype, (model, told)
            for values in tables(dtype):
                given = module.InferInput("x", list(values.shape), datatype)
                given.set_data_from_numpy(values)
                back = client.infer(model, [given], model_version="1000000").as_numpy("y")
                same(values, back, f"{module.__name__} {model} {values.shape}")


def by_kserve(base):
    # Not at the top: in one process kserve and tritonclient[grpc] register the same messages twice.
    from kserve import InferInput, InferRequest, InferResponse

    for element, (datatype, dtype) in DATATYPES.items():
        for values in tables(dtype):
            given = InferInput("x", list(values.shape), datatype)
            given.set_data_from_numpy(values, binary_data=True)
            asked = InferRequest(
                model_name=f"same-{element}", infer_inputs=[given], parameters={"binary_data_output": True}
            )
            body, length = asked.to_rest()
            address = f"{base}/v2/models/same-{element}/infer"
            if length is None:  # It writes a tensor without elements as JSON.
                answer = requests.post(address, json=body, timeout=60)
            else:
                headers = {"Inference-Header-Content-Length": str(length)}
                answer = requests.post(address, data=body, headers=headers, timeout=60)
            assert answer.status_code == 200, answer.text
            length = int(answer.headers["Inference-Header-Content-Length"])
            back = InferResponse.from_bytes(answer.content, length).outputs[0].as_numpy()
            same(values, back, f"kserve same-{element} {values.shape}")


def by_json(base):
    """Numbers exactly as written: 64-bit integers are not rounded on their way."""
    for element, text in {
        "int64": "[[-9223372036854775808, 9223372036854775807]]",
        "uint64": "[[0, 18446744073709551615]]",
        "float64": "[[5e-324, 1.7976931348623157e308]]",
        "string": '[["", "Żółw"]]',
        "bool": "[[true, false]]",
    }.items():
        body = f'{{"inputs": [{{"name": "x", "shape": [1, 2], "datatype": "{DATATYPES[element][0]}", "data": {text}}}]}}'
        answer = requests.post(f"{base}/v2/models/same-{element}/infer", data=body.encode(), timeout=60)
        assert answer.status_code == 200, answer.text
        asked, told = requests.models.complexjson.loads(text)[0], answer.json()["outputs"][0]
        assert told["data"] == asked and told["shape"] == [1, 2], (element, told)


def unfit_texts(base):
    """A NUL would end a text in the runtime, and other bytes would be replaced: both are refused, not changed."""
    body = {"inputs": [{"name": "x", "shape": [1, 1], "datatype": "BYTES", "data": ["a\0b"]}]}
    answer = requests.post(f"{base}/v2/models/same-string/infer", json=body, timeout=60)
    assert answer.status_code == 400 and "element 0 is not UTF-8 text without NUL" in answer.text, answer.text


def main():
    kind, address = sys.argv[1], sys.argv[2].rstrip("/")
    if kind == "triton-http":
        import tritonclient.http as module

        by_triton(module, address.removeprefix("http://"))
    elif kind == "triton-grpc":
        import tritonclient.grpc as module

        by_triton(module, address)
    else:
        {"kserve": by_kserve, "json": by_json}[kind](address)
        unfit_texts(address)
    print(f"{kind}: ok")


main()
