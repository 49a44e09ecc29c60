"""Trains scikit-learn's multi-layer perceptrons for Compare. Ends at once if scikit-learn is not installed.

Every line of the input is a request, JSON with file (what SplitFile.cs wrote), task, momentum and seed. Every line of the output is an answer:
first the version of scikit-learn, then for each request JSON with predictions, fitSeconds and rowsPerSecond, or with error. The predictions are
numbers in the units of the target, or for each row the probabilities of the classes.
"""
import json
import sys
import time
import warnings

try:
    import numpy as np
    import sklearn
    from sklearn.neural_network import MLPClassifier, MLPRegressor
except ImportError:
    sys.exit(1)

from parts import Parts

MOMENTUM = {"solver": "sgd", "momentum": 0.9, "learning_rate": "adaptive"}
ROWS_TO_TIME = 2000


def answer(file, task, momentum, seed):
    parts = Parts(task, file)
    kind = MLPRegressor if task == "regression" else MLPClassifier
    model = kind(random_state=seed, **(MOMENTUM if momentum else {}))
    start = time.perf_counter()
    model.fit(parts.x["training"], parts.t["training"])
    seconds = time.perf_counter() - start

    predict = model.predict if task == "regression" else model.predict_proba
    predictions = predict(parts.x["test"])
    many = np.resize(parts.x["test"], (max(ROWS_TO_TIME, len(predictions)), parts.x["test"].shape[1]))
    predict(many)
    start = time.perf_counter()
    predict(many)
    rate = len(many) / (time.perf_counter() - start)
    if task == "regression":
        predictions = parts.in_units(predictions)
    return {"predictions": predictions.astype(float).ravel().tolist(), "fitSeconds": seconds, "rowsPerSecond": rate}


warnings.filterwarnings("ignore")  # that the most epochs were reached is no news
print(sklearn.__version__, flush=True)
for line in sys.stdin:
    try:
        print(json.dumps(answer(**json.loads(line))), flush=True)
    except Exception as e:
        print(json.dumps({"error": f"{type(e).__name__}: {e}"}), flush=True)
