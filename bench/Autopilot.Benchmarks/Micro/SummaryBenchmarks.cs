using System.Text.Json;
using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;
using BenchmarkDotNet.Attributes;

namespace Autopilot.Benchmarks.Micro;

/// <summary>
/// From upstream's official document to its summary, against reading the same bytes with System.Text.Json's source generation alone: at
/// most twice the time and three times the allocations. The columns <c>Ratio</c> and <c>Alloc Ratio</c> say so; on a machine that is busy
/// otherwise, compare the minima.
/// </summary>
[MemoryDiagnoser]
[MinColumn, MedianColumn]
[Config(typeof(InThisProcess))]
public class SummaryBenchmarks
{
    private static readonly DateTimeOffset Observed = new(2023, 11, 25, 8, 0, 0, TimeSpan.Zero);

    private readonly byte[] _document = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "show-workflow.json"));
    private readonly TrackedWorkflow _row = new()
    {
        Target = new("77b6a44cba5143ab91d13ab9a8ff44fd", "b4b9e60f-8aa2-11ee-af09-0255ac10004f", "c271e39e-1a6e-4d3d-8fa8-2a36329c68d1"),
    };
    private readonly Baseline _baseline = BaselineBuilder.Of(Enumerable.Range(0, 100).Select(FinishedRunOf));

    /// <summary>Into plain objects, timestamps and all values as strings.</summary>
    [Benchmark(Baseline = true, Description = "deserialize only")]
    public object? Deserialize() => JsonSerializer.Deserialize(_document, PlainJson.Default.PlainDocument);

    /// <summary>Parse, see the attempts, summarise: what one state costs.</summary>
    [Benchmark(Description = "parse and summarise")]
    public WorkflowSummary Summarize() => Summarize(WorkflowDocument.ReadState(_document));

    /// <summary>
    /// The same with the content hash, which a poll needs to detect a change. A summary does not need it.
    /// </summary>
    [Benchmark(Description = "parse, hash and summarise")]
    public WorkflowSummary ReadAndSummarize() => Summarize(WorkflowDocument.Read(_document).State);

    private WorkflowSummary Summarize(UpgradeWorkflow state)
    {
        var row = _row with
        {
            State = state,
            Runs = TaskAttempts.Observe([], state, Observed),
            Sequence = 1,
            PhaseSince = Observed,
            LastChangedAt = Observed,
            ObservedAt = Observed,
        };
        return WorkflowSummarizer.Summarize(row, _baseline, Observed, TimeSpan.FromMinutes(1));
    }

    private static FinishedUpgrade FinishedRunOf(int number) =>
        new()
        {
            Target = new("p", "c", $"w{number}"),
            TargetVersion = $"v1.{19 + number % 3}.6-r0",
            Outcome = WorkflowOutcome.Succeeded,
            EndedAt = Observed.AddHours(-number),
            Tasks =
            [
                new FinishedTask(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Success, 60 + number, 60 + number, 0, 1, 0),
                new FinishedTask(UpgradeTaskType.Cluster, UpgradeTaskStatus.Success, 600 + number, 600 + number, 0, 1, 0),
            ],
        };
}
