using Autopilot.Core.Notifications;
using Autopilot.Core.Settings;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Configuration;

namespace Autopilot.Core.Tests.Notifications;

public sealed class NotificationOptionsTests
{
    [Fact]
    public void There_is_no_webhook_by_default_and_states_must_last_two_minutes()
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
            ("0:Url", "https://hooks.example/services/T0/B0/xyz"),
            ("0:Format", "slack"),
            ("0:Name", "on-call"),
            ("0:Secret", "0123456789abcdef"),
            ("0:On", "assessment, blockingtask"),
            ("0:Assessments:0", "blocked"),
            ("0:Assessments:1", "Stalled"),
            ("0:Clusters:0", "Checkout"),
            ("1:Url", "http://127.0.0.1:8080/x?key=1")
        );

        Assert.Empty(failures);
        var (first, second) = (options.Webhooks[0], options.Webhooks[1]);
        Assert.Equal(
            ("on-call", WebhookFormat.Slack, "hooks.example", Transitions.Assessment | Transitions.BlockingTask),
            (first.Name, first.Format, first.Host, first.On)
        );
        Assert.Equal([Assessment.Stalled, Assessment.Blocked], first.Assessments.Order());
        Assert.Equal("Checkout", first.Clusters.TryGetValue("CHECKOUT", out var cluster) ? cluster : null);
        Assert.Equal((WebhookFormat.CloudEvents, Transitions.Assessment, (string?)null), (second.Format, second.On, second.Secret));
        Assert.Matches("^cloudevents-[0-9a-f]{8}$", second.Name);
    }

    [Theory]
    [InlineData(
        "Notifications:Webhooks:0:Url for hooks.example is not https, so that everybody on the way could read it",
        "0:Url",
        "http://hooks.example/verysecret"
    )]
    [InlineData("Notifications:Webhooks:0:Url is no web address", "0:Url", "hooks.example/verysecret")]
    [InlineData("Notifications:Webhooks:0:Url is no web address", "0:Url", "ftp://hooks.example/verysecret")]
    [InlineData("Notifications:Webhooks:0:Url holds user info", "0:Url", "https://me:verysecret@hooks.example/")]
    [InlineData(
        "Notifications:Webhooks:0:Url is a Key Vault reference that was not resolved",
        "0:Url",
        "@Microsoft.KeyVault(SecretUri=verysecret)"
    )]
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
    [InlineData(
        "Notifications:Webhooks:0:Secret begins with 'whsec_', and what follows is no key",
        "0:Secret",
        "whsec_verysecret-no-base64!"
    )]
    [InlineData("Notifications:Webhooks:0:Secret begins with 'whsec_', and what follows is no key", "0:Secret", "whsec_dmVyeXNlY3JldA==")]
    [InlineData("Notifications:Webhooks:0:Validate is 'verysure': give one of", "0:Validate", "verysure")]
    [InlineData("Notifications:Webhooks:0:Headers:0 has no colon", "0:Headers:0", "verysecret")]
    [InlineData("Notifications:Webhooks:0:Headers:0 has no field name before its colon", "0:Headers:0", ": verysecret")]
    [InlineData("Notifications:Webhooks:0:Headers:0 has no field name before its colon", "0:Headers:0", "X Y: verysecret")]
    [InlineData("Notifications:Webhooks:0:Headers:0 has no field name before its colon", "0:Headers:0", "verysecret\r\nX: verysecret")]
    [InlineData("Notifications:Webhooks:0:Headers:0 has no value", "0:Headers:0", "X-Verysecret-None:")]
    [InlineData("Notifications:Webhooks:0:Headers:0 holds a line break", "0:Headers:0", "X-Key: a\r\nHost: verysecret")]
    [InlineData("Notifications:Webhooks:0:Headers:0 holds a line break", "0:Headers:0", "X-Key: verysecret\nX")]
    [InlineData("Notifications:Webhooks:0:Headers:0 holds a line break", "0:Headers:0", "X-Key: verysecret\0X")]
    [InlineData("Notifications:Webhooks:0:Headers:0 holds a line break", "0:Headers:0", "X-Key: verysecrét")]
    [InlineData("Notifications:Webhooks:0:Headers:0 sets Host, which is not for settings to set", "0:Headers:0", "host: verysecret")]
    [InlineData("Notifications:Webhooks:0:Headers:0 sets Transfer-Encoding", "0:Headers:0", "transfer-encoding: verysecret")]
    [InlineData("Notifications:Webhooks:0:Headers:0 sets webhook-signature", "0:Headers:0", "Webhook-Signature: verysecret")]
    [InlineData("Notifications:Webhooks:0:Headers:0 sets X-Autopilot-Signature", "0:Headers:0", "x-autopilot-signature: verysecret")]
    [InlineData("Notifications:Webhooks:0:Headers:0 sets a field of the body", "0:Headers:0", "content-type: verysecret")]
    [InlineData("Notifications:Webhooks:0:Headers:0 is a Key Vault reference", "0:Headers:0", "@Microsoft.KeyVault(SecretUri=verysecret)")]
    [InlineData("Notifications:Webhooks:0:Headers:0 is blank", "0:Headers:0", " ")]
    [InlineData("Notifications:Webhooks:0:Headers is a single value", "0:Headers", "X-Key: verysecret")]
    public void What_is_wrong_is_named_and_nothing_secret_is_shown(string expected, string setting, string value)
    {
        var good =
            setting is "0:Url" or "0" or "0:Format" && value is not "mail" ? [] : new[] { ("0:Url", "https://hooks.example/verysecret") };

        var (_, failures) = Read([.. good, (setting, value)]);

        Assert.Contains(failures, failure => failure.StartsWith(expected, StringComparison.Ordinal));
        Assert.All(failures, failure => Assert.DoesNotContain("verysecret", failure, StringComparison.Ordinal));
    }

    [Fact]
    public void Header_fields_are_read_with_everything_behind_the_first_colon()
    {
        var (options, failures) = Read(
            ("0:Url", "https://hooks.example/x"),
            ("0:Validate", "true"),
            ("0:Headers:0", "Authorization: Bearer a:b c "),
            ("0:Headers:1", "aeg-sas-key:k=="),
            ("0:Secret", "whsec_MDEyMzQ1Njc4OWFiY2RlZg==")
        );

        Assert.Empty(failures);
        var webhook = Assert.Single(options.Webhooks);
        Assert.True(webhook.Validate);
        Assert.Equal([new("Authorization", "Bearer a:b c"), new("aeg-sas-key", "k==")], webhook.Headers);
    }

    [Fact]
    public void Header_fields_come_once_and_at_most_ten()
    {
        Assert.Equal(
            "Notifications:Webhooks:0:Headers:1 sets a field that an entry before it sets: give each field once.",
            Assert.Single(Read(("0:Url", "https://hooks.example/x"), ("0:Headers:0", "X-Key: a"), ("0:Headers:1", "x-key: b")).Failures)
        );
        var eleven = Enumerable.Range(0, 11).Select(i => ($"0:Headers:{i}", $"X-Key-{i}: a"));
        Assert.Contains(
            "has 11 entries: give at most 10",
            Assert.Single(Read([("0:Url", "https://hooks.example/x"), .. eleven]).Failures),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("Teams")]
    [InlineData("Slack")]
    public void The_handshake_is_for_receivers_of_CloudEvents(string format) =>
        Assert.StartsWith(
            $"Notifications:Webhooks:0:Validate is true, and its Format is {format}",
            Assert.Single(Read(("0:Url", "https://hooks.example/x"), ("0:Format", format), ("0:Validate", "True")).Failures),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("http://console.example/{clusterId}")]
    [InlineData("https://{clusterId}.example/")]
    [InlineData("https://me@console.example/{clusterId}")]
    [InlineData("https://console.example/{clusterName}")]
    [InlineData("console")]
    public void A_console_that_is_no_https_address_is_refused(string url) =>
        Assert.StartsWith(
            "Notifications:ConsoleUrl is no such address",
            Assert.Single(ReadAll(new() { ["Notifications:ConsoleUrl"] = url }).Failures),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("app-1.azurewebsites.net", "app-1.azurewebsites.net")]
    [InlineData("App_1\r\nX: y", "app1xy")]
    public void The_name_for_the_handshake_is_a_name_of_the_DNS(string hostName, string origin) =>
        Assert.Equal(origin, ReadAll(new() { ["WEBSITE_HOSTNAME"] = hostName }).Options.Origin);

    [Theory]
    [InlineData("https://ops.example.com:8443/upgrades", "ops.example.com")]
    [InlineData("https://bücher.example/", "xn--bcher-kva.example")]
    [InlineData("no address", "app-1.azurewebsites.net")]
    public void The_name_for_the_handshake_is_that_of_the_public_address(string publicUrl, string origin) =>
        Assert.Equal(
            origin,
            ReadAll(new() { ["Server:PublicUrl"] = publicUrl, ["WEBSITE_HOSTNAME"] = "app-1.azurewebsites.net" }).Options.Origin
        );

    [Fact]
    public void One_address_twice_needs_names()
    {
        (string, string)[] twice = [("0:Url", "https://hooks.example/x"), ("1:Url", "https://hooks.example/x")];

        Assert.Contains("Notifications:Webhooks:1 is named 'cloudevents-", Assert.Single(Read(twice).Failures), StringComparison.Ordinal);
        Assert.Empty(Read([.. twice, ("1:Name", "second")]).Failures);
    }

    private static (NotificationOptions Options, IReadOnlyList<string> Failures) Read(params (string Setting, string Value)[] webhooks) =>
        ReadAll(webhooks.ToDictionary(w => $"Notifications:Webhooks:{w.Setting}", string? (w) => w.Value));

    private static (NotificationOptions Options, IReadOnlyList<string> Failures) ReadAll(Dictionary<string, string?> settings)
    {
        var reader = new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        var options = new NotificationOptions();
        NotificationOptions.Read(options, reader);
        return (options, reader.Failures);
    }
}
