namespace Autopilot.Functions.Tests.Worker;

/// <summary>The published app as its host starts it.</summary>
public sealed class WorkerStartTests(AzuriteFixture azurite)
{
    /// <summary>Must never be said.</summary>
    private const string Secret = "c2VjcmV0LW9mLXRoZS1vcGVyYXRvcg==";

    [Fact]
    public async Task The_host_loads_every_function_and_learns_where_to_forward_requests()
    {
        await using var host = await WorkerHost.StartAsync(await PublishedApp.FolderAsync(), Settings());

        Assert.Equal(
            DeclaredFunction.All.Select(function => function.Name).Order(StringComparer.Ordinal),
            host.Functions.Select(function => function.Name).Order(StringComparer.Ordinal)
        );
        Assert.StartsWith("http://", (string?)host.Capabilities["HttpUri"], StringComparison.Ordinal);
        // Without these a host sends neither message.
        Assert.True(
            host.Capabilities.ContainsKey("HandlesWorkerTerminateMessage")
                && host.Capabilities.ContainsKey("HandlesInvocationCancelMessage")
        );
    }

    [Fact]
    public async Task Without_telemetry_none_of_its_libraries_is_loaded()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux shows what a process has mapped.");
        await using var host = await WorkerHost.StartAsync(await PublishedApp.FolderAsync(), Settings());

        var mapped = await File.ReadAllTextAsync($"/proc/{host.ProcessId}/maps", TestContext.Current.CancellationToken);

        Assert.Contains("/Autopilot.Functions.dll", mapped, StringComparison.Ordinal);
        Assert.DoesNotContain("/OpenTelemetry", mapped, StringComparison.Ordinal);
        Assert.DoesNotContain("/Azure.Monitor", mapped, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tick_logs_its_cycle_to_the_host()
    {
        await using var host = await WorkerHost.StartAsync(await PublishedApp.FolderAsync(), Settings());

        var answer = await host.Tick("PollTimer", isPastDue: true)
            .Answer.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal("Success", (string?)answer["result"]!["status"]);
        Assert.Contains(host.Logs, log => log is { EventName: "CycleDone", Category: "Autopilot.Core.Tracking.PollCycle" });
        Assert.Contains(host.Logs, log => log is { EventName: "PollTimerLate", Level: "Warning" });
        Assert.DoesNotContain(host.Logs, log => log.EventName == "SettingUnknown");
        Assert.DoesNotContain(
            host.Logs,
            log =>
                log.Category.StartsWith("Azure", StringComparison.Ordinal)
                || log.Category.StartsWith("Microsoft.AspNetCore.Hosting", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_setting_that_nothing_reads_is_logged_without_its_value()
    {
        await using var host = await WorkerHost.StartAsync(
            await PublishedApp.FolderAsync(),
            new Dictionary<string, string?>(Settings()) { ["Cce:SecrtKey"] = Secret }
        );

        await host.Tick("PollTimer").Answer.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        var unknown = Assert.Single(host.Logs, log => log.EventName == "SettingUnknown");
        Assert.Equal(
            ("Warning", "Setting Cce:SecrtKey is not a setting of this version and does nothing: is Cce:SecretKey meant?"),
            (unknown.Level, unknown.Message)
        );
        Assert.DoesNotContain(host.Logs, log => log.Message.Contains(Secret, StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, host.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Cce:Endpoint", "http://upstream.example", "Cce:Endpoint")]
    [InlineData("Polling:MaxConcurrency", "many", "Polling:MaxConcurrency")]
    [InlineData("AutopilotStorage", $"DefaultEndpointsProtocol=https;AccountKey={Secret}", "AutopilotStorage")]
    [InlineData("PollSchedule", "every minute", "PollSchedule")]
    public async Task A_wrong_setting_is_one_sentence_that_names_it(string setting, string value, string named)
    {
        await using var host = await WorkerHost.LaunchAsync(
            await PublishedApp.FolderAsync(),
            new Dictionary<string, string?>(Settings()) { [setting] = value }
        );

        await host.EndsAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(78, host.ExitCode);
        var line = Assert.Single(host.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"setting: {named} ", line, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_wrong_settings_are_a_sentence_each_and_no_secret_is_said()
    {
        await using var host = await WorkerHost.LaunchAsync(
            await PublishedApp.FolderAsync(),
            new Dictionary<string, string?>(Settings())
            {
                ["Cce:AccessKey"] = "AKIDOFTHEOPERATOR",
                ["Cce:SecretKey"] = Secret,
                ["Cce:Token"] = "token-of-the-operator",
                ["Discovery:Every"] = "soon",
            }
        );

        await host.EndsAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(78, host.ExitCode);
        var lines = host.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.StartsWith("setting: ", line, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("Discovery:Every", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("Cce:Token", StringComparison.Ordinal));
        Assert.All(
            [Secret, "AKIDOFTHEOPERATOR", "token-of-the-operator"],
            secret => Assert.DoesNotContain(secret, host.Output, StringComparison.Ordinal)
        );
    }

    private Dictionary<string, string?> Settings() =>
        new(HostSettings.Enough) { ["AutopilotStorage"] = azurite.ConnectionString, ["Storage:TablePrefix"] = $"W{Guid.NewGuid():N}" };
}
