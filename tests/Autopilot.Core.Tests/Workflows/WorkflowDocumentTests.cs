using System.Text;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tests.Workflows;

public sealed class WorkflowDocumentTests
{
    [Fact]
    public void A_point_shows_its_type_id_status_and_times()
    {
        var state = Read(
            """
            { "metadata": { "uid": "w-1", "creationTimestamp": "2023-11-25 06:32:34.923248 +0000 UTC" },
              "spec": { "clusterID": "c-1", "clusterVersion": "v1.17.17-r0", "targetVersion": "v1.19.16-r80" },
              "status": { "phase": "Pending", "pointStatuses": [
                { "taskType": "PreCheck", "taskID": "t-1", "status": "Success", "startTimeStamp": "2023-11-25T07:00:00Z", "endTimeStamp": "2023-11-25T07:01:00Z", "expireTimeStamp": "2023-11-25T08:01:00Z" },
                { "taskType": "Snapshot" } ],
                "lineStatuses": [ { "startPoint": { "taskType": "PreCheck" }, "endPoint": { "taskType": "Cluster" }, "critical": "true" } ] } }
            """
        ).State;

        Assert.Equal(("w-1", "c-1", "v1.17.17-r0", "v1.19.16-r80"), (state.Id, state.ClusterId, state.FromVersion, state.TargetVersion));
        Assert.Equal(WorkflowPhase.Pending, state.Phase);
        Assert.Equal(new DateTimeOffset(2023, 11, 25, 6, 32, 34, 923, 248, TimeSpan.Zero), state.CreatedAt);
        Assert.Equal(
            new UpgradeTask
            {
                Type = UpgradeTaskType.PreCheck,
                TaskId = "t-1",
                Status = UpgradeTaskStatus.Success,
                StartedAt = new(2023, 11, 25, 7, 0, 0, TimeSpan.Zero),
                EndedAt = new(2023, 11, 25, 7, 1, 0, TimeSpan.Zero),
                ExpiresAt = new(2023, 11, 25, 8, 1, 0, TimeSpan.Zero),
            },
            state.Tasks[0]
        );
        Assert.Equal(new UpgradeTask { Type = UpgradeTaskType.Snapshot }, state.Tasks[1]);
        Assert.Equal([new TaskDependency(UpgradeTaskType.PreCheck, UpgradeTaskType.Cluster) { Critical = true }], state.Dependencies);
        Assert.Empty(state.UnreadableTimes);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("\"true\"", true)]
    [InlineData("\"TRUE\"", true)]
    [InlineData("\"False\"", false)]
    [InlineData("null", null)]
    [InlineData("\"\"", null)]
    [InlineData("\"yes\"", null)]
    [InlineData("1", null)]
    [InlineData("{ \"a\": true }", null)]
    public void A_critical_line_is_one_by_a_boolean_or_by_its_text(string json, bool? critical)
    {
        var state = Read(
            $$"""{ "status": { "lineStatuses": [ { "startPoint": { "taskType": "PreCheck" }, "endPoint": "Cluster", "critical": {{json}} } ] } }"""
        ).State;

        Assert.Equal(critical, Assert.Single(state.Dependencies).Critical);
    }

    [Theory]
    [InlineData("""{ "status": { "phase": "Init" } }""")]
    [InlineData("""{ "status": { "phase": "Init", "pointStatuses": null, "lineStatuses": null } }""")]
    [InlineData("""{ "status": { "phase": "Init", "pointStatuses": [], "lineStatuses": [] } }""")]
    [InlineData("""{ "status": { "phase": "Init", "pointStatuses": "none", "lineStatuses": 0 } }""")]
    [InlineData(
        """{ "metadata": [], "spec": 1, "status": { "phase": "Init", "pointStatuses": [ null, 1, [], {} ], "lineStatuses": [ null, {}, { "startPoint": null } ] } }"""
    )]
    public void Points_and_lines_that_are_not_there_are_none(string json)
    {
        var state = Read(json).State;

        Assert.Equal(WorkflowPhase.Init, state.Phase);
        Assert.Empty(state.Tasks);
        Assert.Empty(state.Dependencies);
    }

    [Fact]
    public void One_object_where_an_array_is_meant_is_an_array_of_one()
    {
        const string one =
            """{ "status": { "pointStatuses": { "taskType": "PreCheck" }, "lineStatuses": { "startPoint": { "taskType": "PreCheck" }, "endPoint": { "taskType": "Cluster" } } } }""";
        const string many =
            """{ "status": { "pointStatuses": [{ "taskType": "PreCheck" }], "lineStatuses": [{ "startPoint": { "taskType": "PreCheck" }, "endPoint": { "taskType": "Cluster" } }] } }""";

        Assert.Equal(UpgradeTaskType.PreCheck, Assert.Single(Read(one).State.Tasks).Type);
        Assert.Single(Read(one).State.Dependencies);
        Assert.Equal(Read(many).Hash, Read(one).Hash);
    }

    [Theory]
    [InlineData("""{ "taskType": "Cluster", "taskID": "", "status": "" }""")]
    [InlineData("""{ "taskType": "Cluster", "taskID": null, "status": null, "startTimeStamp": "", "endTimeStamp": null }""")]
    [InlineData("""{ "taskType": "Cluster", "taskID": {}, "startTimeStamp": "0001-01-01 00:00:00 +0000 UTC" }""")]
    public void Empty_and_null_members_of_a_point_mean_not_started(string point)
    {
        var state = Read($$"""{ "status": { "pointStatuses": [{{point}}] } }""").State;

        Assert.Equal(new UpgradeTask { Type = UpgradeTaskType.Cluster }, Assert.Single(state.Tasks));
        Assert.Empty(state.UnreadableTimes);
    }

    [Theory]
    [InlineData("\"Sucess\"", "Sucess")]
    [InlineData("7", "7")]
    [InlineData("true", "true")]
    [InlineData("{}", "Unknown")]
    [InlineData("\"Succ\\u0065ss\"", "Success")]
    [InlineData("\"\\ud800\"", "\ufffd")]
    public void A_status_is_kept_as_it_came(string json, string expected) =>
        Assert.Equal(
            expected,
            Read($$"""{ "status": { "pointStatuses": [{ "taskType": "Cluster", "status": {{json}} }] } }""").State.Tasks[0].Status.Value
        );

    [Fact]
    public void A_point_without_a_type_is_kept_as_unknown_when_it_shows_anything()
    {
        var task = Assert.Single(
            Read("""{ "status": { "pointStatuses": [{ "taskID": "t", "status": "Running" }, { "novel": 1 }] } }""").State.Tasks
        );

        Assert.Equal("Unknown", task.Type.Value);
        Assert.False(task.Type.IsKnown);
        Assert.Equal("t", task.TaskId);
    }

    [Fact]
    public void Times_that_cannot_be_read_are_named_with_their_field()
    {
        var state = Read(
            $$"""
            { "metadata": { "creationTimestamp": 5 }, "status": { "pointStatuses": [
              { "taskType": "Cluster", "startTimeStamp": "2023-13-01 00:00:00 +0000 UTC", "endTimeStamp": "{{new string('x', 100)}}" } ] } }
            """
        ).State;

        Assert.Null(state.CreatedAt);
        Assert.Equal(
            [
                new UnreadableTime(null, "creationTimestamp", "5"),
                new UnreadableTime(UpgradeTaskType.Cluster, "startTimeStamp", "2023-13-01 00:00:00 +0000 UTC"),
                new UnreadableTime(UpgradeTaskType.Cluster, "endTimeStamp", new string('x', 64)),
            ],
            state.UnreadableTimes
        );
    }

    [Fact]
    public void Escapes_in_a_time_do_not_matter() =>
        Assert.Equal(
            new DateTimeOffset(2023, 11, 25, 7, 0, 0, TimeSpan.Zero),
            Read("""{ "metadata": { "creationTimestamp": "2023-11-25\u0020\u00307:00:00 +0000 UTC" }, "spec": {} }""").State.CreatedAt
        );

    [Theory]
    [InlineData("")]
    [InlineData("<html>busy</html>")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{}")]
    [InlineData("""{ "spec": null, "status": "Running" }""")]
    [InlineData("""{ "errorCode": "CCE.01404001", "errorMessage": "secret" }""")]
    [InlineData("""{ "spec": {} } trailing""")]
    public void What_is_no_workflow_is_refused_without_quoting_it(string json)
    {
        var rejection = Assert.Throws<InvalidDocumentException>(() => Read(json));

        Assert.DoesNotContain("busy", rejection.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", rejection.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("trailing", rejection.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_without_end_is_refused() =>
        Assert.Throws<InvalidDocumentException>(() => Read($$"""{ "spec": {{new string('[', 100_000)}} """));

    [Fact]
    public void A_byte_order_mark_does_not_matter_and_is_not_kept()
    {
        const string json = """{ "status": { "phase": "Init" } }""";

        var read = WorkflowDocument.Read((byte[])[.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(json)]);

        Assert.Equal(WorkflowPhase.Init, read.State.Phase);
        Assert.Equal(json, Encoding.UTF8.GetString(read.Document.Span));
        Assert.Equal(Read(json).Hash, read.Hash);
    }

    [Theory]
    [InlineData("metadata")]
    [InlineData("status")]
    public void What_is_not_valid_UTF_8_is_refused(string member)
    {
        byte[] broken =
        [
            .. Encoding.UTF8.GetBytes($$"""{ "spec": { "clusterID": "b" }, "{{member}}": { "name": " """),
            0xC3,
            0x28,
            .. "\" } }"u8,
        ];

        Assert.Contains(
            "UTF-8",
            Assert.Throws<InvalidDocumentException>(() => WorkflowDocument.Read(broken)).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(
            "a",
            Assert
                .Single(
                    WorkflowDocument.ReadList((byte[])[.. """{ "items": [ { "spec": { "clusterID": "a" } }, """u8, .. broken, .. "] }"u8])
                )
                .State.ClusterId
        );
    }

    [Fact]
    public void Of_thousands_of_points_and_lines_the_first_are_kept_and_the_rest_counted()
    {
        static string Json(int points, int lines) =>
            $$"""
                { "status": { "pointStatuses": [ {}, {{string.Join(
                    ',',
                    Enumerable.Range(0, points).Select(i => $$"""{ "taskType": "t{{i}}" }""")
                )}} ],
                  "lineStatuses": [ {{string.Join(
                    ',',
                    Enumerable.Range(0, lines).Select(i =>
                        $$"""{ "startPoint": { "taskType": "t{{i}}" }, "endPoint": { "taskType": "t{{i + 1}}" } }"""
                    )
                )}} ] } }
                """;

        var most = Read(Json(200, 200)).State;
        var more = Read(Json(6000, 3000));

        Assert.Equal((200, 200, null), (most.Tasks.Count, most.Dependencies.Count, most.LeftOut));
        Assert.Equal((200, 200, 8600), (more.State.Tasks.Count, more.State.Dependencies.Count, more.State.LeftOut));
        Assert.Equal(most.Tasks, more.State.Tasks);
        Assert.NotEqual(Read(Json(6001, 3000)).Hash, more.Hash);
    }

    [Fact]
    public void The_document_is_kept_as_it_came()
    {
        const string json = """ { "b":1, "spec" : { } } """;

        Assert.Equal(json, Encoding.UTF8.GetString(Read(json).Document.Span));
    }

    [Theory]
    [InlineData(
        """{ "kind": "List", "items": [ { "spec": { "clusterID": "a" } }, null, 3, { "kind": "x" }, { "spec": { "clusterID": "b" } } ] }""",
        "a b"
    )]
    [InlineData("""{ "items": { "spec": { "clusterID": "a" } } }""", "a")]
    [InlineData("""{ "items": null }""", "")]
    [InlineData("""{ "items": "none" }""", "")]
    [InlineData("{}", "")]
    public void A_list_may_hold_an_array_one_object_or_nothing(string json, string clusters) =>
        Assert.Equal(
            clusters,
            string.Join(' ', WorkflowDocument.ReadList(Encoding.UTF8.GetBytes(json)).Select(item => item.State.ClusterId))
        );

    [Fact]
    public void An_item_of_a_list_carries_its_own_document_and_hash()
    {
        var item = Assert.Single(WorkflowDocument.ReadList("""{ "items": [ { "spec": { "clusterID": "a" } } ] }"""u8.ToArray()));

        Assert.Equal("""{ "spec": { "clusterID": "a" } }""", Encoding.UTF8.GetString(item.Document.Span));
        Assert.Equal(Read("""{ "spec": { "clusterID": "a" } }""").Hash, item.Hash);
    }

    [Fact]
    public void A_list_that_is_no_object_is_refused() =>
        Assert.Throws<InvalidDocumentException>(() => WorkflowDocument.ReadList("[]"u8.ToArray()));

    private static WorkflowObservation Read(string json) => WorkflowDocument.Read(Encoding.UTF8.GetBytes(json));
}
