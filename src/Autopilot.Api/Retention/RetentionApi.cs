using Autopilot.Api.OpenApi;
using Autopilot.Api.Polling;
using Autopilot.Api.Representations;
using Autopilot.Api.Requests;
using Autopilot.Core.Retention;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Autopilot.Api.Retention;

/// <summary>The routes of retention: a preview of what has expired, and a run on request, with a key that may manage.</summary>
internal static class RetentionApi
{
    public static IEndpointRouteBuilder MapRetentionApi(this IEndpointRouteBuilder api)
    {
        api.MapMethods("/retention/expired", ReadMethods.All, PreviewAsync)
            .WithName("GetExpired")
            .WithSummary("What retention would delete now.")
            .Offers(Format.Json)
            .WithDescription("With up to 100 examples, and what the last run did. Ask this before you shorten an age.")
            .RespondsWithin(ResponseDeadline.Scan)
            .LimitedBy(ConcurrencyGroup.Reports)
            .Answers<ExpiredResponse>("What would go.");
        api.MapDelete("/retention/expired", DeleteAsync)
            .WithName("DeleteExpired")
            .WithSummary("Deletes what is past its retention now, as the retention schedule does.")
            .Offers(Format.Json)
            .WithDescription("Ends within 200 s; complete is false then, and the next run continues. A deletion cannot be taken back.")
            .HasOwnDeadline()
            .Answers<RetentionResponse>("What was deleted.");
        return api;
    }

    internal static async Task<IResult> PreviewAsync([FromServices] RetentionRun run, CancellationToken cancellationToken) =>
        new Representation(
            JsonBody.Serialize(ExpiredResponse.Of(await run.PreviewAsync(cancellationToken)), ApiJson.Default.ExpiredResponse)
        );

    internal static async Task<IResult> DeleteAsync([FromServices] RetentionRun run, HttpContext context)
    {
        using var ending = context.Ending();
        return new Representation(
            JsonBody.Serialize(RetentionResponse.Of(await run.RunAsync(PollingApi.Budget, ending.Token)), ApiJson.Default.RetentionResponse)
        );
    }
}
