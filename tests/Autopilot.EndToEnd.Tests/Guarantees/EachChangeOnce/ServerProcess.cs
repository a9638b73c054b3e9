using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Autopilot.EndToEnd.Tests.Guarantees.EachChangeOnce;

/// <summary>The real server in a process of its own, which can be killed.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly Lock _lock = new();
    private readonly List<string> _output = [];
    private readonly List<(DateTimeOffset At, bool Written)> _cycles = [];
    private readonly DateTimeOffset _startedAt = TimeProvider.System.GetUtcNow();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(IReadOnlyDictionary<string, string> settings, string[] args)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        // With this assembly among those that it knows, so that a hosting startup of the tests can be put into it.
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add("--depsfile");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Autopilot.EndToEnd.Tests.deps.json"));
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Autopilot.Server.dll"));
        start.ArgumentList.Add("--urls");
        start.ArgumentList.Add("http://127.0.0.1:0");
        foreach (var argument in args)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Heard(line.Data);
        _process.ErrorDataReceived += (_, line) => Heard(line.Data);
        _process.Exited += (_, _) =>
            _listening.TrySetException(new InvalidOperationException("The server ended: " + string.Join('\n', Output)));
        _process.EnableRaisingEvents = true;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Address { get; private set; } = null!;

    public int Id => _process.Id;

    public IReadOnlyList<string> Output
    {
        get
        {
            lock (_lock)
            {
                return [.. _output];
            }
        }
    }

    public static async Task<ServerProcess> StartAsync(IReadOnlyDictionary<string, string> settings, params string[] args)
    {
        var server = new ServerProcess(settings, args);
        try
        {
            // Longer than a start takes on a machine that does much else, and no measure of anything.
            server.Address = await server._listening.Task.WaitAsync(TimeSpan.FromMinutes(4));
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>SIGKILL: nothing is said goodbye to.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit();
    }

    /// <summary>SIGTERM: it may end what it is in the middle of.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
        {
            await kill.WaitForExitAsync(cancellationToken);
        }

        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>
    /// Whether it was running at that moment, and then wrote all that it had read: two cycles ended after it, as the log line of the one
    /// before may be late.
    /// </summary>
    public bool HasWrittenSince(DateTimeOffset moment)
    {
        lock (_lock)
        {
            var next = _cycles.Where(cycle => cycle.At >= moment).Take(2).ToList();
            return _startedAt <= moment && next is [{ Written: true }, { Written: true }];
        }
    }

    /// <summary>Lines of a warning or worse, by cycle: what was said between two cycles' ends, and with the latter.</summary>
    public IReadOnlyList<int> ComplaintsByCycle
    {
        get
        {
            var (by, complaints) = (new List<int>(), 0);
            foreach (var line in Output)
            {
                complaints += ComplaintLine().IsMatch(line) ? 1 : 0;
                if (!CycleLine().IsMatch(line))
                {
                    continue;
                }

                by.Add(complaints);
                complaints = 0;
            }

            return [.. by, complaints];
        }
    }

    /// <summary>The sum of one figure over the cycles, of all shards or of one, that the process has logged.</summary>
    public int Told(string figure) =>
        Output.Sum(line =>
            CycleLine().IsMatch(line) && Regex.Match(line, $@"\b{figure} (\d+)") is { Success: true } match
                ? int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)
                : 0
        );

    /// <summary>How often it said this.</summary>
    public int Said(string text) => Output.Count(line => line.Contains(text, StringComparison.Ordinal));

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private void Heard(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lock)
        {
            _output.Add(line);
            if (CycleLine().IsMatch(line))
            {
                var written = !line.Contains("could not be", StringComparison.Ordinal);
                _cycles.Add((TimeProvider.System.GetUtcNow(), written));
            }
        }

        if (ListeningLine().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new Uri(match.Groups[1].Value));
        }
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex ListeningLine();

    [GeneratedRegex(@"^\S+Z (warn|fail|crit): ")]
    private static partial Regex ComplaintLine();

    [GeneratedRegex(@"(Cycle|Shard [0-9a-f]): polled \d+")]
    private static partial Regex CycleLine();
}
