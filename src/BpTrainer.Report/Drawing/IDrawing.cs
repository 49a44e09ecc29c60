namespace BpTrainer.Report.Drawing;

/// <summary>The content of a picture, before it has a size.</summary>
internal interface IDrawing
{
    /// <summary>The title.</summary>
    string Title { get; }

    /// <summary>A description in a sentence, for readers who cannot see the picture.</summary>
    string Description { get; }

    /// <summary>Draws the picture below its title.</summary>
    /// <param name="svg">The writer to draw to.</param>
    /// <param name="width">The width of the picture in pixels.</param>
    /// <param name="top">The place where the title ends, in pixels.</param>
    /// <param name="height">The height of the picture in pixels.</param>
    void Draw(MarkupWriter svg, double width, double top, double height);
}
