using System.Diagnostics;

namespace Autopilot.Functions.Tests;

/// <summary>
/// The function app as it is deployed: a folder made by <c>dotnet publish</c>, once per test run. <c>AUTOPILOT_FUNCTION_APP</c> names one
/// that exists already.
/// </summary>
internal static class PublishedApp
{
    private static readonly Lazy<Task<string>> Published = new(PublishAsync);

    /// <summary>The folder's absolute path.</summary>
    public static Task<string> FolderAsync() => Published.Value;

    private static async Task<string> PublishAsync()
    {
        if (Environment.GetEnvironmentVariable("AUTOPILOT_FUNCTION_APP") is { Length: > 0 } given)
        {
            return Path.GetFullPath(given);
        }

        var root = Repository.Root;
        var folder = Path.Combine(root, "artifacts", "functions-under-test");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "publish",
                "src/Autopilot.Functions",
                "-c",
                "Release",
                "--no-restore",
                "-v",
                "quiet",
                "-nodeReuse:false",
                "-o",
                folder,
            },
        };
        // The test run's own build leaves these behind; they would lead another build astray.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        using var publishing = Process.Start(start)!;
        var output = await Task.WhenAll(publishing.StandardOutput.ReadToEndAsync(), publishing.StandardError.ReadToEndAsync());
        await publishing.WaitForExitAsync();
        return publishing.ExitCode == 0
            ? folder
            : throw new InvalidOperationException($"dotnet publish ended with {publishing.ExitCode}: {string.Concat(output)}");
    }
}
