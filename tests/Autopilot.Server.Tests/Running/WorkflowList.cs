using System.Net.Http.Json;
using System.Text.Json;

namespace Autopilot.Server.Tests.Running;

/// <summary>The list as a client reads it: page by page, to its end.</summary>
internal static class WorkflowList
{
    /// <summary>Every summary.</summary>
    public static async Task<IReadOnlyList<JsonElement>> ListAsync(this HttpClient client)
    {
        var summaries = new List<JsonElement>();
        for (string? next = "/api/workflows?maxpagesize=1000"; next is not null; )
        {
            var page = await client.GetFromJsonAsync<JsonElement>(next);
            summaries.AddRange(page.GetProperty("value").EnumerateArray());
            next = page.TryGetProperty("nextLink", out var link) ? link.GetString() : null;
        }

        return summaries;
    }

    /// <summary>How many have been read from upstream at least once.</summary>
    public static async Task<int> CountReadAsync(this HttpClient client) =>
        (await client.ListAsync()).Count(summary => summary.GetProperty("sequence").GetInt64() > 0);
}
