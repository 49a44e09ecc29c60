using System.Numerics;
using BpTrainer.Kernels;

namespace BpTrainer.Tests;

/// <summary>Every kernel against the naive one, at the edges of tiles, vectors and blocks.</summary>
public sealed unsafe class ProductTests
{
    private static readonly int[] s_rows = [1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 33];
    private static readonly int[] s_terms = [0, 1, 2, 3, 7, 8, 15, 17, 64, 255, 256, 257, 600];

    private static readonly int[] s_widths = [1, 2, 3, 4, 5, 8];

    public static TheoryData<string, int> KindsAndWidths => Combinations.Of(Kinds.Names, s_widths);

    public static TheoryData<string, int, int> KindsWidthsAndShares =>
        Combinations.Of(Kinds.Names, s_widths, [1, 3, 4, 8, 16, 20]);

    public static TheoryData<int, int> RowsAndColumns => Combinations.Of(s_rows, s_rows);

    public enum Start
    {
        Zero,
        Row,
        Accumulate,
    }

    [Theory]
    [MemberData(nameof(KindsAndWidths))]
    public void ProductEqualsTheNaiveOneInFloat(string kindName, int vectors) => Product<float>(Kinds.Parse(kindName), vectors);

    [Theory]
    [MemberData(nameof(KindsAndWidths))]
    public void ProductEqualsTheNaiveOneInDouble(string kindName, int vectors) => Product<double>(Kinds.Parse(kindName), vectors);

    [Theory]
    [MemberData(nameof(KindsAndWidths))]
    public void ProductWithTransposeEqualsTheNaiveOneInFloat(string kindName, int vectors) =>
        ProductWithTranspose<float>(Kinds.Parse(kindName), vectors);

    [Theory]
    [MemberData(nameof(KindsAndWidths))]
    public void ProductWithTransposeEqualsTheNaiveOneInDouble(string kindName, int vectors) =>
        ProductWithTranspose<double>(Kinds.Parse(kindName), vectors);

    [Theory]
    [MemberData(nameof(KindsAndWidths))]
    public void ColumnSumsEqualTheNaiveOnes(string kindName, int vectors)
    {
        KernelKind kind = Kinds.Parse(kindName);
        MatrixKernel<float> kernel = Kernel.CreateMatrixKernel<float>(kind);
        foreach (int columns in new[] { 1, 2, 3, (vectors * 16) - 1, vectors * 16 })
        {
            foreach (int rows in s_rows)
            {
                Matrix<float> a = Matrix<float>.Random(rows, columns, columns, seed: rows);
                Matrix<float> expected = Matrix<float>.Random(1, columns, columns, seed: 5);
                Matrix<float> actual = Matrix<float>.Random(1, columns, columns, seed: 5);
                fixed (float* from = a, naive = expected, to = actual)
                {
                    new NaiveKernel<float>().AddColumnSums(from, columns, naive, rows, columns);
                    kernel.AddColumnSums(from, columns, to, rows, columns);
                }

                Matrix<float>.AssertClose(expected, actual, rows);
            }
        }
    }

    [Theory]
    [MemberData(nameof(KindsWidthsAndShares))]
    public void HowRowsAreSharedOutChangesNoBit(string kindName, int vectors, int rowsPerCall)
    {
        KernelKind kind = Kinds.Parse(kindName);
        const int Rows = 37, Terms = 300;
        int width = vectors * AlignedBuffer<float>.Lanes;
        MatrixKernel<float> kernel = Kernel.CreateMatrixKernel<float>(kind);
        Matrix<float> a = Matrix<float>.Random(Rows, Terms, Terms, seed: 1);
        Matrix<float> b = Matrix<float>.Random(Terms, width, width, seed: 2);
        Assert.Equal(Shared(Rows), Shared(rowsPerCall));

        float[] Shared(int share)
        {
            var product = new Matrix<float>(Rows, width);
            fixed (float* x = a, y = b, to = product)
            {
                for (int first = 0; first < Rows; first += share)
                {
                    int rows = Math.Min(share, Rows - first);
                    kernel.Multiply(x + (first * Terms), Terms, 1, y, width, to + (first * width), width, null, 0, rows, width, Terms);
                }
            }

            return product.Values.ToArray();
        }
    }

    [Theory]
    [MemberData(nameof(KindsAndWidths))]
    public void WhatComesToTheCacheMeanwhileChangesNoBit(string kindName, int vectors)
    {
        const int Rows = Kernel.PackedRows;
        int width = vectors * AlignedBuffer<float>.Lanes;
        MatrixKernel<float> kernel = Kernel.CreateMatrixKernel<float>(Kinds.Parse(kindName));
        foreach (int terms in s_terms)
        {
            Matrix<float> a = Matrix<float>.Random(Math.Max(terms, 1), Rows, Rows, seed: 1);
            Matrix<float> b = Matrix<float>.Random(Math.Max(terms, 1), width, width, seed: 2);
            Assert.Equal(Multiply(bytes: 0), Multiply(bytes: 1000));

            float[] Multiply(int bytes)
            {
                var product = new Matrix<float>(Rows, width);
                fixed (float* x = a, y = b, to = product)
                {
                    kernel.Multiply(x, 1, Rows, y, width, to, width, null, 0, Rows, width, terms, new Upcoming(x, to, bytes));
                }

                product.AssertGuardsStand();
                return product.Values.ToArray();
            }
        }
    }

    [Theory]
    [MemberData(nameof(RowsAndColumns))]
    public void TransposingSwapsRowsAndColumns(int rows, int columns)
    {
        Transpose<float>(rows, columns);
        Transpose<double>(rows, columns);
    }

    private static void Transpose<T>(int rows, int columns) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> from = Matrix<T>.Random(rows, columns, columns + 3, seed: rows);
        var to = new Matrix<T>(columns, rows + 2);
        fixed (T* source = from, target = to)
        {
            Transposition.Write(source, from.Stride, target, to.Stride, rows, columns);
        }

        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                Assert.Equal(from[row, column], to[column, row]);
            }
        }

        to.AssertGuardsStand();
    }

    private static void Product<T>(KernelKind kind, int vectors) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = vectors * AlignedBuffer<T>.Lanes;
        foreach (int rows in s_rows)
        {
            foreach (int terms in s_terms)
            {
                Matrix<T> plain = Matrix<T>.Random(rows, terms, terms + 5, seed: 1);
                Matrix<T> turned = Matrix<T>.Random(terms, rows, rows + 5, seed: 1);
                Matrix<T> b = Matrix<T>.Random(Math.Max(terms, 1), width, width, seed: 2);
                foreach (Start start in Enum.GetValues<Start>())
                {
                    Compare(kind, plain, plain.Stride, 1, b, rows, width, terms, start);
                    Compare(kind, turned, 1, turned.Stride, b, rows, width, terms, start);
                }
            }
        }
    }

    private static void Compare<T>(
        KernelKind kind, Matrix<T> a, int aRow, int aColumn, Matrix<T> b, int rows, int width, int terms, Start start)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> Multiply(MatrixKernel<T> kernel)
        {
            Matrix<T> c = Matrix<T>.Random(rows, width, width, seed: 3);
            Matrix<T> row = Matrix<T>.Random(1, width, width, seed: 4);
            Matrix<T>? sums = start switch { Start.Zero => null, Start.Row => row, _ => c };
            fixed (T* x = a, y = b, to = c, s = sums)
            {
                kernel.Multiply(x, aRow, aColumn, y, width, to, width, s, start == Start.Row ? 0 : width, rows, width, terms);
            }

            return c;
        }

        Matrix<T>.AssertClose(Multiply(new NaiveKernel<T>()), Multiply(Kernel.CreateMatrixKernel<T>(kind)), terms);
    }

    private static void ProductWithTranspose<T>(KernelKind kind, int vectors) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int terms = vectors * AlignedBuffer<T>.Lanes;
        foreach (int rows in s_rows)
        {
            foreach (int columns in new[] { 1, 2, 3, 5, 7 })
            {
                Matrix<T> a = Matrix<T>.Random(rows, terms - 1, terms, seed: 1);
                Matrix<T> b = Matrix<T>.Random(columns, terms - 1, terms, seed: 2);
                Matrix<T> start = Matrix<T>.Random(1, columns, columns, seed: 3);

                Matrix<T> Multiply(MatrixKernel<T> kernel)
                {
                    var c = new Matrix<T>(rows, columns);
                    fixed (T* x = a, y = b, to = c, s = start)
                    {
                        kernel.MultiplyTransposed(x, terms, y, terms, to, columns, s, rows, columns, terms);
                    }

                    return c;
                }

                Matrix<T>.AssertClose(Multiply(new NaiveKernel<T>()), Multiply(Kernel.CreateMatrixKernel<T>(kind)), terms);
            }
        }
    }
}
