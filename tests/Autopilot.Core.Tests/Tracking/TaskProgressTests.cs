using System.Text;
using Autopilot.Core.Reporting;
using Autopilot.Core.Tracking;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Core.Tests.Tracking;

/// <summary>How far a run is: asked seldom, after all reads, and never at the cost of a state.</summary>
public sealed class TaskProgressTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly MemoryStore _store = new();
    private readonly ScriptedSource _upstream = new();
    private readonly FakeTimeProvider _clock = new(Start);
    private readonly List<ServiceProvider> _providers = [];

    public TaskProgressTests()
    {
        _store.Put(new TrackedWorkflow { Target = new WorkflowTarget("p1", "c1", "w1"), TrackedAt = Start });
        Shows("Cluster", "Running");
        _upstream.Progress = _ => Task.FromResult(Word("10.00"));
    }

    private TrackedWorkflow Row => _store["w1"];

    public void Dispose() => _providers.ForEach(provider => provider.Dispose());

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(10, 10)]
    public async Task Each_running_stage_costs_one_more_read_in_a_cycle_and_none_in_the_next(int running, int asked)
    {
        for (var i = 0; i < 40; i++)
        {
            _store.Put(new TrackedWorkflow { Target = new WorkflowTarget("p1", $"c{i}", $"w{i}"), TrackedAt = Start });
        }

        _upstream.Answer = target =>
            Task.FromResult(State(target, "Cluster", int.Parse(target.WorkflowId[1..], null) < running ? "Running" : "Success"));
        var cycle = Cycle();

        await cycle();
        Assert.Equal((40, asked), (_upstream.Read.Count, _upstream.AskedProgress.Count));

        _clock.Advance(TimeSpan.FromMinutes(1));
        await cycle();
        Assert.Equal((80, asked), (_upstream.Read.Count, _upstream.AskedProgress.Count));

        _clock.Advance(TimeSpan.FromMinutes(1));
        await cycle();
        Assert.Equal((120, 2 * asked), (_upstream.Read.Count, _upstream.AskedProgress.Count));
    }

    [Fact]
    public async Task The_word_is_shown_as_it_came_and_is_no_change_of_state()
    {
        var cycle = Cycle();
        await cycle();

        Assert.Equal("10.00", Running().Progress);
        Assert.Contains("upstream's progress is '10.00'", Summary().BlockingTask!.Message, StringComparison.Ordinal);

        _clock.Advance(TimeSpan.FromMinutes(2));
        _upstream.Progress = _ => Task.FromResult(Word("20.00"));
        var result = await cycle();

        Assert.Equal((0, 1), (result.Changed, result.Unchanged));
        Assert.Single(_store.HistoryOf("w1"));
        Assert.Equal("20.00", Running().Progress);
    }

    [Fact]
    public async Task Off_by_setting_or_without_room_nothing_is_asked()
    {
        await Cycle(("Polling:TaskProgress", "false"))();
        _upstream.IsHalfUnspent = false;
        await Cycle()();

        Assert.Empty(_upstream.AskedProgress);
        Assert.Empty(Row.Progress);
    }

    [Fact]
    public async Task No_read_of_a_workflow_waits_for_a_progress()
    {
        for (var i = 0; i < 200; i++)
        {
            _store.Put(new TrackedWorkflow { Target = new WorkflowTarget("p1", "c1", $"many{i}"), TrackedAt = Start });
        }

        var readBefore = new List<int>();
        _upstream.Progress = _ =>
        {
            lock (readBefore)
            {
                readBefore.Add(_upstream.Read.Count);
            }

            return Task.FromResult(Word("1"));
        };

        await Cycle()();

        Assert.Equal(201, readBefore.Count);
        Assert.All(readBefore, count => Assert.InRange(count, 201 - new PollingOptions().MaxConcurrency, 201));
    }

    [Theory]
    [InlineData(UpstreamFailure.NotFound, 1)]
    [InlineData(UpstreamFailure.Denied, 1)]
    [InlineData(UpstreamFailure.Invalid, 1)]
    [InlineData(UpstreamFailure.Unavailable, 1)]
    [InlineData(UpstreamFailure.Misconfigured, 1)]
    [InlineData(UpstreamFailure.Throttled, 2)]
    [InlineData(null, 1)]
    public async Task A_document_that_cannot_be_read_changes_nothing_else(UpstreamFailure? failure, int asked)
    {
        _upstream.Progress = _ =>
            throw (failure is { } kind ? new UpstreamException(kind, "no") : new InvalidOperationException("a defect"));
        var cycle = Cycle();

        var first = await cycle();
        await cycle();

        Assert.Equal((1, 0, true), (first.Changed, first.Failed, first.Complete));
        Assert.Equal((1, null), (Row.Sequence, Row.Failure));
        Assert.Null(Running().Progress);
        Assert.Equal(asked, _upstream.AskedProgress.Count);
    }

    [Fact]
    public async Task Items_that_failed_are_shown_while_the_pre_check_runs()
    {
        Shows("PreCheck", "Running");
        var items = new FailureDetail[]
        {
            new() { Name = "CoreDNS", Group = "AddonCheck" },
        };
        _upstream.Progress = _ => Task.FromResult(ProgressReport.Nothing with { Items = items });
        await Cycle()();

        Assert.Equal("CoreDNS", Assert.Single(Running().FailedItems!).Name);
        Assert.Contains("failed so far: CoreDNS", Summary().BlockingTask!.Message, StringComparison.Ordinal);
        Assert.Single(_store.HistoryOf("w1"));
    }

    [Fact]
    public async Task A_passed_pre_check_is_asked_about_once_and_says_what_it_accepted()
    {
        Shows("PreCheck", "Success");
        var report = new ProgressReport(
            null,
            [new FailureDetail { Name = "Old API", Kind = "Risk" }],
            0,
            ["Node disks"],
            0,
            HasEnded: true
        );
        _upstream.Progress = _ => Task.FromResult(report);
        var cycle = Cycle();
        await cycle();
        _clock.Advance(TimeSpan.FromHours(1));
        await cycle();

        Assert.Equal(["PreCheck/t1"], _upstream.AskedProgress);
        var insight = Assert.Single(Summary().Insights, insight => insight.Code == "RisksAccepted");
        Assert.Equal(InsightLevel.Info, insight.Level);
        Assert.Contains("risks: 'Old API'; skipped: 'Node disks'", insight.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.00", "62.00", true)]
    [InlineData("62.00", "10.00", true)]
    [InlineData("62.00", "62.00", false)]
    [InlineData(null, "62.00", false)]
    public async Task A_progress_that_moved_and_stands_still_is_stalled(string? first, string then, bool stalled)
    {
        var cycle = Cycle();
        _upstream.Progress = _ => Task.FromResult(Word(first));
        await cycle();
        _upstream.Progress = _ => Task.FromResult(Word(then));
        _clock.Advance(TimeSpan.FromMinutes(2));
        await cycle();
        _clock.Advance(TimeSpan.FromMinutes(30));
        await cycle();
        Assert.Equal(Assessment.Progressing, Summary().Assessment);

        // A read without a word proves nothing either.
        _upstream.Progress = _ => Task.FromResult(Word(null));
        _clock.Advance(TimeSpan.FromMinutes(4));
        await cycle();
        Assert.Equal(Assessment.Progressing, Summary().Assessment);

        _upstream.Progress = _ => Task.FromResult(Word(then));
        _clock.Advance(TimeSpan.FromMinutes(2));
        await cycle();

        Assert.Equal(stalled ? Assessment.Stalled : Assessment.Progressing, Summary().Assessment);
        Assert.Equal(
            stalled,
            Summary().Insights.Any(i => i.Code == "StalledTask" && i.Summary.Contains("progress has been", StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData("\"62.00\"", "62.00")]
    [InlineData("62.50", "62.50")]
    [InlineData("\"half\\n way\"", "half way")]
    [InlineData("null", null)]
    [InlineData("{}", null)]
    public void Upstreams_word_is_read_in_any_form(string json, string? word)
    {
        var document = $$"""{"status":{"phase":"Running","progress":{{json}} } }""";

        Assert.Equal(word, TaskDocument.ReadProgress(Encoding.UTF8.GetBytes(document)).Progress);
    }

    [Fact]
    public void A_long_word_is_cut_and_risks_and_skipped_items_of_an_ended_check_are_read()
    {
        var document = $$"""
            {"spec":{"skippedCheckItemList":[{"name":"Node disks"},{"name":"Node disks"},7]},
             "status":{"phase":"Success","progress":"{{new string('x', 200)}}","clusterCheckStatus":{"itemsStatus":[
              {"name":"Old API","kind":"Risk","phase":"Warning"},{"name":"Fine","kind":"Risk","phase":"Success"}]} } }
            """;

        var report = TaskDocument.ReadProgress(Encoding.UTF8.GetBytes(document));

        Assert.Equal(RunProgress.MaxWord, report.Progress!.Length);
        Assert.Equal(["Old API"], report.Items.Select(item => item.Name));
        Assert.Equal(["Node disks"], report.Skipped);
        Assert.True(report.HasEnded);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_passed_pre_check_that_says_nothing_is_asked_about_less_and_less(bool refused)
    {
        Shows("PreCheck", "Success");
        _upstream.Progress = _ => refused ? throw new UpstreamException(UpstreamFailure.Denied, "no") : Task.FromResult(Word("99"));
        var cycle = Cycle();
        var asked = new List<int>();
        // At once, then after 10 minutes, an hour, and a day twice; each time also a moment before.
        foreach (var minutes in (double[])[0, 9.9, 0.1, 59.9, 0.1, 1439.9, 0.1, 1439.9, 0.1])
        {
            _clock.Advance(TimeSpan.FromMinutes(minutes));
            await cycle();
            asked.Add(_upstream.AskedProgress.Count);
        }

        Assert.Equal([1, 1, 2, 2, 3, 3, 4, 4, 5], asked);
        Assert.DoesNotContain(Summary().Insights, insight => insight.Code == "RisksAccepted");
    }

    [Fact]
    public async Task What_was_read_long_ago_says_nothing_about_a_run_that_goes_on()
    {
        var cycle = Cycle();
        await cycle();
        _upstream.Progress = _ => Task.FromResult(Word("62.00"));
        _clock.Advance(TimeSpan.FromMinutes(2));
        await cycle();
        _clock.Advance(TimeSpan.FromMinutes(31));
        await cycle();
        Assert.Equal(Assessment.Stalled, Summary().Assessment);

        _upstream.IsHalfUnspent = false;
        _clock.Advance(TimeSpan.FromMinutes(20));
        await cycle();
        Assert.Equal((Assessment.Stalled, "62.00"), (Summary().Assessment, Running().Progress));

        _clock.Advance(TimeSpan.FromMinutes(11));
        await cycle();
        Assert.Null(Running().Progress);
        Assert.DoesNotContain("progress", Summary().BlockingTask!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Risks_of_a_document_that_is_ahead_of_the_workflow_have_not_failed()
    {
        Shows("PreCheck", "Running");
        var risk = new FailureDetail { Name = "Old API", Kind = "Risk" };
        _upstream.Progress = _ => Task.FromResult(new ProgressReport(null, [risk], 0, [], 0, HasEnded: true));
        await Cycle()();

        Assert.Null(Running().FailedItems);
        Assert.DoesNotContain("Old API", Summary().BlockingTask!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_earlier_run_accepted_is_not_said_of_the_next()
    {
        _upstream.Answer = target => Task.FromResult(State(target, "PreCheck", "Success", start: null));
        var report = new ProgressReport(null, [new FailureDetail { Name = "Old API", Kind = "Risk" }], 0, [], 0, HasEnded: true);
        _upstream.Progress = _ => Task.FromResult(report);
        var cycle = Cycle();
        await cycle();
        Assert.Contains(Summary().Insights, insight => insight.Code == "RisksAccepted");

        _clock.Advance(TimeSpan.FromMinutes(2));
        _upstream.Answer = target => Task.FromResult(State(target, "PreCheck", "Running", start: null));
        _upstream.Progress = _ => throw new UpstreamException(UpstreamFailure.Denied, "no");
        await cycle();

        Assert.Equal(2, _upstream.AskedProgress.Count);
        Assert.Null(Running().FailedItems);
        Assert.DoesNotContain(Summary().Insights, insight => insight.Code == "RisksAccepted");
    }

    [Fact]
    public async Task A_poll_of_discovery_asks_for_no_progress_and_one_of_a_person_does()
    {
        var poller = Provider().GetRequiredService<WorkflowPoller>();

        await poller.PollAsync(Row, CancellationToken.None);
        Assert.Empty(_upstream.AskedProgress);

        await poller.PollAsync("w1", CancellationToken.None);
        Assert.Equal(["Cluster/t1"], _upstream.AskedProgress);
    }

    [Fact]
    public void Each_item_counts_once_as_skipped_or_open_and_none_hides_another()
    {
        var skipped = string.Join(",", Enumerable.Range(0, 12).Select(i => $$"""{"name":"Skipped {{i}}"}"""));
        var same = string.Join(",", Enumerable.Repeat("""{"name":"Add-on","group":"AddonCheck","phase":"Failed"}""", 12));
        var document = $$"""
            {"spec":{"skippedCheckItemList":[{{skipped}}]},
             "status":{"phase":"Success","clusterCheckStatus":{"itemsStatus":[
              {"name":"Skipped 3","phase":"Failed"},{{same}},{"name":"Zone","group":"ZoneCheck","phase":"Failed"}]} } }
            """;

        var report = TaskDocument.ReadProgress(Encoding.UTF8.GetBytes(document));

        Assert.Equal((10, 3), (report.Items.Count, report.Omitted));
        Assert.Equal(["Add-on", "Zone"], report.Items.Select(item => item.Name).Distinct());
        Assert.Equal((10, 2), (report.Skipped.Count, report.SkippedOmitted));
    }

    [Fact]
    public async Task What_was_known_of_a_run_goes_with_it()
    {
        var cycle = Cycle();
        await cycle();
        Shows("Cluster", "Failed");
        await cycle();

        Assert.Empty(Row.Progress);
        Assert.Null(Running().Progress);
    }

    private static ProgressReport Word(string? word) => ProgressReport.Nothing with { Progress = word };

    private void Shows(string type, string status) => _upstream.Answer = target => Task.FromResult(State(target, type, status));

    private Func<Task<CycleResult>> Cycle(params (string Name, string Value)[] settings)
    {
        var provider = Provider(settings);
        return () => provider.GetRequiredService<PollCycle>().RunAsync(new CycleRequest(DueOnly: false), CancellationToken.None);
    }

    private ServiceProvider Provider(params (string Name, string Value)[] settings)
    {
        var provider = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace))
            .AddSingleton<TimeProvider>(_clock)
            .AddStore(_store)
            .AddSingleton<IBaselineStore>(new BaselineInMemory())
            .AddSingleton<IUpgradeWorkflowSource>(_upstream)
            .AddAutopilotCore(
                new ConfigurationBuilder()
                    .AddInMemoryCollection(settings.Select(one => KeyValuePair.Create(one.Name, (string?)one.Value)))
                    .Build()
            )
            .BuildServiceProvider();
        _providers.Add(provider);
        return provider;
    }

    private TaskSummary Running() => Assert.Single(Summary().Tasks, task => task.TaskId is not null);

    private WorkflowSummary Summary() => WorkflowSummarizer.Summarize(Row, Baseline.Empty, _clock.GetUtcNow(), TimeSpan.FromMinutes(1));

    private static WorkflowObservation State(
        WorkflowTarget target,
        string type,
        string status,
        string? start = "2026-01-01 12:00:00 +0000 UTC"
    ) =>
        WorkflowDocument.Read(
            Encoding.UTF8.GetBytes(
                $$"""
                {"metadata":{"uid":"{{target.WorkflowId}}","creationTimestamp":"2026-01-01 11:59:00 +0000 UTC"},"spec":{"targetVersion":"v1.28.6-r0"},
                 "status":{"phase":"Running","pointStatuses":[{"taskType":"{{type}}","taskID":"t1","status":"{{status}}","startTimeStamp":"{{start}}"}]} }
                """
            )
        );
}
