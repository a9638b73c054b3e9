using System.Diagnostics;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Autopilot.Benchmarks.Reports;

/// <summary>
/// What goes over the wire to the tables: requests, bytes of the answers, and the time until each answer was there whole. Nothing here goes
/// to the tables two at a time.
/// </summary>
internal sealed class StorageTraffic : HttpPipelinePolicy
{
    private long _bytes,
        _ticks;
    private int _requests;

    public int Requests => _requests;

    public long Bytes => _bytes;

    public TimeSpan Waited => Stopwatch.GetElapsedTime(0, _ticks);

    public void Reset() => (_requests, _bytes, _ticks) = (0, 0, 0);

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("The store is asynchronous throughout.");

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var start = Stopwatch.GetTimestamp();
        // Answers are buffered below this.
        await ProcessNextAsync(message, pipeline);
        Interlocked.Add(ref _ticks, Stopwatch.GetTimestamp() - start);
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _bytes, message.Response.ContentStream is { CanSeek: true } content ? content.Length : 0);
    }
}
