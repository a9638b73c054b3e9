using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Autopilot.Api.Mcp;
using Autopilot.Api.Parameters;
using Autopilot.Core.Paging;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;
using Microsoft.ML.Tokenizers;

namespace Autopilot.Api.Tests.Mcp;

/// <summary>What an answer costs an assistant, in tokens, and whether its text is whole without the data.</summary>
public sealed class SizeTests
{
    /// <summary>The encoding of recent models of OpenAI; those of others differ by about a quarter.</summary>
    private static readonly TiktokenTokenizer Tokenizer = TiktokenTokenizer.CreateForEncoding("o200k_base");

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("list_upgrades", "{}")]
    [InlineData("list_upgrades", """{"assessment":"Blocked"}""")]
    [InlineData("needs_attention", "{}")]
    [InlineData("get_upgrade", """{"workflowId":"w1"}""")]
    [InlineData("explain_blocker", """{"workflowId":"w1"}""")]
    [InlineData("get_timeline", """{"workflowId":"w1"}""")]
    [InlineData("get_upgrade_history", """{"workflowId":"w1"}""")]
    [InlineData("what_changed", """{"since":"2026-11-20"}""")]
    [InlineData("upgrade_report", "{}")]
    [InlineData("upgrade_report", """{"groupBy":"cluster"}""")]
    [InlineData("upgrade_report", """{"groupBy":"week","from":"2024-11-23"}""")]
    [InlineData("upgrade_report", """{"groupBy":"targetVersion"}""")]
    [InlineData("upgrade_outlook", """{"targetVersion":"v1.28.6-r0"}""")]
    public async Task An_answer_has_under_10_000_tokens_unless_a_limit_asks_for_more(string tool, string arguments)
    {
        await using var app = await StartAsync();
        var result = await McpTests.CallAsync(app, tool, arguments);
        Assert.False(result.TryGetProperty("isError", out _), result.ToString());
        var tokens = TokensOf(result);
        TestContext.Current.SendDiagnosticMessage($"{tool} {arguments}: {tokens} tokens, {EstimateOf(result)} estimated");
        Assert.InRange(tokens, 50, 9_999);
        Assert.InRange(EstimateOf(result), tokens * 0.9, tokens * 1.1);
    }

    [Theory]
    [InlineData("list_upgrades", "{}")]
    [InlineData("get_upgrade", """{"workflowId":"w1"}""")]
    [InlineData("explain_blocker", """{"workflowId":"w1"}""")]
    [InlineData("get_timeline", """{"workflowId":"w1"}""")]
    public async Task So_has_one_whose_messages_are_in_Chinese(string tool, string arguments)
    {
        await using var app = await StartAsync(message: "升级前检查失败：该资源使用了目标版本已移除的接口，请先迁移到新接口，然后重试。");
        var tokens = TokensOf(await McpTests.CallAsync(app, tool, arguments));
        Assert.InRange(tokens, 50, 9_999);
    }

    [Fact]
    public async Task What_is_shortened_says_so_and_what_is_not_does_not()
    {
        await using var app = await StartAsync();
        Assert.Contains(
            "Shortened to fit: ",
            Text(await McpTests.CallAsync(app, "get_upgrade", """{"workflowId":"w1"}""")),
            StringComparison.Ordinal
        );
        await using var small = await StartAsync(details: 0);
        Assert.DoesNotContain(
            "Shortened to fit: ",
            Text(await McpTests.CallAsync(small, "get_upgrade", """{"workflowId":"w1"}""")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_limit_that_is_given_is_kept_however_long_the_answer()
    {
        await using var app = await StartAsync();
        var result = await McpTests.CallAsync(app, "list_upgrades", """{"limit":100}""");
        Assert.Equal(100, result.GetProperty("structuredContent").GetProperty("upgrades").GetArrayLength());
    }

    [Theory]
    [InlineData("list_upgrades", "upgrades", "")]
    [InlineData("needs_attention", "upgrades", "")]
    [InlineData("what_changed", "changes", "\"since\":\"2026-11-20\"")]
    public async Task What_is_cut_to_fit_is_read_once_and_is_the_page_of_that_limit(string tool, string list, string arguments)
    {
        var name = string.Concat(Enumerable.Repeat("集群", 120));
        var rows = new ListStoreInMemory
        {
            Rows = [.. Enumerable.Range(1, 300).Select(number => Row(number, 8, "") with { ClusterName = $"{name}{number}" })],
        };
        await using var app = await ApiApp.StartAsync(
            new StoreDouble { Finds = Row(1, 8, ""), History = Histories() },
            new ManyRuns(),
            rows
        );
        var fitting = await McpTests.CallAsync(app, tool, $"{{{arguments}}}");
        var count = fitting.GetProperty("structuredContent").GetProperty(list).GetArrayLength();
        Assert.InRange(count, 2, ParameterCatalog.DefaultLimit - 1);
        Assert.Equal(1, rows.Reads);

        var limited = await McpTests.CallAsync(app, tool, $"{{{arguments}{(arguments.Length > 0 ? "," : "")}\"limit\":{count}}}");
        Assert.Equal(limited.GetRawText(), fitting.GetRawText());
    }

    [Fact]
    public async Task Groups_beyond_the_most_are_summed_and_said_to_be()
    {
        await using var app = await StartAsync();
        var result = await McpTests.CallAsync(app, "upgrade_report", """{"groupBy":"cluster"}""");
        var report = result.GetProperty("structuredContent");
        var (groups, rest) = (report.GetProperty("groups").EnumerateArray().ToList(), report.GetProperty("rest"));
        Assert.InRange(groups.Count, 8, 16);
        Assert.Equal(156, groups.Count + rest.GetProperty("groups").GetInt32());
        Assert.Equal(
            report.GetProperty("total").GetProperty("runs").GetInt32(),
            groups.Sum(group => group.GetProperty("runs").GetInt32()) + rest.GetProperty("runs").GetInt32()
        );
        Assert.Contains($"the other {156 - groups.Count} groups, summed: ", Text(result), StringComparison.Ordinal);
        Assert.DoesNotContain("Shortened", Text(result), StringComparison.Ordinal);

        // Of times the latest are shown.
        var weeks = (await McpTests.CallAsync(app, "upgrade_report", """{"groupBy":"week","from":"2024-11-23"}""")).GetProperty(
            "structuredContent"
        );
        Assert.Equal("2026-W48", weeks.GetProperty("groups").EnumerateArray().Last().Text("key"));
    }

    [Fact]
    public async Task Pages_of_any_size_lead_to_every_upgrade_by_the_text_alone()
    {
        await using var app = await StartAsync();
        var seen = new HashSet<string>();
        string? token = null;
        do
        {
            var text = Text(
                await McpTests.CallAsync(app, "list_upgrades", token is null ? "{}" : $$"""{"continuationToken":"{{token}}"}""")
            );
            seen.UnionWith(
                text.Split('\n')
                    .Where(line => line.StartsWith("- w", StringComparison.Ordinal))
                    .Select(line => line[2..line.IndexOf(' ', 2)])
            );
            token = text.Contains("continuationToken '", StringComparison.Ordinal)
                ? text[(text.LastIndexOf("continuationToken '", StringComparison.Ordinal) + 19)..^2]
                : null;
        } while (token is not null && seen.Count < 1000);
        Assert.Equal(300, seen.Count);
    }

    [Fact]
    public async Task The_text_has_the_facts_of_the_data()
    {
        await using var app = await StartAsync(details: 0);
        var upgrade = await McpTests.CallAsync(app, "get_upgrade", """{"workflowId":"w1"}""");
        var (data, text) = (upgrade.GetProperty("structuredContent"), Text(upgrade));
        foreach (
            var fact in new[]
            {
                data.Text("id"),
                data.Text("clusterId"),
                data.Text("fromVersion"),
                data.Text("targetVersion"),
                data.Text("phase"),
                data.GetProperty("blockingTask").Text("remediation"),
            }
        )
        {
            Assert.Contains(fact, text, StringComparison.Ordinal);
        }

        Assert.All(
            data.GetProperty("tasks").EnumerateArray(),
            task =>
                Assert.Contains(
                    $"- {task.Text("type")}: {task.Text("status")}, {task.GetProperty("attempts").GetInt32()} attempt",
                    text,
                    StringComparison.Ordinal
                )
        );

        var attention = await McpTests.CallAsync(app, "needs_attention", """{"limit":3}""");
        Assert.All(
            attention.GetProperty("structuredContent").GetProperty("upgrades").EnumerateArray(),
            one =>
            {
                Assert.Contains(one.Text("headline"), Text(attention), StringComparison.Ordinal);
                Assert.Contains($"What to do: {one.Text("remediation")}", Text(attention), StringComparison.Ordinal);
            }
        );

        var report = await McpTests.CallAsync(app, "upgrade_report", "{}");
        var group = report.GetProperty("structuredContent").GetProperty("groups")[0];
        Assert.All(
            group.GetProperty("topFailures").EnumerateArray(),
            failure =>
                Assert.Contains(
                    $"'{failure.Text("name")}' {failure.GetProperty("count").GetInt32()}×",
                    Text(report),
                    StringComparison.Ordinal
                )
        );
        Assert.All(
            group.GetProperty("slowest").EnumerateArray(),
            run => Assert.Contains(run.Text("workflowId"), Text(report), StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("get_upgrade", """{"workflowId":"w1"}""")]
    [InlineData("get_timeline", """{"workflowId":"w1"}""")]
    [InlineData("upgrade_report", "{}")]
    [InlineData("upgrade_outlook", """{"targetVersion":"v1.28.6-r0"}""")]
    [InlineData("list_upgrades", """{"limit":5}""")]
    public async Task Durations_are_in_one_style_in_every_text(string tool, string arguments)
    {
        await using var app = await StartAsync();
        var text = Text(await McpTests.CallAsync(app, tool, arguments));
        // "9 min 30 s" and never "570 s", "570.5 s" or "PT9M30S".
        Assert.DoesNotMatch(@"\b([6-9]\d|\d{3,}|\d+\.\d+) s\b", text);
        Assert.DoesNotMatch(@"\bPT\d", text);
    }

    [Fact]
    public async Task An_error_says_so_in_its_text()
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());
        foreach (
            var (tool, arguments) in new[]
            {
                ("get_upgrade", "{}"),
                ("get_upgrade", """{"workflowId":"none"}"""),
                ("list_upgrades", """{"limit":0}"""),
                ("upgrade_report", """{"groupBy":"day"}"""),
            }
        )
        {
            Assert.StartsWith("Error: ", Text(await McpTests.CallAsync(app, tool, arguments)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_needs_a_person_is_listed_across_clusters_and_nothing_else()
    {
        await using var app = await StartAsync();
        var result = await McpTests.CallAsync(app, "needs_attention", """{"limit":100}""");
        var upgrades = result.GetProperty("structuredContent").GetProperty("upgrades").EnumerateArray().ToList();
        Assert.Equal(100, upgrades.Count);
        Assert.All(upgrades, one => Assert.Contains(one.Text("assessment"), (string[])["Blocked", "Stalled", "Gone", "Waiting"]));
        Assert.True(upgrades.Select(one => one.Text("clusterId")).Distinct().Count() > 50, "All of a few clusters.");

        await using var calm = await ApiApp.StartAsync(new StoreDouble());
        Assert.StartsWith(
            "No upgrade needs a person now.",
            Text(await McpTests.CallAsync(calm, "needs_attention", "{}")),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("升级前检查失败：该资源使用了目标版本已移除的接口，请先迁移到新接口，然后重试。")]
    [InlineData("アップグレードの事前チェックに失敗しました。後でもう一度お試しください。")]
    [InlineData("Ошибка обновления кластера: проверка не пройдена, повторите попытку позже.")]
    [InlineData("CCE.01500001 BLOCKED WORKFLOW_NOT_FOUND")]
    [InlineData("🙂🙃🙂🙃")]
    [InlineData("")]
    public void The_estimate_is_too_high_rather_than_too_low_elsewhere(string text) =>
        Assert.InRange(TokenEstimate.Of(text), Tokenizer.CountTokens(text) * 0.95, int.MaxValue);

    private static int EstimateOf(JsonElement result) => TokenEstimate.Of(Text(result)) + TokenEstimate.Of(Data(result));

    private static int TokensOf(JsonElement result) => Tokenizer.CountTokens(Text(result)) + Tokenizer.CountTokens(Data(result));

    /// <summary>As a client writes it into a prompt: without the escapes of the wire.</summary>
    private static string Data(JsonElement result) => JsonSerializer.Serialize(result.GetProperty("structuredContent"), Relaxed);

    private static string Text(JsonElement result) => result.GetProperty("content")[0].Text("text");

    /// <param name="details">How many items each failed run names.</param>
    /// <param name="message">What upstream says of each.</param>
    private static Task<ApiApp> StartAsync(
        int details = 8,
        string message = "The resource uses an interface that the target version removes; move it to the new one before the upgrade."
    ) =>
        ApiApp.StartAsync(
            new StoreDouble { Finds = Row(1, details, message), History = Histories() },
            new ManyRuns(),
            new ListStoreInMemory { Rows = [.. Enumerable.Range(1, 300).Select(number => Row(number, details, message))] }
        );

    /// <summary>
    /// An upgrade with long names and messages, five runs of each task, and something to say of each failure; every third one goes on.
    /// </summary>
    private static TrackedWorkflow Row(int number, int details, string message)
    {
        UpgradeTaskType[] types = [UpgradeTaskType.PreCheck, UpgradeTaskType.Snapshot, UpgradeTaskType.Cluster, UpgradeTaskType.PostCheck];
        var begin = ApiApp.Now.AddDays(-2).AddSeconds(number);
        List<TaskAttempt> runs = [];
        foreach (var (type, t) in types.Select((type, t) => (type, t)).Take(3))
        {
            for (var attempt = 0; attempt < 5; attempt++)
            {
                var started = begin.AddHours((t * 6) + attempt);
                var fails = attempt < 4 || t == 2;
                runs.Add(
                    new TaskAttempt
                    {
                        Type = type,
                        TaskId = $"{Guid.CreateVersion7():D}",
                        Status = fails ? UpgradeTaskStatus.Failed : UpgradeTaskStatus.Success,
                        StartedAt = started,
                        EndedAt = started.AddMinutes(25),
                        StatusSince = started.AddMinutes(25),
                        LastSeenAt = started.AddMinutes(30),
                    }
                );
            }
        }

        var goesOn = number % 3 == 0;
        if (goesOn)
        {
            runs[^1] = runs[^1] with { Status = UpgradeTaskStatus.Running, StartedAt = ApiApp.Now.AddMinutes(-5), EndedAt = null };
        }

        var tasks = types
            .Select(type =>
                runs.LastOrDefault(run => run.Type == type) is { } last
                    ? new UpgradeTask
                    {
                        Type = type,
                        TaskId = last.TaskId,
                        Status = last.Status,
                        StartedAt = last.StartedAt,
                        EndedAt = last.EndedAt,
                    }
                    : new UpgradeTask { Type = type }
            )
            .ToList();
        return new()
        {
            Target = new(ApiApp.Project, $"{number:x8}-8aa2-11ee-af09-0255ac10004f", $"w{number}"),
            ClusterName = $"payments-production-eu-west-{number}",
            Sequence = 40,
            State = new UpgradeWorkflow
            {
                Phase = goesOn ? WorkflowPhase.Running : WorkflowPhase.Pending,
                FromVersion = "v1.27.8-r0",
                TargetVersion = "v1.28.6-r0",
                CreatedAt = begin,
                Tasks = tasks,
                Dependencies = [.. types.Zip(types.Skip(1), (from, to) => new TaskDependency(from, to))],
            },
            Runs = runs,
            TaskFailures =
            [
                .. runs.Where(run => run.Status == UpgradeTaskStatus.Failed)
                    .Select(run => new TaskFailure
                    {
                        Type = run.Type,
                        TaskId = run.TaskId!,
                        StartedAt = run.StartedAt,
                        Details = Details(details, message),
                    }),
            ],
            TrackedAt = begin,
            FirstObservedAt = begin,
            PhaseSince = begin.AddHours(17),
            LastChangedAt = begin.AddHours(17),
            ObservedAt = ApiApp.Now,
            NextPollAt = ApiApp.Now.AddMinutes(1),
        };
    }

    private static List<FailureDetail> Details(int number, string message) =>
        [
            .. Enumerable
                .Range(1, number)
                .Select(item => new FailureDetail
                {
                    Name = $"Check of webhooks and deprecated interfaces number {item}",
                    Level = "Fatal",
                    Message = string.Join(' ', Enumerable.Repeat(message, 3)),
                    ErrorCodes = [$"CCE.0150{item:D4}"],
                    RiskSources = ["payments/ledger", "payments/gateway", "kube-system/coredns"],
                }),
        ];

    private static IReadOnlyList<HistoryEntry> Histories() =>
        [
            .. Enumerable
                .Range(1, 40)
                .Reverse()
                .Select(sequence => new HistoryEntry
                {
                    Sequence = sequence,
                    ObservedAt = ApiApp.Now.AddHours(-sequence),
                    Phase = WorkflowPhase.Running,
                    Assessment = Assessment.Progressing,
                    Hash = "h",
                    Changes =
                    [
                        .. Enumerable
                            .Range(0, 30)
                            .Select(i => new StateChange(
                                UpgradeTaskType.Cluster,
                                "startedAt",
                                "2026-11-23T07:00:00Z",
                                $"2026-11-23T07:{i:D2}:30.5Z"
                            )),
                    ],
                }),
        ];

    /// <summary>156 clusters with an upgrade in each of several weeks; many failed on the way.</summary>
    private sealed class ManyRuns : IRunStore
    {
        public async IAsyncEnumerable<FinishedUpgrade> ReadAsync(
            RunQuery query,
            UnreadableCount unreadable,
            [EnumeratorCancellation] CancellationToken cancellationToken
        )
        {
            await Task.Yield();
            for (var i = 0; i < 468; i++)
            {
                // Two of each cluster within 78 days, and one more in the two years before.
                var ended = ApiApp.Now.AddHours(-1) - (i < 312 ? TimeSpan.FromHours(6 * i) : TimeSpan.FromDays(78 + (4 * (i - 312))));
                var run = new FinishedUpgrade
                {
                    Target = new(ApiApp.Project, $"{i % 156:x8}-8aa2-11ee-af09-0255ac10004f", $"{i:x8}-1a6e-4d3d-8fa8-2a36329c68d1"),
                    ClusterName = $"payments-production-eu-west-{i % 156}",
                    FromVersion = "v1.27.8-r0",
                    TargetVersion = $"v1.{28 + (i % 40)}.6-r0",
                    Outcome = (WorkflowOutcome)(i % 7 % 3),
                    CreatedAt = ended.AddHours(-29),
                    EndedAt = ended,
                    ElapsedSeconds = 104_400,
                    ActiveSeconds = 5000 + (i * 7.25),
                    WaitingSeconds = 90_000 - i,
                    BlockedSeconds = i * 3.5,
                    Time = new(5000, 60_000, 100, 30_000, 9_300),
                    Attempts = 9,
                    Tasks =
                    [
                        .. (
                            (UpgradeTaskType[])
                                [
                                    UpgradeTaskType.PreCheck,
                                    UpgradeTaskType.Snapshot,
                                    UpgradeTaskType.Cluster,
                                    UpgradeTaskType.PostCheck,
                                    UpgradeTaskType.Rollback,
                                ]
                        ).Select(
                            (type, t) =>
                                new FinishedTask(type, UpgradeTaskStatus.Success, 100 + i + t, 200 + i, 50.5 + i, 2, 1)
                                {
                                    Failed =
                                    [
                                        .. Enumerable
                                            .Range(0, 6)
                                            .Select(item => new FailedItem(
                                                $"Check of webhooks and deprecated interfaces number {(i + item) % 20}",
                                                "Kubernetes",
                                                ["CCE.01500001"],
                                                1
                                            )),
                                    ],
                                }
                        ),
                    ],
                };
                if (run.EndedAt >= query.From && run.EndedAt < query.To)
                {
                    yield return run;
                }
            }
        }

        public Task<Page<FinishedUpgrade>> ReadPageAsync(
            RunQuery query,
            int pageSize,
            string? continuationToken,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public Task WriteAsync(FinishedUpgrade run, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
