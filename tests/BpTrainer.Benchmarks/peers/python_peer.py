"""Trains or scores a network in scikit-learn or PyTorch and prints one JSON line, as the engine's commands do.

    python_peer.py sklearn|torch train   INPUTS HIDDEN OUTPUTS ROWS BATCH EPOCHS THREADS
    python_peer.py sklearn|torch predict INPUTS HIDDEN OUTPUTS ROWS BLOCK THREADS

One output: regression, tanh, half the squared error. More: classes, ReLU, softmax and cross-entropy. Training is plain
gradient descent with momentum 0.9 and a rate of 0.001, in float, shuffled. A block of 0 is all rows in one call.
The thread count also has to be set in the environment (OMP_NUM_THREADS, OPENBLAS_NUM_THREADS) before the start.
"""
import json
import sys
import time
import warnings

import numpy as np

RATE, MOMENTUM = 0.001, 0.9
LEAST_SECONDS = 0.3


def make_samples(rows, inputs, outputs):
    generator = np.random.default_rng(1)
    x = generator.uniform(-1, 1, (rows, inputs)).astype(np.float32)
    sums = x @ generator.uniform(-1, 1, (inputs, outputs)).astype(np.float32) * np.float32(3 / inputs**0.5)
    return x, (np.sin(2 * sums[:, 0]) if outputs == 1 else sums.argmax(axis=1))


class Sklearn:
    """MLPRegressor or MLPClassifier with everything switched off that the engine does not do in this work."""

    def __init__(self, inputs, hidden, outputs, threads):
        self.hidden, self.outputs = hidden, outputs

    def train(self, x, y, batch, epochs):
        from sklearn.neural_network import MLPClassifier, MLPRegressor

        kind, activation = (MLPRegressor, "tanh") if self.outputs == 1 else (MLPClassifier, "relu")
        self.model = kind(
            hidden_layer_sizes=(self.hidden,), activation=activation, solver="sgd", alpha=0.0, batch_size=batch,
            learning_rate_init=RATE, momentum=MOMENTUM, nesterovs_momentum=False, max_iter=epochs, tol=0.0,
            n_iter_no_change=epochs + 1, shuffle=True, random_state=1)
        start = time.perf_counter()
        self.model.fit(x, y)
        return time.perf_counter() - start

    def scorer(self, x, y):
        self.train(x[:1000], y[:1000], 100, 1)
        return self.model.predict if self.outputs == 1 else self.model.predict_proba


class Torch:
    """The usual loop over nn.Sequential, gathering each batch from the shuffled rows."""

    def __init__(self, inputs, hidden, outputs, threads):
        import torch

        self.torch = torch
        torch.manual_seed(1)
        torch.set_num_threads(threads)
        middle = torch.nn.Tanh() if outputs == 1 else torch.nn.ReLU()
        self.outputs = outputs
        self.net = torch.nn.Sequential(torch.nn.Linear(inputs, hidden), middle, torch.nn.Linear(hidden, outputs))

    def train(self, x, y, batch, epochs):
        torch = self.torch
        x = torch.from_numpy(x)
        y = torch.from_numpy(y)[:, None] if self.outputs == 1 else torch.from_numpy(y)
        loss = torch.nn.MSELoss() if self.outputs == 1 else torch.nn.CrossEntropyLoss()
        rate = RATE / 2 if self.outputs == 1 else RATE  # MSELoss has no half
        optimizer = torch.optim.SGD(self.net.parameters(), lr=rate, momentum=MOMENTUM)
        start = time.perf_counter()
        for _ in range(epochs):
            for chosen in torch.randperm(len(x)).split(batch):
                optimizer.zero_grad()
                loss(self.net(x[chosen]), y[chosen]).backward()
                optimizer.step()
        return time.perf_counter() - start

    def scorer(self, x, y):
        torch = self.torch
        net = self.net if self.outputs == 1 else torch.nn.Sequential(self.net, torch.nn.Softmax(dim=1))

        def score(block):
            with torch.no_grad():
                return net(torch.from_numpy(block))

        return score


def train(peer, inputs, outputs, rows, batch, epochs):
    x, y = make_samples(rows, inputs, outputs)
    seconds = peer.train(x, y, batch, epochs)
    return {"samples_per_second": rows * epochs / seconds, "seconds": seconds}


def predict(peer, inputs, outputs, rows, block):
    x, y = make_samples(max(rows, 1000), inputs, outputs)
    score = peer.scorer(x, y)
    x = x[:rows]
    blocks = [x[i:i + block] for i in range(0, rows, block)] if block else [x]
    best = float("inf")
    for _ in range(4):
        scored, start = 0, time.perf_counter()
        while time.perf_counter() - start < LEAST_SECONDS:
            for part in blocks:
                score(part)
            scored += rows
        best = min(best, (time.perf_counter() - start) / scored)
    return {"rows_per_second": 1 / best, "nanoseconds_per_row": best * 1e9}


def main():
    warnings.filterwarnings("ignore")
    library, command, *numbers = sys.argv[1:]
    inputs, hidden, outputs, *rest, threads = map(int, numbers)
    peer = {"sklearn": Sklearn, "torch": Torch}[library](inputs, hidden, outputs, threads)
    line = {"train": train, "predict": predict}[command](peer, inputs, outputs, *rest)
    print(json.dumps(line))


if __name__ == "__main__":
    main()
