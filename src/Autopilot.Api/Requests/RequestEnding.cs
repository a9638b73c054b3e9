using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Autopilot.Api.Requests;

/// <summary>What ends long work that a request asked for.</summary>
internal static class RequestEnding
{
    /// <summary>
    /// Cancelled when the caller leaves, and when the process stops: work then ends cleanly and its result says so; a host cuts connections
    /// only later.
    /// </summary>
    public static CancellationTokenSource Ending(this HttpContext context) =>
        CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted,
            context.RequestServices.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None
        );
}
