using System.Text;
using Autopilot.Core.Tests.Workflows;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tests.Hostile;

/// <summary>
/// No document makes more than linear work. Linear work over eight million bytes of the worst ends within a second or two. Anything else
/// would take hours, so that a limit of a minute separates the two on the slowest machine.
/// </summary>
public sealed class GrowthTests
{
    private const int Bytes = 8_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static TheoryData<string, string, string, string> Shapes =>
        new()
        {
            {
                "points of as many types",
                """{"spec":{},"status":{"phase":"Running","pointStatuses":[""",
                """{"taskType":"T#","taskID":"#","status":"Running"}""",
                "]}}"
            },
            {
                "points of one type",
                """{"spec":{},"status":{"phase":"Running","pointStatuses":[""",
                """{"taskType":"Cluster","taskID":"#","status":"Failed"}""",
                "]}}"
            },
            {
                "lines around and around",
                """{"spec":{},"status":{"phase":"Running","lineStatuses":[""",
                """{"startPoint":{"taskType":"T#"},"endPoint":{"taskType":"T1"}}""",
                "]}}"
            },
            { "members of a name", """{"spec":{},"status":{""", "\"phase\":\"#\"", "}}" },
            { "members of as many names", """{"spec":{},"status":{""", "\"p#\":\"#\"", "}}" },
            { "names that all but agree", """{"spec":{},"status":{""", "\"" + new string('p', 200) + "#\":0", "}}" },
            { "elements that all but agree", """{"spec":{},"status":{"pointStatuses":[""", "\"" + new string('p', 200) + "#\"", "]}}" },
            {
                "nested as deep as may be",
                """{"spec":{},"status":{"deep":[""",
                string.Concat(Enumerable.Repeat("[", 55)) + "#" + string.Concat(Enumerable.Repeat("]", 55)),
                "]}}"
            },
            { "escapes", """{"spec":{},"status":{"phase":""", "\"", "" },
            {
                "unreadable times",
                """{"spec":{},"status":{"pointStatuses":[""",
                """{"taskType":"Cluster","startTimeStamp":"2026-11-23 08:00:00 +0000 UTC UTC #"}""",
                "]}}"
            },
            {
                "failed items",
                """{"status":{"phase":"Failed","clusterCheckStatus":{"itemsStatus":[""",
                """{"name":"n#","group":"g#","level":"Fatal","phase":"Failed","message":"m#"}""",
                "]}}}"
            },
            {
                "failed items on nodes",
                """{"status":{"phase":"Failed","nodeCheckStatus":{"nodeStageStatus":[""",
                """{"nodeInfo":{"name":"n#"},"itemsStatus":[{"name":"n","phase":"Failed"}]}""",
                "]}}}"
            },
            { "workflows of a list", """{"items":[""", """{"metadata":{"uid":"w#"},"spec":{},"status":{"phase":"Running"}}""", "]}" },
            { "clusters of a list", """{"items":[""", """{"metadata":{"uid":"c#","name":"n#"}}""", "]}" },
        };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Megabytes_of_the_worst_are_read_or_refused_in_no_time(string shape, string host, string item, string tail)
    {
        var utf8 = shape == "escapes" ? Escapes() : Fill(host, item, tail);
        await Task.Run(() => ReadEverything(utf8)).WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    private static byte[] Fill(string host, string item, string tail)
    {
        var text = new StringBuilder(host, Bytes + 1000);
        for (var i = 0; text.Length < Bytes; i++)
        {
            text.Append(i == 0 ? "" : ",").Append(item.Replace("#", $"{i}", StringComparison.Ordinal));
        }

        return Encoding.UTF8.GetBytes(text.Append(tail).ToString());
    }

    private static byte[] Escapes() =>
        Encoding.UTF8.GetBytes(
            """{"spec":{},"status":{"phase":"Running","message":" """ + string.Concat(Enumerable.Repeat("\\\\\\\"", Bytes / 4)) + "\"}}"
        );

    private static void ReadEverything(byte[] utf8)
    {
        Try(() => WorkflowDocument.ReadList(utf8));
        Try(() => TaskDocument.ReadPreCheck(utf8));
        Try(() => TaskDocument.ReadUpgrade(utf8));
        Try(() => ClusterDocument.ReadList(utf8));
        Try(() =>
        {
            var observation = WorkflowDocument.Read(utf8);
            var row = WorkflowReplay.Observe(WorkflowReplay.New(), observation.State, States.At(60));
            return WorkflowSummarizer.Summarize(row, Baseline.Empty, States.At(61), TimeSpan.FromMinutes(1));
        });
    }

    private static void Try<T>(Func<T> read)
    {
        try
        {
            read();
        }
        catch (InvalidDocumentException)
        {
            // Refused.
        }
    }
}
