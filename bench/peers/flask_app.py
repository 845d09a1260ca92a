"""gunicorn + Flask, as guides to deploying a model write it."""

from flask import Flask, jsonify, request

import peer_model as model

app = Flask(__name__)


@app.get("/ready")
def ready():
    return "ok"


@app.post("/predict")
def predict():
    return jsonify(predictions=model.classify(request.get_data()))


@app.post("/predict-tuned")
def predict_tuned():
    return jsonify(predictions=model.classify(request.get_data(), is_tuned=True))


@app.post("/tiny")
def tiny():
    return jsonify(predictions=model.tiny(request.get_json()["instances"]))


@app.post("/pixels")
def pixels():
    return jsonify(predictions=model.pixels(request.get_json()["instances"]))
