namespace Autopilot.Api.Parameters;

/// <summary>Reads a value from its text.</summary>
/// <param name="text">As it was given.</param>
/// <param name="value">The value; default where the text breaks the rule.</param>
/// <returns>Whether the text keeps the rule.</returns>
internal delegate bool ParameterReader<T>(string text, out T? value);
