using Azure.Data.Tables;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Autopilot.BareFunctionApp;

/// <summary>One function of each trigger.</summary>
internal sealed class BareFunctions(TableServiceClient tables)
{
    /// <summary>Reads one row, and answers with it as JSON.</summary>
    [Function("Query")]
    public async Task QueryAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/workflows/{id}")] HttpRequest request,
        string id
    )
    {
        var row = await tables
            .GetTableClient("Bare")
            .GetEntityAsync<TableEntity>("bare", id, cancellationToken: request.HttpContext.RequestAborted);
        request.HttpContext.Response.ContentType = "application/json";
        await request.HttpContext.Response.WriteAsync(row.Value.GetString("Document"), request.HttpContext.RequestAborted);
    }

    /// <summary>Does nothing.</summary>
    [Function("PollTimer")]
    public static void Poll([TimerTrigger("%PollSchedule%")] TimerInfo timer)
    {
        _ = timer;
    }
}
