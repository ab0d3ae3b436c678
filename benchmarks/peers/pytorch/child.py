"""PyTorch's child of the benchmark: child.py NETWORK THREADS.

Speaks the lines of package dev.fovea.benchmarks.child. Variants: nchw (PyTorch's own layout), nhwc
(channels_last), compile (channels_last, torch.compile), and bf16 and compile_bf16, which are nhwc
and compile under autocast to bfloat16. For sequences nchw and nhwc are the same. The data are random
and in memory.
"""

import os
import sys
import time
import traceback

import torch
from torch.nn import functional as F

from networks import NETWORKS

WARM_STEPS = 3
WARM_SECONDS = 0.5


def prepare(network, variant, mode):
    """Returns a function that does one step, and the rows of a step."""
    make, shape, classes = NETWORKS[network]
    torch.manual_seed(0)
    model, x = make(), torch.randn(shape)
    labels = torch.randint(0, classes, (shape[0],))
    if len(shape) == 4 and variant != "nchw":
        model = model.to(memory_format=torch.channels_last)
        x = x.to(memory_format=torch.channels_last)
    model.train(mode == "train")
    run = torch.compile(model) if variant.startswith("compile") else model
    cast = variant.endswith("bf16")
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

    def train():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=cast):
            loss = F.cross_entropy(run(x).float(), labels)
        loss.backward()
        optimizer.step()

    def infer():
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=cast):
            run(x)

    return (train if mode == "train" else infer), shape[0]


def rows_per_second(step, rows, seconds):
    count, begin = 0, time.perf_counter()
    while True:
        step()
        count += 1
        elapsed = time.perf_counter() - begin
        if elapsed >= seconds:
            return rows * count / elapsed


def answer(network, prepared, words):
    if len(words) == 3 and words[0] == "prepare":
        step, rows = prepare(network, words[1], words[2])
        for _ in range(WARM_STEPS):
            step()
        rows_per_second(step, rows, WARM_SECONDS)
        prepared[words[1], words[2]] = step, rows
        return "ready"
    if len(words) == 4 and words[0] == "run" and (words[1], words[2]) in prepared:
        step, rows = prepared[words[1], words[2]]
        return f"rate {rows_per_second(step, rows, float(words[3]))}"
    return (f"failed expected 'prepare VARIANT MODE', or 'run VARIANT MODE SECONDS' of what is "
            f"prepared. Received: '{' '.join(words)}'.")


def main(network, threads):
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what a library prints goes to standard error
    torch.set_num_threads(int(threads))
    prepared = {}
    print(f"ready PyTorch {torch.__version__}", file=answers)
    for line in sys.stdin:
        try:
            print(answer(network, prepared, line.split()), file=answers)
        except Exception as failure:  # a variant that fails must not hide the others
            traceback.print_exc()
            first = (str(failure) or type(failure).__name__).splitlines()[0]
            print("failed", first, file=answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
