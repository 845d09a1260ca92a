"""The models that all peers serve, prepared as Outpost prepares them. One thread for each process."""

import io
import os

import numpy
import onnxruntime
from PIL import Image, ImageOps

Image.MAX_IMAGE_PIXELS = None
SIDE = 224


def open_session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


picture_session = open_session(os.environ["PEER_PICTURE_MODEL"])
tiny_session = open_session(os.environ["PEER_TINY_MODEL"])


def prepare(data, is_tuned):
    """Bytes of a photo to float32 [1,3,224,224]. Tuned: libjpeg opens it smaller (Pillow's draft mode)."""
    image = Image.open(io.BytesIO(data))
    if is_tuned:
        image.draft("RGB", (2 * SIDE, 2 * SIDE))
    image = ImageOps.exif_transpose(image).convert("RGB")
    width, height = image.size
    side = int(0.875 * min(width, height))
    left, top = (width - side + 1) // 2, (height - side + 1) // 2
    image = image.crop((left, top, left + side, top + side)).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    pixels = (numpy.asarray(image, dtype=numpy.float32) - 127) / 128
    return numpy.ascontiguousarray(pixels.transpose(2, 0, 1))[None]


def classify(data, is_tuned=False):
    logits = picture_session.run(["logits"], {"pixels": prepare(data, is_tuned)})[0][0]
    scores = numpy.exp(logits - logits.max())
    scores /= scores.sum()
    best = scores.argsort()[::-1][:5]
    return [{"index": int(index), "score": float(scores[index])} for index in best]


def tiny(instances):
    rows = numpy.asarray(instances, dtype=numpy.float32)
    return tiny_session.run(None, {"x": rows})[0].tolist()


def pixels(rows):
    tensor = numpy.asarray(rows, dtype=numpy.float32)
    return picture_session.run(["logits"], {"pixels": tensor})[0].tolist()
