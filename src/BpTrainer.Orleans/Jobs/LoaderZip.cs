namespace BpTrainer.Orleans.Jobs;

/// <summary>How a loader and a model travel: as ML.NET's own zip, which has no rows in it.</summary>
internal static class LoaderZip
{
    /// <summary>Packs a loader, and the model or the steps behind it if there are some.</summary>
    public static byte[] Save(IDataLoader<IMultiStreamSource> loader, ITransformer? model)
    {
        using var stream = new MemoryStream();
        new MLContext().Model.Save(model, loader, stream);
        return stream.ToArray();
    }

    /// <summary>Loads files as a zip says.</summary>
    public static IDataView Load(MLContext mlContext, byte[] zip, string[] files)
    {
        ITransformer model = mlContext.Model.LoadWithDataLoader(new MemoryStream(zip), out IDataLoader<IMultiStreamSource> loader);
        return model.Transform(loader.Load(new MultiFileSource(files)));
    }
}
