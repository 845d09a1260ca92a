"""MLServer: a runtime of its own for each model, by the Open Inference Protocol; a photo is a BYTES tensor in base64, as its codecs take it."""

import json

import numpy
from mlserver import MLModel
from mlserver.codecs import Base64Codec, NumpyCodec, StringCodec
from mlserver.types import InferenceRequest, InferenceResponse

import peer_model as model


class Photo(MLModel):
    async def load(self) -> bool:
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        [data] = Base64Codec.decode_input(payload.inputs[0])
        best = json.dumps(model.classify(data))
        return InferenceResponse(model_name=self.name, outputs=[StringCodec.encode_output("predictions", [best])])


class Tiny(MLModel):
    async def load(self) -> bool:
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        rows = NumpyCodec.decode_input(payload.inputs[0])
        y = numpy.asarray(model.tiny(rows), dtype=numpy.float32)
        return InferenceResponse(model_name=self.name, outputs=[NumpyCodec.encode_output("y", y)])
