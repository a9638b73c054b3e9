using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using CsCheck;

namespace Autopilot.Storage.Tests;

/// <summary>
/// Two trackers over the same tables, in any interleaving, with answers lost at random: guarantee 1 holds.
/// </summary>
public sealed class InterleavingTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    private const int Workflows = 4;

    /// <summary>Upstream moves on, one tracker reads its rows, or writes what it saw when it last read them.</summary>
    private enum Step
    {
        Upstream,
        FirstReads,
        FirstWrites,
        SecondReads,
        SecondWrites,
        Both,
    }

    private static readonly Gen<(Step Step, int Workflow, Fault Fault)> Steps = Gen.Select(
        Gen.Enum<Step>(),
        Gen.Int[0, Workflows - 1],
        Gen.Frequency(
            (5, Gen.Const(Fault.None)),
            (1, Gen.Const(Fault.CutBefore)),
            (1, Gen.Const(Fault.CutAfter)),
            (1, Gen.Const(Fault.FailAfter))
        )
    );

    [Fact]
    public async Task Histories_have_no_gap_no_equal_neighbours_and_keep_their_order()
    {
        var run = 0;
        var (conflicts, ambiguous) = (0, 0);
        await Steps
            .Array[10, 60]
            .SampleAsync(
                async steps =>
                {
                    var shard = Shard.All[Interlocked.Increment(ref run) % Shard.Count];
                    // Ids of this run alone: the tables are shared by all runs.
                    var ids = Enumerable
                        .Range(0, int.MaxValue)
                        .Select(i => $"run-{run}-{i}")
                        .Where(id => Shard.Of(id) == shard)
                        .Take(Workflows)
                        .ToList();
                    var transports = new[] { new FaultyTransport(), new FaultyTransport() };
                    var trackers = transports.Select((t, i) => new Tracker(NewStore(t), shard, ids, Noon.AddTicks(i))).ToArray();
                    await SeedAsync(trackers[0].Store, shard, ids);
                    var upstream = ids.ToDictionary(id => id, _ => 0);

                    foreach (var (step, workflow, fault) in steps)
                    {
                        var left = 2;
                        foreach (var transport in transports)
                        {
                            transport.Next = (kind, _) =>
                                kind is "transaction" or "write" && Interlocked.Decrement(ref left) >= 0 ? fault : Fault.None;
                        }
                        switch (step)
                        {
                            case Step.Upstream:
                                upstream[ids[workflow]]++;
                                break;
                            case Step.FirstReads or Step.SecondReads:
                                await trackers[step is Step.FirstReads ? 0 : 1].ReadAsync(upstream);
                                break;
                            case Step.FirstWrites or Step.SecondWrites:
                                await trackers[step is Step.FirstWrites ? 0 : 1].WriteAsync();
                                break;
                            default:
                                await Task.WhenAll(trackers.Select(t => t.WriteAsync()));
                                break;
                        }
                    }

                    conflicts += trackers.Sum(t => t.Conflicts);
                    ambiguous += trackers.Sum(t => t.Ambiguous);
                    foreach (var id in ids)
                    {
                        var history = await HistoryAsync(trackers[0].Store, id);
                        // A state of upstream is its number: what was observed can only grow.
                        var states = history.Select(h => trackers[0].NumberOf(h.Hash)).ToList();
                        Assert.Equal(states.Distinct().Order(), states);
                        Assert.Equal(Enumerable.Range(1, states.Count).Select(n => (long)n), history.Select(h => h.Sequence));
                        var row = (await trackers[0].Store.FindAsync(id, Cancel))!;
                        Assert.Equal((states.Count, history.LastOrDefault()?.Hash), ((int)row.Sequence, row.Hash));
                        // Every write that was reported as committed is there.
                        Assert.Subset(
                            states.ToHashSet(),
                            trackers.SelectMany(t => t.Landed).Where(l => l.Id == id).Select(l => l.State).ToHashSet()
                        );
                        // And no other writes are.
                        Assert.Equal(states.Count, trackers.SelectMany(t => t.Landed).Count(l => l.Id == id));
                    }
                },
                iter: 30,
                threads: 1
            );

        // It was hard, or it proved nothing.
        Assert.True(conflicts > 0 && ambiguous > 0, $"{conflicts} conflicts and {ambiguous} lost answers were met.");
    }

    /// <summary>What a process does in its cycles, taken apart into its read and its write.</summary>
    private sealed class Tracker(TableWorkflowStore store, Shard shard, IReadOnlyList<string> ids, DateTimeOffset start)
    {
        private readonly Dictionary<string, int> _numbers = Enumerable.Range(0, 100).ToDictionary(n => HashOf($"state {n}"), n => n);
        private IReadOnlyList<WorkflowWrite> _writes = [];
        private DateTimeOffset _now = start;

        public TableWorkflowStore Store => store;

        public int Conflicts { get; private set; }

        public int Ambiguous { get; private set; }

        public List<(string Id, int State)> Landed { get; } = [];

        public int NumberOf(string hash) => _numbers[hash];

        public async Task ReadAsync(Dictionary<string, int> upstream)
        {
            var contents = await store.ReadShardAsync(shard, Cancel);
            _now = _now.AddSeconds(1);
            _writes =
            [
                .. contents
                    .Workflows.Where(w => ids.Contains(w.Target.WorkflowId))
                    .Select(row => Observe(row, upstream[row.Target.WorkflowId])),
            ];
        }

        public async Task WriteAsync()
        {
            if (_writes.Count == 0)
            {
                return;
            }
            var report = await store.WriteAsync(shard, _writes, Board(_now), Cancel);
            Conflicts += report.Conflicts;
            Ambiguous += report.Ambiguous;
            for (var i = 0; i < _writes.Count; i++)
            {
                if (report.Outcomes[i] is WriteOutcome.Committed && _writes[i].Appended is { } appended)
                {
                    Landed.Add((_writes[i].After.Target.WorkflowId, NumberOf(appended.Entry.Hash)));
                }
            }
            _writes = [];
        }

        private WorkflowWrite Observe(TrackedWorkflow row, int state) =>
            row.Hash == HashOf($"state {state}") ? Unchanged(row, _now) : Change(row, $"state {state}", _now);
    }
}
