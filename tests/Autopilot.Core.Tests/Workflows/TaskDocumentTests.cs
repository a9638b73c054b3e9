using System.Text;
using System.Text.Json;
using Autopilot.Core.Workflows;
using CsCheck;

namespace Autopilot.Core.Tests.Workflows;

public sealed class TaskDocumentTests
{
    [Fact]
    public void Only_failed_items_are_kept_with_all_of_their_details()
    {
        var report = PreCheck(
            """
            {"phase":"Failed","message":"2 items did not pass.","clusterCheckStatus":{"phase":"Failed","itemsStatus":[
              {"name":"Limits","group":"LimitCheck","level":"Info","phase":"Success"},
              {"name":"Deprecated APIs","kind":"Risk","group":"LimitCheck","level":"Warning","phase":"Failed","message":"In use.",
               "riskSource":{"deprecatedAPIRisks":[{"url":"/apis/policy/v1beta1/podsecuritypolicies","userAgent":"kube-state-metrics/v2.3"}]},"errorCodes":["A","B"]}]}}
            """
        );

        var item = Assert.Single(report.Details);
        Assert.Equal(
            ("Deprecated APIs", "Risk", "LimitCheck", "Warning", "In use."),
            (item.Name, item.Kind, item.Group, item.Level, item.Message)
        );
        Assert.Equal(["A", "B"], item.ErrorCodes);
        Assert.Equal(["deprecated API /apis/policy/v1beta1/podsecuritypolicies, called by kube-state-metrics/v2.3"], item.RiskSources!);
        Assert.Equal(0, report.Omitted);
    }

    [Fact]
    public void The_worst_come_first_then_by_group_and_name_and_unknown_levels_last()
    {
        var report = PreCheck(
            $$"""
            {"phase":"Failed","clusterCheckStatus":{"itemsStatus":[{{Item("z", "NodeCheck", "Info")}},{{Item("y", "Novel", "Dire")}},{{Item(
                "b",
                "LimitCheck",
                "Warning"
            )}},{{Item("a", "MasterCheck", "Warning")}}]},
             "addonCheckStatus":{"itemsStatus":[{{Item("d", "AddonCheck", "Warning")}},{{Item("c", "AddonCheck", "Warning")}},{{Item(
                "f",
                "AddonCheck",
                "Fatal"
            )}}] } }
            """
        );

        Assert.Equal(["f", "c", "d", "b", "a", "z", "y"], report.Details.Select(item => item.Name));
        Assert.Equal(("Novel", "Dire"), (report.Details[^1].Group, report.Details[^1].Level));
    }

    [Fact]
    public void One_object_stands_where_an_array_is_meant()
    {
        var report = PreCheck(
            """
            {"phase":"Failed","addonCheckStatus":{"itemsStatus":{"name":"CoreDNS","group":"AddonCheck","level":"Fatal","phase":"Failed","errorCodes":"AddonAbnormal",
             "riskSource":{"addonRisks":{"addonTemplateName":"coredns","alias":"CoreDNS"}}}}}
            """
        );

        var item = Assert.Single(report.Details);
        Assert.Equal(["AddonAbnormal"], item.ErrorCodes);
        Assert.Equal(["add-on CoreDNS"], item.RiskSources!);
    }

    [Fact]
    public void An_item_of_several_nodes_is_one_and_names_the_nodes()
    {
        var report = PreCheck(
            $$"""
            {"phase":"Failed","nodeCheckStatus":{"phase":"Failed","nodeStageStatus":[{"nodeInfo":{"uid":"u1","name":"node-1"},"itemsStatus":[{{Item(
                "Disk",
                "NodeCheck",
                "Fatal"
            )}}]},
             {"nodeInfo":{"uid":"u2"},"itemsStatus":{{Item("Disk", "NodeCheck", "Fatal")}} }] } }
            """
        );

        var item = Assert.Single(report.Details);
        Assert.Equal(["node node-1", "node u2"], item.RiskSources!);
        Assert.Equal(2, item.Nodes);
    }

    [Theory]
    [InlineData(
        """{"package":"coredns","sourceFile":"values.yaml","field":"replicas","operation":"modify","originalValue":"2","value":3}""",
        "configuration replicas of coredns values.yaml is 3 in place of 2 (modify)"
    )]
    [InlineData("""{"field":"replicas","value":"3"}""", "configuration replicas is 3")]
    [InlineData("""{"package":"coredns","originalValue":"2","operation":"delete"}""", "configuration of coredns is no longer 2 (delete)")]
    [InlineData("""{"nodeMsg":"node-1","field":"x"}""", "configuration x of node-1 was changed")]
    public void A_changed_configuration_is_described_in_words(string risk, string words) =>
        Assert.Equal(
            [words],
            Assert
                .Single(
                    PreCheck(
                        $$"""
                        {"phase":"Failed","clusterCheckStatus":{"itemsStatus":[{"name":"n","phase":"Failed","riskSource":{"configurationRisks":[{{risk}},{"value":"of nothing"}],"nodeRisks":null} }] } }
                        """
                    ).Details
                )
                .RiskSources!
        );

    [Fact]
    public void The_tasks_own_message_stands_in_where_no_item_has_failed()
    {
        var item = Assert.Single(PreCheck("""{"phase":"Error","message":"The check\n could not   be run."}""").Details);

        Assert.Equal(("PreCheck", "The check could not be run."), (item.Name, item.Message));
        Assert.Empty(PreCheck("""{"phase":"Failed","message":" ","clusterCheckStatus":null}""").Details);
    }

    [Theory]
    [InlineData("Init")]
    [InlineData("Running")]
    public void A_document_without_an_end_has_no_details_yet(string phase)
    {
        Assert.Null(TaskDocument.ReadPreCheck(Task($$"""{"phase":"{{phase}}","message":"half"}""")));
        Assert.Null(TaskDocument.ReadUpgrade(Task($$"""{"phase":"{{phase}}","progress":"0.00"}""")));
    }

    [Theory]
    [InlineData("""{"phase":"Failed","progress":"62.00","completionTime":"x"}""", "phase Failed at progress 62.00")]
    [InlineData("""{"phase":"Failed","progress":0.5}""", "phase Failed at progress 0.5")]
    [InlineData("""{"phase":"Pause"}""", "phase Pause")]
    [InlineData("""{"phase":"Failed","message":"etcd is unwell"}""", "phase Failed: etcd is unwell")]
    [InlineData("""{"message":"etcd is unwell"}""", "etcd is unwell")]
    public void An_upgrade_has_its_phase_and_progress(string status, string words)
    {
        var item = Assert.Single(TaskDocument.ReadUpgrade(Task(status))!.Details);

        Assert.Equal(("Cluster", words), (item.Name, item.Message));
    }

    [Fact]
    public void An_upgrade_that_says_nothing_has_no_details() =>
        Assert.Empty(TaskDocument.ReadUpgrade(Task("""{"progress":"0.00"}"""))!.Details);

    [Theory]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("""{"status":[]}""")]
    [InlineData("{}")]
    public void What_is_no_task_is_refused(string text)
    {
        Assert.Throws<InvalidDocumentException>(() => TaskDocument.ReadPreCheck(Encoding.UTF8.GetBytes(text)));
        Assert.Throws<InvalidDocumentException>(() => TaskDocument.ReadUpgrade(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Of_more_than_fifty_the_worst_are_kept_and_the_rest_is_counted()
    {
        var items = Enumerable.Range(0, 73).Select(i => Item($"item-{i:D2}", "NodeCheck", i == 72 ? "Fatal" : "Warning"));

        var report = PreCheck($$"""{"phase":"Failed","clusterCheckStatus":{"itemsStatus":[{{string.Join(',', items)}}] } }""");

        Assert.Equal((50, 23), (report.Details.Count, report.Omitted));
        Assert.Equal(["item-72", "item-00"], report.Details.Take(2).Select(item => item.Name));
    }

    [Fact]
    public void A_text_that_is_too_long_is_cut_between_characters_and_marked()
    {
        var message = new string('x', 1000) + string.Concat(Enumerable.Repeat("😀", 500));
        var risk = new string('试', 900);

        var item = Assert.Single(
            PreCheck(
                JsonSerializer.Serialize(
                    new
                    {
                        phase = "Failed",
                        clusterCheckStatus = new
                        {
                            itemsStatus = new[]
                            {
                                new
                                {
                                    name = new string('n', 500),
                                    phase = "Failed",
                                    message,
                                    riskSource = new { deprecatedAPIRisks = new { url = risk } },
                                },
                            },
                        },
                    }
                )
            ).Details
        );

        Assert.EndsWith("…", item.Message, StringComparison.Ordinal);
        Assert.EndsWith("试…", Assert.Single(item.RiskSources!), StringComparison.Ordinal);
        Assert.InRange(Bytes(item), 900, 1024);

        var emoji = Assert.Single(PreCheck($$"""{"phase":"Failed","message":"{{string.Concat(Enumerable.Repeat("😀", 500))}}"}""").Details);
        Assert.EndsWith("😀…", emoji.Message, StringComparison.Ordinal);
        Assert.InRange(Bytes(emoji), 1015, 1024);
    }

    [Fact]
    public void Every_text_is_made_fit_before_it_is_cut()
    {
        var secret = "s3cr3t";
        var report = TaskDocument.ReadPreCheck(
            Task(
                $$"""{"phase":"Failed","clusterCheckStatus":{"itemsStatus":[{"name":"n {{secret}}","group":"{{secret}}","kind":"{{secret}}","level":"{{secret}}","phase":"Failed","message":"{{new string('m', 950)}} {{secret}}","errorCodes":["{{secret}}"],"riskSource":{"nodeRisks":[{"NodeID":"{{secret}}"}],"configurationRisks":[{"field":"{{secret}}"}] } }] } }"""
            ),
            text => text.Replace(secret, "[gone]", StringComparison.Ordinal)
        );

        Assert.DoesNotContain(secret[..4], JsonSerializer.Serialize(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_json_is_either_read_or_refused_and_what_is_read_has_bounds() =>
        Gen.OneOf(Gen.String, Json(5).Select(status => $$"""{"status":{{status}}}"""), Json(6))
            .Sample(json =>
            {
                foreach (
                    var read in (Func<ReadOnlyMemory<byte>, Func<string, string?>?, FailureReport?>[])
                        [TaskDocument.ReadPreCheck, TaskDocument.ReadUpgrade]
                )
                {
                    try
                    {
                        var report = read(Encoding.UTF8.GetBytes(json), null);
                        Assert.True(
                            report is null
                                || (
                                    report.Details.Count <= TaskDocument.MaxDetails
                                    && report.Details.All(item => Bytes(item) <= TaskDocument.MaxDetailBytes && item.Name.Length > 0)
                                )
                        );
                    }
                    catch (InvalidDocumentException e)
                    {
                        Assert.NotEmpty(e.Message);
                    }
                }
            });

    private static int Bytes(FailureDetail item) =>
        new[] { item.Name, item.Kind, item.Group, item.Level, item.Message }
            .Concat(item.ErrorCodes)
            .Concat(item.RiskSources ?? [])
            .Sum(text => Encoding.UTF8.GetByteCount(text ?? ""));

    private static FailureReport PreCheck(string status) => TaskDocument.ReadPreCheck(Task(status))!;

    private static byte[] Task(string status) =>
        Encoding.UTF8.GetBytes($$"""{"kind":"Task","apiVersion":"v3","metadata":{"uid":"t"},"spec":{},"status":{{status}}}""");

    private static string Item(string name, string group, string level) =>
        $$"""{"name":"{{name}}","kind":"Exception","group":"{{group}}","level":"{{level}}","phase":"Failed","message":"m","riskSource":{},"errorCodes":[]}""";

    /// <summary>JSON that looks like a task's status with anything in the wrong place.</summary>
    private static Gen<string> Json(int depth)
    {
        string[] scalars = ["null", "true", "7", "\"Failed\"", "\"Fatal\"", "\"\\ud800\"", "\"\"", "\"a\\u0000b\""];
        var scalar = Gen.Int[0, scalars.Length - 1].Select(i => scalars[i]);
        if (depth == 0)
        {
            return scalar;
        }

        string[] names =
        [
            "status",
            "phase",
            "message",
            "progress",
            "clusterCheckStatus",
            "addonCheckStatus",
            "nodeCheckStatus",
            "nodeStageStatus",
            "nodeInfo",
            "itemsStatus",
            "name",
            "group",
            "level",
            "riskSource",
            "deprecatedAPIRisks",
            "configurationRisks",
            "url",
            "field",
            "value",
            "errorCodes",
            "ph\\u0061se",
            "st\\ud800",
            "\\ud800",
        ];
        var member = Gen.Select(Gen.Int[0, names.Length - 1], Gen.OneOf(scalar, Json(depth - 1)))
            .Select((name, value) => $"\"{names[name]}\":{value}");
        return Gen.OneOf(
            member.Array[0, 6].Select(members => "{" + string.Join(',', members) + "}"),
            Json(depth - 1).Array[0, 3].Select(items => "[" + string.Join(',', items) + "]")
        );
    }
}
