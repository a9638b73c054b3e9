using Autopilot.Core.Listing;
using Autopilot.Core.Paging;
using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Core.Tests.Listing;

/// <summary>Lists of workflows: their order, their pages and what they cost.</summary>
public sealed class WorkflowListerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Noon);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task By_need_the_nine_assessments_then_untracked_then_finished_by_end()
    {
        ListStoreInMemory store = new()
        {
            Rows = [.. Enum.GetValues<Kind>().Reverse().Select(kind => Row(kind, kind.ToString().ToLowerInvariant()))],
        };
        store.Rows.AddRange([
            Row(Kind.Untracked, "untracked-later", at: Noon.AddHours(1)),
            Row(Kind.Finished, "finished-later", at: Noon.AddHours(1)),
        ]);

        var list = await ListAsync(store, new WorkflowQuery(), "need", 100);

        Assert.Equal(
            [
                "blocked",
                "stalled",
                "gone",
                "waiting",
                "unknown",
                "notstarted",
                "rollingback",
                "progressing",
                "untracked-later",
                "untracked",
                "finished-later",
                "finished",
            ],
            Ids(list)
        );
        Assert.Equal(
            [
                Assessment.Blocked,
                Assessment.Stalled,
                Assessment.Gone,
                Assessment.Waiting,
                Assessment.Slow,
                Assessment.Unknown,
                Assessment.NotStarted,
                Assessment.RollingBack,
                Assessment.Progressing,
            ],
            list.Counts.Keys
        );
        Assert.All(list.Counts, count => Assert.Equal(count.Key is Assessment.Slow ? 0 : 1, count.Value));
        Assert.Null(list.ContinuationToken);
    }

    [Fact]
    public async Task Of_one_assessment_the_longest_comes_first_then_the_id()
    {
        ListStoreInMemory store = new()
        {
            Rows =
            [
                Row(Kind.Blocked, "b", at: Noon),
                Row(Kind.Blocked, "a", at: Noon),
                Row(Kind.Blocked, "z", at: Noon.AddHours(-5)),
                Row(Kind.Blocked, "c", at: Noon.AddHours(2)),
            ],
        };
        Assert.Equal(["z", "a", "b", "c"], Ids(await ListAsync(store, new WorkflowQuery(), "need", 100)));
        Assert.Equal(["z", "a", "b", "c"], Ids(await ListAsync(store, new WorkflowQuery(), "since", 100)));
        Assert.Equal(["c", "a", "b", "z"], Ids(await ListAsync(store, new WorkflowQuery(), "since desc", 100)));
    }

    [Theory]
    [InlineData("createdAt", "done early mid late nothing")]
    [InlineData("createdAt desc", "late mid early done nothing")]
    [InlineData("endedAt", "done late mid nothing early")]
    [InlineData("endedAt desc", "late done mid nothing early")]
    [InlineData("cluster", "early late done mid nothing")]
    [InlineData("cluster desc", "nothing mid done early late")]
    public async Task Other_orders_go_over_all_entries_and_unknown_values_come_last(string order, string expected)
    {
        ListStoreInMemory store = new()
        {
            Rows =
            [
                Row(Kind.Progressing, "early") with
                {
                    ClusterName = "alpha",
                },
                Row(Kind.Blocked, "mid") with
                {
                    ClusterName = "Gamma",
                },
                Row(Kind.Finished, "late", at: Noon.AddHours(3)) with
                {
                    ClusterName = "ALPHA",
                },
                Row(Kind.Finished, "done", at: Noon.AddHours(1)) with
                {
                    ClusterName = "beta",
                },
                Row(Kind.Unknown, "nothing") with
                {
                    ClusterName = "zeta",
                },
            ],
        };
        store.Rows[0] = Created(store.Rows[0], Noon.AddHours(-3));
        store.Rows[1] = Created(store.Rows[1], Noon.AddHours(-2));
        store.Rows[2] = Created(store.Rows[2], Noon.AddHours(-1));
        store.Rows[3] = Created(store.Rows[3], Noon.AddHours(-4));

        Assert.Equal(expected.Split(' '), Ids(await ListAsync(store, new WorkflowQuery(), order, 100)));
    }

    [Fact]
    public void Pages_of_any_size_and_order_hold_each_entry_once_and_only_the_last_is_short() =>
        Gen.Select(
                Rows,
                Gen.Int[0, WorkflowOrder.Names.Count - 1].Select(WorkflowOrder.Names.ElementAt),
                Gen.Int[1, 12],
                Gen.Enum<Assessment>().Nullable(),
                Gen.Bool.Nullable()
            )
            .Sample(
                (rows, order, size, assessment, active) =>
                {
                    ListStoreInMemory store = new() { Rows = rows };
                    var query = new WorkflowQuery
                    {
                        Assessment = assessment is { } one ? new AnyOf<Assessment>(one) : null,
                        Active = active,
                    };
                    var whole = Ids(ListAsync(store, query, order, 1000).GetAwaiter().GetResult());
                    Assert.Equal(
                        rows.Where(row =>
                                (active is null || active == (row is { Tracked: true, Outcome: null }))
                                && (assessment is null || WorkflowSummarizer.Assess(row, Baseline.Empty) == assessment)
                            )
                            .Select(row => row.Target.WorkflowId)
                            .Order(StringComparer.Ordinal),
                        whole.Order(StringComparer.Ordinal)
                    );

                    List<string> found = [];
                    WorkflowList? page = null;
                    do
                    {
                        page = ListAsync(store, query, order, size, page?.ContinuationToken).GetAwaiter().GetResult();
                        Assert.Null(page.Partial);
                        Assert.Equal(page.ContinuationToken is null ? Math.Min(size, whole.Count - found.Count) : size, page.Items.Count);
                        found.AddRange(Ids(page));
                        Assert.Equal(
                            whole.Skip(found.Count).Count(id => rows.Find(row => row.Target.WorkflowId == id)!.Outcome is null),
                            page.Remaining
                        );
                    } while (page.ContinuationToken is not null);

                    Assert.Equal(whole, found);
                },
                iter: 400
            );

    [Fact]
    public async Task Counts_are_of_active_ones_that_match_all_filters_but_the_assessment()
    {
        ListStoreInMemory store = new()
        {
            Rows =
            [
                Row(Kind.Blocked, "b1"),
                Row(Kind.Blocked, "b2", cluster: "other"),
                Row(Kind.Progressing, "p"),
                Row(Kind.Untracked, "u"),
                Row(Kind.Finished, "f"),
            ],
            Moving = [Row(Kind.Finished, "moving")],
        };

        var all = await ListAsync(store, new WorkflowQuery { Assessment = Assessment.Stalled }, "need", 10);
        Assert.Equal(
            (0, 2, 1, 3),
            (all.Items.Count, all.Counts[Assessment.Blocked], all.Counts[Assessment.Progressing], all.Counts.Values.Sum())
        );
        Assert.Equal(2, (await ListAsync(store, new WorkflowQuery { ClusterId = "c" }, "need", 10)).Counts.Values.Sum());
        Assert.Equal(0, (await ListAsync(store, new WorkflowQuery { Active = false }, "need", 10)).Counts.Values.Sum());
    }

    [Fact]
    public async Task Each_finished_entry_shown_is_one_point_read_and_active_ones_are_none()
    {
        ListStoreInMemory store = new()
        {
            Rows =
            [
                .. Enumerable.Range(0, 10).Select(i => Row(Kind.Blocked, $"b{i}")),
                .. Enumerable.Range(0, 50).Select(i => Row(Kind.Finished, $"f{i:00}", at: Noon.AddMinutes(-i))),
            ],
        };

        var full = await ListAsync(store, new WorkflowQuery(), "need", 10);
        Assert.Equal((0, 1, 0, true), (store.PointReads, store.Asked, full.Remaining, full.ContinuationToken is not null));
        var mixed = await ListAsync(store, new WorkflowQuery(), "need", 25);
        Assert.Equal((15, "f14"), (store.PointReads, Ids(mixed)[^1]));
        await ListAsync(store, new WorkflowQuery(), "need", 25, mixed.ContinuationToken);
        Assert.Equal(40, store.PointReads);
        await ListAsync(store, new WorkflowQuery { Assessment = Assessment.Blocked }, "need", 25);
        await ListAsync(store, new WorkflowQuery { Active = true }, "need", 25);
        Assert.Equal(40, store.PointReads);
    }

    [Fact]
    public async Task Purged_ones_are_passed_over_and_many_of_them_not_one_by_one()
    {
        ListStoreInMemory store = new()
        {
            Rows = [Row(Kind.Finished, "new", at: Noon), Row(Kind.Finished, "old", at: Noon.AddDays(-900))],
            Purged = [.. Enumerable.Range(1, 2000).Select(i => new FinishedEntry($"p{i}", Noon.AddHours(-i)) { ClusterId = "c" })],
        };

        var list = await ListAsync(store, new WorkflowQuery(), "need", 50);

        Assert.Equal(["new", "old"], Ids(list));
        Assert.Equal((1, null), (store.IdReads, list.ContinuationToken));
        Assert.InRange(store.PointReads, 2, 50 + 100);
    }

    [Fact]
    public async Task A_run_from_before_the_id_was_purged_shows_nothing()
    {
        var row = Row(Kind.Finished, "w", at: Noon);
        ListStoreInMemory store = new()
        {
            Rows = [row, Row(Kind.Progressing, "again")],
            Purged = [new("w", Noon.AddDays(-9)) { ClusterId = "c" }, new("again", Noon.AddDays(-1)) { ClusterId = "c" }],
        };
        Assert.Equal(["again", "w"], Ids(await ListAsync(store, new WorkflowQuery(), "need", 50)));
    }

    [Fact]
    public async Task What_has_ended_and_is_not_moved_yet_stands_once_among_the_finished()
    {
        ListStoreInMemory store = new()
        {
            Rows = [Row(Kind.Finished, "before", at: Noon.AddHours(1)), Row(Kind.Finished, "after", at: Noon.AddHours(-1))],
            Moving = [Row(Kind.Finished, "moving", at: Noon)],
        };
        Assert.Equal(["before", "moving", "after"], Ids(await ListAsync(store, new WorkflowQuery(), "need", 50)));
        Assert.Equal(["after", "moving", "before"], Ids(await ListAsync(store, new WorkflowQuery(), "endedAt", 50)));
        Assert.Empty(Ids(await ListAsync(store, new WorkflowQuery { Active = true }, "need", 50)));
    }

    [Fact]
    public async Task Rows_that_cannot_be_read_are_counted_and_hide_no_other()
    {
        ListStoreInMemory store = new()
        {
            Rows = [Row(Kind.Blocked, "b"), Row(Kind.Finished, "f1"), Row(Kind.Finished, "f2")],
            Damaged = ["f1"],
            Unreadable = 2,
        };
        var list = await ListAsync(store, new WorkflowQuery(), "need", 50);
        Assert.Equal(["b", "f2"], Ids(list));
        Assert.Equal(3, list.Unreadable);
    }

    [Fact]
    public async Task A_page_that_takes_too_long_says_so_and_its_token_continues_behind_it()
    {
        ListStoreInMemory store = new()
        {
            Rows =
            [
                Row(Kind.Blocked, "b"),
                .. Enumerable.Range(0, 400).Select(i => Row(Kind.Finished, $"f{i:000}", at: Noon.AddMinutes(-i))),
            ],
        };
        store.Before = id => _clock.Advance(id == "f010" ? ListLimits.Time : TimeSpan.Zero);

        var first = await ListAsync(store, new WorkflowQuery(), "need", 1000);
        Assert.Equal((PartialReason.Time, "b", "f126"), (first.Partial, Ids(first)[0], Ids(first)[^1]));
        store.Before = _ => { };
        var second = await ListAsync(store, new WorkflowQuery(), "need", 1000, first.ContinuationToken);
        Assert.Equal((null, null), (second.Partial, second.ContinuationToken));
        Assert.Equal(store.Rows.Select(row => row.Target.WorkflowId), Ids(first).Concat(Ids(second)));
    }

    [Fact]
    public async Task A_page_that_is_slow_and_whole_is_not_partial()
    {
        ListStoreInMemory store = new() { Rows = [Row(Kind.Finished, "f")] };
        store.Before = _ => _clock.Advance(ListLimits.Time);
        var list = await ListAsync(store, new WorkflowQuery(), "need", 10);
        Assert.Equal((1, null, null), (list.Items.Count, list.Partial, list.ContinuationToken));
    }

    [Fact]
    public async Task A_cut_page_continues_with_the_entry_that_was_cut_off()
    {
        ListStoreInMemory store = new()
        {
            Rows = [.. Enumerable.Range(0, 9).Select(i => Row(Kind.Blocked, $"b{i}")), Row(Kind.Finished, "f")],
        };
        var whole = await ListAsync(store, new WorkflowQuery(), "need", 100);
        var cut = whole.Cut(4);
        Assert.Equal((PartialReason.Size, 5), (cut.Partial, cut.Remaining));
        Assert.Equal(Ids(whole), Ids(cut).Concat(Ids(await ListAsync(store, new WorkflowQuery(), "need", 100, cut.ContinuationToken))));
    }

    [Fact]
    public async Task A_token_of_another_order_or_filter_is_refused()
    {
        ListStoreInMemory store = new() { Rows = [Row(Kind.Blocked, "b1"), Row(Kind.Blocked, "b2")] };
        var token = (await ListAsync(store, new WorkflowQuery(), "need", 1)).ContinuationToken;
        await Assert.ThrowsAsync<InvalidContinuationTokenException>(() => ListAsync(store, new WorkflowQuery(), "since", 1, token));
        await Assert.ThrowsAsync<InvalidContinuationTokenException>(() =>
            ListAsync(store, new WorkflowQuery { ClusterId = "c" }, "need", 1, token)
        );
    }

    [Fact]
    public async Task A_forged_token_that_names_no_instant_is_refused()
    {
        ListStoreInMemory store = new() { Rows = [Row(Kind.Finished, "f")] };
        var text = $"workflows {new WorkflowQuery()} need";
        foreach (var number in (long[])[1, long.MinValue, long.MaxValue, -DateTimeOffset.MaxValue.UtcTicks - 1])
        {
            await Assert.ThrowsAsync<InvalidContinuationTokenException>(() =>
                ListAsync(store, new WorkflowQuery(), "need", 1, ContinuationToken.Encode(text, new SortKey(17, "", number, "f")))
            );
        }
    }

    private static Gen<List<TrackedWorkflow>> Rows { get; } =
        Gen.Select(Gen.Enum<Kind>(), Gen.Int[0, 5], Gen.Int[0, 3])
            .List[0, 40]
            .Select(items =>
                items
                    .Select(
                        (item, i) =>
                            Row(item.Item1, $"w{i}", Noon.AddHours(item.Item2), $"c{item.Item3}") with
                            {
                                ClusterName = item.Item3 == 0 ? null : $"Näme-{item.Item3}",
                            }
                    )
                    .ToList()
            );

    private enum Kind
    {
        Blocked,
        Stalled,
        Gone,
        Waiting,
        Unknown,
        NotStarted,
        RollingBack,
        Progressing,
        Untracked,
        Finished,
    }

    /// <param name="at">Since when it is as it is.</param>
    private static TrackedWorkflow Row(Kind kind, string id, DateTimeOffset? at = null, string cluster = "c")
    {
        var since = at ?? Noon;
        var row = new TrackedWorkflow
        {
            Target = new WorkflowTarget("p", cluster, id),
            TrackedAt = since,
            Tracked = kind is not Kind.Untracked,
            ObservedAt = since.AddMinutes(1),
        };
        return kind switch
        {
            Kind.Unknown => row with { ObservedAt = null },
            Kind.Gone => Read(row, "Running", since, ("Cluster", "Running", since)) with { GoneSince = since },
            Kind.Blocked => Read(row, "Pending", since, ("Cluster", "Failed", since.AddMinutes(-5))),
            Kind.Stalled => Read(row, "Running", since, ("Cluster", "Running", since)) with { ObservedAt = since.AddHours(9) },
            Kind.Waiting => Read(row, "Running", since, ("PreCheck", "Success", since.AddMinutes(-5)), ("Cluster", "Init", null)),
            Kind.NotStarted => Read(row, "Init", since, ("PreCheck", "Init", null)),
            Kind.RollingBack => Read(row, "Running", since, ("Cluster", "Failed", since.AddMinutes(-9)), ("Rollback", "Running", since)),
            Kind.Finished => Read(row, "Success", since, ("Cluster", "Success", since.AddMinutes(-5))) with
            {
                Outcome = WorkflowOutcome.Succeeded,
                EndedAt = since,
            },
            _ => Read(row, "Running", since, ("Cluster", "Running", since)),
        };
    }

    private static TrackedWorkflow Read(
        TrackedWorkflow row,
        string phase,
        DateTimeOffset since,
        params (string Type, string Status, DateTimeOffset? Start)[] tasks
    ) =>
        row with
        {
            Sequence = 1,
            LastChangedAt = since,
            PhaseSince = since,
            State = new UpgradeWorkflow
            {
                Phase = WorkflowPhase.From(phase),
                CreatedAt = since.AddHours(-1),
                Tasks =
                [
                    .. tasks.Select(task => new UpgradeTask
                    {
                        Type = UpgradeTaskType.From(task.Type),
                        TaskId = task.Start is null ? null : task.Type,
                        Status = UpgradeTaskStatus.From(task.Status),
                        StartedAt = task.Start,
                        EndedAt = task.Status is "Success" or "Failed" ? since : null,
                    }),
                ],
            },
        };

    private static TrackedWorkflow Created(TrackedWorkflow row, DateTimeOffset at) =>
        row with
        {
            State = row.State! with { CreatedAt = at },
        };

    private static List<string> Ids(WorkflowList list) => [.. list.Items.Select(item => item.Row.Target.WorkflowId)];

    private Task<WorkflowList> ListAsync(ListStoreInMemory store, WorkflowQuery query, string order, int size, string? token = null)
    {
        Assert.True(WorkflowOrder.TryParse(order, out var parsed));
        var baselines = new BaselineCache(new BaselineInMemory(), _clock, NullLogger<BaselineCache>.Instance);
        return new WorkflowLister(store, baselines, _clock).ListAsync(query, parsed, size, token, Cancel);
    }
}
