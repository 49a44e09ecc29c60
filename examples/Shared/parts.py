"""The rows of one split as numpy arrays, from a file that SplitFile.cs wrote."""
import csv

import numpy as np


class Parts:
    """x is standardised, t is what is learned (a standardised number, or the index of a class), y what is scored."""

    def __init__(self, task, file):
        with open(file, newline="") as lines:
            cells = list(csv.reader(lines))
        self.task = task
        part = np.array([row[0] for row in cells])
        x = np.array([row[2:] for row in cells], dtype=float)
        y = np.array([row[1] for row in cells], dtype=float)
        training = part == "training"
        if task == "regression":
            self.mean, self.deviation = y[training].mean(), y[training].std() or 1
            t = ((y - self.mean) / self.deviation).astype(np.float32)
        else:
            y = t = y.astype(int)
            self.classes = int(y.max()) + 1
        deviations = x[training].std(axis=0)
        x = (x - x[training].mean(axis=0)) / np.where(deviations == 0, 1, deviations)
        self.x = {p: x[part == p].astype(np.float32) for p in ("training", "validation", "test")}
        self.t = {p: t[part == p] for p in self.x}
        self.y = {p: y[part == p] for p in self.x}

    def in_units(self, predicted):
        """Predicted standardised numbers in the units of the table."""
        return predicted * self.deviation + self.mean

    def score(self, predicted):
        """RMSE in the units of the table, or accuracy."""
        if self.task == "regression":
            return float(np.sqrt(np.mean((self.in_units(predicted) - self.y["test"]) ** 2)))
        return float(np.mean(predicted == self.y["test"]))
