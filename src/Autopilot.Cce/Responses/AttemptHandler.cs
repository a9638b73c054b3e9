using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Autopilot.Cce.Telemetry;
using Autopilot.Core.Upstream;

namespace Autopilot.Cce.Responses;

/// <summary>
/// The innermost handler. It measures the attempt, and reads the body within its limit. So the timeout and the retry outside of it cover
/// the body too. An error's status counts whatever its body is: a rejection must not be retried because its text is broken or slow.
/// </summary>
internal sealed class AttemptHandler(CceMetrics metrics, WireClock wire) : DelegatingHandler
{
    /// <summary>How long an error's text is waited for.</summary>
    private static readonly TimeSpan ErrorPatience = TimeSpan.FromSeconds(2);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var operation = CceRequest.Of(request).Operation;
        var started = Stopwatch.GetTimestamp();
        int? status = null;
        string? error = null;
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            status = (int)response.StatusCode;
            try
            {
                await BufferAsync(response, CceRequest.Of(request).MaxBytes, cancellationToken);
                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
        catch (IOException e) when (!cancellationToken.IsCancellationRequested)
        {
            error = "cut";
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "The connection was cut in the middle of an answer.", e);
        }
        catch (IOException)
        {
            error = "timeout_or_cancelled";
            throw new OperationCanceledException(cancellationToken);
        }
        catch (InvalidDataException e)
        {
            error = nameof(InvalidDataException);
            throw new UpstreamException(
                UpstreamFailure.Invalid,
                "Upstream's answer is compressed and cannot be decompressed. The last good state is kept.",
                e
            )
            {
                StatusCode = status,
            };
        }
        catch (Exception e)
        {
            error = e switch
            {
                OperationCanceledException => "timeout_or_cancelled",
                HttpRequestException { HttpRequestError: var kind } => kind.ToString(),
                _ => e.GetType().Name,
            };
            throw;
        }
        finally
        {
            metrics.Attempt(operation, status, error, Stopwatch.GetElapsedTime(started));
        }
    }

    private async Task BufferAsync(HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        var content = response.Content;
        var body =
            response.StatusCode == HttpStatusCode.OK
                ? await BoundedContent.ReadAsync(content, limit, cancellationToken)
                : await BoundedContent.ReadErrorAsync(content, ErrorPatience, wire.Clock, cancellationToken);
        var type = content.Headers.ContentType;
        content.Dispose();
        response.Content = new ByteArrayContent(body);
        response.Content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type.MediaType ?? "application/octet-stream");
    }
}
