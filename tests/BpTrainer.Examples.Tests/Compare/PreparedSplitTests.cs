using BpTrainer.Examples.Compare;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Tests.Compare;

public class PreparedSplitTests
{
    private static readonly MLContext s_context = new(1);

    [Fact]
    public void TextColumnsBecomeOneFeatureAValue()
    {
        // "red" stands in both columns and must not be mixed up; row 3 has no colour.
        Problem problem = TestProblems.From("colour,flag,y\nred,green,1\nblue,red,2\nred,green,3\n,red,4\n", "y", LearningTask.Regression);
        float[][] features = Features(problem, training: [0, 1, 2, 3], test: [0, 1, 2, 3]);

        Assert.All(features, row => Assert.Equal(4, row.Length));
        Assert.Equal(features[0], features[2]);
        // Standardised, a feature is positive exactly where its 0/1 value is 1: two in a full row, one where a cell is missing.
        Assert.Equal([2, 2, 2, 1], features.Select(row => row.Count(value => value > 0)));
        Assert.All(Enumerable.Range(0, 4), f => Assert.False(features[0][f] > 0 && features[1][f] > 0));
    }

    [Fact]
    public void AValueThatOnlyTheTestPartHasSetsNoFeature()
    {
        Problem problem = TestProblems.From("colour,y\nred,1\nblue,2\nblue,3\ngreen,4\n", "y", LearningTask.Regression);
        float[][] features = Features(problem, training: [0, 1, 2], test: [3, 0]);
        Assert.All(features, row => Assert.Equal(2, row.Length));
        Assert.All(features[0], value => Assert.True(value < 0));
    }

    [Fact]
    public void NumbersAreStandardisedAndMissingOnesAreTheMeanOfTheTrainingPart()
    {
        Problem problem = TestProblems.From("x,y\n1,1\n3,2\n,3\n1000,4\n5,5\n", "y", LearningTask.Regression);
        float[] x = Features(problem, training: [0, 1, 4], test: [0, 1, 2, 4]).Select(row => row[0]).ToArray();

        // Mean 3 and standard deviation sqrt(8/3) of 1, 3, 5; the 1000 is not part of them.
        float one = (float)(2 / Math.Sqrt(8.0 / 3));
        Assert.Equal(-one, x[0], 1e-5f);
        Assert.Equal(0, x[1], 1e-5f);
        Assert.Equal(0, x[2], 1e-5f);
        Assert.Equal(one, x[3], 1e-5f);
    }

    [Fact]
    public void AColumnWithoutOneKnownNumberOrWithOneValueOnlyIsHarmless()
    {
        Problem problem = TestProblems.From("none,same,x,y\n,7,1,1\nNA,7,2,2\n?,7,3,3\n", "y", LearningTask.Regression);
        float[][] features = Features(problem, training: [0, 1, 2], test: [0, 1, 2]);
        Assert.All(features, row => Assert.All(row, value => Assert.True(float.IsFinite(value))));
    }

    [Fact]
    public void AColumnThatIsConstantInTrainingStaysSoWhateverTheTestPartHas()
    {
        Problem problem = TestProblems.From("same,x,y\n7,1,1\n7,2,2\n7,3,3\n1000,4,4\n0,5,5\n", "y", LearningTask.Regression);
        float[][] features = Features(problem, training: [0, 1, 2], test: [0, 3, 4]);
        Assert.Equal([0, 0, 0], features.Select(row => row[0]));
    }

    [Fact]
    public void LabelsHaveTheTypeOfTheTask()
    {
        Assert.Equal(NumberDataViewType.Single, LabelType(LearningTask.Regression));
        Assert.Equal(BooleanDataViewType.Instance, LabelType(LearningTask.Binary));
        Assert.IsType<KeyDataViewType>(LabelType(LearningTask.Multiclass));

        static DataViewType LabelType(LearningTask task)
        {
            Problem problem = TestProblems.From("x,y\n1,0\n2,1\n3,0\n4,1\n", "y", task);
            return PreparedSplit.From(s_context, problem, new Split([0, 1], [2, 3])).Training.Schema["Label"].Type;
        }
    }

    [Fact]
    public void RowsToScoreAreTheTestPartRepeated()
    {
        Problem problem = TestProblems.Separable();
        PreparedSplit prepared = PreparedSplit.From(s_context, problem, Split.Of(problem, 0.2, 1, 0));
        Assert.Equal(20, prepared.Test.GetRowCount());
        Assert.Equal(2000, prepared.Scoring.GetRowCount());
    }

    private static float[][] Features(Problem problem, int[] training, int[] test) =>
        PreparedSplit.From(s_context, problem, new Split(training, test)).Test
            .GetColumn<VBuffer<float>>("Features").Select(row => row.DenseValues().ToArray()).ToArray();
}
