using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Autopilot.Core.Reporting;
using Autopilot.Core.Tests.Specification;
using Autopilot.Core.Tests.Workflows;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tests.Corpus;

/// <summary>
/// One folder: what upstream sent (<c>input.json</c>, a document verbatim in a file of its own where that matters) and the summary that
/// follows from it under a fixed clock (<c>summary.json</c>).
/// </summary>
internal sealed record CorpusCase(
    IReadOnlyList<CorpusState> States,
    DateTimeOffset Now,
    DateTimeOffset? ObservedAt = null,
    double PollIntervalSeconds = 60,
    string? ClusterName = null,
    bool Tracked = true,
    PollFailure? Failure = null,
    DateTimeOffset? GoneSince = null,
    WorkflowOutcome? Outcome = null,
    IReadOnlyList<CorpusTask>? TaskDocuments = null,
    IReadOnlyList<CorpusRuns>? FinishedRuns = null,
    IReadOnlyList<BaselineRow>? Baseline = null,
    JsonElement? Snapshots = null
)
{
    private static readonly JsonSerializerOptions Input = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
    };

    private static readonly JsonSerializerOptions Output = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new InstantConverter() },
    };

    public static string Root { get; } = Path.Combine(Repository.Root, "tests", "Autopilot.Core.Tests", "Corpus");

    public static CorpusCase Load(string name) =>
        JsonSerializer.Deserialize<CorpusCase>(File.ReadAllText(Path.Combine(Root, name, "input.json")), Input)!;

    /// <summary>The row as tracking would have stored it after these states.</summary>
    public TrackedWorkflow Replay(string name)
    {
        var row = WorkflowReplay.New() with { ClusterName = ClusterName };
        foreach (var state in States)
        {
            var document = state.DocumentFile is { } file
                ? File.ReadAllBytes(Path.Combine(Root, name, file))
                : Encoding.UTF8.GetBytes(state.Document.GetRawText());
            row = Explain(WorkflowReplay.Observe(row, document, state.ObservedAt, TimeSpan.FromSeconds(PollIntervalSeconds)));
        }

        return row with
        {
            ObservedAt = ObservedAt ?? row.ObservedAt,
            Tracked = Tracked,
            Failure = Failure,
            GoneSince = GoneSince,
            Outcome = Outcome ?? row.Outcome,
            EndedAt = Outcome == WorkflowOutcome.Gone ? GoneSince : row.EndedAt,
        };
    }

    public string Summarize(string name) => JsonSerializer.Serialize(SummaryOf(name), Output).ReplaceLineEndings("\n") + "\n";

    public WorkflowSummary SummaryOf(string name) =>
        WorkflowSummarizer.Summarize(
            Replay(name),
            Baseline is null ? CorpusRuns.Baseline(FinishedRuns ?? []) : BaselineRow.All(Baseline),
            Now,
            TimeSpan.FromSeconds(PollIntervalSeconds)
        );

    /// <summary>Asks why, as tracking does after each state.</summary>
    private TrackedWorkflow Explain(TrackedWorkflow row)
    {
        var snapshots = Snapshots is { } list ? SnapshotDocument.Read(Encoding.UTF8.GetBytes(list.GetRawText())) : null;
        if (snapshots is not null && LatestBackup.OpenQuestion(row) is { } question)
        {
            row = row with { Backup = new LatestBackup(question, snapshots.LatestBackupAt, row.ObservedAt) };
        }

        foreach (var run in TaskFailures.Unexplained(row.TaskFailures, row.Runs))
        {
            if (TaskFailures.IsListed(run.Type))
            {
                if (snapshots is not null && SnapshotFailures.Of(snapshots, run) is { } listed)
                {
                    row = row with { TaskFailures = TaskFailures.Add(row.TaskFailures, run, listed) };
                }

                continue;
            }

            if (
                TaskDocuments?.LastOrDefault(task => task.Type == run.Type && task.TaskId == run.TaskId && task.FromState <= row.Sequence)
                is not { } known
            )
            {
                continue;
            }

            if (known.TooLargeFor is { } limit)
            {
                row = row with { TaskFailures = TaskFailures.Add(row.TaskFailures, run, new FailureReport([], TooLargeFor: limit)) };
                continue;
            }

            var document = Encoding.UTF8.GetBytes(known.Document.GetRawText());
            if (
                (run.Type == UpgradeTaskType.PreCheck ? TaskDocument.ReadPreCheck(document) : TaskDocument.ReadUpgrade(document)) is
                { } report
            )
            {
                row = row with { TaskFailures = TaskFailures.Add(row.TaskFailures, run, report) };
            }
        }

        return row;
    }

    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", null));
    }
}

/// <summary>One answer of upstream, given in place or in a file beside.</summary>
internal sealed record CorpusState(DateTimeOffset ObservedAt, JsonElement Document = default, string? DocumentFile = null);

/// <summary>Upstream's document about one task, as it answers from the n-th state on.</summary>
internal sealed record CorpusTask(
    UpgradeTaskType Type,
    string TaskId,
    JsonElement Document = default,
    int FromState = 1,
    int? TooLargeFor = null
);

/// <summary>How long runs of one kind of task took in workflows that have finished before.</summary>
internal sealed record CorpusRuns(string Type, string TargetVersion, IReadOnlyList<double> Seconds)
{
    public static Baseline Baseline(IEnumerable<CorpusRuns> finished) =>
        BaselineBuilder.Of(
            from runs in finished
            from run in runs.Seconds.Select((seconds, i) => (Seconds: seconds, Number: i))
            select new FinishedUpgrade
            {
                Target = new WorkflowTarget("p", "c", $"w{run.Number}"),
                TargetVersion = runs.TargetVersion,
                Outcome = WorkflowOutcome.Succeeded,
                EndedAt = States.At(-1440 * (1 + run.Number)),
                Tasks =
                [
                    new FinishedTask(UpgradeTaskType.From(runs.Type), UpgradeTaskStatus.Success, run.Seconds, run.Seconds, null, 1, 0),
                ],
            }
        );
}
