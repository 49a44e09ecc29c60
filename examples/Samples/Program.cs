using BpTrainer.Examples.Samples;

Regression.Example();
RegressionWithOptions.Example();
BinaryClassification.Example();
BinaryClassificationWithOptions.Example();
MulticlassClassification.Example();
MulticlassClassificationWithOptions.Example();
