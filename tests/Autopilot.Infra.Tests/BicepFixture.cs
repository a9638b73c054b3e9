using System.Diagnostics;
using System.Reflection;
using Autopilot.Infra.Tests;

[assembly: AssemblyFixture(typeof(BicepFixture))]

namespace Autopilot.Infra.Tests;

/// <summary>
/// What the Bicep CLI makes of <c>infra/</c>, once for all tests. It fetches nothing: the template has no modules from elsewhere.
/// </summary>
public sealed class BicepFixture : IAsyncLifetime
{
    /// <summary>The compiled template.</summary>
    public string Template { get; private set; } = "";

    /// <summary>What the compiler and the linter said of it.</summary>
    public string Said { get; private set; } = "";

    public async ValueTask InitializeAsync() =>
        (Template, Said) = await RunAsync("build", Path.Combine(Repository.Root, "infra", "main.bicep"), "--stdout");

    public static async Task<(string Output, string Said)> RunAsync(params string[] arguments)
    {
        var command = typeof(BicepFixture)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "BicepCommand")
            .Value!;
        var start = new ProcessStartInfo(command.Replace('\\', '/'), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var bicep = Process.Start(start) ?? throw new InvalidOperationException($"{command} could not be started.");
        var output = bicep.StandardOutput.ReadToEndAsync();
        var said = bicep.StandardError.ReadToEndAsync();
        await bicep.WaitForExitAsync();
        return (await output, await said);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
