namespace Autopilot.Formats.Writing;

/// <summary>A column of a table.</summary>
/// <param name="Title">A text of ours.</param>
/// <param name="Most">Greatest width in columns; what is wider is cut.</param>
/// <param name="Right">Whether its cells stand at the right, as figures do.</param>
public readonly record struct TextColumn(string Title, int Most, bool Right = false);
