using BpTrainer.Examples.Samples;

Regression.Example();
RegressionWithOptions.Example();
QuantileRegression.Example();
MultiOutputRegression.Example();
BinaryClassification.Example();
BinaryClassificationWithOptions.Example();
MulticlassClassification.Example();
MulticlassClassificationWithOptions.Example();
EarlyStopping.Example();
ContinuedTraining.Example();
MissingValues.Example();
TimeSeries.Example();
