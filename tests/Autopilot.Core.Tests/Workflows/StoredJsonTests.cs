using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Autopilot.Core.Serialization;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tests.Workflows;

public sealed class StoredJsonTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, 123, 456, TimeSpan.Zero);

    [Fact]
    public void A_full_state_comes_back_as_it_was()
    {
        var state = new UpgradeWorkflow
        {
            Id = "w",
            ClusterId = "c",
            FromVersion = "v1.28.6-r0",
            TargetVersion = "v1.29.1-r0",
            Phase = WorkflowPhase.Running,
            CreatedAt = Noon,
            Tasks =
            [
                new UpgradeTask
                {
                    Type = UpgradeTaskType.PreCheck,
                    TaskId = "t",
                    Status = UpgradeTaskStatus.Success,
                    StartedAt = Noon,
                    EndedAt = Noon.AddTicks(1),
                    ExpiresAt = Noon,
                },
            ],
            Dependencies = [new TaskDependency(UpgradeTaskType.PreCheck, new UpgradeTaskType("Novel"))],
            UnreadableTimes =
            [
                new UnreadableTime(null, "creationTimestamp", "soon"),
                new UnreadableTime(UpgradeTaskType.Cluster, "startTimeStamp", "later"),
            ],
            LeftOut = 5800,
        };

        var back = RoundTrip(state, StoredJsonContext.Default.UpgradeWorkflow);

        Assert.Equivalent(state, back, strict: true);
    }

    [Fact]
    public void A_state_with_nothing_in_it_comes_back_empty_and_not_null()
    {
        var back = RoundTrip(new UpgradeWorkflow(), StoredJsonContext.Default.UpgradeWorkflow);

        Assert.Empty(back.Tasks);
        Assert.Empty(back.Dependencies);
        Assert.Empty(back.UnreadableTimes);
        Assert.Equal("", back.Phase.Value);
        Assert.Equal(default, back.Phase);
    }

    [Fact]
    public void What_an_older_version_did_not_write_has_its_default()
    {
        var back = JsonSerializer.Deserialize("""{"tasks":[{"type":"Cluster"}],"later":1}""", StoredJsonContext.Default.UpgradeWorkflow)!;

        Assert.Equal(UpgradeTaskStatus.NotStarted, Assert.Single(back.Tasks).Status);
        Assert.Empty(back.Dependencies);
    }

    [Fact]
    public void Runs_are_compact_and_come_back_as_they_were()
    {
        IReadOnlyList<TaskAttempt> runs =
        [
            new TaskAttempt
            {
                Type = UpgradeTaskType.Cluster,
                Status = UpgradeTaskStatus.Failed,
                StatusSince = Noon,
                LastSeenAt = Noon,
                Superseded = true,
            },
        ];

        var json = JsonSerializer.Serialize(runs, StoredJsonContext.Default.IReadOnlyListTaskAttempt);

        Assert.Equal(
            """[{"type":"Cluster","status":"Failed","statusSince":"2026-11-23T12:00:00.123456+00:00","lastSeenAt":"2026-11-23T12:00:00.123456+00:00","superseded":true}]""",
            json.Replace("\\u002B", "+", StringComparison.Ordinal)
        );
        Assert.Equal(runs, JsonSerializer.Deserialize(json, StoredJsonContext.Default.IReadOnlyListTaskAttempt)!);
        Assert.Empty(RoundTrip<IReadOnlyList<TaskAttempt>>([], StoredJsonContext.Default.IReadOnlyListTaskAttempt));
    }

    [Fact]
    public void Changes_and_failures_come_back_as_they_were()
    {
        IReadOnlyList<StateChange> changes =
        [
            new(null, "phase", null, "Init"),
            new(UpgradeTaskType.Cluster, "status", "Running", "Failed"),
        ];
        var failure = new PollFailure(UpstreamFailure.NotFound, "CCE.01404001", "it does not know this workflow", Noon, 3);

        Assert.Equal(changes, RoundTrip(changes, StoredJsonContext.Default.IReadOnlyListStateChange));
        Assert.Equal(failure, RoundTrip(failure, StoredJsonContext.Default.PollFailure));
        Assert.Contains(
            "\"kind\":\"NotFound\"",
            JsonSerializer.Serialize(failure, StoredJsonContext.Default.PollFailure),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_words_of_a_failure_come_back_as_they_were()
    {
        IReadOnlyList<TaskFailure> failures =
        [
            new TaskFailure
            {
                Type = UpgradeTaskType.PreCheck,
                TaskId = "t",
                StartedAt = Noon,
                Omitted = 3,
                Details =
                [
                    new FailureDetail
                    {
                        Name = "n",
                        Kind = "Risk",
                        Group = "g",
                        Level = "l",
                        Message = "m",
                        ErrorCodes = ["c"],
                        RiskSources = ["r"],
                    },
                ],
            },
            new TaskFailure { Type = UpgradeTaskType.Cluster, TaskId = "u" },
        ];

        Assert.Equivalent(failures, RoundTrip(failures, StoredJsonContext.Default.IReadOnlyListTaskFailure), strict: true);
        var old = Assert.Single(
            JsonSerializer.Deserialize(
                """[{"type":"Cluster","taskId":"u","details":null,"later":1}]""",
                StoredJsonContext.Default.IReadOnlyListTaskFailure
            )!
        );
        Assert.Empty(old.Details);
    }

    private static T RoundTrip<T>(T value, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(JsonSerializer.Serialize(value, type), type)!;
}
