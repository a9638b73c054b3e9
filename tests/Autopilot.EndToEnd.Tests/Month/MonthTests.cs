using System.Globalization;
using System.Text;
using System.Text.Json;
using Autopilot.Core.Notifications;
using Autopilot.Core.Reporting;
using Autopilot.Core.Retention;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Autopilot.Simulator;
using Autopilot.Simulator.Faults;
using Autopilot.Simulator.Fleet;
using Azure.Data.Tables;

namespace Autopilot.EndToEnd.Tests.Month;

/// <summary>
/// A fleet over a long time: upgrades start at random, upstream forgets finished ones, throttles and fails, processes are restarted,
/// webhooks fail. A day by default; <c>AUTOPILOT_MONTH_DAYS=30</c> and <c>AUTOPILOT_MONTH_CLUSTERS=100</c> make it a month. The figures are
/// in the test's output.
/// </summary>
public sealed class MonthTests(AzuriteFixture azurite, ITestOutputHelper output) : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan DiscoveryEvery = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Longest time from a change to its observation: a waiting workflow is polled every fifth tick, and one that is throttled, fails or
    /// falls out of a cycle's budget comes some cycles later. Upstream remembers for twice as long.
    /// </summary>
    private static readonly TimeSpan SurelySeen = TimeSpan.FromHours(3);

    private readonly int _days = Setting("AUTOPILOT_MONTH_DAYS", 1);
    private readonly int _clusters = Setting("AUTOPILOT_MONTH_CLUSTERS", 15);
    private readonly HurriedClock _clock = new(Start);
    private readonly WebhookReceiver _receiver = new(seed: 5);
    private SimulatorApp _upstream = null!;
    private TrackerProcess _tracker = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fleet_loses_no_upgrade_and_no_notification_over_a_long_time()
    {
        var span = TimeSpan.FromDays(_days);
        var (history, runs) = (span / 4, span / 2);
        var fleet = SimulatedFleet.CreateRandom(
            _clusters,
            seed: 11,
            span,
            meanPause: _days > 7 ? TimeSpan.FromDays(5) : TimeSpan.FromHours(10)
        );
        var simulator = new SimulatorOptions
        {
            Fleet = fleet,
            ForgetAfter = TimeSpan.FromHours(6),
            Seed = 3,
        };
        _upstream = SimulatorApp.Create(simulator, _clock.Time);
        await _upstream.StartAsync(Cancel);
        await _receiver.StartAsync(Cancel);
        _tracker = new TrackerProcess(azurite.Server.ConnectionString, _clock.Time, Settings(fleet, simulator, history, runs));

        var ledger = new Ledger();
        var seen = new Dictionary<string, FinishedUpgrade>();
        for (var at = Start; at < Start + span; at += Tick)
        {
            var (hour, isNewHour) = ((int)(at - Start).TotalHours, at.Minute == 0);
            Disturb(hour, isNewHour);
            await CycleAsync(ledger, cutShort: isNewHour && hour % 24 is (7 or 11 or 19));
            await DeliverAsync(ledger);
            if (isNewHour && hour % 24 == 3)
            {
                await RetainAsync(ledger, seen);
            }

            if (isNewHour && hour % 24 is (7 or 11 or 19))
            {
                await _tracker.RestartAsync();
            }

            if (isNewHour && hour > 0 && hour % 24 == 0)
            {
                output.WriteLine(
                    $"day {hour / 24}: {ledger.CycleReads} reads and {ledger.CycleWrites} writes in cycles, {_receiver.Got.Count} "
                        + $"transitions notified"
                );
            }

            _clock.Time.Advance(Tick);
        }

        // A quiet while, for what is still on its way.
        _upstream.Faults.Clear();
        _receiver.IsWell = true;
        for (var tick = 0; tick < 24; tick++, _clock.Time.Advance(Tick))
        {
            await CycleAsync(ledger, cutShort: false);
            await DeliverAsync(ledger);
        }

        // The receiver refuses one in twenty even when it is well: what ended in the last of those ticks has a right to further attempts,
        // too.
        for (var attempt = 0; attempt < 6; attempt++, _clock.Time.Advance(TimeSpan.FromMinutes(1)))
        {
            await DeliverAsync(ledger);
        }

        await RetainAsync(ledger, seen);
        await AssertHistoriesAsync(fleet, seen);
        AssertNotifications(seen);
        await AssertTablesAsync(history, runs, seen);
        AssertBudget(ledger, fleet);
    }

    public async ValueTask DisposeAsync()
    {
        if (_tracker is not null)
        {
            await _tracker.DisposeAsync();
        }

        if (_upstream is not null)
        {
            await _upstream.DisposeAsync();
        }

        await _receiver.DisposeAsync();
        _clock.Dispose();
    }

    private Dictionary<string, string?> Settings(SimulatedFleet fleet, SimulatorOptions simulator, TimeSpan history, TimeSpan runs)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Cce:Endpoint"] = _upstream.BaseAddress.GetLeftPart(UriPartial.Authority),
            ["Cce:AccessKey"] = simulator.AccessKey,
            ["Cce:SecretKey"] = simulator.SecretKey,
            // The clock runs on while an answer is awaited.
            ["Cce:AttemptTimeout"] = "00:05:00",
            // As long as a cycle may take: with less, a slow tick leaves permits of the gateway's window unused.
            ["Cce:MaxThrottleWait"] = "00:04:00",
            ["PollSchedule"] = "0 */5 * * * *",
            ["Discovery:Every"] = DiscoveryEvery.ToString("c", CultureInfo.InvariantCulture),
            ["Retention:History"] = history.ToString("c", CultureInfo.InvariantCulture),
            ["Retention:Runs"] = runs.ToString("c", CultureInfo.InvariantCulture),
            ["Notifications:Webhooks:0:Name"] = "events",
            ["Notifications:Webhooks:0:Url"] = _receiver.Url,
        };
        foreach (var (index, project) in fleet.Clusters.Select(cluster => cluster.ProjectId).Distinct().Index())
        {
            settings[$"Tracking:Projects:{index}"] = project;
        }

        return settings;
    }

    /// <summary>Every day has its hour of throttling, its bad hours upstream and its bad hour of the webhook.</summary>
    private void Disturb(int hour, bool isNewHour)
    {
        if (!isNewHour)
        {
            return;
        }

        _upstream.Faults.Clear();
        _receiver.IsWell = hour % 24 != 15;
        if (hour % 24 == 9)
        {
            _upstream.Faults.Add(
                new Fault
                {
                    Kind = FaultKind.Throttled,
                    Limit = Math.Max(10, _clusters),
                    Times = 1,
                }
            );
        }

        if (hour % 6 == 5)
        {
            _upstream.Faults.Add(new Fault { Kind = FaultKind.ServerError, Probability = 0.1 });
            _upstream.Faults.Add(new Fault { Kind = FaultKind.CutMidBody, Probability = 0.05 });
        }
    }

    private async Task CycleAsync(Ledger ledger, bool cutShort)
    {
        _tracker.Operations.Reset();
        using var stopping = new CancellationTokenSource();
        if (cutShort)
        {
            stopping.CancelAfter(TimeSpan.FromMilliseconds(15));
        }

        var result = await _clock.RunAsync(_tracker.Get<PollCycle>().RunAsync(new CycleRequest(DueOnly: true), stopping.Token));
        ledger.Cycle(result, _tracker.Operations.Reads, _tracker.Operations.Writes);
    }

    private async Task DeliverAsync(Ledger ledger)
    {
        _tracker.Operations.Reset();
        await _clock.RunAsync(_tracker.Get<NotificationDelivery>().RunAsync(TimeSpan.FromMinutes(2), Cancel));
        ledger.Delivered(_tracker.Operations.Reads + _tracker.Operations.Writes);
    }

    private async Task RetainAsync(Ledger ledger, Dictionary<string, FinishedUpgrade> seen)
    {
        // What retention is about to take was there before.
        foreach (var run in await RunsAsync())
        {
            if (seen.TryAdd(run.Target.WorkflowId, run) && run.EndedAt > _clock.Time.GetUtcNow() - TimeSpan.FromDays(_days) / 4)
            {
                await AssertHistoryEndsAsync(run);
            }
        }

        _tracker.Operations.Reset();
        var pass = await _clock.RunAsync(_tracker.Get<RetentionRun>().RunAsync(Cancel));
        Assert.True(pass.Complete, string.Join(' ', pass.Errors));
        ledger.Retained(pass, _tracker.Operations.Reads, _tracker.Operations.Writes);
    }

    /// <summary>Numbered without a gap, ended with the state that upstream ended with.</summary>
    private async Task AssertHistoryEndsAsync(FinishedUpgrade run)
    {
        var (states, id) = (_tracker.Get<IHistoryStore>(), run.Target.WorkflowId);
        var workflow = await _tracker.Get<IWorkflowReader>().FindAsync(id, Cancel);
        Assert.True(workflow is { IsFinished: true }, $"{id} has a run and is not finished.");
        var history = await states.ReadHistoryAsync(id, null, null, 1000, null, Cancel);
        Assert.Equal(
            Enumerable.Range(1, (int)workflow.Sequence).Reverse().Select(n => (long)n),
            history.Items.Select(item => item.Sequence)
        );
        var last = await states.ReadStateAsync(id, workflow.Sequence, Cancel);
        var version = JsonDocument
            .Parse(last!.Document)
            .RootElement.GetProperty("metadata")
            .GetProperty("labels")
            .GetProperty("simulator/state")
            .GetString();
        Assert.Equal(_upstream.World.StatesOf(id)[^1].Version.ToString(CultureInfo.InvariantCulture), version);
    }

    private async Task AssertHistoriesAsync(SimulatedFleet fleet, Dictionary<string, FinishedUpgrade> seen)
    {
        var (now, ended, live) = (_clock.Time.GetUtcNow(), 0, 0);
        foreach (var workflow in fleet.Workflows)
        {
            var states = _upstream.World.StatesOf(workflow.Id);
            var (born, final) = (states[0].At, states[^1]);
            if (final.At <= now - SurelySeen)
            {
                ended++;
                Assert.True(
                    seen.TryGetValue(workflow.Id, out var run),
                    $"{workflow.Id} ({workflow.Life.GetType().Name}, {born:u} to {final.At:u}) is not in the history."
                );
                Assert.InRange(run.EndedAt, born, final.At + SurelySeen);
                Assert.NotEqual(WorkflowOutcome.Gone, run.Outcome);
                if (final.At - born > DiscoveryEvery + 2 * Tick)
                {
                    Assert.True(run.SeenLive, $"{workflow.Id} lived from {born:u} to {final.At:u} and was seen only after its end.");
                }
            }
            // One that has just ended may be on either side.
            else if (final.At > now && born <= now - SurelySeen)
            {
                live++;
                Assert.True(
                    await _tracker.Get<IWorkflowReader>().FindAsync(workflow.Id, Cancel) is { IsFinished: false, Sequence: > 0 },
                    $"{workflow.Id} goes on since {born:u} and is not followed."
                );
            }
        }

        output.WriteLine(
            $"{_days} days, {_clusters} clusters: {fleet.Workflows.Count} upgrades, of which {ended} ended and are in the history "
                + $"with their end, {live} go on and are followed; "
                + $"{_upstream.Requests.Count()} requests upstream, of which {_upstream.Faults.Struck(FaultKind.Throttled)} were "
                + $"throttled and {_upstream.Faults.Struck(FaultKind.ServerError) + _upstream.Faults.Struck(FaultKind.CutMidBody)} "
                + $"failed; {_tracker.Restarts} restarts"
        );
        Assert.True(ended > _clusters / 2, "Too few upgrades ended to prove anything.");
    }

    /// <summary>
    /// Of each upgrade that was seen live: a chain from <c>Unknown</c> to its end, each transition beginning where the one before it ended,
    /// first delivered in this order.
    /// </summary>
    private void AssertNotifications(Dictionary<string, FinishedUpgrade> seen)
    {
        var reported = _receiver.Got.GroupBy(got => got.WorkflowId).ToDictionary(got => got.Key, got => got.ToList());
        var (transitions, duplicates) = (0, 0);
        foreach (var run in seen.Values.Where(run => run.SeenLive))
        {
            var id = run.Target.WorkflowId;
            Assert.True(reported.TryGetValue(id, out var events), $"Nothing was told of {id}.");
            var first = events.DistinctBy(e => e.EventId).ToList();
            duplicates += events.Count - first.Count;
            transitions += first.Count;
            Assert.Equal(first.OrderBy(e => e.Sequence).Select(e => e.EventId), first.Select(e => e.EventId));
            Assert.Equal(["Unknown", .. first.SkipLast(1).Select(e => e.Assessment)], first.Select(e => e.Before));
            Assert.Equal(run.Outcome is WorkflowOutcome.Succeeded ? "Completed" : "Cancelled", first[^1].Assessment);
        }

        output.WriteLine(
            $"{transitions} transitions notified in order and without a gap, {duplicates} of them twice; the webhook failed "
                + $"{_receiver.Failures} times"
        );
    }

    private async Task AssertTablesAsync(TimeSpan history, TimeSpan runs, Dictionary<string, FinishedUpgrade> seen)
    {
        var now = _clock.Time.GetUtcNow();
        var (rows, ids) = (new Dictionary<string, int>(), new HashSet<string>());
        var states = new HashSet<string>();
        await foreach (
            var row in new TableClient(azurite.Server.ConnectionString, _tracker.Prefix + "Workflows").QueryAsync<TableEntity>(
                cancellationToken: Cancel
            )
        )
        {
            var parts = row.RowKey.Split('|');
            rows[parts[0]] = rows.GetValueOrDefault(parts[0]) + 1;
            if (parts[0] is "a" or "f")
            {
                ids.Add(parts[1]);
            }

            if (parts[0] is "h")
            {
                states.Add(parts[1]);
            }

            if (parts[0] is "f")
            {
                Assert.True(
                    row.GetDateTimeOffset("EndedAt") >= now - history,
                    $"{parts[1]} ended at {row.GetDateTimeOffset("EndedAt"):u} and is still here."
                );
            }
        }

        Assert.Subset(ids, states);
        Assert.Equal(0, rows.GetValueOrDefault("n"));
        var kept = await RunsAsync();
        Assert.Equal(
            seen.Values.Where(run => run.EndedAt >= now - runs).Select(run => run.Target.WorkflowId).Order(),
            kept.Select(run => run.Target.WorkflowId).Order()
        );
        output.WriteLine(
            "rows left: "
                + string.Join(", ", rows.OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => $"{kind.Key} {kind.Value}"))
                + $"; runs {kept.Count}"
        );
    }

    private void AssertBudget(Ledger ledger, SimulatedFleet fleet)
    {
        ledger.Explain(fleet.Workflows.Count, (_clock.Time.GetUtcNow() - Start) / BaselineCache.Period + _tracker.Restarts + 1);
        output.WriteLine(ledger.ToString());
        Assert.True(ledger.CycleReads <= ledger.ReadBudget, $"{ledger.CycleReads} reads, {ledger.ReadBudget} allowed");
        Assert.True(ledger.CycleWrites <= ledger.WriteBudget, $"{ledger.CycleWrites} writes, {ledger.WriteBudget} allowed");
    }

    private async Task<IReadOnlyList<FinishedUpgrade>> RunsAsync()
    {
        var runs = new List<FinishedUpgrade>();
        for (
            var month = new DateOnly(2026, 2, 1);
            month <= DateOnly.FromDateTime(_clock.Time.GetUtcNow().UtcDateTime);
            month = month.AddMonths(1)
        )
        {
            runs.AddRange(await _tracker.Get<IBaselineStore>().ReadRunsAsync(month, int.MaxValue, Cancel));
        }

        return runs;
    }

    private static int Setting(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given > 0
            ? given
            : fallback;

    /// <summary>What it all cost, and what the guarantees allow for it.</summary>
    private sealed class Ledger
    {
        private int _cycles,
            _incomplete,
            _polled,
            _changed,
            _finished,
            _found,
            _looks,
            _deliveryOperations,
            _dear,
            _retentionReads,
            _retentionWrites;
        private RetentionResult _retention = new();

        public long CycleReads { get; private set; }

        public long CycleWrites { get; private set; }

        public double ReadBudget { get; private set; }

        public double WriteBudget { get; private set; }

        public void Cycle(CycleResult result, int reads, int writes)
        {
            _cycles++;
            _incomplete += result.Complete ? 0 : 1;
            _polled += result.Polled;
            _changed += result.Changed;
            _finished += result.Finished;
            var found = result.Discovered + result.Recorded;
            _found += found;
            _looks += result.Clusters;
            CycleReads += reads;
            CycleWrites += writes;
            // Guarantee 2, and what discovery adds; a conflict or a lost response reads once more.
            var readBudget = 16 + (result.Polled + result.Skipped) / 1000 + result.Conflicts + result.Ambiguous;
            var writeBudget =
                48 + (result.Polled + result.Skipped) / 99 + result.Changed / 33 + 3 * result.Finished + 16 + result.Clusters / 100;
            // By itself a cycle may hold the look at the baseline, and what it found.
            _dear += reads > readBudget + 14 + 5 * found || writes > writeBudget + 1 + 3 * found ? 1 : 0;
            ReadBudget += readBudget;
            WriteBudget += writeBudget;
        }

        /// <summary>Each upgrade was found once, and the baseline looked at once in its period and by each new process.</summary>
        public void Explain(int upgrades, double scans)
        {
            ReadBudget += 5 * upgrades + 14 * scans;
            WriteBudget += 3 * upgrades + scans;
        }

        public void Delivered(int operations) => _deliveryOperations += operations;

        public void Retained(RetentionResult pass, int reads, int writes)
        {
            _retention = new RetentionResult
            {
                Workflows = _retention.Workflows + pass.Workflows,
                States = _retention.States + pass.States,
                Runs = _retention.Runs + pass.Runs,
            };
            (_retentionReads, _retentionWrites) = (_retentionReads + reads, _retentionWrites + writes);
        }

        public override string ToString() =>
            new StringBuilder()
                .AppendLine(
                    CultureInfo.InvariantCulture,
                    $"{_cycles} cycles ({_incomplete} incomplete, {_dear} dearer than one by itself may be): {_polled} polls, "
                        + $"{_changed} changes, {_finished} finished, {_looks} looks at clusters and projects, {_found} found"
                )
                .AppendLine(
                    CultureInfo.InvariantCulture,
                    $"cycles: {CycleReads} reads of {ReadBudget:0} allowed, {CycleWrites} writes of {WriteBudget:0} allowed; "
                        + $"delivery: {_deliveryOperations} operations"
                )
                .Append(
                    CultureInfo.InvariantCulture,
                    $"retention: {_retention.Workflows} workflows, {_retention.States} states and {_retention.Runs} runs deleted with "
                        + $"{_retentionReads} reads and {_retentionWrites} writes"
                )
                .ToString();
    }
}
