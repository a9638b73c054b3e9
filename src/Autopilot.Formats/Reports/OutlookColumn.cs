namespace Autopilot.Formats.Reports;

/// <param name="Title">Its heading.</param>
/// <param name="Most">Widest in plain text, in columns.</param>
/// <param name="Width">In a card, beside that of the others.</param>
/// <param name="Figures">Whether it holds figures, which stand to the right.</param>
internal sealed record OutlookColumn(string Title, int Most, int Width, bool Figures = false);
