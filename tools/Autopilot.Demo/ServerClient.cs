using System.Net.Http.Json;
using System.Text.Json;

namespace Autopilot.Demo;

/// <summary>A client of the server as anybody could write one: it knows the HTTP contract and nothing of what is behind it.</summary>
internal sealed class ServerClient(Uri baseAddress) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly HttpClient _http = new() { BaseAddress = baseAddress, Timeout = TimeSpan.FromSeconds(20) };

    public async Task TrackAsync(
        string workflowId,
        string projectId,
        string clusterId,
        string clusterName,
        CancellationToken cancellationToken
    )
    {
        using var answer = await _http.PutAsJsonAsync(
            $"api/workflows/{workflowId}",
            new
            {
                projectId,
                clusterId,
                clusterName,
            },
            Json,
            cancellationToken
        );
        if (!answer.IsSuccessStatusCode)
        {
            throw new DemoException(
                $"the server did not take workflow {workflowId}: {(int)answer.StatusCode} "
                    + $"{await answer.Content.ReadAsStringAsync(cancellationToken)}"
            );
        }
    }

    /// <summary>Ends the tracking of an upgrade; false where it was not tracked.</summary>
    public async Task<bool> UntrackAsync(string workflowId, CancellationToken cancellationToken)
    {
        using var answer = await _http.DeleteAsync(new Uri($"api/workflows/{workflowId}", UriKind.Relative), cancellationToken);
        return answer.IsSuccessStatusCode;
    }

    /// <summary>Asks for a cycle now; how many workflows it read.</summary>
    public async Task<int> PollAsync(CancellationToken cancellationToken)
    {
        using var answer = await _http.PostAsync(new Uri("api/poll", UriKind.Relative), null, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<Cycle>(Json, cancellationToken))?.Polled ?? 0;
    }

    /// <summary>Every workflow, over all pages.</summary>
    public async Task<IReadOnlyList<Summary>> ListAsync(CancellationToken cancellationToken) =>
        await AllAsync<Summary>("api/workflows?maxpagesize=100", cancellationToken);

    public async Task<Summary> ShowAsync(string workflowId, CancellationToken cancellationToken) =>
        await GetAsync<Summary>($"api/workflows/{workflowId}", cancellationToken);

    /// <summary>The summary as text for a terminal.</summary>
    public Task<string> TellAsync(string workflowId, CancellationToken cancellationToken) =>
        _http.GetStringAsync(new Uri($"api/workflows/{workflowId}?format=text", UriKind.Relative), cancellationToken);

    /// <summary>The changes after a sequence, oldest first.</summary>
    public async Task<IReadOnlyList<Observation>> ChangesSinceAsync(
        string workflowId,
        long sequence,
        CancellationToken cancellationToken
    ) =>
        [
            .. (await AllAsync<Observation>($"api/workflows/{workflowId}/history?maxpagesize=100", cancellationToken))
                .Where(seen => seen.Sequence > sequence)
                .OrderBy(seen => seen.Sequence),
        ];

    public void Dispose() => _http.Dispose();

    private async Task<List<T>> AllAsync<T>(string path, CancellationToken cancellationToken)
    {
        var all = new List<T>();
        for (var next = path; next is not null; )
        {
            var page = await GetAsync<PageOf<T>>(next, cancellationToken);
            all.AddRange(page.Value);
            next = page.NextLink;
        }

        return all;
    }

    private async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken) =>
        await _http.GetFromJsonAsync<T>(path, Json, cancellationToken)
        ?? throw new DemoException($"the server answered {path} with nothing.");

    private sealed record Cycle(int Polled);

    private sealed record PageOf<T>(IReadOnlyList<T> Value, string? NextLink);
}

/// <summary>What the demo reads of a summary.</summary>
internal sealed record Summary(
    string Id,
    string? ClusterName,
    string? FromVersion,
    string? TargetVersion,
    string Assessment,
    string Headline,
    long Sequence,
    DateTimeOffset? EndedAt
)
{
    public string Name => ClusterName ?? Id;
}

/// <summary>An entry of a history.</summary>
internal sealed record Observation(
    long Sequence,
    DateTimeOffset ObservedAt,
    string Phase,
    string Assessment,
    IReadOnlyList<Difference> Changes
);

internal sealed record Difference(string? Task, string What, string? From, string? To);
