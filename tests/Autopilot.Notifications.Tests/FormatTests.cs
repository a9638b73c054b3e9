using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Autopilot.Core.Notifications;
using Autopilot.Core.Workflows;
using Autopilot.Core.Workflows.Actions;
using Autopilot.Formats.Writing;
using Autopilot.Notifications.Formats;

namespace Autopilot.Notifications.Tests;

/// <summary>What goes over the wire, byte for byte. With <c>UPDATE_GOLDEN=1</c> the tests write what they got: read the diff.</summary>
public sealed class FormatTests
{
    private static readonly string[] Traps =
    [
        "<!channel> & <@U123>",
        "<https://evil.example|click>",
        "https://evil.example/x",
        "[click](https://evil.example)",
        "<at>everyone</at>",
        "{{DATE(2026-01-01T00:00:00Z)}}",
        "@{body('x')}",
        "www.evil.example",
        "\"},{\"type\":\"Action.OpenUrl\",\"url\":\"https://evil.example\"}",
        "a\r\nb",
        "\u202Egnp.exe",
    ];

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Cases => ["blocked", "completed", "sample"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_cloud_event_has_its_form(string name) => AssertGolden($"{name}.cloudevent.json", CloudEvent.Write(Of(name)));

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_Teams_message_has_its_form(string name) => AssertGolden($"{name}.teams.json", TeamsMessage.Write(Of(name)));

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_Slack_message_has_its_form(string name) => AssertGolden($"{name}.slack.json", SlackMessage.Write(Of(name)));

    [Theory]
    [InlineData("a")]
    [InlineData("ж")]
    [InlineData("東")]
    [InlineData("😀")]
    [InlineData("\"")]
    [InlineData("\\")]
    [InlineData("<")]
    [InlineData("://")]
    public void The_longest_message_stays_under_what_Teams_takes(string text) =>
        Assert.InRange(TeamsMessage.Write(Samples.Hostile(text)).Length, 1, CardWriter.MaxBytes);

    [Theory]
    [InlineData("a")]
    [InlineData("&")]
    [InlineData("😀")]
    public void The_longest_message_stays_within_Slacks_bounds(string text)
    {
        using var message = JsonDocument.Parse(SlackMessage.Write(Samples.Hostile(text)));
        var blocks = message.RootElement.GetProperty("blocks").EnumerateArray().ToList();
        Assert.InRange(blocks.Count, 1, 50);
        Assert.InRange(blocks[0].GetProperty("text").GetProperty("text").GetString()!.Length, 1, 150);
        foreach (var block in blocks.Skip(1))
        {
            if (block.TryGetProperty("text", out var section))
            {
                Assert.InRange(section.GetProperty("text").GetString()!.Length, 1, 3000);
            }

            if (block.TryGetProperty("fields", out var fields))
            {
                Assert.InRange(fields.GetArrayLength(), 1, 10);
                Assert.All(fields.EnumerateArray(), field => Assert.InRange(field.GetProperty("text").GetString()!.Length, 1, 2000));
            }
        }
    }

    [Theory]
    [InlineData("a\r\nb")]
    [InlineData("a\tb\0")]
    [InlineData("\u202Egnp.exe")]
    [InlineData("\u2028")]
    [InlineData("\u001B[31mred")]
    [InlineData("\uFEFF\u200D")]
    public void No_form_holds_an_invisible_character_of_others(string text)
    {
        Func<Notification, ReadOnlyMemory<byte>>[] forms =
        [
            said => CloudEvent.Write(said),
            said => TeamsMessage.Write(said),
            said => SlackMessage.Write(said),
        ];
        foreach (var write in forms)
        {
            // What a form breaks up itself, so that it becomes no link, and its own line breaks.
            var own = Strings(write(Samples.Hostile("x")));
            var allowed = own.SelectMany(said => said).Where(IsInvisible).Append('\u200B').ToHashSet();
            Assert.All(
                Strings(write(Samples.Hostile(text))),
                said => Assert.DoesNotContain(said, sign => IsInvisible(sign) && !allowed.Contains(sign))
            );
        }
    }

    [Theory]
    [InlineData(Assessment.Blocked, "Blocked by")]
    [InlineData(Assessment.Progressing, "Now")]
    [InlineData(Assessment.Stalled, "Now")]
    [InlineData(Assessment.RollingBack, "Now")]
    [InlineData(Assessment.Waiting, "Waits for")]
    [InlineData(Assessment.NotStarted, "Waits for")]
    [InlineData(Assessment.Gone, "Last seen")]
    public void Only_what_is_blocked_is_said_to_be_blocked(Assessment assessment, string label)
    {
        var blocked = Samples.Blocked;
        var said = blocked with { To = blocked.To with { Assessment = assessment } };

        foreach (var message in new[] { SlackMessage.Write(said), TeamsMessage.Write(said) })
        {
            var text = Encoding.UTF8.GetString(message.Span);
            Assert.Contains(label, text, StringComparison.Ordinal);
            Assert.Equal(label == "Blocked by", text.Contains("Blocked by", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(BlockingReason.AwaitingConfirmation, false)]
    [InlineData(BlockingReason.InProgress, false)]
    [InlineData(BlockingReason.TaskFailed, true)]
    public void What_the_headline_says_is_not_said_again(BlockingReason reason, bool told)
    {
        var blocked = Samples.Blocked;
        var task = blocked.Facts.BlockingTask! with { Reason = reason, Message = "The one thing." };
        var view = NotificationView.Of(blocked with { Facts = blocked.Facts with { BlockingTask = task } });
        Assert.Equal(told, view.Message is not null);
    }

    [Theory]
    [InlineData(UpgradeAction.ContactSupport, true, true)]
    [InlineData(UpgradeAction.ContactSupport, false, false)]
    [InlineData(UpgradeAction.Wait, true, false)]
    public void Where_a_ticket_is_advised_the_message_has_what_it_needs(UpgradeAction action, bool advised, bool ids)
    {
        var blocked = Samples.Blocked;
        var actions = blocked.Facts.Actions!.Select(one => one with { Action = action, Advised = advised }).ToList();
        var view = NotificationView.Of(blocked with { Facts = blocked.Facts with { Actions = actions } });
        Assert.Equal(ids, view.Facts.Contains(("Task", "f61e008c")));
        Assert.Equal(ids, view.Facts.Contains(("Project", "0123456789abcdef0123456789abcdef")));
    }

    [Fact]
    public void No_name_becomes_a_link_a_mention_or_an_action_in_Teams()
    {
        foreach (var trap in Traps)
        {
            using var message = JsonDocument.Parse(TeamsMessage.Write(Samples.Hostile(trap)));
            var card = Assert.Single(message.RootElement.GetProperty("attachments").EnumerateArray()).GetProperty("content");
            Assert.Equal(["width"], card.GetProperty("msteams").EnumerateObject().Select(p => p.Name));
            Assert.False(card.TryGetProperty("actions", out _));
            Assert.All(
                card.GetProperty("body").EnumerateArray(),
                block =>
                {
                    Assert.Equal("RichTextBlock", block.GetProperty("type").GetString());
                    Assert.All(
                        block.GetProperty("inlines").EnumerateArray(),
                        run =>
                        {
                            Assert.Equal("TextRun", run.GetProperty("type").GetString());
                            Assert.DoesNotMatch(@"://|<at|\{\{|@\{|www\.|[\r\n\u202E]", run.GetProperty("text").GetString()!);
                            Assert.False(run.TryGetProperty("selectAction", out _));
                        }
                    );
                }
            );
        }
    }

    [Fact]
    public void No_name_becomes_a_link_or_a_mention_in_Slack()
    {
        foreach (var trap in Traps)
        {
            using var message = JsonDocument.Parse(SlackMessage.Write(Samples.Hostile(trap)));
            Assert.All(
                Texts(message.RootElement.GetProperty("blocks")).Where(text => text.GetProperty("type").GetString() == "mrkdwn"),
                text =>
                {
                    Assert.True(text.GetProperty("verbatim").GetBoolean());
                    Assert.DoesNotMatch(@"[<>]|&(?!amp;|lt;|gt;)|://|[\r\u202E]", text.GetProperty("text").GetString()!);
                }
            );
            Assert.DoesNotMatch(@"[<>\r\n]|://", message.RootElement.GetProperty("text").GetString()!);
            Assert.DoesNotContain("button", message.RootElement.GetRawText(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_message_says_each_finding_once_and_what_to_do_first(bool slack)
    {
        var blocking = Samples.Blocked.Facts.BlockingTask!;
        var said = Samples.Blocked with
        {
            Facts = Samples.Blocked.Facts with
            {
                BlockingTask = blocking with
                {
                    Message =
                        "The pre-check ran for 1 min 12 s and failed 1 min ago; nothing moves until it is run again. Failed: CoreDNS "
                        + "add-on status (AddonCheck, Fatal, AddonAbnormal). "
                        + "Upstream says: \"The add-on coredns is not running: 0 of 2 replicas are ready\".",
                },
            },
        };

        using var message = JsonDocument.Parse(slack ? SlackMessage.Write(said) : TeamsMessage.Write(said));
        var text = string.Join(
            '\n',
            Texts(slack ? message.RootElement.GetProperty("blocks") : message.RootElement)
                .Select(one => one.GetProperty("text").GetString())
        );

        Assert.All(
            [
                "CoreDNS add-on status",
                "0 of 2 replicas are ready",
                "AddonAbnormal",
                "nothing moves until",
                "v1.27.8-r0",
                "2026-11-23 20:13 UTC",
                "Blocked:",
                "Progressing",
                "b4b9e60f-8aa2-11ee-af09-0255ac10004f",
            ],
            finding => Assert.Equal((finding, 1), (finding, text.Split(finding).Length - 1))
        );
        Assert.InRange(text.IndexOf("To do", StringComparison.Ordinal), 0, text.IndexOf("has been blocked", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_keeps_changing_is_called_unsettled_in_every_form_and_nothing_else_is(bool unsettled)
    {
        var said = Samples.Blocked with { Unsettled = unsettled };
        using var cloudEvent = JsonDocument.Parse(CloudEvent.Write(said));
        using var slack = JsonDocument.Parse(SlackMessage.Write(said));
        using var teams = JsonDocument.Parse(TeamsMessage.Write(said));

        Assert.Equal(unsettled, cloudEvent.RootElement.GetProperty("data").TryGetProperty("unsettled", out var flag) && flag.GetBoolean());
        Assert.Equal(unsettled, TextOf(slack).Contains("*Unsettled*\nIt keeps changing: no state has lasted.", StringComparison.Ordinal));
        Assert.Equal(unsettled, TextOf(teams).Contains("Unsettled: \nIt keeps changing: no state has lasted.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_since_that_only_an_observation_gives_is_called_seen(bool observed)
    {
        var said = Samples.Blocked with
        {
            Facts = Samples.Blocked.Facts with
            {
                Headline = "Upgrade of cluster checkout-東京-1 is blocked.",
                BlockingTask = Samples.Blocked.Facts.BlockingTask! with { SinceObserved = observed ? true : null },
            },
        };
        using var slack = JsonDocument.Parse(SlackMessage.Write(said));
        using var teams = JsonDocument.Parse(TeamsMessage.Write(said));

        foreach (var message in new[] { slack, teams })
        {
            var expected = $"PreCheck, TaskFailed{(observed ? ", seen" : "")} since 2026-11-23 20:13 UTC";
            Assert.Contains(expected, TextOf(message), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_link_comes_from_settings_alone_and_leads_to_the_console()
    {
        var console = ConsoleLink.TryParse("https://console.example/cce?a=1&b=2#/cluster/{clusterId}/upgrade/{workflowId}")!;
        List<MessageLink> links = [new("Open the console", console.Of(Samples.Hostile("<https://evil.example|x>"))!)];
        const string Url =
            "https://console.example/cce?a=1&b=2#/cluster/b4b9e60f-8aa2-11ee-af09-0255ac10004f/upgrade/"
            + "c271e39e-1a6e-4d3d-8fa8-2a36329c68d1";

        using var slack = JsonDocument.Parse(SlackMessage.Write(Samples.Hostile("<https://evil.example|x>"), links));
        using var teams = JsonDocument.Parse(TeamsMessage.Write(Samples.Hostile("<https://evil.example|x>"), links));

        var linked = Assert.Single(
            Texts(slack.RootElement.GetProperty("blocks")),
            text =>
                text.GetProperty("type").GetString() == "mrkdwn"
                && text.GetProperty("text").GetString()!.Contains('<', StringComparison.Ordinal)
        );
        Assert.Equal($"<{Url.Replace("&", "&amp;", StringComparison.Ordinal)}|Open the console>", linked.GetProperty("text").GetString());
        var action = Assert.Single(
            teams.RootElement.GetProperty("attachments")[0].GetProperty("content").GetProperty("body").EnumerateArray(),
            block => block.GetProperty("type").GetString() == "ActionSet"
        );
        Assert.Equal(
            $$"""[{"type":"Action.OpenUrl","title":"Open the console","url":"{{Url}}"}]""",
            JsonSerializer.Serialize(action.GetProperty("actions"), Plain)
        );
        Assert.InRange(TeamsMessage.Write(Samples.Hostile("😀"), links).Length, 1, CardWriter.MaxBytes);
        Assert.Null(console.Of(NotificationTest.Sample(Samples.At)));
    }

    [Fact]
    public void The_id_is_the_same_for_every_attempt_and_another_for_every_transition()
    {
        static string Id(Notification notification)
        {
            using var document = JsonDocument.Parse(CloudEvent.Write(notification));
            return document.RootElement.GetProperty("id").GetString()!;
        }

        Assert.Equal(Id(Samples.Blocked), Id(Samples.Blocked with { From = Samples.Completed.To }));
        Assert.NotEqual(Id(Samples.Blocked), Id(Samples.Blocked with { Sequence = 4 }));
        Assert.NotEqual(Id(Samples.Blocked), Id(Samples.Blocked with { At = Samples.At.AddDays(1) }));
    }

    private static string TextOf(JsonDocument message)
    {
        var root = message.RootElement;
        var texts = Texts(root.TryGetProperty("blocks", out var blocks) ? blocks : root);
        return string.Join('\n', texts.Select(one => one.GetProperty("text").GetString()));
    }

    private static IEnumerable<JsonElement> Texts(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object when element.TryGetProperty("text", out var text) && text.ValueKind is JsonValueKind.String => [element],
            JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Texts(property.Value)),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
            _ => [],
        };

    private static Notification Of(string name) =>
        name switch
        {
            "blocked" => Samples.Blocked,
            "completed" => Samples.Completed,
            _ => NotificationTest.Sample(Samples.At),
        };

    private static void AssertGolden(string name, ReadOnlyMemory<byte> body, [CallerFilePath] string here = "")
    {
        using var document = JsonDocument.Parse(body);
        var got = JsonSerializer.Serialize(document.RootElement, Indented) + "\n";
        var path = Path.Combine(Path.GetDirectoryName(here)!, "Golden", name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, got, new UTF8Encoding(false));
        }

        Assert.Equal(File.ReadAllText(path), got);
    }

    private static bool IsInvisible(char sign) =>
        char.GetUnicodeCategory(sign)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;

    private static List<string> Strings(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. Strings(document.RootElement)];
    }

    private static IEnumerable<string> Strings(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Strings(member.Value)),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
            JsonValueKind.String => [element.GetString()!],
            _ => [],
        };
}
