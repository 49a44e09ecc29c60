namespace BpTrainer.Report.Drawing;

/// <summary>What a picture shows, before it has a size.</summary>
internal interface IDrawing
{
    /// <summary>What it is, in a few words.</summary>
    string Title { get; }

    /// <summary>What it shows, in a sentence, for who cannot see it.</summary>
    string Description { get; }

    /// <summary>Draws it below its title.</summary>
    /// <param name="svg">Where to.</param>
    /// <param name="width">The width of the picture in pixels.</param>
    /// <param name="top">Where the title ends.</param>
    /// <param name="height">The height of the picture in pixels.</param>
    void Draw(MarkupWriter svg, double width, double top, double height);
}
