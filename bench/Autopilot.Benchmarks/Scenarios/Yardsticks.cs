using System.Text.Json;
using Autopilot.Azurite;
using Autopilot.Benchmarks.Upstream;
using Azure.Data.Tables;

namespace Autopilot.Benchmarks.Scenarios;

/// <summary>What somebody would write in an afternoon, at the same concurrency and in the same process as ours.</summary>
internal sealed class Yardsticks : IDisposable
{
    private static readonly ParallelOptions AtOnce = new() { MaxDegreeOfParallelism = ScenarioRun.Concurrency };

    private readonly HttpClient _http;
    private readonly Uri[] _documents;
    private readonly TableServiceClient _tables;
    private readonly TableClient _upserts;

    public Yardsticks(AzuriteServer azurite, UpstreamProcess upstream, int workflows)
    {
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = ScenarioRun.Concurrency });
        _documents = [.. Enumerable.Range(0, workflows).Select(number => new Uri(upstream.Address, Fleet.PathOf(number)))];
        _tables = new TableServiceClient(azurite.ConnectionString);
        _upserts = _tables.GetTableClient($"Y{Guid.NewGuid():N}");
        _upserts.CreateIfNotExists();
    }

    /// <summary>(a) The same GETs, not signed and not looked at.</summary>
    public Task BareReadsAsync() => Parallel.ForEachAsync(_documents, AtOnce, async (document, token) => await _http.GetByteArrayAsync(document, token));

    /// <summary>(b) The obvious function body: read, parse, write a row, for each workflow by itself.</summary>
    public Task ObviousFunctionAsync() => Parallel.ForEachAsync(_documents, AtOnce, async (uri, token) =>
    {
        await using var body = await _http.GetStreamAsync(uri, token);
        using var document = await JsonDocument.ParseAsync(body, default, token);
        var (metadata, status) = (document.RootElement.GetProperty("metadata"), document.RootElement.GetProperty("status"));
        await _upserts.UpsertEntityAsync(
            new TableEntity("workflows", metadata.GetProperty("uid").GetString()!)
            {
                ["Phase"] = status.GetProperty("phase").GetString(),
                ["Document"] = document.RootElement.GetRawText(),
                ["ObservedAt"] = DateTimeOffset.UtcNow,
            },
            TableUpdateMode.Replace, token);
    });

    /// <summary>A table of its own for <see cref="SingleInsertsAsync"/>, so that it does not grow from round to round.</summary>
    public async Task<TableClient> NewTableAsync()
    {
        var table = _tables.GetTableClient($"I{Guid.NewGuid():N}");
        await table.CreateAsync();
        return table;
    }

    /// <summary>(c) One insert for each workflow, of a row with a document, and nothing read.</summary>
    public Task SingleInsertsAsync(TableClient table, string document) => Parallel.ForEachAsync(Enumerable.Range(0, _documents.Length), AtOnce, async (number, token) =>
        await table.AddEntityAsync(new TableEntity("workflows", Fleet.IdOf(number)) { ["Phase"] = "Running", ["Document"] = document, ["ObservedAt"] = DateTimeOffset.UtcNow }, token));

    /// <summary>One document as upstream answers it.</summary>
    public Task<string> DocumentAsync() => _http.GetStringAsync(_documents[0]);

    public void Dispose() => _http.Dispose();
}
