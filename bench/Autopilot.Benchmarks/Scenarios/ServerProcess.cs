using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Autopilot.Benchmarks.Scenarios;

/// <summary>A program that listens, in a process of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;

    private ServerProcess(Process process, Uri address, TimeSpan started) => (_process, Address, Started) = (process, address, started);

    /// <summary>Our server as it was built beside this program.</summary>
    public static string Built => Path.Combine(AppContext.BaseDirectory, "Autopilot.Server.dll");

    public Uri Address { get; }

    /// <summary>From the start of the process to the first 200.</summary>
    public TimeSpan Started { get; }

    /// <summary>Memory that it holds in RAM now.</summary>
    public double ResidentMiB
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1024.0 / 1024.0;
        }
    }

    /// <summary>Processor time that it has taken since its start.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts it and asks for its liveness, again and again, until it answers 200.</summary>
    public static async Task<ServerProcess> StartAsync(
        string assembly,
        IReadOnlyDictionary<string, string?> settings,
        params IEnumerable<string> arguments
    )
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}"));
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Path.GetTempPath(), RedirectStandardOutput = true };
        start.ArgumentList.Add(assembly);
        start.ArgumentList.Add($"--urls={address.GetLeftPart(UriPartial.Authority)}");
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["Logging__LogLevel__Default"] = "Warning";
        foreach (var (name, value) in settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var began = Stopwatch.GetTimestamp();
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { Length: > 0 } text)
            {
                Console.Error.WriteLine(text);
            }
        };
        process.BeginOutputReadLine();
        using var http = new HttpClient();
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(address, "/api/health/live"));
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return new ServerProcess(process, address, Stopwatch.GetElapsedTime(began));
                }
            }
            catch (HttpRequestException) when (!process.HasExited && Stopwatch.GetElapsedTime(began) < Patience)
            {
                // It does not listen yet.
            }

            await Task.Delay(2);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
