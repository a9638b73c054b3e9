using Autopilot.Core.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Autopilot.Core.Tests.Settings;

public sealed class SettingsRegistryTests
{
    [Theory]
    [InlineData("Polling:MaxConcurency", "Polling:MaxConcurrency")]
    [InlineData("Polling:cyclebudge", "Polling:CycleBudget")]
    [InlineData("Polling:LikeTheWind", null)]
    [InlineData("Polling:Tick:0", "Polling:Tick")]
    [InlineData("Tracking:Workflow:0", "Tracking:Workflows")]
    [InlineData("Notifications:Webhooks:0:Uri", "Notifications:Webhooks:0:Url")]
    public void An_unknown_setting_is_named_with_the_nearest_known_one(string setting, string? nearest) =>
        Assert.Equal([(setting, nearest)], Unknown(setting, "1", ("Notifications:Webhooks:0:Url", "https://example.com/")));

    [Theory]
    [InlineData("Poling:RunningEvery", "Polling:RunningEvery")]
    [InlineData("Poling:RunningEvry", "Polling:RunningEvery")]
    [InlineData("Poling:LikeTheWind", "Polling:LikeTheWind")]
    [InlineData("Notification:Webhooks:0:Url", "Notifications:Webhooks:0:Url")]
    [InlineData("Webhooks:0:Url", "Notifications:Webhooks:0:Url")]
    [InlineData("Projects:0", "Tracking:Projects:0")]
    [InlineData("Trackings:Projects:0", "Tracking:Projects:0")]
    [InlineData("Tracking_Projects:0", "Tracking:Projects:0 (Tracking__Projects__0 in the environment)")]
    [InlineData("TRACKING_PROJECTS_0", "Tracking:Projects:0 (Tracking__Projects__0 in the environment)")]
    [InlineData("Polling_RunningEvery", "Polling:RunningEvery (Polling__RunningEvery in the environment)")]
    [InlineData("POLLING_RUNNING_EVERY", "Polling:RunningEvery (Polling__RunningEvery in the environment)")]
    [InlineData("Polling.RunningEvery", "Polling:RunningEvery (Polling__RunningEvery in the environment)")]
    [InlineData("PollShedule", "PollSchedule")]
    public void A_name_almost_as_one_of_ours_is_an_unknown_setting(string setting, string nearest) =>
        Assert.Equal([(setting, nearest)], Unknown(setting, "1"));

    [Theory]
    [InlineData("SERVER_PORT")]
    [InlineData("POLLING_SERVICE_HOST")]
    [InlineData("AzureWebJobs:PollTimer:Disabled")]
    [InlineData("AzureWebJobs.PollShard.Disabled")]
    [InlineData("AzureWebJobsStorage:tableServicesUri")]
    [InlineData("APPSETTING_PollSchedule")]
    [InlineData("APPSETTING_Polling:Tick")]
    [InlineData("WEBSITE_HOSTNAMES")]
    [InlineData("Logging:LogLevel:Default")]
    [InlineData("Kestrel:Endpoints:Http:Url")]
    [InlineData("POLL")]
    [InlineData("TRACKER:Projects:0")]
    public void A_name_of_the_platform_or_of_another_program_is_no_typing_error(string setting) => Assert.Empty(Unknown(setting, "1"));

    [Fact]
    public void Underscores_beside_the_setting_itself_are_a_variable_of_another_program() =>
        Assert.Empty(Unknown("POLLING_TICK", "1", ("Polling:Tick", "00:01:00")));

    [Theory]
    [InlineData("Polling:MaxConcurrency", "3")]
    [InlineData("POLLING:MAXCONCURRENCY", "3")]
    [InlineData("Tracking:Workflows:0", "p/c/w")]
    [InlineData("Tracking:Workflows:first", "p/c/w")]
    [InlineData("Polling:Nothing", " ")]
    [InlineData("Elsewhere:Anything", "1")]
    [InlineData("PATH", "/bin")]
    [InlineData("AzureWebJobsStorage:blobServiceUri", "https://example.com/")]
    public void What_is_known_empty_or_not_ours_is_not(string setting, string value) => Assert.Empty(Unknown(setting, value));

    private static IReadOnlyList<(string Setting, string? Nearest)> Unknown(
        string setting,
        string value,
        params (string Setting, string Value)[] more
    )
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([.. more.Select(one => KeyValuePair.Create(one.Setting, (string?)one.Value)), new(setting, value)])
            .Build();
        using var services = new ServiceCollection().AddLogging().AddAutopilotCore(configuration).BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();
        return services.GetRequiredService<SettingsRegistry>().Unknown(configuration);
    }
}
