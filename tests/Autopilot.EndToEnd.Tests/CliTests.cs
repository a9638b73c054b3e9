using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Autopilot.Cli;
using Autopilot.Server;
using Autopilot.Simulator;
using Autopilot.Simulator.Fleet;
using Autopilot.Simulator.Scenarios;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.EndToEnd.Tests;

/// <summary>The tool <c>autopilot</c> against the real server, whose clock the tests move; the tool's own is the machine's.</summary>
public sealed class CliTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Key = "an-api-key-of-the-tool-0123456789abcdef";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));
    private readonly string _prefix = $"T{Guid.NewGuid():N}"[..20];
    private readonly int _port = FreePort();
    private readonly SimulatedFleet _fleet = SimulatedFleet.Create(
        3,
        seed: 5,
        TimeSpan.Zero,
        [new SmoothUpgrade(), new FailedPreCheckRetried(), new Cancelled()]
    );

    private SimulatorApp _upstream = null!;
    private WebApplication _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Url => $"http://127.0.0.1:{_port}";

    public async ValueTask InitializeAsync()
    {
        _upstream = SimulatorApp.Create(new SimulatorOptions { Fleet = _fleet }, _clock);
        await _upstream.StartAsync(Cancel);
        await StartServerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Status_shows_the_fleet_in_each_form_and_one_upgrade_by_its_name()
    {
        await PassAsync(TimeSpan.FromMinutes(6));
        var (exitCode, table, error) = await RunAsync("status");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.All(_fleet.Workflows, workflow => Assert.Contains(workflow.ClusterName, table, StringComparison.Ordinal));
        Assert.Contains("Blocked", table, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', table);
        Assert.All(table.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 120, line));

        var (_, json, _) = await RunAsync("status", "--output", "json");
        Assert.Equal(3, JsonDocument.Parse(json).RootElement.GetProperty("value").GetArrayLength());
        foreach (var (form, reference) in new[] { ("text", ""), ("markdown", ""), ("text", Smooth.ClusterName), ("json", Smooth.Id) })
        {
            string[] args = reference.Length > 0 ? ["status", reference, "--output", form] : ["status", "--output", form];
            var (code, output, _) = await RunAsync(args);
            Assert.Equal(0, code);
            Assert.Equal(
                await GetAsync($"api/workflows{(reference.Length > 0 ? $"/{reference}?" : "?active=true&")}format={form}"),
                output.TrimEnd('\r', '\n')
            );
        }

        Assert.Equal((await RunAsync("status", Smooth.Id, "--output", "text")).Output, (await RunAsync("status", Smooth.Id)).Output);
    }

    [Fact]
    public async Task Why_says_what_blocks_since_when_why_and_what_to_do()
    {
        await PassAsync(TimeSpan.FromMinutes(6));

        var (exitCode, output, error) = await RunAsync("why", Failing.ClusterName.ToUpperInvariant());

        Assert.Equal((0, ""), (exitCode, error));
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Contains(Failing.ClusterName, lines[0], StringComparison.Ordinal);
        foreach (var label in (string[])["Blocked by", "What", "To do", "See", "You may"])
        {
            Assert.Contains(lines, line => line.StartsWith($"{label} ", StringComparison.Ordinal));
        }

        Assert.DoesNotContain(lines, line => line.StartsWith("Task ", StringComparison.Ordinal));
        Assert.StartsWith(output.TrimEnd(), (await RunAsync("status", Failing.Id)).Output, StringComparison.Ordinal);
        Assert.Equal(
            (await RunAsync("status", Failing.Id, "--output", "json")).Output,
            (await RunAsync("why", Failing.Id, "--output", "json")).Output
        );
    }

    [Fact]
    public async Task Wait_ends_with_0_when_the_upgrade_has_completed_over_a_restart_of_the_server()
    {
        await PassAsync(TimeSpan.FromMinutes(1));
        await using var written = new StringWriter();
        await using var output = TextWriter.Synchronized(written);
        await using var error = new StringWriter();
        var waiting = CliCommand.RunAsync(["wait", Smooth.ClusterName, "--timeout", "5m", "--url", Url, "--key", Key], output, error);
        while (!waiting.IsCompleted && written.GetStringBuilder().Length == 0)
        {
            await Task.Delay(20, Cancel);
        }

        await _server.DisposeAsync();
        await Task.Delay(300, Cancel);
        await StartServerAsync();
        await MoveAsync(waiting);

        Assert.Equal(0, await waiting);
        var lines = written.ToString();
        Assert.StartsWith(
            $"Waiting until {Smooth.ClusterName} ({Smooth.Id}) has completed, for 5 min at most.",
            lines,
            StringComparison.Ordinal
        );
        Assert.Contains("completed", lines.Split('\n')[1], StringComparison.Ordinal);
        Assert.EndsWith(
            "The wait goes on.",
            Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)).TrimEnd(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("FailedPreCheckRetried", 1, "--fail-on", "blocked")]
    [InlineData("FailedPreCheckRetried", 0, "--fail-on", "stalled")]
    [InlineData("FailedPreCheckRetried", 0, "--for", "confirmed")]
    [InlineData("SmoothUpgrade", 0, "--for", "moved")]
    [InlineData("SmoothUpgrade", 0, "--for", "unblocked")]
    [InlineData("Cancelled", 1, "--for", "completed")]
    [InlineData("Cancelled", 1, "--for", "confirmed")]
    public async Task Wait_ends_as_the_upgrade_does(string life, int expected, params string[] options)
    {
        await PassAsync(TimeSpan.FromMinutes(1));
        var waiting = RunAsync(["wait", _fleet.Workflows.First(workflow => workflow.Life.Name == life).Id, .. options]);

        await MoveAsync(waiting);

        var (exitCode, output, error) = await waiting;
        Assert.Equal((expected, ""), (exitCode, error));
        Assert.Equal(2, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Wait_that_times_out_ends_with_3()
    {
        await PassAsync(TimeSpan.FromMinutes(1));

        var waiting = RunAsync("wait", Smooth.Id, "--timeout", "1s");
        while (!waiting.IsCompleted)
        {
            // Without a poll nothing changes.
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(100, Cancel);
        }

        var (exitCode, output, error) = await waiting;
        Assert.Equal(3, exitCode);
        Assert.Equal("Not completed within 1 s.", error.TrimEnd());
        Assert.Contains(Smooth.ClusterName, output.Split('\n')[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "'--nosuch' is no argument of autopilot; --help lists them.", "status", "--nosuch")]
    [InlineData(2, "--timeout must be a duration such as 90s, 30m or 2h.", "wait", "w", "--timeout", "soon")]
    [InlineData(2, "--for must be one of completed, moved, confirmed, unblocked.", "wait", "w", "--for", "done")]
    [InlineData(2, "--output must be one of table, text, json, markdown, csv.", "status", "--output", "xml")]
    [InlineData(2, "--output of this command must be one of text, markdown, json.", "why", "w", "--output", "csv")]
    [InlineData(2, "An upgrade is named by its workflow's id", "status", "..")]
    [InlineData(2, "An upgrade is named by its workflow's id", "why", ".")]
    [InlineData(2, "A word of the command line is no argument of autopilot", "status", "--=x")]
    [InlineData(2, "--since must be a date", "changes", "--since", "yesterday")]
    [InlineData(6, "nosuch", "why", "nosuch")]
    [InlineData(6, "nosuch", "wait", "nosuch")]
    [InlineData(2, "workflow id", "status", "a b")]
    public async Task A_mistake_is_named_with_its_exit_code(int expected, string message, params string[] args)
    {
        var (exitCode, output, error) = await RunAsync(args);

        Assert.Equal((expected, ""), (exitCode, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_is_5_and_a_server_that_is_not_there_is_4_and_no_key_is_shown()
    {
        const string Wrong = "a-wrong-key-0123456789abcdef";
        var denied = await RunWithAsync("status", "--url", Url, "--key", Wrong);
        var refused = await RunWithAsync("status", "--url", $"http://127.0.0.1:{FreePort()}", "--key", Wrong);
        var inAddress = await RunWithAsync("status", "--url", $"{Url}?code={Wrong}");

        Assert.Equal((5, 4, 2), (denied.ExitCode, refused.ExitCode, inAddress.ExitCode));
        Assert.Contains("cannot be reached", refused.Error, StringComparison.Ordinal);
        Assert.All(
            [denied, refused, inAddress],
            answer => Assert.DoesNotContain(Wrong, answer.Output + answer.Error, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void The_file_is_never_below_the_current_directory()
    {
        var (given, home) = (Environment.GetEnvironmentVariable("XDG_CONFIG_HOME"), Environment.GetEnvironmentVariable("HOME"));
        try
        {
            Environment.SetEnvironmentVariable("HOME", "/nowhere/to-be-found");
            foreach (var folder in (string?[])["", null, "settings", "./settings"])
            {
                Environment.SetEnvironmentVariable("XDG_CONFIG_HOME", folder);
                Assert.True(ServerAddress.ConfigFile is null || Path.IsPathFullyQualified(ServerAddress.ConfigFile));
            }
        }
        finally
        {
            Environment.SetEnvironmentVariable("XDG_CONFIG_HOME", given);
            Environment.SetEnvironmentVariable("HOME", home);
        }
    }

    [Theory]
    [InlineData("<html>Sign in</html>", "text/html")]
    [InlineData("{}", "application/json")]
    [InlineData("[]", "application/json")]
    [InlineData("""{"value":[{}]}""", "application/json")]
    [InlineData("""{"value":7}""", "application/json")]
    public async Task An_answer_of_another_server_is_not_reachable(string body, string type)
    {
        await using var other = WebApplication.Create();
        other.Urls.Add("http://127.0.0.1:0");
        other.MapFallback(() => Results.Text(body, type));
        await other.StartAsync(TestContext.Current.CancellationToken);
        var url = other.Urls.Single();

        var (output, error) = (new StringWriter(), new StringWriter());
        foreach (var form in (string[])["table", "json"])
        {
            Assert.Equal(4, await CliCommand.RunAsync(["status", "--url", url, "--output", form], output, error));
        }

        foreach (var command in (string[])["status", "why", "wait", "watch", "timeline", "history", "poll", "untrack"])
        {
            Assert.Equal(4, await CliCommand.RunAsync([command, "x", "--url", url], output, error));
        }

        Assert.All(
            error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.Contains("not Autopilot's", line, StringComparison.Ordinal)
        );
        Assert.Empty(output.ToString());
    }

    [Fact]
    public async Task What_another_server_lacks_is_no_upgrade_that_is_unknown()
    {
        await using var other = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]).Build();
        await other.StartAsync(Cancel);

        var (exitCode, output, error) = await RunWithAsync("why", "x", "--url", other.Urls.Single());

        Assert.Equal((4, ""), (exitCode, output));
        Assert.Contains("answered 404", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain; charset=nonsense")]
    [InlineData("text/plain; charset=utf-16")]
    public async Task Foreign_text_steers_no_terminal_whatever_its_charset(string type)
    {
        await using var other = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]).Build();
        other.MapFallback(async context =>
        {
            context.Response.Headers["Autopilot-Version"] = "1";
            context.Response.Headers.ContentType = type;
            await context.Response.Body.WriteAsync("a\u001b]0;title\u0007b\u009b2J\u202ec\nd"u8.ToArray());
        });
        await other.StartAsync(Cancel);

        var (exitCode, output, error) = await RunWithAsync("why", "x", "--url", other.Urls.Single());

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal("a\uFFFD]0;title\uFFFDb\uFFFD2J\uFFFDc\nd", output.TrimEnd());
    }

    [Fact]
    public async Task A_full_disk_is_7()
    {
        using var error = new StringWriter();
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        await using var full = new StreamWriter(new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0));
        full.AutoFlush = true;
        Assert.Equal(7, await CliCommand.RunAsync(["status", "--url", Url, "--key", Key], full, error));
        Assert.StartsWith("The output cannot be written: ", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_command_answers_in_its_forms()
    {
        await PassAsync(TimeSpan.FromMinutes(6));

        var timeline = await OutputAsync("timeline", Failing.ClusterName);
        Assert.Contains("\nPreCheck ", timeline, StringComparison.Ordinal);
        Assert.Contains("# ran  . waited  ~ queued  x blocked", timeline, StringComparison.Ordinal);
        Assert.Contains("workflowId", await OutputAsync("timeline", Failing.ClusterName, "--output", "json"), StringComparison.Ordinal);
        Assert.Equal(
            await GetAsync($"api/workflows/{Failing.Id}/history?maxpagesize=1000&format=text"),
            (await OutputAsync("history", Failing.ClusterName)).TrimEnd()
        );
        Assert.Contains(Failing.ClusterName, await OutputAsync("changes", "--since", "2026-11-23"), StringComparison.Ordinal);
        Assert.Contains(Failing.ClusterName, await OutputAsync("changes", "--since", "2026-11-23T08:00:00Z"), StringComparison.Ordinal);
        var period = (string[])["--from", "2026-11-01", "--to", "2026-12-01"];
        Assert.Equal(
            (await GetAsync("api/reports/upgrades?from=2026-11-01&to=2026-12-01&format=csv")).TrimEnd(),
            (await OutputAsync(["report", "--output", "csv", .. period])).TrimEnd()
        );
        Assert.Contains("|", await OutputAsync(["report", .. period]) + "|", StringComparison.Ordinal);
        Assert.Contains("v9", await OutputAsync("outlook", Failing.ClusterName, "--target", "v9"), StringComparison.Ordinal);
        var status = JsonDocument.Parse(await OutputAsync("status", "--output", "json")).RootElement;
        Assert.Equal(3, status.GetProperty("value").GetArrayLength());
        Assert.True(status.TryGetProperty("counts", out _));
        var waited = await RunAsync("wait", Failing.Id, "--for", "confirmed", "--fail-on", "Blocked", "--output", "json");
        Assert.Equal(1, waited.ExitCode);
        Assert.Equal("Blocked", JsonDocument.Parse(waited.Output).RootElement.GetProperty("assessment").GetString());
        Assert.StartsWith("Waiting until ", waited.Error, StringComparison.Ordinal);

        var page = (await OutputAsync("open", Failing.ClusterName)).TrimEnd();
        Assert.Equal($"{Url}/upgrades/{Failing.Id}", page);
        Assert.Contains(Failing.ClusterName, await GetAsync(page), StringComparison.Ordinal);
        Assert.Equal($"{Url}/", (await OutputAsync("open")).TrimEnd());
        Assert.Equal(6, (await RunAsync("open", "nosuch")).ExitCode);

        Assert.Equal(5, (await RunAsync("untrack", Smooth.ClusterName)).ExitCode);
        Assert.Contains(Smooth.ClusterName, await ManageAsync("poll", Smooth.ClusterName), StringComparison.Ordinal);
        Assert.Contains("\"polled\"", await ManageAsync("poll"), StringComparison.Ordinal);
        Assert.Contains(Smooth.Id, await ManageAsync("untrack", Smooth.ClusterName), StringComparison.Ordinal);
        Assert.DoesNotContain(Smooth.ClusterName, await OutputAsync("status"), StringComparison.Ordinal);
        await ManageAsync("track", Smooth.Id, "--cluster", Smooth.ClusterId, "--project", Smooth.ProjectId, "--name", "named");
        Assert.Contains("named", await OutputAsync("status"), StringComparison.Ordinal);
        await ManageAsync("track", "--cluster", Smooth.ClusterId, "--project", Smooth.ProjectId);
        Assert.Contains(Smooth.ClusterId, await GetAsync($"api/clusters/{Smooth.ClusterId}"), StringComparison.Ordinal);

        async Task<string> OutputAsync(params string[] args) => Answered(await RunAsync(args));

        async Task<string> ManageAsync(params string[] args) => Answered(await RunWithAsync([.. args, "--url", Url, "--key", Manage]));

        static string Answered((int ExitCode, string Output, string Error) answer)
        {
            Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
            return answer.Output;
        }
    }

    [Fact]
    public async Task Watch_shows_what_changes_until_the_end()
    {
        await PassAsync(TimeSpan.FromMinutes(1));
        var watching = RunAsync("watch", Smooth.ClusterName);
        while (!watching.IsCompleted)
        {
            await PassAsync(TimeSpan.FromMinutes(10));
        }

        var (exitCode, output, error) = await watching;
        Assert.Equal((0, ""), (exitCode, error));
        Assert.DoesNotContain('\u001b', output);
        Assert.EndsWith(await GetAsync($"api/workflows/{Smooth.Id}?format=text"), output.TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(30)]
    public void A_timeline_is_drawn_to_the_terminals_width(int width)
    {
        var start = new DateTimeOffset(2026, 11, 23, 7, 0, 0, TimeSpan.Zero);
        var timeline = new UpgradeTimeline(
            "It is blocked.",
            [
                new("PreCheck", "Wait", start, start.AddMinutes(10)),
                new("PreCheck", "Run", start.AddMinutes(10), start.AddMinutes(20)),
                new("Cluster", "Queue", start.AddMinutes(20), start.AddMinutes(25)),
                new("Cluster", "Run", start.AddMinutes(25), start.AddMinutes(40)),
                new("Cluster", "Blocked", start.AddMinutes(40)),
            ],
            start,
            start.AddMinutes(60)
        );

        var lines = TimelineCommand.Draw(timeline, width).ToList();

        Assert.Equal("It is blocked.", lines[0]);
        Assert.All(lines.Skip(2).Take(2), line => Assert.True(line.Length <= width, line));
        Assert.Equal(width, lines[3].Length);
        Assert.Matches(@"^PreCheck \.+#+$", lines[2]);
        Assert.Matches(@"^Cluster +~+#+x+$", lines[3]);
        var bar = width - "PreCheck ".Length;
        Assert.InRange(lines[3].Count(letter => letter == 'x'), (bar / 3) - 1, (bar / 3) + 1);
        Assert.Contains(lines, line => line.Contains("2026-11-23 07:00 UTC", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "Url": "https://ops.example.com/x/", "KEY": "k" }""", "https://ops.example.com/x", "k")]
    [InlineData("\uFEFF{ \"url\": \"https://ops.example.com\", \"key\": \"k\" }", "https://OPS.example.com/", "k")]
    public void The_file_may_be_written_by_any_editor(string text, string url, string key)
    {
        var folder = Directory.CreateTempSubdirectory("autopilot-cli-");
        var before = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME");
        try
        {
            Environment.SetEnvironmentVariable("XDG_CONFIG_HOME", folder.FullName);
            Directory.CreateDirectory(Path.GetDirectoryName(ServerAddress.ConfigFile!)!);
            File.WriteAllText(ServerAddress.ConfigFile!, text);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(ServerAddress.ConfigFile!, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            Assert.Equal(key, ServerAddress.Find(url, null).Key);
            Assert.Equal(key, ServerAddress.Find(null, null).Key);
        }
        finally
        {
            Environment.SetEnvironmentVariable("XDG_CONFIG_HOME", before);
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_file_gives_its_key_to_its_address_alone_and_if_no_other_reads_it()
    {
        var folder = Directory.CreateTempSubdirectory("autopilot-cli-");
        var before = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME");
        try
        {
            Environment.SetEnvironmentVariable("XDG_CONFIG_HOME", folder.FullName);
            Directory.CreateDirectory(Path.GetDirectoryName(ServerAddress.ConfigFile!)!);
            Write("""{ "url": "https://ops.example.com/upgrades", "key": "a-key-of-the-file" }""", UnixFileMode.None);

            Assert.Equal(
                new ServerAddress(new Uri("https://ops.example.com/upgrades/"), "a-key-of-the-file"),
                ServerAddress.Find(null, null)
            );
            Assert.Equal("another", ServerAddress.Find(null, "another").Key);
            Assert.Null(ServerAddress.Find("https://other.example.com", null).Key);
            Assert.Equal("another", ServerAddress.Find("https://other.example.com", "another").Key);

            Write("{ url }", UnixFileMode.None);
            Assert.Equal(2, Assert.Throws<CliException>(() => ServerAddress.Find(null, null)).ExitCode);
            if (!OperatingSystem.IsWindows())
            {
                Write("""{ "key": "a-key-of-the-file" }""", UnixFileMode.OtherRead);
                var thrown = Assert.Throws<CliException>(() => ServerAddress.Find(null, null));
                Assert.Equal(2, thrown.ExitCode);
                Assert.Contains("chmod 600", thrown.Message, StringComparison.Ordinal);
                Write("""{ "key": "a-key-of-the-file" }""", UnixFileMode.OtherWrite);
                Assert.Equal(2, Assert.Throws<CliException>(() => ServerAddress.Find(null, null)).ExitCode);
                Assert.DoesNotContain("a-key-of-the-file", thrown.Message, StringComparison.Ordinal);
            }
        }
        finally
        {
            Environment.SetEnvironmentVariable("XDG_CONFIG_HOME", before);
            folder.Delete(recursive: true);
        }

        static void Write(string text, UnixFileMode more)
        {
            File.WriteAllText(ServerAddress.ConfigFile!, text);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(ServerAddress.ConfigFile!, UnixFileMode.UserRead | UnixFileMode.UserWrite | more);
            }
        }
    }

    [Theory]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("127.0.0.1:7071")]
    [InlineData("http://user:secret@127.0.0.1")]
    [InlineData("http://127.0.0.1/#secret")]
    public void What_is_no_plain_address_is_refused_and_not_repeated(string url)
    {
        var thrown = Assert.Throws<CliException>(() => ServerAddress.Find(url, "key"));

        Assert.Equal(2, thrown.ExitCode);
        Assert.DoesNotContain("secret", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_without_a_place_polls_as_the_server_asks()
    {
        await using var busy = new BusyServer();

        var (exitCode, output, error) = await RunWithAsync("wait", "w1", "--url", busy.Url, "--key", Key, "--timeout", "30s");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("It has completed.", output, StringComparison.Ordinal);
        Assert.Equal(["/api/workflows/w1", "/api/workflows/w1/wait", "/api/workflows/w1"], busy.Asked);
    }

    [Fact]
    public async Task A_name_of_two_clusters_lists_both()
    {
        using var http = new HttpClient { BaseAddress = new Uri(Url) };
        http.DefaultRequestHeaders.Add("x-functions-key", Manage);
        foreach (var cluster in new[] { "5d2c9a41-8aa2-11ee-af09-0255ac10004f", "e81f3b07-8aa2-11ee-af09-0255ac10004f" })
        {
            using var body = new StringContent(
                $$"""{"clusterId":"{{cluster}}","projectId":"p1","clusterName":"twin"}""",
                System.Text.Encoding.UTF8,
                "application/json"
            );
            using var put = await http.PutAsync(new Uri($"api/workflows/{cluster[..8]}", UriKind.Relative), body, Cancel);
            put.EnsureSuccessStatusCode();
        }

        var (exitCode, _, error) = await RunAsync("why", "twin");

        Assert.Equal(2, exitCode);
        Assert.Contains("\n  5d2c9a41-8aa2-11ee-af09-0255ac10004f  project p1, an active upgrade", error, StringComparison.Ordinal);
        Assert.Contains("\n  e81f3b07-8aa2-11ee-af09-0255ac10004f  project p1, an active upgrade", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_and_version_need_no_server()
    {
        var (help, text, _) = await RunWithAsync("--help");
        Assert.Equal(0, help);
        Assert.Contains("Exit codes: 0 answered or reached, 1 ", text, StringComparison.Ordinal);
        var (version, number, _) = await RunWithAsync("--version");
        Assert.Equal((0, Api.ProductVersion.Number), (version, number.Split('+')[0].Trim()));
    }

    private const string Manage = "a-manage-key-of-the-tool-0123456789abcdef";

    private SimulatedWorkflow Smooth => _fleet.Workflows.First(workflow => workflow.Life is SmoothUpgrade);

    private SimulatedWorkflow Failing => _fleet.Workflows.First(workflow => workflow.Life is FailedPreCheckRetried);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args) =>
        RunWithAsync([.. args, "--url", Url, "--key", Key]);

    private static async Task<(int ExitCode, string Output, string Error)> RunWithAsync(params string[] args)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var exitCode = await CliCommand.RunAsync(args, output, error).WaitAsync(Patience, Cancel);
        return (exitCode, output.ToString(), error.ToString());
    }

    private async Task<string> GetAsync(string path)
    {
        using var http = new HttpClient { BaseAddress = new Uri(Url) };
        http.DefaultRequestHeaders.Add("x-functions-key", Key);
        return (await http.GetStringAsync(new Uri(path, UriKind.RelativeOrAbsolute), Cancel)).TrimEnd('\n');
    }

    /// <summary>Lets upstream's time pass, with a poll a minute.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        using var http = new HttpClient { BaseAddress = new Uri(Url) };
        http.DefaultRequestHeaders.Add("x-functions-key", Manage);
        for (var end = _clock.GetUtcNow() + time; ; )
        {
            using var poll = await http.PostAsync(new Uri("api/poll", UriKind.Relative), null, Cancel);
            poll.EnsureSuccessStatusCode();
            if (_clock.GetUtcNow() >= end)
            {
                return;
            }

            _clock.Advance(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>Lets time pass until a command has ended.</summary>
    private async Task MoveAsync(Task command)
    {
        while (!command.IsCompleted)
        {
            await PassAsync(TimeSpan.FromMinutes(1));
            await Task.Delay(20, Cancel);
        }
    }

    private async Task StartServerAsync()
    {
        _server = ServerApp.Create(
            ["--urls", Url],
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Services.AddSingleton<TimeProvider>(_clock);
                var options = new SimulatorOptions();
                var settings = new Dictionary<string, string?>
                {
                    ["Cce:Endpoint"] = _upstream.BaseAddress.GetLeftPart(UriPartial.Authority),
                    ["Cce:AccessKey"] = options.AccessKey,
                    ["Cce:SecretKey"] = options.SecretKey,
                    ["Cce:RetryDelay"] = "00:00:00.001",
                    ["AutopilotStorage"] = azurite.Server.ConnectionString,
                    ["Storage:TablePrefix"] = _prefix,
                    ["PollSchedule"] = "disabled",
                    ["Server:ApiKeys:0"] = Key,
                    ["Server:ManageKeys:0"] = Manage,
                };
                foreach (var (index, workflow) in _fleet.Workflows.Index())
                {
                    settings[$"Tracking:Workflows:{index}"] = $"{workflow.ProjectId}/{workflow.ClusterId}/{workflow.Id}";
                }

                builder.Configuration.AddInMemoryCollection(settings);
            }
        );
        await _server.StartAsync(Cancel);
    }

    /// <summary>A server without a place to wait: the upgrade has completed when it is looked at again.</summary>
    private sealed class BusyServer : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _asked = new();

        public BusyServer()
        {
            var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
            builder.Logging.ClearProviders();
            _app = builder.Build();
            _app.Use(
                (context, next) =>
                {
                    _asked.Enqueue(context.Request.Path);
                    context.Response.Headers["Autopilot-Version"] = "1";
                    return next(context);
                }
            );
            _app.MapGet(
                "/api/workflows/w1",
                () =>
                    _asked.Count == 1 ? Summary("Running", "Progressing", "It runs.") : Summary("Success", "Completed", "It has completed.")
            );
            _app.MapGet(
                "/api/workflows/w1/wait",
                (HttpContext context) =>
                {
                    context.Response.Headers.RetryAfter = "1";
                    return Results.Problem(statusCode: 503);
                }
            );
            _app.Start();
        }

        public string Url => _app.Urls.Single();

        public IReadOnlyList<string> Asked => [.. _asked];

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private static IResult Summary(string phase, string assessment, string headline) =>
            Results.Json(
                new
                {
                    id = "w1",
                    phase,
                    assessment,
                    headline,
                    sequence = 1,
                }
            );
    }
}
