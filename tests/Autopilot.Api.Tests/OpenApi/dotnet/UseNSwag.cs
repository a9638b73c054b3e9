// What a bot author writes with a client of NSwag.
using System;
using System.Net.Http;
using System.Threading.Tasks;
using Autopilot.Client;

public static class UseNSwag
{
    public static async Task<string> RunAsync(string server, string key, string workflowId)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("x-functions-key", key);
        var client = new AutopilotClient(http) { BaseUrl = server };

        var one = await client.GetWorkflowAsync(workflowId, null);
        var timeline = await client.GetWorkflowTimelineAsync(workflowId, null);
        // What is not there is null, and no date of the year 1.
        DateTimeOffset? end = one.EndedAt;
        string missing;
        try
        {
            await client.GetWorkflowAsync("unheard-of", null);
            missing = "found";
        }
        catch (ApiException<Problem> problem)
        {
            missing = $"{problem.StatusCode} {problem.Result.Code}";
        }

        return $"{one.Id} {one.Assessment} {end?.ToString("O") ?? "goes on"}, {(timeline.EndedAt is null ? "open" : "over")}, {missing}";
    }
}
