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
    public void A_setting_that_nobody_knows_is_named_with_the_one_that_may_be_meant(string setting, string? nearest) =>
        Assert.Equal([(setting, nearest)], Unknown(setting, "1", ("Notifications:Webhooks:0:Url", "https://example.com/")));

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
