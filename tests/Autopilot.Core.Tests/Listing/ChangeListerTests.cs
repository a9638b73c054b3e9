using Autopilot.Core.Listing;
using Autopilot.Core.Paging;
using Autopilot.Core.Reporting;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using CsCheck;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Core.Tests.Listing;

public sealed class ChangeListerTests
{
    private static readonly DateTimeOffset Since = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<Fleet> Fleets = Gen.Select(Gen.Int[0, 60].Array[0, 9], Gen.Bool)
        .Array[0, 12]
        .Select(workflows =>
            Fleet.Of([
                .. workflows.Select(
                    (one, index) =>
                        (Id: $"w{index}", Minutes: one.Item1.Order().Select(minute => minute - 20).ToArray(), IsFinished: one.Item2)
                ),
            ])
        );

    [Fact]
    public void Pages_of_any_size_hold_every_change_of_the_time_once_and_the_newest_first() =>
        Gen.Select(Fleets, Gen.Int[1, 15])
            .Sample(
                (fleet, size) =>
                {
                    List<(DateTimeOffset, string, long)> found = [];
                    Page<FleetChange>? page = null;
                    do
                    {
                        page = fleet
                            .Lister.ListAsync(new WorkflowQuery(), Since, size, page?.ContinuationToken, CancellationToken.None)
                            .GetAwaiter()
                            .GetResult();
                        Assert.True(page.ContinuationToken is null ? page.Items.Count <= size : page.Items.Count == size);
                        found.AddRange(
                            page.Items.Select(change => (change.Entry.ObservedAt, change.Workflow.Target.WorkflowId, change.Entry.Sequence))
                        );
                    } while (page.ContinuationToken is not null);

                    Assert.Equal(
                        fleet
                            .Changes.Where(change => change.At >= Since)
                            .OrderByDescending(change => change.At)
                            .ThenBy(change => change.Id, StringComparer.Ordinal)
                            .ThenByDescending(change => change.Sequence),
                        found
                    );
                }
            );

    [Fact]
    public void A_page_that_is_cut_is_the_page_of_that_size() =>
        Gen.Select(Fleets, Gen.Int[2, 15], Gen.Int[1, 14])
            .Sample(
                (fleet, size, count) =>
                {
                    var page = Read(size);
                    if (page.Items.Count > count)
                    {
                        var (cut, smaller) = (ChangeLister.Cut(page, new WorkflowQuery(), Since, count), Read(count));
                        Assert.Equal(smaller.Items.Select(PlaceOf), cut.Items.Select(PlaceOf));
                        Assert.Equal(
                            (smaller.ContinuationToken, smaller.Unreadable, smaller.Partial),
                            (cut.ContinuationToken, cut.Unreadable, cut.Partial)
                        );
                    }

                    static (DateTimeOffset, string, long) PlaceOf(FleetChange change) =>
                        (change.Entry.ObservedAt, change.Workflow.Target.WorkflowId, change.Entry.Sequence);

                    Page<FleetChange> Read(int entries) =>
                        fleet.Lister.ListAsync(new WorkflowQuery(), Since, entries, null, CancellationToken.None).GetAwaiter().GetResult();
                }
            );

    [Fact]
    public async Task No_history_is_read_of_what_did_not_change_in_the_time_nor_more_than_a_page_needs()
    {
        var fleet = Fleet.Of([.. Enumerable.Range(0, 100).Select(i => (Id: $"w{i:000}", Minutes: new[] { i - 50 }, IsFinished: false))]);
        var page = await fleet.Lister.ListAsync(new WorkflowQuery(), Since, 5, null, TestContext.Current.CancellationToken);
        Assert.Equal(["w099", "w098", "w097", "w096", "w095"], page.Items.Select(change => change.Workflow.Target.WorkflowId));
        Assert.InRange(fleet.HistoryReads, 5, 16);

        var all = await Fleet
            .Of([.. Enumerable.Range(0, 100).Select(i => (Id: $"w{i:000}", Minutes: new[] { i - 50 }, IsFinished: false))])
            .CountAsync(1000);
        Assert.Equal((50, 50), all);
    }

    [Fact]
    public async Task Filters_choose_by_what_a_workflow_is_now()
    {
        var fleet = Fleet.Of([("w1", [1, 3], false), ("w2", [2], true)]);
        Assert.Equal(["w1", "w1"], await IdsAsync(new WorkflowQuery { Active = true }));
        Assert.Equal(["w2"], await IdsAsync(new WorkflowQuery { Active = false }));
        Assert.Equal(["w2"], await IdsAsync(new WorkflowQuery { ClusterId = "c-w2" }));
        Assert.Equal(["w2"], await IdsAsync(new WorkflowQuery { Phase = "Success" }));
        Assert.Equal(["w1", "w1"], await IdsAsync(new WorkflowQuery { Phase = new AnyOf<string>("Running", "Pending") }));

        async Task<IEnumerable<string>> IdsAsync(WorkflowQuery query) =>
            (await fleet.Lister.ListAsync(query, Since, 10, null, TestContext.Current.CancellationToken)).Items.Select(change =>
                change.Workflow.Target.WorkflowId
            );
    }

    [Fact]
    public async Task A_token_of_another_time_or_filter_is_refused()
    {
        var fleet = Fleet.Of([("w1", [1, 3], false)]);
        var token = (
            await fleet.Lister.ListAsync(new WorkflowQuery(), Since, 1, null, TestContext.Current.CancellationToken)
        ).ContinuationToken;
        Assert.NotNull(token);
        await Assert.ThrowsAsync<InvalidContinuationTokenException>(() =>
            fleet.Lister.ListAsync(new WorkflowQuery(), Since.AddTicks(1), 1, token, TestContext.Current.CancellationToken)
        );
        await Assert.ThrowsAsync<InvalidContinuationTokenException>(() =>
            fleet.Lister.ListAsync(new WorkflowQuery { Active = true }, Since, 1, token, TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task A_page_that_takes_too_long_says_so_and_continues()
    {
        var fleet = Fleet.Of([.. Enumerable.Range(0, 40).Select(i => (Id: $"w{i:000}", Minutes: new[] { i }, IsFinished: false))]);
        fleet.Before = () => fleet.Clock.Advance(TimeSpan.FromSeconds(1));
        var first = await fleet.Lister.ListAsync(new WorkflowQuery(), Since, 100, null, TestContext.Current.CancellationToken);
        Assert.Equal(PartialReason.Time, first.Partial);
        Assert.NotEmpty(first.Items);
        fleet.Before = () => { };
        var rest = await fleet.Lister.ListAsync(
            new WorkflowQuery(),
            Since,
            100,
            first.ContinuationToken,
            TestContext.Current.CancellationToken
        );
        Assert.Null(rest.ContinuationToken);
        Assert.Equal(40, first.Items.Count + rest.Items.Count);
    }

    /// <summary>Workflows that changed at minutes after the moment, and a history that counts its reads.</summary>
    private sealed class Fleet : IHistoryStore
    {
        private int _reads;

        public required IReadOnlyList<(DateTimeOffset At, string Id, long Sequence)> Changes { get; init; }
        public FakeTimeProvider Clock { get; } = new(Since.AddHours(2));
        public Action Before { get; set; } = () => { };
        public int HistoryReads => _reads;
        public ChangeLister Lister { get; private set; } = null!;

        public static Fleet Of(IReadOnlyList<(string Id, int[] Minutes, bool IsFinished)> workflows)
        {
            var fleet = new Fleet
            {
                Changes =
                [
                    .. workflows.SelectMany(one =>
                        one.Minutes.Select((minute, index) => (Since.AddMinutes(minute), one.Id, (long)index + 1))
                    ),
                ],
            };
            ListStoreInMemory store = new()
            {
                Rows = [.. workflows.Where(one => one.Minutes.Length > 0).Select(one => Row(one.Id, one.Minutes, one.IsFinished))],
            };
            var services = new ServiceCollection()
                .AddLogging()
                .AddSingleton<TimeProvider>(fleet.Clock)
                .AddSingleton<IBaselineStore>(new BaselineInMemory())
                .AddSingleton<IWorkflowListStore>(store)
                .AddSingleton<IHistoryStore>(fleet)
                .AddAutopilotCore(
                    new ConfigurationBuilder()
                        .AddInMemoryCollection(new Dictionary<string, string?> { ["PollSchedule"] = "0 * * * * *" })
                        .Build()
                )
                .BuildServiceProvider();
            fleet.Lister = services.GetRequiredService<ChangeLister>();
            return fleet;
        }

        public async Task<(int Changes, int Reads)> CountAsync(int size) =>
            (
                (await Lister.ListAsync(new WorkflowQuery(), Since, size, null, TestContext.Current.CancellationToken)).Items.Count,
                HistoryReads
            );

        public Task<Page<HistoryEntry>> ReadHistoryAsync(
            string workflowId,
            DateTimeOffset? from,
            DateTimeOffset? to,
            int pageSize,
            string? continuationToken,
            CancellationToken cancellationToken
        )
        {
            Interlocked.Increment(ref _reads);
            lock (Clock)
            {
                Before();
            }

            var skipped = continuationToken is null ? 0 : int.Parse(continuationToken, System.Globalization.CultureInfo.InvariantCulture);
            var entries = Changes
                .Where(change => change.Id == workflowId && (from is null || change.At >= from) && (to is null || change.At < to))
                .OrderByDescending(change => change.Sequence)
                .Skip(skipped)
                .ToList();
            return Task.FromResult(
                new Page<HistoryEntry>(
                    [
                        .. entries
                            .Take(pageSize)
                            .Select(change => new HistoryEntry
                            {
                                Sequence = change.Sequence,
                                ObservedAt = change.At,
                                Phase = WorkflowPhase.Running,
                                Assessment = Assessment.Progressing,
                                Hash = "h",
                                Changes = [new StateChange(null, "other", null, null)],
                            }),
                    ],
                    entries.Count > pageSize ? $"{skipped + pageSize}" : null
                )
            );
        }

        public Task<HistoryState?> ReadStateAsync(string workflowId, long sequence, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        private static TrackedWorkflow Row(string id, int[] minutes, bool isFinished) =>
            new()
            {
                Target = new WorkflowTarget("p", $"c-{id}", id),
                TrackedAt = Since.AddDays(-1),
                Sequence = minutes.Length,
                LastChangedAt = Since.AddMinutes(minutes[^1]),
                ObservedAt = Since.AddMinutes(minutes[^1]),
                State = new UpgradeWorkflow
                {
                    Phase = WorkflowPhase.From(isFinished ? "Success" : "Running"),
                    CreatedAt = Since.AddDays(-1),
                },
                Hash = "h",
                Outcome = isFinished ? WorkflowOutcome.Succeeded : null,
                EndedAt = isFinished ? Since.AddMinutes(minutes[^1] - 1) : null,
            };
    }
}
