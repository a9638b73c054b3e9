namespace Autopilot.Formats.Writing;

/// <summary>A column of a table in a card.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Width">Beside that of the others, at least 1.</param>
/// <param name="Figures">Whether it holds figures, which stand to the right.</param>
public readonly record struct CardColumn(string Title, int Width = 1, bool Figures = false);
