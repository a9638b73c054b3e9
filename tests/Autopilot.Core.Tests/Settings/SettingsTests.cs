using Autopilot.Core.Retention;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Autopilot.Core.Tests.Settings;

public sealed class SettingsTests
{
    [Fact]
    public void Without_settings_the_defaults_of_the_documentation_hold()
    {
        Assert.Equal(new PollingOptions(), Read<PollingOptions>([]));
        Assert.Equal("0 * * * * *", Read<ScheduleOptions>([]).Poll!.Expression);
        Assert.Empty(Read<TrackingOptions>([]).Workflows);
    }

    [Fact]
    public void Settings_are_taken_over()
    {
        var polling = Read<PollingOptions>(
            new()
            {
                ["Polling:FanOut"] = "inline",
                ["Polling:MaxConcurrency"] = " 8 ",
                ["Polling:CycleBudget"] = "00:00:30",
            }
        );

        Assert.Equal((FanOutMode.Inline, 8, TimeSpan.FromSeconds(30)), (polling.FanOut, polling.MaxConcurrency, polling.CycleBudget));
        Assert.Null(Read<ScheduleOptions>(new() { ["PollSchedule"] = "Disabled" }).Poll);

        polling = Read<PollingOptions>(
            new()
            {
                ["Polling:Tick"] = "00:00:02",
                ["Polling:RunningEvery"] = "3",
                ["Polling:WaitingEvery"] = "4",
                ["Polling:MaxBackoff"] = "00:05:00",
                ["Polling:GoneAfter"] = "6",
                ["Polling:GoneFor"] = "7.00:00:01",
            }
        );
        Assert.Equal(
            (TimeSpan.FromSeconds(2), 3, 4, TimeSpan.FromMinutes(5), 6, TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1)),
            (polling.Tick, polling.RunningEvery, polling.WaitingEvery, polling.MaxBackoff, polling.GoneAfter, polling.GoneFor)
        );
    }

    [Theory]
    [InlineData("Polling:MaxConcurrency", "many", "Polling:MaxConcurrency is 'many': give a whole number from 1 to 1024.")]
    [InlineData("Polling:MaxConcurrency", "0", "Polling:MaxConcurrency is '0': give a whole number from 1 to 1024.")]
    [InlineData("Polling:FanOut", "Sideways", "Polling:FanOut is 'Sideways': give one of Inline, Queue.")]
    [InlineData("Polling:FanOut", "1", "Polling:FanOut is '1': give one of Inline, Queue.")]
    [InlineData(
        "Polling:LeaseMargin",
        "00:11:00",
        "Polling:LeaseMargin is '00:11:00': give a duration from 00:00:01 to 00:10:00, written [days.]hours:minutes:seconds."
    )]
    [InlineData(
        "Polling:CycleBudget",
        "4",
        "Polling:CycleBudget is '4': give a duration from 00:00:01 to 01:00:00, written [days.]hours:minutes:seconds."
    )]
    [InlineData(
        "Polling:CycleBudget",
        "<how long>",
        "Polling:CycleBudget is still the placeholder of a sample, '<…>': give the value itself."
    )]
    [InlineData(
        "Polling:CycleBudget",
        "@Microsoft.KeyVault(SecretUri=x)",
        "Polling:CycleBudget is a Key Vault reference that was not resolved: see that the secret exists and that the app's identity "
            + "may read it (role Key Vault Secrets User); outside of Azure App Service and Functions, give the value itself."
    )]
    public void A_bad_setting_is_named_with_what_was_given_and_what_is_allowed(string setting, string value, string expected)
    {
        Assert.Equal([expected], Failures<PollingOptions>(new() { [setting] = value }));
    }

    [Fact]
    public void Everything_wrong_is_reported_at_once()
    {
        Assert.Equal(2, Failures<PollingOptions>(new() { ["Polling:MaxConcurrency"] = "x", ["Polling:GoneAfter"] = "-1" }).Count());
    }

    [Fact]
    public void What_is_kept_for_ever_says_so()
    {
        var retention = Read<RetentionOptions>(
            new()
            {
                ["Retention:History"] = "Unlimited",
                ["Retention:Runs"] = "730.00:00:00",
                ["Retention:MaxStates"] = "1000",
                ["Retention:Budget"] = "00:01:00",
            }
        );

        Assert.Equal(
            new RetentionOptions
            {
                History = null,
                Runs = TimeSpan.FromDays(730),
                MaxStates = 1000,
                Budget = TimeSpan.FromMinutes(1),
            },
            retention
        );
        Assert.Equal(new RetentionOptions(), Read<RetentionOptions>([]));
        Assert.Null(Read<ScheduleOptions>(new() { ["RetentionSchedule"] = "disabled" }).Retention);
    }

    [Theory]
    [InlineData("Retention:History", "180")]
    [InlineData("Retention:Runs", "00:59:59")]
    [InlineData("Retention:Runs", "never")]
    public void An_age_that_is_none_is_named_with_what_is_allowed(string setting, string value) =>
        Assert.Equal(
            [
                $"{setting} is '{value}': give a duration from 01:00:00 to 36500.00:00:00, written [days.]hours:minutes:seconds, or "
                    + "'unlimited'.",
            ],
            Failures<RetentionOptions>(new() { [setting] = value })
        );

    [Theory]
    [InlineData("every minute")]
    [InlineData("* * * * *")]
    [InlineData("61 * * * * *")]
    [InlineData("0 0 0 30 2 *")]
    public void A_schedule_must_have_six_fields(string value)
    {
        var failure = Assert.Single(Failures<ScheduleOptions>(new() { ["PollSchedule"] = value }));
        Assert.StartsWith($"PollSchedule is '{value}': give a schedule of six fields", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("p/c", "is 'p/c': give projectId/clusterId/workflowId")]
    [InlineData("p/c/w/x", "give projectId/clusterId/workflowId")]
    [InlineData("p/c/w'x", "give projectId/clusterId/workflowId")]
    [InlineData("p//w", "give projectId/clusterId/workflowId")]
    [InlineData("p/c1/C1", "names 'c1' as cluster and as workflow: give projectId/clusterId/workflowId, or name the cluster in Tracking")]
    public void A_target_must_name_project_cluster_and_workflow(string value, string expected)
    {
        Assert.Contains(
            expected,
            Assert.Single(Failures<TrackingOptions>(new() { ["Tracking:Workflows:0"] = value })),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_target_that_is_named_twice_is_reported()
    {
        var failure = Assert.Single(
            Failures<TrackingOptions>(new() { ["Tracking:Workflows:0"] = "p/c/w", ["Tracking:Workflows:1"] = "p/c2/W" })
        );
        Assert.Equal(
            "Tracking:Workflows:1 names workflow 'w' again, which Tracking:Workflows:0 names already: give each workflow once.",
            failure
        );
    }

    [Theory]
    [InlineData("Tracking:Clusters:0", "p", "is 'p': give projectId/clusterId")]
    [InlineData("Tracking:Clusters:0", "p/c/w", "give projectId/clusterId")]
    [InlineData("Tracking:Clusters:0", "p/c d", "give projectId/clusterId")]
    [InlineData("Tracking:Projects:0", "p/c", "is 'p/c': give a project id")]
    public void A_cluster_names_its_project_and_a_project_itself(string setting, string value, string expected) =>
        Assert.Contains(expected, Assert.Single(Failures<TrackingOptions>(new() { [setting] = value })), StringComparison.Ordinal);

    [Fact]
    public void A_cluster_or_a_project_named_twice_is_reported() =>
        Assert.Equal(
            [
                "Tracking:Clusters:1 names cluster 'c' again, which Tracking:Clusters:0 names already: give each cluster once.",
                "Tracking:Projects:1 names project 'p' again, which Tracking:Projects:0 names already: give each project once.",
            ],
            Failures<TrackingOptions>(
                new()
                {
                    ["Tracking:Clusters:0"] = "p/c",
                    ["Tracking:Clusters:1"] = "q/C",
                    ["Tracking:Projects:0"] = "p",
                    ["Tracking:Projects:1"] = "P",
                }
            )
        );

    [Theory]
    [InlineData("Discovery:Every", "5", "a duration from 00:00:10 to 1.00:00:00")]
    [InlineData("Discovery:ProjectsEvery", "00:00:30", "a duration from 00:01:00 to 7.00:00:00")]
    [InlineData("Discovery:NamesEvery", "00:01:00", "a duration from 01:00:00 to 365.00:00:00")]
    [InlineData("Discovery:MaxBackoff", "2.00:00:00", "a duration from 00:01:00 to 1.00:00:00")]
    public void Discovery_has_bounds(string setting, string value, string expected) =>
        Assert.StartsWith(
            $"{setting} is '{value}': give {expected}",
            Assert.Single(Failures<DiscoveryOptions>(new() { [setting] = value })),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_list_written_as_one_value_is_rejected_with_how_to_write_it()
    {
        Assert.Contains(
            "give Tracking:Workflows:0",
            Assert.Single(Failures<TrackingOptions>(new() { ["Tracking:Workflows"] = "p/c/w" })),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("0 * * * * *", 60)]
    [InlineData("*/10 * * * * *", 10)]
    [InlineData("0 0 * * * *", 3600)]
    public void A_tick_is_the_distance_between_the_next_two_occurrences(string expression, int seconds)
    {
        Assert.Equal(seconds, Schedule.TryParse(expression)!.TickAt(new DateTimeOffset(2026, 1, 1, 12, 0, 7, TimeSpan.Zero)).TotalSeconds);
    }

    [Theory]
    [InlineData("PollSchedule", "0 */0 * * * *", "*/0")]
    [InlineData("PollSchedule", "0 */-5 * * * *", "*/-5")]
    [InlineData("RetentionSchedule", "0 0 1,3-9/0 * * *", "3-9/0")]
    [InlineData("RetentionSchedule", "  */000  30 3 * * *", "*/000")]
    public void A_schedule_with_a_step_below_1_is_refused(string setting, string expression, string part) =>
        Assert.StartsWith(
            $"{setting} is '{expression.Trim()}': '{part}' has a step below 1",
            Assert.Single(Failures<ScheduleOptions>(new() { [setting] = expression })),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("0 */99999999999 * * * *")]
    [InlineData("0 */-99999999999 * * * *")]
    [InlineData("0 1-99999999999 * * * *")]
    [InlineData("0 */\u0663 * * * *")]
    [InlineData("0 */5/2 * * * *")]
    [InlineData("0 5- * * * *")]
    [InlineData("0 , * * * *")]
    [InlineData("0 0 0 * * 7")]
    [InlineData("0 0 0 30 2 *")]
    [InlineData("0 0 0 31 APR,JUN *")]
    public void A_schedule_of_numbers_that_are_none_is_refused_with_its_setting(string expression) =>
        Assert.StartsWith(
            $"PollSchedule is '{expression}'",
            Assert.Single(Failures<ScheduleOptions>(new() { ["PollSchedule"] = expression })),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(
        "0 0 22-6 * * *",
        "'22-6' of its hours runs backward: NCRONTAB takes it as 6-22, and across the end it is written 22-23,0-6. "
            + "It means: second 0; minute 0; hours 6-22; every day of the month; every month; every weekday; next at 2026-11-30 "
            + "15:00:00, 2026-11-30 16:00:00 and 2026-11-30 17:00:00 UTC."
    )]
    [InlineData(
        "0 50-10/20 3 * * *",
        "'50-10/20' of its minutes runs backward: NCRONTAB takes it as 10-50, and across the end it is written 50-59,0-10. "
            + "It means: second 0; minutes 10, 30, 50; hour 3; every day of the month; every month; every weekday; next at "
            + "2026-12-01 03:10:00, 2026-12-01 03:30:00 and 2026-12-01 03:50:00 UTC."
    )]
    [InlineData(
        "0 0 3 * * FRI-SUN",
        "'FRI-SUN' of its weekdays runs backward: NCRONTAB takes it as Sun-Fri, and across the end it is written Fri-Sat,Sun. "
            + "It means: second 0; minute 0; hour 3; every day of the month; every month; weekdays Sun-Fri; next at 2026-12-01 "
            + "03:00:00, 2026-12-02 03:00:00 and 2026-12-03 03:00:00 UTC."
    )]
    [InlineData(
        "0 */90 * * * *",
        "'*/90' of its minutes steps beyond the field's end: only 0 is left. "
            + "It means: second 0; minute 0; every hour; every day of the month; every month; every weekday; next at 2026-11-30 "
            + "15:00:00, 2026-11-30 16:00:00 and 2026-11-30 17:00:00 UTC."
    )]
    [InlineData(
        "*/5 0 3 1 NOV-FEB *",
        "'NOV-FEB' of its months runs backward: NCRONTAB takes it as Feb-Nov, and across the end it is written Nov-Dec,Jan-Feb. "
            + "It means: seconds 0, 5 … 55; minute 0; hour 3; day of the month 1; months Feb-Nov; every weekday; next at 2027-02-01 "
            + "03:00:00, 2027-02-01 03:00:05 and 2027-02-01 03:00:10 UTC."
    )]
    public void A_schedule_that_means_something_else_is_spelled_out(string expression, string meaning)
    {
        var now = new DateTimeOffset(2026, 11, 30, 14, 30, 0, TimeSpan.Zero);

        var said = Read<ScheduleOptions>(new() { ["RetentionSchedule"] = expression }).Misreadings(now);

        Assert.Equal([$"RetentionSchedule is '{expression}': {meaning}"], said);
    }

    [Theory]
    [InlineData("0 * * * * *")]
    [InlineData("*/10 0,30 6-22 1-31/2 JAN-DEC MON-FRI")]
    [InlineData("0 5/10 3 * * sunday-saturday")]
    [InlineData("disabled")]
    public void A_schedule_that_means_what_it_says_is_not_mentioned(string expression) =>
        Assert.Empty(Read<ScheduleOptions>(new() { ["PollSchedule"] = expression }).Misreadings(DateTimeOffset.UnixEpoch));

    private static IEnumerable<string> Failures<T>(Dictionary<string, string?> settings)
        where T : class => Assert.Throws<OptionsValidationException>(() => Read<T>(settings)).Failures;

    private static T Read<T>(Dictionary<string, string?> settings)
        where T : class =>
        new ServiceCollection()
            .AddAutopilotCore(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .BuildServiceProvider()
            .GetRequiredService<IOptions<T>>()
            .Value;
}
