using Polly;

namespace Autopilot.Cce.Responses;

/// <summary>
/// Sends through a pipeline of Polly's. Polly's own handler for <see cref="HttpClient"/> does the same and brings ten more assemblies into
/// every process.
/// </summary>
internal sealed class ResilienceHandler(ResiliencePipeline<HttpResponseMessage> pipeline) : DelegatingHandler
{
    private static readonly ResiliencePropertyKey<HttpRequestMessage> RequestKey = new("Autopilot.Cce.Request");

    /// <summary>The request that a strategy decides about; null outside of this handler.</summary>
    public static HttpRequestMessage? RequestOf(ResilienceContext context) => context.Properties.GetValue(RequestKey, null!);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(RequestKey, request);
        try
        {
            return await pipeline.ExecuteAsync(
                static (context, sending) =>
                    new ValueTask<HttpResponseMessage>(sending.Handler.SendOnceAsync(sending.Request, context.CancellationToken)),
                context,
                (Handler: this, Request: request)
            );
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.SendAsync(request, cancellationToken);
}
