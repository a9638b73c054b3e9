using System.Text;
using Autopilot.Core.Reporting;
using Autopilot.Core.Tests.Corpus;
using Autopilot.Core.Tests.Workflows;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Workflows;
using CsCheck;

namespace Autopilot.Core.Tests.Hostile;

/// <summary>
/// Whatever upstream sends is read or refused, and what was read can be lived with. <c>Documents/</c> holds what was once hard.
/// </summary>
public sealed class DocumentTests
{
    private static readonly ReadOnlyMemory<byte> Before = Encoding.UTF8.GetBytes(
        """{"spec":{"clusterID":"c"},"status":{"phase":"Running","pointStatuses":[{"taskType":"PreCheck","taskID":"t","status":"Success","startTimeStamp":"2026-11-20 08:00:00 +0000 UTC","endTimeStamp":"2026-11-20 08:01:00 +0000 UTC"}]}}"""
    );

    private static readonly string Folder = Path.Combine(CorpusCase.Root, "..", "Hostile", "Documents");

    public static TheoryData<string> Kept =>
        [.. Directory.GetFiles(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Any_document_is_read_or_rejected_and_a_read_one_can_be_summarized() =>
        HostileDocuments.Any.Sample(Survive, iter: 2000, print: Encoding.UTF8.GetString);

    /// <summary>Broken text in members' names and values of every document that upstream sends, lists included.</summary>
    [Fact]
    public void Any_bytes_in_names_and_values_are_read_or_refused() =>
        Gen
            .Byte.Array[0, 40]
            .Sample(
                bytes =>
                {
                    Survive(bytes);
                    Survive(
                        Fill(
                            """{ @, "metadata": { @, "uid": "u" }, "spec": { @ }, "status": { @, "lineStatuses": [ { "startPoint": { @ } } ] } }""",
                            bytes
                        )
                    );
                    Survive(
                        Fill(
                            """{ @, "items": [ { @, "metadata": { @, "uid": "u", "name": "n" }, "spec": { @ }, "status": { @, "pointStatuses": [ { @ } ] } } ] }""",
                            bytes
                        )
                    );
                },
                iter: 3000
            );

    /// <summary>Puts a member of broken text in the place of each <c>@</c>: the bytes, and half a surrogate pair.</summary>
    private static byte[] Fill(string template, byte[] bytes)
    {
        byte[] text = [.. bytes.Where(b => b >= 0x20 && b != (byte)'"' && b != (byte)'\\')];
        byte[] member =
        [
            .. """
            "\ud800
            """u8,
            .. text,
            .. "\": \""u8,
            .. text,
            .. """
            \udc00"
            """u8,
        ];
        return [.. Encoding.UTF8.GetBytes(template).SelectMany(b => b == (byte)'@' ? member : [b])];
    }

    [Theory]
    [MemberData(nameof(Kept))]
    public void What_was_once_hard_is_read_or_refused(string file) => Survive(File.ReadAllBytes(Path.Combine(Folder, file)));

    [Fact]
    public void The_same_document_has_the_same_hash_whatever_stands_in_its_metadata() =>
        HostileDocuments.Any.Sample(utf8 =>
        {
            if (Read(utf8) is not { } observation)
            {
                return;
            }

            Assert.Equal(observation.Hash, WorkflowDocument.Read(observation.Document).Hash);
            Assert.Equal(observation.Hash, WorkflowDocument.Read((byte[])[.. Encoding.UTF8.Preamble, .. utf8]).Hash);
        });

    private static void Survive(byte[] utf8)
    {
        Refused(() => WorkflowDocument.ReadList(utf8));
        Refused(() => TaskDocument.ReadPreCheck(utf8));
        Refused(() => TaskDocument.ReadUpgrade(utf8));
        Refused(() => ClusterDocument.ReadList(utf8));
        Refused(() => ClusterDocument.Read(utf8, "c"));
        if (Read(utf8) is not { } observation)
        {
            return;
        }

        // Both as the first state and after another, and then summarized at some later time.
        Assert.True(
            observation.State.Tasks.Count <= WorkflowDocument.MaxEntries
                && observation.State.Dependencies.Count <= WorkflowDocument.MaxEntries
        );
        foreach (
            var earlier in (TrackedWorkflow[])[WorkflowReplay.New(), WorkflowReplay.Observe(WorkflowReplay.New(), Before, States.At(1))]
        )
        {
            Assert.NotEmpty(StateChanges.Between(earlier.State, observation.State));
            var row = WorkflowReplay.Observe(earlier, observation.State, States.At(70));
            var summary = WorkflowSummarizer.Summarize(row, Baseline.Empty, States.At(75), TimeSpan.FromMinutes(1));
            Assert.NotEmpty(summary.Headline);
            Assert.All(summary.Tasks, task => Assert.True(task.DurationSeconds is null or >= 0, "a task ran for less than no time"));
            Assert.True(UpgradeTimeline.Of(row, Baseline.Empty) is not null);
            if (row.IsFinished)
            {
                Assert.True(FinishedUpgrade.Of(row).EndedAt is var _);
            }
        }
    }

    private static WorkflowObservation? Read(byte[] utf8)
    {
        try
        {
            return WorkflowDocument.Read(utf8);
        }
        catch (InvalidDocumentException)
        {
            return null;
        }
    }

    private static void Refused<T>(Func<T> read)
    {
        try
        {
            read();
        }
        catch (InvalidDocumentException exception)
        {
            Assert.True(exception.Message.Length < 200, "a refusal quotes what it refuses");
        }
    }
}
