using Autopilot.Core.Notifications;
using Autopilot.Core.Settings;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Configuration;

namespace Autopilot.Core.Tests.Notifications;

public sealed class NotificationOptionsTests
{
    [Fact]
    public void Nobody_is_told_by_default_and_states_settle_for_two_minutes()
    {
        var (options, failures) = Read();

        Assert.Empty(failures);
        Assert.Empty(options.Webhooks);
        Assert.Equal((TimeSpan.FromMinutes(2), TimeSpan.FromDays(1)), (options.SettleFor, options.GiveUpAfter));
    }

    [Fact]
    public void A_webhook_says_where_what_and_of_whom()
    {
        var (options, failures) = Read(
            ("0:Url", "https://hooks.example/services/T0/B0/xyz"), ("0:Format", "slack"), ("0:Name", "on-call"), ("0:Secret", "0123456789abcdef"),
            ("0:On", "assessment, blockingtask"), ("0:Assessments:0", "blocked"), ("0:Assessments:1", "Stalled"), ("0:Clusters:0", "Checkout"),
            ("1:Url", "http://127.0.0.1:8080/x?key=1"));

        Assert.Empty(failures);
        var (first, second) = (options.Webhooks[0], options.Webhooks[1]);
        Assert.Equal(("on-call", WebhookFormat.Slack, "hooks.example", Transitions.Assessment | Transitions.BlockingTask), (first.Name, first.Format, first.Host, first.On));
        Assert.Equal([Assessment.Stalled, Assessment.Blocked], first.Assessments.Order());
        Assert.Equal("Checkout", first.Clusters.TryGetValue("CHECKOUT", out var cluster) ? cluster : null);
        Assert.Equal((WebhookFormat.CloudEvents, Transitions.Assessment, (string?)null), (second.Format, second.On, second.Secret));
        Assert.Matches("^cloudevents-[0-9a-f]{8}$", second.Name);
    }

    [Theory]
    [InlineData("Notifications:Webhooks:0:Url for hooks.example is not https, so that everybody on the way could read it", "0:Url", "http://hooks.example/verysecret")]
    [InlineData("Notifications:Webhooks:0:Url is no web address", "0:Url", "hooks.example/verysecret")]
    [InlineData("Notifications:Webhooks:0:Url is no web address", "0:Url", "ftp://hooks.example/verysecret")]
    [InlineData("Notifications:Webhooks:0:Url holds user info", "0:Url", "https://me:verysecret@hooks.example/")]
    [InlineData("Notifications:Webhooks:0:Url is a Key Vault reference that was not resolved", "0:Url", "@Microsoft.KeyVault(SecretUri=verysecret)")]
    [InlineData("Notifications:Webhooks:0:Url is missing", "0:Format", "Teams")]
    [InlineData("Notifications:Webhooks:0 is a single value", "0", "https://hooks.example/verysecret")]
    [InlineData("Notifications:Webhooks:0:Format is 'mail': give one of CloudEvents, Teams, Slack", "0:Format", "mail")]
    [InlineData("Notifications:Webhooks:0:On is 'everything': give one of Assessment, Phase, BlockingTask", "0:On", "everything")]
    [InlineData("Notifications:Webhooks:0:On:0 is 'None'", "0:On:0", "None")]
    [InlineData("Notifications:Webhooks:0:Assessments:0 is '7'", "0:Assessments:0", "7")]
    [InlineData("Notifications:Webhooks:0:Secret is shorter than 16 characters", "0:Secret", "verysecret")]
    [InlineData("Notifications:Webhooks:0:Secret is a Key Vault reference", "0:Secret", "@Microsoft.KeyVault(SecretUri=verysecret)")]
    [InlineData("Notifications:Webhooks:0:Secret is blank", "0:Secret", " ")]
    [InlineData("Notifications:Webhooks:0:Name is 'a b'", "0:Name", "a b")]
    public void What_is_wrong_is_named_and_nothing_secret_is_shown(string expected, string setting, string value)
    {
        var good = setting is "0:Url" or "0" or "0:Format" && value is not "mail" ? [] : new[] { ("0:Url", "https://hooks.example/verysecret") };

        var (_, failures) = Read([.. good, (setting, value)]);

        Assert.Contains(failures, failure => failure.StartsWith(expected, StringComparison.Ordinal));
        Assert.All(failures, failure => Assert.DoesNotContain("verysecret", failure, StringComparison.Ordinal));
    }

    [Fact]
    public void One_address_twice_needs_names()
    {
        (string, string)[] twice = [("0:Url", "https://hooks.example/x"), ("1:Url", "https://hooks.example/x")];

        Assert.Contains("Notifications:Webhooks:1 is named 'cloudevents-", Assert.Single(Read(twice).Failures), StringComparison.Ordinal);
        Assert.Empty(Read([.. twice, ("1:Name", "second")]).Failures);
    }

    private static (NotificationOptions Options, IReadOnlyList<string> Failures) Read(params (string Setting, string Value)[] webhooks)
    {
        var reader = new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(webhooks.ToDictionary(w => $"Notifications:Webhooks:{w.Setting}", string? (w) => w.Value)).Build());
        var options = new NotificationOptions();
        NotificationOptions.Read(options, reader);
        return (options, reader.Failures);
    }
}
