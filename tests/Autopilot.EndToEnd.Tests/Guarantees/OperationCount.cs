using Azure.Core;
using Azure.Core.Pipeline;

namespace Autopilot.EndToEnd.Tests.Guarantees;

/// <summary>
/// Counts what leaves a storage client: a GET is a read, everything else a write. Retries count, since they are paid for.
/// </summary>
internal sealed class OperationCount : HttpPipelineSynchronousPolicy
{
    private int _reads,
        _writes;

    public int Reads => _reads;

    public int Writes => _writes;

    public void Reset() => _reads = _writes = 0;

    public override void OnSendingRequest(HttpMessage message) =>
        Interlocked.Increment(ref message.Request.Method == RequestMethod.Get ? ref _reads : ref _writes);
}
