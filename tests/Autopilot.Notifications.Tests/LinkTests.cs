using System.Text;
using System.Text.Json;
using Autopilot.Core.Notifications;
using Autopilot.Core.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Autopilot.Notifications.Tests;

/// <summary>Where a message leads, as a receiver gets it.</summary>
public sealed class LinkTests
{
    private const string Id = "c271e39e-1a6e-4d3d-8fa8-2a36329c68d1",
        Console = "https://console.example/{clusterId}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://autopilot.example.com", "https://autopilot.example.com")]
    [InlineData("https://autopilot.example.com:8443/ops/", "https://autopilot.example.com:8443/ops")]
    [InlineData("http://127.0.0.1:8080/a b<c>|d", "http://127.0.0.1:8080/a%20b%3Cc%3E%7Cd")]
    public async Task A_message_leads_to_the_upgrade_by_the_public_address(string publicUrl, string written)
    {
        string[] expected = [$"{written}/api/workflows/{Id}?format=text", $"{written}/api/workflows/{Id}/timeline?format=svg"];

        Assert.Equal(expected, TeamsLinks(await SentAsync(WebhookFormat.Teams, publicUrl, null)).Select(link => link.Url));
        Assert.Equal(expected, SlackLinks(await SentAsync(WebhookFormat.Slack, publicUrl, null)).Select(link => link.Url));
        var links = (await SentAsync(WebhookFormat.CloudEvents, publicUrl, null)).GetProperty("data").GetProperty("links");
        Assert.Equal(
            [("summary", $"{written}/api/workflows/{Id}"), ("timeline", $"{written}/api/workflows/{Id}/timeline")],
            links.EnumerateObject().Select(link => (link.Name, link.Value.GetString()))
        );
    }

    [Fact]
    public async Task Console_stands_beside_the_upgrade_and_alone_where_no_address_is_known()
    {
        const string There = "https://console.example/b4b9e60f-8aa2-11ee-af09-0255ac10004f";
        const string Address = "https://autopilot.example.com";

        Assert.Equal(
            ["Open the upgrade", "Open the timeline", "Open the console"],
            TeamsLinks(await SentAsync(WebhookFormat.Teams, Address, Console)).Select(link => link.Title)
        );
        Assert.Equal([("Open the console", There)], SlackLinks(await SentAsync(WebhookFormat.Slack, null, Console)));
        var links = (await SentAsync(WebhookFormat.CloudEvents, null, Console)).GetProperty("data").GetProperty("links");
        Assert.Equal([("console", There)], links.EnumerateObject().Select(link => (link.Name, link.Value.GetString())));
    }

    [Fact]
    public async Task Without_any_address_nothing_is_linked()
    {
        Assert.Empty(TeamsLinks(await SentAsync(WebhookFormat.Teams, null, null)));
        Assert.Empty(SlackLinks(await SentAsync(WebhookFormat.Slack, null, null)));
        Assert.False((await SentAsync(WebhookFormat.CloudEvents, null, null)).GetProperty("data").TryGetProperty("links", out _));
    }

    [Fact]
    public async Task An_id_that_is_none_stays_one_segment_of_the_address()
    {
        var notification = Samples.Blocked with { WorkflowId = "../x?code=1&y#z|<b>" };

        var link = TeamsLinks(await SentAsync(WebhookFormat.Teams, "https://autopilot.example.com", null, notification))[0];

        Assert.Equal("https://autopilot.example.com/api/workflows/..%2Fx%3Fcode%3D1%26y%23z%7C%3Cb%3E?format=text", link.Url);
    }

    [Fact]
    public async Task A_sample_leads_to_the_list_of_upgrades()
    {
        var sample = NotificationTest.Sample(Samples.At);
        const string Address = "https://autopilot.example.com";

        Assert.Equal(
            [("Open the upgrades", $"{Address}/api/workflows?format=text")],
            TeamsLinks(await SentAsync(WebhookFormat.Teams, Address, Console, sample))
        );
        Assert.False(
            (await SentAsync(WebhookFormat.CloudEvents, Address, Console, sample)).GetProperty("data").TryGetProperty("links", out _)
        );
    }

    private static async Task<JsonElement> SentAsync(
        WebhookFormat format,
        string? publicUrl,
        string? console,
        Notification? notification = null
    )
    {
        await using var receiver = await Receiver.StartAsync();
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(Options.Create(new PublicOptions { Url = publicUrl is null ? null : new Uri(publicUrl) }))
            .AddSingleton(Options.Create(new NotificationOptions { ConsoleUrl = console is null ? null : ConsoleLink.TryParse(console) }))
            .AddAutopilotNotifications(new ConfigurationBuilder().Build())
            .BuildServiceProvider();
        var result = await services
            .GetRequiredService<INotificationSender>()
            .SendAsync(
                new Webhook
                {
                    Name = "w",
                    Url = receiver.Url("/hook"),
                    Format = format,
                },
                notification ?? Samples.Blocked,
                Cancel
            );
        Assert.True(result.Delivered, result.Error);
        using var body = JsonDocument.Parse(Encoding.UTF8.GetString(Assert.Single(receiver.Got).Body));
        return body.RootElement.Clone();
    }

    private static List<(string? Title, string? Url)> TeamsLinks(JsonElement message) =>
        [
            .. message
                .GetProperty("attachments")[0]
                .GetProperty("content")
                .GetProperty("body")
                .EnumerateArray()
                .Where(block => block.GetProperty("type").GetString() == "ActionSet")
                .SelectMany(block => block.GetProperty("actions").EnumerateArray())
                .Select(action => (action.GetProperty("title").GetString(), action.GetProperty("url").GetString())),
        ];

    private static List<(string Title, string Url)> SlackLinks(JsonElement message) =>
        [
            .. message
                .GetProperty("blocks")
                .EnumerateArray()
                .Where(block => block.GetProperty("type").GetString() == "section" && block.TryGetProperty("text", out _))
                .Select(block => block.GetProperty("text").GetProperty("text").GetString()!)
                .Where(text => text.StartsWith('<'))
                .SelectMany(text => text.Split("  "))
                .Select(link => link.Trim('<', '>').Split('|'))
                .Select(link => (link[1], link[0].Replace("&amp;", "&", StringComparison.Ordinal))),
        ];
}
