using System.Globalization;

namespace Autopilot.EndToEnd.Tests.Guarantees.EachChangeOnce;

/// <summary>What a process holds of the machine, as the kernel counts it (Linux).</summary>
/// <param name="Megabytes">Resident memory.</param>
internal sealed record ProcessFootprint(int Handles, int Sockets, int Threads, double Megabytes)
{
    /// <summary>Null where there is no /proc, or no such process any more.</summary>
    public static ProcessFootprint? Of(int process)
    {
        try
        {
            var handles = Directory.GetFiles($"/proc/{process}/fd").Select(Target).ToList();
            var status = File.ReadLines($"/proc/{process}/status")
                .Select(line => line.Split(':', 2))
                .ToDictionary(pair => pair[0], pair => pair[1].Trim());
            return new ProcessFootprint(
                handles.Count,
                handles.Count(target => target.Contains("socket:", StringComparison.Ordinal)),
                int.Parse(status["Threads"], CultureInfo.InvariantCulture),
                double.Parse(status["VmRSS"].Split(' ')[0], CultureInfo.InvariantCulture) / 1024
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The middle of each figure.</summary>
    public static ProcessFootprint Median(IReadOnlyList<ProcessFootprint> samples) =>
        new(
            Middle(samples, s => s.Handles),
            Middle(samples, s => s.Sockets),
            Middle(samples, s => s.Threads),
            Middle(samples, s => s.Megabytes)
        );

    private static T Middle<T>(IReadOnlyList<ProcessFootprint> samples, Func<ProcessFootprint, T> figure) =>
        samples.Select(figure).Order().ElementAt(samples.Count / 2);

    // A handle may be closed while we look.
    private static string Target(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
