using System.Diagnostics;
using System.Globalization;

namespace Autopilot.Benchmarks.Upstream;

/// <summary>The <see cref="PreparedUpstream"/> in a process of its own.</summary>
internal sealed class UpstreamProcess : IAsyncDisposable
{
    private readonly HttpClient _control = new();

    private UpstreamProcess(Process process, Uri address) => (Process, Address) = (process, address);

    public Process Process { get; }

    public Uri Address { get; }

    public static async Task<UpstreamProcess> StartAsync()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        // `dotnet` needs the path of the program as its first argument.
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(UpstreamProcess).Assembly.Location);
        }

        start.ArgumentList.Add(PreparedUpstream.Verb);
        var process = Process.Start(start)!;
        return new UpstreamProcess(
            process,
            new Uri(await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("Upstream did not start."))
        );
    }

    /// <summary>From the next question on.</summary>
    /// <param name="latency">Milliseconds before each answer.</param>
    /// <param name="changed">So many workflows show the second of their two states.</param>
    public async Task SetAsync(int latency, int changed)
    {
        using var answer = await _control.PutAsync(
            new Uri(
                Address,
                string.Create(CultureInfo.InvariantCulture, $"{PreparedUpstream.ControlPath}?latency={latency}&changed={changed}")
            ),
            null
        );
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        Process.StandardInput.Close();
        await Process.WaitForExitAsync();
        Process.Dispose();
    }
}
