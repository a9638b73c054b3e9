using System.Collections.Concurrent;

namespace Autopilot.Simulator.Serving;

/// <summary>
/// Records what was served: per workflow, each state version, when and how often. Written before the response is sent, so that no client
/// can have a state that is not in here. Safe for any number of threads.
/// </summary>
public sealed class ServedLedger
{
    private readonly ConcurrentDictionary<(string WorkflowId, int Version), Entry> _served = new();

    /// <summary>The versions of a workflow that were served, oldest version first; empty when none was.</summary>
    public IReadOnlyList<ServedVersion> Of(string workflowId) =>
        [
            .. _served
                .Where(entry => entry.Key.WorkflowId == workflowId)
                .Select(entry => entry.Value.ToVersion(entry.Key.Version))
                .OrderBy(served => served.Version),
        ];

    /// <summary>Records an answer that is about to be sent.</summary>
    /// <returns>To be called once it was sent to its end.</returns>
    internal Action Record(string workflowId, int version, string what, DateTimeOffset at, bool byToken) =>
        _served.GetOrAdd((workflowId, version), _ => new Entry(what)).Add(new ServedResponse(at, byToken, Delivered: false));

    /// <summary>The answers that showed one version.</summary>
    private sealed class Entry(string what)
    {
        private readonly Lock _lock = new();
        private readonly List<ServedResponse> _answers = [];

        public Action Add(ServedResponse answer)
        {
            lock (_lock)
            {
                var index = _answers.Count;
                _answers.Add(answer);
                return () => Deliver(index);
            }
        }

        public ServedVersion ToVersion(int version)
        {
            lock (_lock)
            {
                return new ServedVersion(
                    version,
                    what,
                    _answers.Min(answer => answer.At),
                    _answers.Max(answer => answer.At),
                    _answers.Count
                )
                {
                    Answers = [.. _answers],
                };
            }
        }

        private void Deliver(int index)
        {
            lock (_lock)
            {
                _answers[index] = _answers[index] with { Delivered = true };
            }
        }
    }
}
