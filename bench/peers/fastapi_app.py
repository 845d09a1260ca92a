"""FastAPI + uvicorn: the same handlers, in threads as FastAPI runs plain functions' bodies for bytes."""

from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse
from starlette.concurrency import run_in_threadpool

import peer_model as model

app = FastAPI()


@app.get("/ready", response_class=PlainTextResponse)
def ready():
    return "ok"


@app.post("/predict")
async def predict(request: Request):
    return {"predictions": await run_in_threadpool(model.classify, await request.body())}


@app.post("/tiny")
async def tiny(request: Request):
    return {"predictions": model.tiny((await request.json())["instances"])}


@app.post("/pixels")
async def pixels(request: Request):
    return {"predictions": model.pixels((await request.json())["instances"])}
