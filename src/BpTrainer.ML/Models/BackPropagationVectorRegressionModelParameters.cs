using BpTrainer.ML;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(BackPropagationVectorRegressionModelParameters), null, typeof(SignatureLoadModel),
    "Back-propagation regression model of several outputs", BackPropagationVectorRegressionModelParameters.LoaderSignature)]

namespace BpTrainer.ML;

/// <summary>
/// The model of <see cref="BackPropagationRegressionTrainer"/> where the label is a vector: Score is a vector with a prediction of every
/// slot, in its units, and has the slot names of the label.
/// </summary>
/// <remarks>
/// It is a <see cref="BackPropagationRegressionModelParameters"/>, because ML.NET's regression transformer loads only what produces a
/// <see cref="float"/>; what it does produce, and what its mapper and its column say, is a vector.
/// </remarks>
public sealed class BackPropagationVectorRegressionModelParameters : BackPropagationRegressionModelParameters, ISchemaBindableMapper
{
    internal new const string LoaderSignature = "BackPropVectorRegression";

    private readonly string[] _slotNames;
    private readonly VectorDataViewType _outputType;

    internal BackPropagationVectorRegressionModelParameters(IHostEnvironment env, TrainedNetwork trained, string[] slotNames)
        : base(env, LoaderSignature, trained)
    {
        _slotNames = slotNames;
        _outputType = new VectorDataViewType(NumberDataViewType.Single, Network.Outputs);
    }

    private BackPropagationVectorRegressionModelParameters(IHostEnvironment env, ModelLoadContext ctx)
        : base(env, LoaderSignature, ctx, out BinaryReader more)
    {
        // *** Binary format ***
        // <base info>, in whose block follows
        // int: number of slot names, one for each output or 0
        // string[]: slot names
        int names = more.ReadInt32();
        Host.CheckDecode(names == 0 || names == Network.Outputs, $"The saved model has {names} slot names for {Network.Outputs} outputs.");
        _slotNames = new string[names];
        for (int i = 0; i < names; i++)
        {
            _slotNames[i] = more.ReadString();
        }

        _outputType = new VectorDataViewType(NumberDataViewType.Single, Network.Outputs);
    }

    /// <summary>The slot names of the label, one an output; empty if it had none.</summary>
    public IReadOnlyList<string> SlotNames => _slotNames;

    private protected override DataViewType OutputType => _outputType;

    private protected override VersionInfo VersionInfo => GetVersionInfo();

    internal static new BackPropagationVectorRegressionModelParameters Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(GetVersionInfo());
        return new BackPropagationVectorRegressionModelParameters(env, ctx);
    }

    ISchemaBoundMapper ISchemaBindableMapper.Bind(IHostEnvironment env, RoleMappedSchema schema) =>
        ((ISchemaBindableMapper)new VectorScoreMapper(this)).Bind(env, schema);

    private protected override void SaveMore(BinaryWriter writer)
    {
        writer.Write(_slotNames.Length);
        foreach (string name in _slotNames)
        {
            writer.Write(name);
        }
    }

    private protected override Delegate CreateMapper()
    {
        var scorer = new RowScorer(this, Features);
        return (ValueMapper<VBuffer<float>, VBuffer<float>>)((in VBuffer<float> row, ref VBuffer<float> scores) => CopyTo(scorer.Score(row), ref scores));
    }

    private protected override Delegate CreateGetter(string column, CurrentScores current, float threshold) => column switch
    {
        DefaultColumnNames.Score => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> scores) => CopyTo(current(), ref scores)),
        _ => base.CreateGetter(column, current, threshold),
    };

    private static VersionInfo GetVersionInfo() => MakeVersionInfo("BPVECREG", LoaderSignature);
}
