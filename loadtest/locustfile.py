"""The scenario with Locust: `locust -f loadtest/locustfile.py --headless --host http://127.0.0.1:8501`.

Users and seconds come from the environment, as in scenario.mjs; LOADTEST_RESULTS names a file for one JSON line a step.
"""

import json
import math
import os
from pathlib import Path

from locust import HttpUser, LoadTestShape, constant, events, task

HERE = Path(__file__).resolve().parent
PHOTO = Path(os.environ.get("LOADTEST_PHOTO") or HERE.parent / "test/fixtures/photos/rocket.jpg").read_bytes()
PATH = os.environ.get("LOADTEST_PATH") or "/predict?cache=false&top=1"
TOKEN = os.environ.get("LOADTEST_TOKEN")


def wish(name: str, usual: int, most: int) -> int:
    value = int(os.environ.get(name) or usual)
    if not 1 <= value <= most:
        raise ValueError(f"{name} takes a whole number from 1 to {most}, not {value}.")
    return value


USERS = wish("LOADTEST_USERS", 4, 1_000)
SECONDS = wish("LOADTEST_SECONDS", 3, 3_600)
SOAK = wish("LOADTEST_SOAK_SECONDS", 6, 24 * 3_600)
SPIKE = wish("LOADTEST_SPIKE", 4, 50)
STEPS = [
    ("ramp 1", math.ceil(USERS / 4), SECONDS),
    ("ramp 2", math.ceil(USERS / 2), SECONDS),
    ("steady", USERS, SECONDS),
    ("spike", USERS * SPIKE, SECONDS),
    ("soak", USERS, SOAK),
]
# One list of (milliseconds, failed, status) for each step.
taken: list[list[tuple[float, bool, int]]] = [[] for _ in STEPS]
current = 0


class Program(HttpUser):
    """One program that asks again as soon as it has its answer."""

    wait_time = constant(0)

    @task
    def predict(self) -> None:
        headers = {"content-type": "image/jpeg"}
        if TOKEN:
            headers["authorization"] = f"Bearer {TOKEN}"
        self.client.post(PATH, data=PHOTO, headers=headers, name="predict", timeout=60)


class Scenario(LoadTestShape):
    """The steps one after the other; None ends the test."""

    def tick(self) -> tuple[int, float] | None:
        global current
        end = 0.0
        for at, (_, users, seconds) in enumerate(STEPS):
            end += seconds
            if self.get_run_time() < end:
                current = at
                return users, float(max(users, 1))
        return None


@events.request.add_listener
def keep(response_time: float, exception, response=None, **_) -> None:
    status = getattr(response, "status_code", 0) or 0
    taken[current].append((response_time, exception is not None, status))


@events.quitting.add_listener
def write(**_) -> None:
    file = os.environ.get("LOADTEST_RESULTS")
    if not file:
        return
    lines = [json.dumps(figures(*step, taken[at])) for at, step in enumerate(STEPS)]
    Path(file).write_text("\n".join(lines) + "\n", encoding="utf-8")


def figures(name: str, users: int, seconds: int, answers: list[tuple[float, bool, int]]) -> dict:
    times = sorted(ms for ms, failed, _ in answers if not failed)

    def percentile(share: float) -> float | None:
        return times[max(0, math.ceil(share * len(times)) - 1)] if times else None

    return {
        "name": name,
        "users": users,
        "seconds": seconds,
        "answered": len(times),
        "failed": len(answers) - len(times),
        "refused": sum(status == 503 for _, _, status in answers),
        "rate": len(times) / seconds,
        "p50": percentile(0.5),
        "p90": percentile(0.9),
        "p99": percentile(0.99),
        "max": percentile(1),
    }
