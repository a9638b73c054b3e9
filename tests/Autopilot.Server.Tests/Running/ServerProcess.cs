using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Autopilot.Server.Tests.Running;

/// <summary>The real program as a process of its own: its output, its exit code, its signals.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("autopilot-server-");

    private ServerProcess(ProcessStartInfo start)
    {
        start.WorkingDirectory = _folder.FullName;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Hear(_output, e.Data);
        _process.ErrorDataReceived += (_, e) => Hear(_error, e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public HttpClient Client { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    public string Output => Text(_output);

    public string Error => Text(_error);

    /// <summary>Runs the program with an environment that holds nothing of ours but <paramref name="settings"/>.</summary>
    public static ServerProcess Start(IDictionary<string, string?> settings, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Autopilot.Server.dll"));
        foreach (var argument in args)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in start.Environment.Keys.Where(name => IsOurs().IsMatch(name)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in settings)
        {
            start.Environment[name == "urls" ? "ASPNETCORE_URLS" : name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return new ServerProcess(start);
    }

    /// <summary>Runs it and waits until it listens.</summary>
    public static async Task<ServerProcess> ServeAsync(IDictionary<string, string?> settings, params string[] args)
    {
        var server = Start(settings, args);
        var first = await Task.WhenAny(server._listening.Task, server._process.WaitForExitAsync()).WaitAsync(TimeSpan.FromSeconds(60));
        if (first != server._listening.Task)
        {
            var said = $"{server.Output}{server.Error}";
            await server.DisposeAsync();
            Assert.Fail($"The server ended before it listened: {said}");
        }
        server.Address = await server._listening.Task;
        server.Client = new HttpClient { BaseAddress = server.Address };
        return server;
    }

    /// <summary>What <c>kill</c> sends.</summary>
    public Task TerminateAsync() => SignalAsync("TERM");

    /// <summary>Sends a signal by its name without SIG.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>The exit code, once it has ended and everything it said is here.</summary>
    public async Task<int> ExitAsync(TimeSpan? within = null)
    {
        await _process.WaitForExitAsync().WaitAsync(within ?? TimeSpan.FromSeconds(60));
        return _process.ExitCode;
    }

    /// <summary>Waits until it has said something.</summary>
    public async Task SaidAsync(string text)
    {
        var patience = Stopwatch.StartNew();
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(60), $"'{text}' was never said, but: {Output}{Error}");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Hear(StringBuilder text, string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (text)
        {
            text.AppendLine(line);
        }

        if (Listening().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new Uri(match.Groups["address"].Value));
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    [GeneratedRegex("Now listening on: (?<address>http://[^\" ]+)")]
    private static partial Regex Listening();

    [GeneratedRegex(
        "^(ASPNETCORE|DOTNET_(URLS|ENVIRONMENT)|OTEL|Cce|AutopilotStorage|AzureWebJobsStorage|Storage|Tracking|Polling|PollSchedule|"
            + "PollQueue|Retention|RetentionSchedule|Server|Logging)(_|$)",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex IsOurs();
}
