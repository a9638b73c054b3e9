namespace Autopilot.Benchmarks.Comparison;

/// <summary>A server that is measured beside others.</summary>
/// <param name="Label">Its name in the tables.</param>
/// <param name="Assembly">Path of its <c>Autopilot.Server.dll</c>.</param>
/// <param name="Settings">Settings, or environment variables, of its own.</param>
internal sealed record MeasuredBuild(string Label, string Assembly, IReadOnlyDictionary<string, string?> Settings)
{
    /// <summary>Reads <c>label=path[,SETTING=value...]</c>; reports what is wrong and returns null.</summary>
    public static MeasuredBuild? Parse(string text, Action<string> report)
    {
        var parts = text.Split(',').Select(part => part.Split('=', 2)).ToList();
        if (parts.Exists(part => part is not [{ Length: > 0 }, _]))
        {
            report("A build must be label=path/to/Autopilot.Server.dll[,SETTING=value...].");
            return null;
        }

        var path = Path.GetFullPath(parts[0][1]);
        if (!File.Exists(path))
        {
            report($"There is no file {path}.");
            return null;
        }

        return new MeasuredBuild(parts[0][0], path, parts.Skip(1).ToDictionary(part => part[0], part => (string?)part[1]));
    }
}
