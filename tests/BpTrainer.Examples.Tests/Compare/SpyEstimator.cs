using BpTrainer.Examples.Compare;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Tests.Compare;

/// <summary>Notes the first feature of the rows it is fitted to, and is otherwise the estimator inside.</summary>
internal sealed class SpyEstimator(IEstimator<ITransformer> inner, List<float[]> seen) : IEstimator<ITransformer>
{
    public ITransformer Fit(IDataView input)
    {
        seen.Add(input.GetColumn<float[]>("Features").Select(row => row[0]).ToArray());
        return inner.Fit(input);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inner.GetOutputSchema(inputSchema);
}
