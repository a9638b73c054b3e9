using System.Buffers;
using Autopilot.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;

namespace Autopilot.Api.Requests;

/// <summary>
/// Rejects every body over 64 KiB, in every host and with every framing. All bodies are small, so they are read whole here; endpoints then
/// read from memory.
/// </summary>
internal static class BodyLimit
{
    public static IApplicationBuilder UseBodyLimit(this IApplicationBuilder app) =>
        app.Use(
            async (context, next) =>
            {
                var request = context.Request;
                if (request.ContentLength > ProblemFactory.MaxBody)
                {
                    await new ProblemResult(ProblemFactory.PayloadTooLarge()).ExecuteAsync(context);
                    return;
                }

                // A server that knows that there is no body says so; otherwise the body is read.
                if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
                {
                    await next(context);
                    return;
                }

                // Reading one byte more than the limit shows whether there is more.
                var buffer = ArrayPool<byte>.Shared.Rent(ProblemFactory.MaxBody + 1);
                try
                {
                    var length = await request.Body.ReadAtLeastAsync(
                        buffer.AsMemory(0, ProblemFactory.MaxBody + 1),
                        ProblemFactory.MaxBody + 1,
                        throwOnEndOfStream: false,
                        context.RequestAborted
                    );
                    if (length > ProblemFactory.MaxBody)
                    {
                        await new ProblemResult(ProblemFactory.PayloadTooLarge()).ExecuteAsync(context);
                        return;
                    }

                    // Visible, since endpoints take the bytes as they are here.
                    request.Body = new MemoryStream(buffer, 0, length, writable: false, publiclyVisible: true);
                    await next(context);
                }
                finally
                {
                    request.Body = Stream.Null;
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            }
        );
}
