// What a bot author writes with a client of Kiota.
using System;
using System.Net.Http;
using System.Threading.Tasks;
using Autopilot.Client;
using Autopilot.Client.Api.Workflows;
using Autopilot.Client.Models;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;

public static class UseKiota
{
    public static async Task<string> RunAsync(string server, string key, string workflowId)
    {
        // Kiota's own provider of keys refuses plain HTTP, which is what a server on the same machine speaks.
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("x-functions-key", key);
        using var adapter = new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: http)
        {
            BaseUrl = server.TrimEnd('/'),
        };
        var client = new AutopilotClient(adapter);

        var one = await client.Api.Workflows[workflowId].GetAsync();
        var list = await client.Api.Workflows.GetAsync(request =>
            request.QueryParameters.Assessment = new[] { GetAssessmentQueryParameterType.Blocked, GetAssessmentQueryParameterType.Waiting }
        );
        // What is not there is null, and no date of the year 1.
        DateTimeOffset? end = one.EndedAt;
        string missing;
        try
        {
            await client.Api.Workflows["unheard-of"].GetAsync();
            missing = "found";
        }
        catch (Problem problem)
        {
            missing = $"{problem.ResponseStatusCode} {problem.Code}: {problem.Message}";
        }

        return $"{one.Id} {one.Assessment} {end?.ToString("O") ?? "goes on"}, {list.Value.Count} listed, {missing}";
    }
}
