using System.Buffers;
using Autopilot.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;

namespace Autopilot.Api.Requests;

/// <summary>
/// No body over 64 KiB, whoever serves us and however it is framed. Every endpoint's body is small, so it is read whole here; endpoints
/// then read from memory.
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

                // A server that knows there is none says so; one that cannot tell is read.
                if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
                {
                    await next(context);
                    return;
                }

                // One byte more than is allowed tells whether there is more.
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
