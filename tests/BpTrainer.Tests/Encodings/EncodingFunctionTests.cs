using System.Numerics;
using BpTrainer.Encodings;

namespace BpTrainer.Tests.Encodings;

/// <summary>Whatever way a bin is found, and however the codes of a row are added up, they are those of the formula.</summary>
public unsafe class EncodingFunctionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(100)]
    public void EveryNumberOfBinsHasTheCodesOfTheFormula(int bins)
    {
        Encode<float>(bins, tolerance: 1e-5);
        Encode<double>(bins, tolerance: 1e-13);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(11)]
    public void ABlockOfRowsGetsTheCodesOfAllColumns(int columns)
    {
        double[][] edges = [.. Enumerable.Range(0, columns).Select(c => Edges(bins: c + 2))];
        Network<double> network = new NetworkBuilder(columns).EncodeInputs(new PiecewiseLinearEncoding(edges))
            .Add(20, Activation.ReLU).Add(1, Activation.Linear).Build<double>(seed: 1);
        DataSet<double> data = Samples.Random<double>(seed: 2, rows: 30, columns, targets: 1);
        double[] block = network.Predict(data.Inputs.Span);
        var one = new double[1];
        for (int row = 0; row < data.Rows; row++)
        {
            network.Predict(data.InputRow(row), one);
            Assert.Equal(one[0], block[row], 1e-12);
        }
    }

    /// <summary>Edges of bins that are not equally wide.</summary>
    private static double[] Edges(int bins) => [.. Enumerable.Range(0, bins + 1).Select(t => (t * (t + 1.0) / 8) - 1)];

    private static void Encode<T>(int bins, double tolerance) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] edges = Edges(bins);
        var encoding = new PiecewiseLinearEncoding([edges]);
        EncodingFunction<T> function = EncodingFunction<T>.Create(encoding, scaling: null)!;
        double[] between = [.. edges.Zip(edges.Skip(1), (low, high) => low + ((high - low) / 4))];
        T* pair = stackalloc T[2];
        foreach (double value in (double[])[.. edges, .. between, -1e9, -1.5, 1e9])
        {
            T x = T.CreateChecked(value);
            int place;
            function.Encode(&x, &place, pair);

            var codes = new double[bins + 1];
            codes[place] = double.CreateChecked(pair[0]);
            codes[place + 1] = double.CreateChecked(pair[1]);
            double[] expected = encoding.Encode(0, value);
            Assert.All(codes.Zip(expected), both => Assert.Equal(both.Second, both.First, tolerance));
        }
    }
}
