using Autopilot.Server.Tests.Running;
using Autopilot.Simulator.Faults;
using Autopilot.Simulator.Fleet;

namespace Autopilot.Server.Tests.Checks;

public sealed class CheckTests(AzuriteFixture azurite)
{
    private readonly SimulatedFleet _fleet = SimulatedFleet.Create(1, seed: 7);

    [Fact]
    public async Task When_all_is_well_every_step_is_ok_at_the_price_of_one_get()
    {
        await using var upstream = await Upstream.StartAsync(_fleet);
        var (exit, lines) = await CheckAsync(upstream.Settings(azurite.ConnectionString, _fleet));

        Assert.Equal(0, exit);
        Assert.Equal(["ok settings", "ok storage", "ok endpoint", "ok credentials", "ok permission"], Heads(lines));
        Assert.Equal(1, upstream.App.Requests.Count());
    }

    [Fact]
    public async Task Schedule_that_means_something_else_is_a_warning_with_its_next_times()
    {
        await using var upstream = await Upstream.StartAsync(_fleet);
        var settings = upstream.Settings(azurite.ConnectionString, _fleet);
        settings["RetentionSchedule"] = "0 0 22-6 * * *";
        var (exit, lines) = await CheckAsync(settings);

        Assert.Equal(0, exit);
        Assert.Equal(["ok settings", "warning settings", "ok storage", "ok endpoint", "ok credentials", "ok permission"], Heads(lines));
        Assert.Matches(@"'22-6' of its hours runs backward: .* next at [\d-]+ [\d:]+, [\d-]+ [\d:]+ and [\d-]+ [\d:]+ UTC\.$", lines[1]);
    }

    [Theory]
    [InlineData("Poling:RunningEvery", "Polling:RunningEvery")]
    [InlineData("Notification:Webhooks:0:Url", "Notifications:Webhooks:0:Url")]
    [InlineData("Webhooks:0:Url", "Notifications:Webhooks:0:Url")]
    [InlineData("Trackings:Projects:0", "Tracking:Projects:0")]
    [InlineData("Server_ApiKeys:0", "Server:ApiKeys:0 (Server__ApiKeys__0 in the environment)")]
    [InlineData("Cce_Region", "Cce:Region (Cce__Region in the environment)")]
    [InlineData("CCE_ACCESS_KEYS", "Cce:AccessKey")]
    [InlineData("Autopilotstorge", "AutopilotStorage")]
    public async Task Setting_with_a_typing_error_is_a_warning_and_its_value_is_not_shown(string setting, string meant)
    {
        await using var upstream = await Upstream.StartAsync(_fleet);
        var settings = upstream.Settings(azurite.ConnectionString, _fleet);
        settings[setting] = "http://127.0.0.1:1/";
        var (exit, lines) = await CheckAsync(settings);

        Assert.Equal(0, exit);
        Assert.Equal(["ok settings", "warning settings", "ok storage", "ok endpoint", "ok credentials", "ok permission"], Heads(lines));
        Assert.EndsWith(
            $"{setting} is not a setting of this version and does nothing: is {meant} meant?",
            lines[1].TrimEnd(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Webhooks_are_named_as_not_tried()
    {
        await using var upstream = await Upstream.StartAsync(_fleet);
        var settings = upstream.Settings(azurite.ConnectionString, _fleet);
        settings["Notifications:Webhooks:0:Url"] = "http://127.0.0.1:1/secret-part";
        settings["Notifications:Webhooks:0:Name"] = "ops";
        var (exit, lines) = await CheckAsync(settings);

        Assert.Equal(0, exit);
        Assert.Equal("skipped webhooks", Heads(lines)[^1]);
        Assert.Contains("ops at 127.0.0.1", lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(lines, line => line.Contains("secret-part", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cluster_or_project_that_fails_is_named()
    {
        await using var upstream = await Upstream.StartAsync(_fleet);
        var settings = upstream.Settings(azurite.ConnectionString, _fleet);
        settings["Tracking:Clusters:0"] = $"{_fleet.Workflows[0].ProjectId}/nosuch";
        var (exit, lines) = await CheckAsync(settings);

        Assert.Equal(1, exit);
        Assert.Equal("failed permission", Heads(lines)[^1]);
        Assert.Contains($"Cluster nosuch of project {_fleet.Workflows[0].ProjectId}: ", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workflow_that_upstream_does_not_list_is_a_warning()
    {
        await using var upstream = await Upstream.StartAsync(_fleet);
        var settings = upstream.Settings(azurite.ConnectionString, _fleet);
        settings["Tracking:Workflows:1"] = $"{_fleet.Workflows[0].ProjectId}/{_fleet.Workflows[0].ClusterId}/nosuch";
        var (exit, lines) = await CheckAsync(settings);

        Assert.Equal(0, exit);
        Assert.Equal("warning permission", Heads(lines)[^1]);
        Assert.Contains("not among them: nosuch", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schedule_with_a_step_below_1_fails_the_settings()
    {
        await using var upstream = await Upstream.StartAsync(_fleet);
        var settings = upstream.Settings(azurite.ConnectionString, _fleet);
        settings["PollSchedule"] = "0 */0 * * * *";
        var (exit, lines) = await CheckAsync(settings);

        Assert.Equal(1, exit);
        Assert.Equal("failed settings", Heads(lines)[0]);
        Assert.Contains("'*/0' has a step below 1", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_secret_key_fails_the_credentials_and_says_what_to_check()
    {
        await using var upstream = await Upstream.StartAsync(_fleet);
        var settings = upstream.Settings(azurite.ConnectionString, _fleet);
        settings["Cce:SecretKey"] = "not-the-secret-key-of-the-simulator";
        var (exit, lines) = await CheckAsync(settings);

        Assert.Equal(1, exit);
        Assert.Equal(["ok settings", "ok storage", "ok endpoint", "failed credentials", "skipped permission"], Heads(lines));
        Assert.Contains("Cce:SecretKey", lines[3], StringComparison.Ordinal);
        Assert.DoesNotContain(lines, line => line.Contains("not-the-secret-key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_clock_20_minutes_off_is_reported_as_such()
    {
        await using var upstream = await Upstream.StartAsync(_fleet, new OffsetClock(TimeSpan.FromMinutes(20)));
        var (exit, lines) = await CheckAsync(upstream.Settings(azurite.ConnectionString, _fleet));

        Assert.Equal(1, exit);
        Assert.Equal("failed credentials", Heads(lines)[3]);
        Assert.Contains("15 min", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_permission_differs_from_wrong_credentials()
    {
        await using var upstream = await Upstream.StartAsync(_fleet);
        upstream.App.Faults.Add(new Fault { Kind = FaultKind.Forbidden });
        var (exit, lines) = await CheckAsync(upstream.Settings(azurite.ConnectionString, _fleet));

        Assert.Equal(1, exit);
        Assert.Equal(["ok settings", "ok storage", "ok endpoint", "ok credentials", "failed permission"], Heads(lines));
        Assert.Contains("cce:cluster:getCluster", lines[4], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Storage_that_is_down_fails_alone()
    {
        await using var upstream = await Upstream.StartAsync(_fleet);
        var settings = upstream.Settings(
            "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
                + "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
                + "TableEndpoint=http://127.0.0.1:9/devstoreaccount1;",
            _fleet
        );
        var (exit, lines) = await CheckAsync(settings);

        Assert.Equal(1, exit);
        Assert.Equal(["ok settings", "failed storage", "ok endpoint", "ok credentials", "ok permission"], Heads(lines));
        Assert.Contains("The table service at 127.0.0.1:9 (AutopilotStorage) cannot be reached", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain(lines, line => line.Contains("Eby8", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_upstream_that_refuses_connections_fails_the_endpoint()
    {
        var (exit, lines) = await CheckAsync(TestSettings.Of(azurite.ConnectionString));

        Assert.Equal(1, exit);
        Assert.Equal(["ok settings", "ok storage", "failed endpoint", "skipped credentials", "skipped permission"], Heads(lines));
        Assert.Contains("Cce:Endpoint", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upstream_that_only_fails_was_not_shown_to_work()
    {
        await using var upstream = await Upstream.StartAsync(_fleet);
        upstream.App.Faults.Add(new Fault { Kind = FaultKind.ServerError });
        var (exit, lines) = await CheckAsync(upstream.Settings(azurite.ConnectionString, _fleet));

        Assert.Equal(1, exit);
        Assert.Equal(["ok settings", "ok storage", "failed endpoint", "skipped credentials", "skipped permission"], Heads(lines));
        Assert.Contains("again", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_nothing_to_ask_about_the_check_fails_and_asks_for_the_project()
    {
        await using var upstream = await Upstream.StartAsync(_fleet);
        var settings = TestSettings.Of(azurite.ConnectionString, upstream.App.BaseAddress);
        settings["Cce:ProjectId"] = null;
        var (exit, lines) = await CheckAsync(settings);

        Assert.Equal(1, exit);
        Assert.Equal(["ok settings", "ok storage", "failed endpoint", "skipped credentials", "skipped permission"], Heads(lines));
        Assert.Contains("set Cce:ProjectId", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_settings_are_a_line_each_and_the_rest_is_skipped()
    {
        var settings = TestSettings.Of(azurite.ConnectionString);
        settings["Cce:SecretKey"] = null;
        settings["PollSchedule"] = "sometimes";
        var (exit, lines) = await CheckAsync(settings);

        Assert.Equal(1, exit);
        Assert.Equal(
            ["failed settings", "failed settings", "skipped storage", "skipped endpoint", "skipped credentials", "skipped permission"],
            Heads(lines)
        );
        Assert.Contains(lines, line => line.Contains("Cce:SecretKey", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("PollSchedule", StringComparison.Ordinal));
    }

    private static async Task<(int Exit, string[] Lines)> CheckAsync(IDictionary<string, string?> settings)
    {
        await using var check = ServerProcess.Start(settings, "check");
        var exit = await check.ExitAsync();
        Assert.Equal("", check.Error);
        return (exit, check.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string[] Heads(string[] lines) =>
        [.. lines.Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2)))];
}
