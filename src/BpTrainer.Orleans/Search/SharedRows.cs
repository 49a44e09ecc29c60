using BpTrainer.Orleans.Jobs;

namespace BpTrainer.Orleans.Search;

/// <summary>
/// The rows of the latest search in this process: they are read once and kept in memory, whatever the number of jobs that use them.
/// </summary>
internal static class SharedRows
{
    private static readonly Lock s_turn = new();
    private static (string Key, Lazy<IDataView> Rows)? s_latest;

    public static IDataView Get(string key, byte[] loader, string[] files)
    {
        Lazy<IDataView> rows;
        lock (s_turn)
        {
            if (s_latest?.Key != key)
            {
                s_latest = (key, new(() => Read(loader, files)));
            }

            rows = s_latest.Value.Rows;
        }

        return rows.Value;
    }

    private static IDataView Read(byte[] loader, string[] files)
    {
        var mlContext = new MLContext();
        return mlContext.Data.Cache(LoaderZip.Load(mlContext, loader, files));
    }
}
