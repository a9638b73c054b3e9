using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Autopilot.EndToEnd.Tests;

/// <summary>The demo as a person starts it: a process of its own.</summary>
public sealed partial class DemoTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    [Fact]
    public async Task One_upgrade_is_followed_through_its_failed_check_to_its_end_and_summed_up()
    {
        await using var demo = DemoProcess.Start("--once");

        var exitCode = await demo.ExitAsync();

        Assert.True(exitCode == 0, $"Exit code {exitCode}.\n{demo.Output}\n{demo.Errors}");
        Assert.Equal("", demo.Errors);
        Assert.All(demo.Lines, line => Assert.True(line.Length <= 100, $"Over 100 columns: {line}"));

        // Short states may fall between two polls of a busy machine; these are long.
        var reported = demo.Lines.Where(line => Change().IsMatch(line)).ToList();
        AssertInOrder(reported, "Blocked", "Progressing", "Completed");
        AssertInOrder(reported, "→ Failed", "Cluster NotStarted → Running", "Cluster Running → Success", "phase Success");
        Assert.Equal(reported.Select(line => line[..8]).Order(StringComparer.Ordinal), reported.Select(line => line[..8]));

        var trouble = demo
            .Lines.SkipWhile(line => !line.Contains("shows now", StringComparison.Ordinal))
            .TakeWhile(line => !line.Contains("in the end", StringComparison.Ordinal))
            .ToList();
        Assert.Contains(trouble, line => line.StartsWith("Blocked by    PreCheck, TaskFailed since ", StringComparison.Ordinal));
        var summary = demo.Lines.SkipWhile(line => !line.Contains("in the end", StringComparison.Ordinal)).ToList();
        Assert.Contains(summary, line => Regex.IsMatch(line, @"^checkout-jakarta-1: v\S+ → v\S+$"));
        Assert.Contains(summary, line => line.StartsWith("Completed     ", StringComparison.Ordinal));
        Assert.Contains(summary, line => Regex.IsMatch(line, @"^PreCheck +Success +2 +\d+ min( \d+ s)? +1 min \d s$"));
        Assert.Contains(summary, line => Regex.IsMatch(line, @"^  run 1 +Failed +1 min 12 s$"));
        Assert.Contains(summary, line => Regex.IsMatch(line, @"^Cluster +Success +1 +3 min +15 min 1\d s$"));
        Assert.Contains(summary, line => line == "Progress      3 of 3 required tasks done (100 %)");
        Assert.DoesNotContain(summary, line => line.StartsWith("Blocked by", StringComparison.Ordinal));
        await AssertNothingRunsAnyMoreAsync(demo);
    }

    [Fact]
    public async Task Ctrl_C_ends_everything_that_it_started()
    {
        await using var demo = DemoProcess.Start("--speed", "120", "--port", "free");
        await demo.UntilAsync(Change().IsMatch);

        demo.Interrupt();
        var exitCode = await demo.ExitAsync();

        Assert.True(exitCode == 0, $"Exit code {exitCode}.\n{demo.Output}\n{demo.Errors}");
        Assert.Equal("Ended.", demo.Lines[^1]);
        await AssertNothingRunsAnyMoreAsync(demo);
    }

    [Fact]
    public async Task It_never_falls_silent_shows_the_hints_again_and_fits_80_columns()
    {
        await using var demo = DemoProcess.StartAt(80, "--speed", "600", "--port", "free");
        await demo.UntilAsync(line => line == "? shows this again, Ctrl-C ends the demo.");
        Assert.Contains(demo.Lines.Take(2), line => line.StartsWith("Starting the storage", StringComparison.Ordinal));

        // Long after the upgrades that never end have filled what was once the limit.
        await demo.UntilAsync(_ => demo.Lines.Count(line => line.StartsWith("New upgrades begin.", StringComparison.Ordinal)) >= 12);
        demo.Type("?");
        await demo.UntilAsync(_ => demo.Lines.Count(line => line == "Open in a browser, while it runs:") == 2);

        demo.Interrupt();
        Assert.Equal(0, await demo.ExitAsync());
        Assert.Equal("", demo.Errors);
        Assert.All(
            demo.Lines.Where(line =>
                !line.Contains("http://", StringComparison.Ordinal) && !line.StartsWith("Log ", StringComparison.Ordinal)
            ),
            line => Assert.True(line.Length <= 80, $"Over 80 columns: {line}")
        );
        await AssertNothingRunsAnyMoreAsync(demo);
    }

    [Fact]
    public async Task Port_that_is_taken_is_named_before_anything_is_started()
    {
        using var other = new TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        var port = ((System.Net.IPEndPoint)other.LocalEndpoint).Port;
        await using var demo = DemoProcess.Start("--port", $"{port}");

        Assert.Equal(1, await demo.ExitAsync());
        Assert.Equal(
            $"The demo failed: port {port} is in use, perhaps by another demo; choose another with --port N, or any with --port free.",
            demo.Errors.Trim()
        );
        Assert.DoesNotContain(demo.Lines, line => line.StartsWith("Storage ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--onse", "'--onse' is no argument of the demo; --help lists them.")]
    [InlineData("--speed fast", "--speed must be a number from 1 to 600.")]
    [InlineData("--speed", "--speed needs a value.")]
    [InlineData("--port 70000", "--port must be a number from 1 to 65535.")]
    public async Task A_wrong_argument_is_named_and_nothing_is_started(string arguments, string message)
    {
        await using var demo = DemoProcess.Start(arguments.Split(' '));

        Assert.Equal(2, await demo.ExitAsync());
        Assert.Equal(message, demo.Errors.Trim());
        Assert.Empty(demo.Output);
    }

    private static void AssertInOrder(List<string> lines, params string[] milestones)
    {
        var from = 0;
        foreach (var milestone in milestones)
        {
            from = lines.FindIndex(from, line => line.Contains(milestone, StringComparison.Ordinal)) + 1;
            Assert.True(from > 0, $"'{milestone}' is missing, or told before what comes before it:\n{string.Join('\n', lines)}");
        }
    }

    private static async Task AssertNothingRunsAnyMoreAsync(DemoProcess demo)
    {
        var ports = demo
            .Lines.Select(line => Part().Match(line))
            .Where(match => match.Success)
            .Select(match => int.Parse(match.Groups["port"].Value))
            .ToList();
        Assert.Equal(3, ports.Count);
        foreach (var port in ports)
        {
            using var socket = new TcpClient();
            await Assert.ThrowsAsync<SocketException>(() => socket.ConnectAsync("127.0.0.1", port));
        }
    }

    [GeneratedRegex(@"^\d\d:\d\d:\d\d  \S+-\d+ +[A-Z][A-Za-z]+ +\S")]
    private static partial Regex Change();

    [GeneratedRegex(@"^(Storage|CCE API|Server) +http://127\.0\.0\.1:(?<port>\d+) ")]
    private static partial Regex Part();

    private sealed class DemoProcess : IAsyncDisposable
    {
        private readonly Process _process;
        private readonly StringBuilder _output = new();
        private readonly StringBuilder _errors = new();
        private readonly CancellationTokenSource _patience = new(Patience);

        private DemoProcess(Process process)
        {
            _process = process;
            process.OutputDataReceived += (_, line) => Hear(_output, line.Data);
            process.ErrorDataReceived += (_, line) => Hear(_errors, line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public string Output => Read(_output);

        public string Errors => Read(_errors);

        public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        public static DemoProcess Start(params string[] arguments) => StartAt(null, arguments);

        /// <param name="columns">Columns of the terminal; null where nothing says it.</param>
        public static DemoProcess StartAt(int? columns, params string[] arguments)
        {
            var start = new ProcessStartInfo("dotnet")
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
                StandardOutputEncoding = Encoding.UTF8,
                StandardErrorEncoding = Encoding.UTF8,
            };
            start.Environment["COLUMNS"] = columns?.ToString(CultureInfo.InvariantCulture);
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Autopilot.Demo.dll"));
            foreach (var argument in arguments)
            {
                start.ArgumentList.Add(argument);
            }

            return new DemoProcess(Process.Start(start)!);
        }

        public async Task<int> ExitAsync()
        {
            try
            {
                await _process.WaitForExitAsync(_patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"The demo has not ended:\n{Output}\n{Errors}");
            }

            return _process.ExitCode;
        }

        public async Task UntilAsync(Predicate<string> line)
        {
            while (!Lines.Any(reported => line(reported)))
            {
                Assert.False(_process.HasExited || _patience.IsCancellationRequested, $"The demo has not told it:\n{Output}\n{Errors}");
                await Task.Delay(50);
            }
        }

        public void Type(string text)
        {
            _process.StandardInput.Write(text);
            _process.StandardInput.Flush();
        }

        /// <summary>What Ctrl-C does to the process.</summary>
        public void Interrupt()
        {
            using var kill = Process.Start("kill", ["-INT", $"{_process.Id}"]);
            kill.WaitForExit();
        }

        public async ValueTask DisposeAsync()
        {
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync();
            }

            _process.Dispose();
            _patience.Dispose();
        }

        private static void Hear(StringBuilder text, string? line)
        {
            lock (text)
            {
                if (line is not null)
                {
                    text.Append(line).Append('\n');
                }
            }
        }

        private static string Read(StringBuilder text)
        {
            lock (text)
            {
                return text.ToString();
            }
        }
    }
}
