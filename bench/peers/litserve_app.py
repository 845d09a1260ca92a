"""LitServe: a photo as a form's file, as its guides send pictures; rows as JSON. Two workers, as many as the others have."""

import sys

import litserve
from fastapi import Request

import peer_model as model


class Photo(litserve.LitAPI):
    def setup(self, device):
        pass

    def decode_request(self, request: Request):
        return request["photo"].file.read()

    def predict(self, data):
        return model.classify(data)

    def encode_response(self, output):
        return {"predictions": output}


class Tiny(litserve.LitAPI):
    def setup(self, device):
        pass

    def decode_request(self, request):
        return request["instances"]

    def predict(self, rows):
        return model.tiny(rows)

    def encode_response(self, output):
        return {"predictions": output}


if __name__ == "__main__":
    apis = [Photo(api_path="/predict"), Tiny(api_path="/tiny")]
    server = litserve.LitServer(apis, accelerator="cpu", workers_per_device=int(sys.argv[2]), timeout=120)
    server.run(host="127.0.0.1", port=int(sys.argv[1]), log_level="error", generate_client_file=False)
