using System.Text;
using Autopilot.Core.Reporting;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Core.Tests.Tracking;

/// <summary>
/// How many requests a cycle sends upstream: one for each workflow that is due, and one for each reason that is not known.
/// </summary>
public sealed class UpstreamRequestTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly MemoryStore _store = new();
    private readonly ScriptedSource _upstream = new();
    private readonly FakeTimeProvider _clock = new(Start);
    private readonly ServiceProvider _provider;

    public UpstreamRequestTests() =>
        _provider = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(_clock)
            .AddStore(_store)
            .AddSingleton<IBaselineStore>(new BaselineInMemory())
            .AddSingleton<IUpgradeWorkflowSource>(_upstream)
            .AddAutopilotCore(new ConfigurationBuilder().Build())
            .BuildServiceProvider();

    public void Dispose() => _provider.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    public async Task A_fleet_of_running_stages_costs_one_request_for_each(int running)
    {
        Track(running);
        _upstream.Answer = target =>
            Task.FromResult(State(target, "Running", """{"taskType":"Cluster","taskID":"c","status":"Running"}"""));

        Assert.Equal((running, 0), await CycleAsync());
        Assert.Equal((running, 0), await CycleAsync());
    }

    [Theory]
    [InlineData("PreCheck", 0)]
    [InlineData("PreCheck", 1)]
    [InlineData("PreCheck", 10)]
    [InlineData("Cluster", 10)]
    [InlineData("Snapshot", 10)]
    [InlineData("Rollback", 10)]
    public async Task A_fleet_of_failed_stages_costs_one_more_for_each_in_the_first_cycle_alone(string type, int failed)
    {
        Track(failed);
        _upstream.Answer = target =>
            Task.FromResult(State(target, "Running", $$"""{"taskType":"{{type}}","taskID":"t","status":"Failed"}"""));

        Assert.Equal((failed, failed), await CycleAsync());
        Assert.Equal((failed, 0), await CycleAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    public async Task A_fleet_that_waits_for_its_cluster_stage_asks_once_for_the_latest_backup(int waiting)
    {
        Track(waiting);
        _upstream.Snapshots = () => Task.FromResult(new SnapshotList(Start.AddDays(-1), []));
        _upstream.Answer = target =>
            Task.FromResult(State(target, "Running", """{"taskType":"PreCheck","taskID":"p","status":"Success"},{"taskType":"Cluster"}"""));

        Assert.Equal((waiting, waiting), await CycleAsync());
        Assert.Equal((waiting, 0), await CycleAsync());
    }

    [Fact]
    public async Task One_list_of_backups_explains_a_snapshot_and_a_rollback()
    {
        Track(1);
        _upstream.Snapshots = () => Task.FromResult(new SnapshotList(null, []));
        _upstream.Answer = target =>
            Task.FromResult(
                State(
                    target,
                    "Pending",
                    """{"taskType":"Snapshot","taskID":"s","status":"Failed"},{"taskType":"Rollback","taskID":"r","status":"Failed"}"""
                )
            );

        Assert.Equal((1, 1), await CycleAsync());
    }

    private void Track(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _store.Put(new TrackedWorkflow { Target = new WorkflowTarget("p", $"c{i}", $"w{i}"), TrackedAt = Start });
        }
    }

    /// <summary>Reads of workflows, and all other requests, of one cycle over everything.</summary>
    private async Task<(int Workflows, int Others)> CycleAsync()
    {
        var (read, asked) = (_upstream.Read.Count, _upstream.Asked.Count);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await _provider.GetRequiredService<PollCycle>().RunAsync(new CycleRequest(DueOnly: false), CancellationToken.None);
        return (_upstream.Read.Count - read, _upstream.Asked.Count - asked);
    }

    private static WorkflowObservation State(WorkflowTarget target, string phase, string points) =>
        WorkflowDocument.Read(
            Encoding.UTF8.GetBytes(
                $$"""
                {"metadata":{"uid":"{{target.WorkflowId}}","creationTimestamp":"2026-01-01 00:00:00 +0000 UTC"},"spec":{"targetVersion":"v1.28.6-r0"},
                 "status":{"phase":"{{phase}}","pointStatuses":[{{points}}]} }
                """
            )
        );
}
