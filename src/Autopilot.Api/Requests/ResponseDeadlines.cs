using Autopilot.Core.Rows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Api.Requests;

/// <summary>
/// Ends a request whose response has not begun within its route's <see cref="ResponseDeadline"/> with 503 <c>StorageUnavailable</c>, since
/// only the storage makes such a route wait. After the first byte the deadline has no effect.
/// </summary>
internal static class ResponseDeadlines
{
    /// <summary>Gives a route, or a group of them, a limit. What stands nearest to the route decides.</summary>
    public static TBuilder RespondsWithin<TBuilder>(this TBuilder builder, TimeSpan limit)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new ResponseDeadline(limit));

    /// <summary>Leaves it to the route how long its answer takes.</summary>
    public static TBuilder HasOwnDeadline<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new ResponseDeadline(Limit: null));

    public static IApplicationBuilder UseResponseDeadlines(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
                context.GetEndpoint()?.Metadata.GetMetadata<ResponseDeadline>()?.Limit is { } limit
                    ? RunAsync(context, next, limit)
                    : next(context)
        );

    /// <summary>This request keeps a limit of its own.</summary>
    public static void LiftDeadline(this HttpContext context) => context.Features.Get<RunningDeadline>()?.Lift();

    private static async Task RunAsync(HttpContext context, RequestDelegate next, TimeSpan limit)
    {
        var aborted = context.RequestAborted;
        using var source = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        var deadline = new RunningDeadline(source);
        source.CancelAfter(limit);
        context.Features.Set(deadline);
        context.RequestAborted = source.Token;
        context.Response.OnStarting(
            static state =>
            {
                ((RunningDeadline)state).Lift();
                return Task.CompletedTask;
            },
            deadline
        );
        try
        {
            await next(context);
        }
        catch (OperationCanceledException exception)
            when (source.IsCancellationRequested && !aborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            throw new StorageUnavailableException($"The storage did not answer within {limit.TotalSeconds:0} s.", exception);
        }
        finally
        {
            // The problem is written after this.
            context.RequestAborted = aborted;
            context.Features.Set<RunningDeadline>(null);
        }
    }

    private sealed class RunningDeadline(CancellationTokenSource source)
    {
        public void Lift()
        {
            try
            {
                source.CancelAfter(Timeout.InfiniteTimeSpan);
            }
            catch (ObjectDisposedException)
            {
                // The request has failed, and its problem begins.
            }
        }
    }
}
