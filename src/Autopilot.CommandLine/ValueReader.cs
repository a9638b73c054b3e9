namespace Autopilot.CommandLine;

/// <summary>Reads a value; false where the text is none that is allowed.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="text">What was given.</param>
/// <param name="value">The value.</param>
public delegate bool ValueReader<T>(string text, out T value);
