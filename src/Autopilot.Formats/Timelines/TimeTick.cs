namespace Autopilot.Formats.Timelines;

/// <summary>A labelled time.</summary>
/// <param name="X">Its place.</param>
/// <param name="Date">Where the day is another than that of the one before.</param>
/// <param name="Time">Where days are too long a step.</param>
internal readonly record struct TimeTick(double X, string? Date, string? Time);
