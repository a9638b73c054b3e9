using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Autopilot.Cce.Telemetry;

namespace Autopilot.Cce.Answers;

/// <summary>
/// Next to the wire: reads the body within its limit, so that the timeout and the retry outside of it cover the body too, and measures the attempt.
/// </summary>
internal sealed class AttemptHandler(CceMetrics metrics) : DelegatingHandler
{
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

    private static async Task BufferAsync(HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        var content = response.Content;
        var body = response.StatusCode == HttpStatusCode.OK
            ? await BoundedContent.ReadAsync(content, limit, cancellationToken)
            : await BoundedContent.ReadBeginningAsync(content, BoundedContent.MaxErrorBytes, cancellationToken);
        var type = content.Headers.ContentType;
        content.Dispose();
        response.Content = new ByteArrayContent(body);
        response.Content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type.MediaType ?? "application/octet-stream");
    }
}
