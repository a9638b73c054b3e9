using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Storage.Tests;

public sealed class BaselineTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    private static readonly DateOnly May = new(2026, 5, 1);

    [Fact]
    public async Task Without_a_table_nothing_is_known_and_nothing_is_created()
    {
        var baselines = NewBaselines();

        Assert.Null(await baselines.ReadBaselineAsync(Cancel));
        Assert.Empty(await baselines.ReadRunsAsync(May, 1000, Cancel));
        Assert.False(await baselines.AnyRunStoredAsync(May, DateTimeOffset.UtcNow.AddYears(-1), Cancel));
        await Assert.ThrowsAsync<Azure.RequestFailedException>(() => RunsTable.AddEntityAsync(new TableEntity("p", "r"), Cancel));
    }

    [Fact]
    public async Task What_is_kept_is_read_again_and_the_next_takes_its_place()
    {
        var baselines = NewBaselines();
        var first = BaselineBuilder.Of(Enumerable.Range(0, 5).Select(i => Run($"w{i}", Noon, i)));

        await baselines.WriteBaselineAsync(new StoredBaseline(first, Noon), Cancel);
        var read = await NewBaselines().ReadBaselineAsync(Cancel);
        Assert.Equal((Noon, 5), (read!.ComputedAt, read.Baseline.Find(UpgradeTaskType.Cluster, "v1.28")!.Count));
        Assert.Equal(first.Entries, read.Baseline.Entries);

        await baselines.WriteBaselineAsync(new StoredBaseline(Baseline.Empty, Noon.AddHours(1)), Cancel);
        Assert.Empty((await baselines.ReadBaselineAsync(Cancel))!.Baseline.Entries);
    }

    [Fact]
    public async Task As_many_failures_as_are_kept_fit_into_the_row_with_names_of_full_length()
    {
        var baselines = NewBaselines();
        var random = new Random(7);
        FailurePrecedent[] failures =
        [
            .. Enumerable
                .Range(0, Baseline.MaxFailures)
                .Select(i => new FailurePrecedent(
                    UpgradeTaskType.PreCheck,
                    string.Concat(Enumerable.Range(0, 128).Select(_ => (char)random.Next(0x4E00, 0x9FFF))),
                    Guid.NewGuid().ToString(),
                    Guid.NewGuid().ToString(),
                    Noon.AddMinutes(i),
                    random.NextDouble() * 1e6
                )
                {
                    Resolved = i % 2 == 0,
                    Named = i % 3 == 0,
                }),
        ];

        await baselines.WriteBaselineAsync(new StoredBaseline(new Baseline([]) { Failures = failures }, Noon), Cancel);

        Assert.Equal(failures, (await NewBaselines().ReadBaselineAsync(Cancel))!.Baseline.Failures);
    }

    [Fact]
    public async Task The_runs_of_a_month_come_newest_first_and_whole()
    {
        var store = NewStore();
        var runs = new[]
        {
            Run("w1", Noon, 10),
            Run("w2", Noon.AddDays(1), 20),
            Run("w3", Noon.AddMonths(-1), 30),
            Run("w4", Noon.AddDays(2), 40),
        };
        foreach (var run in runs)
        {
            await store.FinishAsync(
                new TrackedWorkflow
                {
                    Target = run.Target,
                    Outcome = run.Outcome,
                    EndedAt = run.EndedAt,
                },
                run,
                Cancel
            );
        }
        var baselines = NewBaselines();

        var read = await baselines.ReadRunsAsync(May, 1000, Cancel);
        Assert.Equal(["w4", "w2", "w1"], read.Select(run => run.Target.WorkflowId));
        Assert.Equivalent(runs[0], read[2], strict: true);
        Assert.Equal(["w4", "w2"], (await baselines.ReadRunsAsync(May, 2, Cancel)).Select(run => run.Target.WorkflowId));
        Assert.Equal("w3", Assert.Single(await baselines.ReadRunsAsync(May.AddMonths(-1), 1000, Cancel)).Target.WorkflowId);
    }

    [Fact]
    public async Task A_run_is_found_by_when_it_was_stored_and_not_by_when_it_ended()
    {
        var run = Run("w1", Noon.AddMonths(-3), 10);
        await NewStore()
            .FinishAsync(
                new TrackedWorkflow
                {
                    Target = run.Target,
                    Outcome = run.Outcome,
                    EndedAt = run.EndedAt,
                },
                run,
                Cancel
            );
        var baselines = NewBaselines();
        await baselines.WriteBaselineAsync(new StoredBaseline(Baseline.Empty, Noon), Cancel);

        Assert.True(await baselines.AnyRunStoredAsync(May.AddMonths(-11), DateTimeOffset.UtcNow.AddMinutes(-10), Cancel));
        Assert.False(await baselines.AnyRunStoredAsync(May.AddMonths(-11), DateTimeOffset.UtcNow.AddMinutes(10), Cancel));
        Assert.False(await baselines.AnyRunStoredAsync(May, DateTimeOffset.UtcNow.AddMinutes(-10), Cancel));
    }

    [Fact]
    public async Task A_run_that_cannot_be_read_is_left_out_and_a_broken_baseline_is_none()
    {
        await RunsTable.CreateIfNotExistsAsync(Cancel);
        await RunsTable.AddEntityAsync(new TableEntity("2026-05", "0|w1") { ["Outcome"] = "Novel", ["EndedAt"] = Noon }, Cancel);
        await RunsTable.AddEntityAsync(new TableEntity("baseline", "current") { ["ComputedAt"] = Noon, ["Entries"] = "{" }, Cancel);

        Assert.Empty(await NewBaselines().ReadRunsAsync(May, 1000, Cancel));
        Assert.Null(await NewBaselines().ReadBaselineAsync(Cancel));
    }

    private IBaselineStore NewBaselines() => NewServices().GetRequiredService<IBaselineStore>();

    private static FinishedUpgrade Run(string id, DateTimeOffset endedAt, double seconds) =>
        new()
        {
            Target = new WorkflowTarget("p", "c", id),
            ClusterName = "blue",
            FromVersion = "v1.27.3-r0",
            TargetVersion = "v1.28.6-r0",
            Outcome = WorkflowOutcome.Succeeded,
            CreatedAt = endedAt.AddHours(-2),
            StartedAt = endedAt.AddHours(-1),
            EndedAt = endedAt,
            ElapsedSeconds = 7200,
            ActiveSeconds = 600.25,
            WaitingSeconds = 6599.75,
            Attempts = 2,
            Tasks = [new FinishedTask(UpgradeTaskType.Cluster, UpgradeTaskStatus.Success, seconds, 2 * seconds, 1.5, 2, 1)],
        };
}
