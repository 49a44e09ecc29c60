using BpTrainer.ML.Training;

namespace BpTrainer.ML;

/// <summary>The common parts of the evaluations of vector predictions: finding the columns, and the pass over the rows.</summary>
internal static class VectorEvaluation
{
    /// <summary>Finds a column that is a vector of known size; throws if it is missing or has the wrong type.</summary>
    public static DataViewSchema.Column Find(
        IExceptionContext context, DataViewSchema schema, string role, string name, params DataViewType[] itemTypes)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(name) ?? throw context.ExceptSchemaMismatch(nameof(schema), role, name);
        return column.Type is VectorDataViewType { Size: > 0 } vector && itemTypes.Contains(vector.ItemType)
            ? column
            : throw context.ExceptSchemaMismatch(
                nameof(schema), role, name, $"known-size vector of {string.Join(" or ", (object[])itemTypes)}", column.Type.ToString()!);
    }

    /// <summary>Throws unless a column has as many slots as the label.</summary>
    public static void CheckSize(IExceptionContext context, DataViewSchema.Column label, DataViewSchema.Column column, string role)
    {
        int outputs = label.Type.GetVectorSize();
        if (column.Type.GetVectorSize() != outputs)
        {
            string item = ((VectorDataViewType)column.Type).ItemType.ToString()!;
            string expected = $"a vector of {item} of size {outputs}, as label column '{label.Name}'";
            throw context.ExceptSchemaMismatch("data", role, column.Name, expected, column.Type.ToString()!);
        }
    }

    /// <summary>
    /// Passes the values of every row to an action: its labels and its values of each column of predictions. Rows with a value of NaN are
    /// left out; a warning gives their number.
    /// </summary>
    public static void Run(
        IChannel channel, IDataView data, DataViewSchema.Column label, DataViewSchema.Column[] predictions,
        Action<long, float[], float[][]> add)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([label, .. predictions]);
        int outputs = label.Type.GetVectorSize();
        Action<float[]> readLabels = LabelVector.CreateReader(cursor, label);
        Action<float[]>[] readers = Array.ConvertAll(predictions, column => LabelVector.CreateReader(cursor, column));
        var labels = new float[outputs];
        float[][] values = Array.ConvertAll(predictions, _ => new float[outputs]);
        long rows = 0, badLabels = 0, badScores = 0;
        while (cursor.MoveNext())
        {
            rows++;
            readLabels(labels);
            for (int k = 0; k < readers.Length; k++)
            {
                readers[k](values[k]);
            }

            if (Array.Exists(labels, float.IsNaN))
            {
                badLabels++;
            }
            else if (Array.Exists(values, column => Array.Exists(column, float.IsNaN)))
            {
                badScores++;
            }
            else
            {
                add(cursor.Position, labels, values);
            }
        }

        string why = $"{badLabels} have a missing label in column '{label.Name}', " +
            $"and {badScores} more have a missing score in column '{predictions[0].Name}'.";
        if (badLabels + badScores == rows)
        {
            throw channel.ExceptParam(nameof(data), $"There is nothing to evaluate: of {rows} rows, {why}");
        }

        if (badLabels + badScores > 0)
        {
            channel.Warning($"Of {rows} rows, {badLabels + badScores} are left out of the evaluation: {why}");
        }
    }

    /// <summary>Fits an estimator to all folds except one and evaluates it on that fold, for each fold in turn.</summary>
    public static IReadOnlyList<TrainCatalogBase.CrossValidationResult<TMetrics>> CrossValidate<TMetrics>(
        IHostEnvironment environment, IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds,
        string? samplingKeyColumnName, int? seed, Func<IDataView, TMetrics> evaluate)
        where TMetrics : class
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckValue(estimator, nameof(estimator));
        IReadOnlyList<DataOperationsCatalog.TrainTestData> folds =
            new DataOperationsCatalog(environment).CrossValidationSplit(data, numberOfFolds, samplingKeyColumnName, seed);
        return
        [
            .. folds.Select((fold, i) =>
            {
                ITransformer model = estimator.Fit(fold.TrainSet);
                IDataView scored = model.Transform(fold.TestSet);
                return new TrainCatalogBase.CrossValidationResult<TMetrics>(model, evaluate(scored), scored, i);
            }),
        ];
    }
}
