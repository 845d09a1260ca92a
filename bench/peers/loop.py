"""A bare session loop: as many processes as asked for, each runs the same tensor for so many seconds. Prints runs a second."""

import multiprocessing
import sys
import time


def run(seconds, done):
    import numpy

    import peer_model as model

    tensor = numpy.random.default_rng(1).standard_normal((1, 3, 224, 224), dtype=numpy.float32)
    model.picture_session.run(["logits"], {"pixels": tensor})
    count, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        model.picture_session.run(["logits"], {"pixels": tensor})
        count += 1
    done.put(count / (time.perf_counter() - begun))


if __name__ == "__main__":
    workers, seconds = int(sys.argv[1]), float(sys.argv[2])
    context = multiprocessing.get_context("spawn")
    done = context.Queue()
    processes = [context.Process(target=run, args=(seconds, done)) for _ in range(workers)]
    for process in processes:
        process.start()
    print(sum(done.get() for _ in processes))
    for process in processes:
        process.join()
