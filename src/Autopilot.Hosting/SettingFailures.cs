using Microsoft.Extensions.Options;

namespace Autopilot.Hosting;

/// <summary>The message of a host that cannot start because of its settings.</summary>
public static class SettingFailures
{
    /// <summary>The exit code, <c>EX_CONFIG</c> of sysexits.h: starting again does not help.</summary>
    public const int ExitCode = 78;

    /// <summary>
    /// One sentence for each wrong setting, with its name and without its value where that is secret; null when the exception is about
    /// something else.
    /// </summary>
    public static IReadOnlyList<string>? Of(Exception exception) =>
        exception switch
        {
            OptionsValidationException options => [.. options.Failures],
            AggregateException all when all.InnerExceptions.Select(Of).ToList() is var each && !each.Contains(null) =>
            [
                .. each.SelectMany(failures => failures!),
            ],
            // A settings file that is no JSON. The message names the file; what stands in it may be secret, and the inner message only
            // gives the place.
            InvalidDataException file => [file.Message],
            _ => null,
        };

    /// <summary>Writes a line for each wrong setting.</summary>
    public static async Task WriteAsync(IReadOnlyList<string> failures, TextWriter error)
    {
        foreach (var failure in failures)
        {
            await error.WriteLineAsync($"setting: {failure}");
        }
    }
}
