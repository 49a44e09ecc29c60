#!/usr/bin/env python3
"""Runs the optimizers of examples/Optimizers that scikit-learn and FANN have too, on the same splits, and prints JSON for its --peers.

    peers.py DIRECTORY     what `examples/Optimizers --export-splits DIRECTORY` wrote

Network, preparation of the data, rates, most epochs and early stopping rounds are the same; so is the thread, a single one. Initial weights are
each library's own. A library that is not installed is left out with a word. FANN is found as a shared library (libfann.so).
FANN knows squared errors alone: for classes its outputs are logistic units that learn 0 and 1.
"""
import ctypes
import ctypes.util
import json
import os
import sys
import time
import warnings

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"

import numpy as np  # after the number of threads, which it reads when it is loaded

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Shared"))
from parts import Parts

try:
    import sklearn
    from sklearn.neural_network import MLPClassifier, MLPRegressor
except ImportError:
    sklearn = None


class BestWeights:
    """Of a model of scikit-learn: judges every epoch by the loss on given rows, stops after so many without a new low, keeps the best."""

    def watch(self, x, t):
        self.watched, self.lowest, self.best = (x, t), np.inf, None
        return self

    def _update_no_improvement_count(self, *_):
        x, t = self.watched
        if isinstance(self, MLPClassifier):
            loss = -np.mean(np.log(np.maximum(self.predict_proba(x)[np.arange(len(t)), t], 1e-10)))
        else:
            loss = np.mean((self.predict(x) - t) ** 2) / 2
        if loss < self.lowest:
            self.lowest, self._no_improvement_count = loss, 0
            self.best = [w.copy() for w in self.coefs_], [b.copy() for b in self.intercepts_]
        else:
            self._no_improvement_count += 1


if sklearn:

    class Classifier(BestWeights, MLPClassifier):
        pass

    class Regressor(BestWeights, MLPRegressor):
        pass


def train_sklearn(parts, settings, seed, **figures):
    kind = Regressor if parts.task == "regression" else Classifier
    model = kind(
        hidden_layer_sizes=(settings["hiddenUnits"],),
        activation="tanh",
        alpha=0,
        batch_size=settings["batchSize"],
        max_iter=settings["fullBatchEpochs" if figures["solver"] == "lbfgs" else "epochs"],
        n_iter_no_change=settings["earlyStoppingRounds"] - 1,  # it stops when there are more
        tol=1e-5,  # read by lbfgs alone: the norm of the gradient, as ours
        random_state=seed,
        **figures,
    ).watch(parts.x["validation"], parts.t["validation"])
    start = time.perf_counter()
    model.fit(parts.x["training"], parts.t["training"])
    seconds = time.perf_counter() - start
    if model.best:  # lbfgs is not watched, it goes on until the gradient is small
        model.coefs_, model.intercepts_ = model.best
    return model.n_iter_, seconds, parts.score(model.predict(parts.x["test"]))


INCREMENTAL, BATCH, RPROP = range(3)  # fann_train_enum
LINEAR, SIGMOID, SIGMOID_SYMMETRIC = 0, 3, 5  # fann_activationfunc_enum
FILL = ctypes.CFUNCTYPE(
    None, ctypes.c_uint, ctypes.c_uint, ctypes.c_uint, ctypes.POINTER(ctypes.c_float), ctypes.POINTER(ctypes.c_float)
)


def load_fann():
    name = ctypes.util.find_library("fann")
    if name is None:
        return None
    fann = ctypes.CDLL(name)
    for function in ("fann_create_standard_array", "fann_copy", "fann_create_train_from_callback"):
        getattr(fann, function).restype = ctypes.c_void_p
    fann.fann_run.restype = ctypes.POINTER(ctypes.c_float)
    fann.fann_test_data.restype = ctypes.c_float
    fann.fann_train_epoch.restype = ctypes.c_float
    return fann


FANN = load_fann()


def fann_samples(parts, part):
    x = parts.x[part]
    if parts.task == "regression":
        t = parts.t[part][:, None]
    elif parts.classes == 2:
        t = parts.t[part][:, None].astype(np.float32)
    else:
        t = np.eye(parts.classes, dtype=np.float32)[parts.t[part]]

    def fill(row, inputs, outputs, to_inputs, to_outputs):
        for c in range(inputs):
            to_inputs[c] = x[row, c]
        for c in range(outputs):
            to_outputs[c] = t[row, c]

    return ctypes.c_void_p(FANN.fann_create_train_from_callback(len(x), x.shape[1], t.shape[1], FILL(fill))), t.shape[1]


def train_fann(parts, settings, seed, algorithm):
    training, outputs = fann_samples(parts, "training")
    validation, _ = fann_samples(parts, "validation")
    layers = (ctypes.c_uint * 3)(parts.x["training"].shape[1], settings["hiddenUnits"], outputs)
    net = ctypes.c_void_p(FANN.fann_create_standard_array(3, layers))
    ctypes.CDLL(None).srand(seed)  # it drew its weights from a seed of its own; these can be repeated
    FANN.fann_randomize_weights(net, ctypes.c_float(-0.1), ctypes.c_float(0.1))
    FANN.fann_set_activation_function_hidden(net, SIGMOID_SYMMETRIC)
    FANN.fann_set_activation_function_output(net, LINEAR if parts.task == "regression" else SIGMOID)
    FANN.fann_set_activation_steepness_hidden(net, ctypes.c_float(1))
    FANN.fann_set_activation_steepness_output(net, ctypes.c_float(1))
    FANN.fann_set_train_error_function(net, 0)  # FANN_ERRORFUNC_LINEAR, the plain error
    FANN.fann_set_training_algorithm(net, algorithm)
    FANN.fann_set_learning_rate(net, ctypes.c_float(0.01))

    best, lowest, since, epochs = None, np.inf, 0, 0
    start = time.perf_counter()
    while epochs < settings["epochs" if algorithm == INCREMENTAL else "fullBatchEpochs"] and since < settings["earlyStoppingRounds"]:
        if algorithm == INCREMENTAL:
            FANN.fann_shuffle_train_data(training)
        FANN.fann_train_epoch(net, training)
        epochs += 1
        loss = FANN.fann_test_data(net, validation)
        if loss < lowest:
            if best:
                FANN.fann_destroy(best)
            best, lowest, since = ctypes.c_void_p(FANN.fann_copy(net)), loss, 0
        else:
            since += 1
    seconds = time.perf_counter() - start

    row = ctypes.c_float * layers[0]
    outcome = np.array([FANN.fann_run(best, row(*x))[:outputs] for x in parts.x["test"]])
    for function, what in ("fann_destroy", net), ("fann_destroy", best), ("fann_destroy_train", training), ("fann_destroy_train", validation):
        getattr(FANN, function)(what)
    if parts.task == "regression":
        predicted = outcome[:, 0]
    else:
        predicted = outcome[:, 0] > 0.5 if outputs == 1 else outcome.argmax(axis=1)
    return epochs, seconds, parts.score(predicted)


SGD = {"solver": "sgd", "learning_rate_init": 0.01, "momentum": 0.0, "nesterovs_momentum": False}

# Optimizer and batch of ours, "{batch}" for that of the settings; the peer; how to train it; its figures.
PEERS = [
    ("gradient-descent", "1", "FANN incremental", train_fann, {"algorithm": INCREMENTAL}),
    ("gradient-descent", "{batch}", "scikit-learn sgd", train_sklearn, SGD),
    ("gradient-descent", "all", "FANN batch", train_fann, {"algorithm": BATCH}),
    ("momentum", "{batch}", "scikit-learn sgd, momentum", train_sklearn, {**SGD, "momentum": 0.9}),
    ("nesterov", "{batch}", "scikit-learn sgd, nesterov", train_sklearn, {**SGD, "momentum": 0.9, "nesterovs_momentum": True}),
    ("adaptive-momentum", "all", "scikit-learn sgd, adaptive, batch {batch}", train_sklearn, {**SGD, "momentum": 0.9, "learning_rate": "adaptive"}),
    ("irprop-", "all", "FANN rprop", train_fann, {"algorithm": RPROP}),
    ("adam", "{batch}", "scikit-learn adam", train_sklearn, {"solver": "adam", "learning_rate_init": 0.001}),
    ("l-bfgs", "all", "scikit-learn lbfgs", train_sklearn, {"solver": "lbfgs"}),
]


def main():
    if len(sys.argv) != 2 or not os.path.isfile(os.path.join(sys.argv[1], "settings.json")):
        print("usage: peers.py DIRECTORY, one that examples/Optimizers --export-splits DIRECTORY wrote", file=sys.stderr)
        return 2
    warnings.filterwarnings("ignore")  # that the most epochs were reached is no news
    directory = sys.argv[1]
    with open(os.path.join(directory, "settings.json")) as file:
        plan = json.load(file)
    settings = plan["settings"]
    present = {train_sklearn: sklearn, train_fann: FANN}
    for library, found in ("scikit-learn", sklearn), ("FANN", FANN):
        if not found:
            print(f"{library}: left out, not installed.", file=sys.stderr)

    results = []
    for entry in plan["sets"]:
        splits = [Parts(entry["task"], os.path.join(directory, f"{entry['name']}-{k}.csv")) for k in range(settings["splits"])]
        for optimizer, batch, peer, train, figures in PEERS:
            if not present[train]:
                continue
            peer, batch = (text.format(batch=settings["batchSize"]) for text in (peer, batch))
            print(f"{entry['name']}: {peer}", file=sys.stderr)
            measured = [train(parts, settings, settings["seed"] + k, **figures) for k, parts in enumerate(splits)]
            names = "epochs", "seconds", "score"
            measurements = [dict(zip(names, one)) for one in measured]
            results.append({"set": entry["name"], "optimizer": optimizer, "batch": batch, "peer": peer, "measurements": measurements})
    json.dump({"settings": settings, "results": results}, sys.stdout, indent=1)
    print()
    return 0


sys.exit(main())
