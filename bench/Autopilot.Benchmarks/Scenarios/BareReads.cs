using Autopilot.Benchmarks.Upstream;

namespace Autopilot.Benchmarks.Scenarios;

/// <summary>
/// The yardstick (a): the same GETs as a cycle makes, at the same concurrency and in the same process, not signed and not looked at.
/// </summary>
internal sealed class BareReads : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = ScenarioRun.Concurrency });
    private readonly Uri[] _documents;

    public BareReads(UpstreamProcess upstream, int workflows) =>
        _documents = [.. Enumerable.Range(0, workflows).Select(number => new Uri(upstream.Address, Fleet.PathOf(number)))];

    public Task RunAsync() =>
        Parallel.ForEachAsync(
            _documents,
            new ParallelOptions { MaxDegreeOfParallelism = ScenarioRun.Concurrency },
            async (document, token) => await _http.GetByteArrayAsync(document, token)
        );

    public void Dispose() => _http.Dispose();
}
