using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Autopilot.Api.Representations;

/// <summary>
/// Writes bodies in pieces. It cuts the connection of a reader that takes nothing for <see cref="LongestPause"/>, since that would hold the
/// memory of its answer for good.
/// </summary>
internal static partial class ResponseWriter
{
    /// <summary>How long a reader may take nothing.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of a piece. Each piece has the whole time, so that a slow reader is not taken for one that has stopped.</summary>
    private const int Piece = 32 * 1024;

    /// <param name="context">The answer whose body it is.</param>
    /// <param name="bytes">Not used any more once the task has ended.</param>
    /// <returns>Whether the reader took it. If not, the connection is cut, and nothing more can be written.</returns>
    /// <exception cref="OperationCanceledException">The caller left.</exception>
    public static async ValueTask<bool> WriteAsync(HttpContext context, ReadOnlyMemory<byte> bytes)
    {
        for (var offset = 0; offset < bytes.Length; offset += Piece)
        {
            var piece = bytes.Slice(offset, Math.Min(Piece, bytes.Length - offset));
            var writing = context.Response.BodyWriter.WriteAsync(piece, context.RequestAborted);
            if (writing.IsCompletedSuccessfully)
            {
                _ = writing.Result;
            }
            else if (!await TakenAsync(context, writing.AsTask()))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Sends what is written so far; a compressor would hold it back otherwise.</summary>
    /// <inheritdoc cref="WriteAsync"/>
    public static async ValueTask<bool> FlushAsync(HttpContext context)
    {
        var flushing = context.Response.Body.FlushAsync(context.RequestAborted);
        return flushing.IsCompletedSuccessfully || await TakenAsync(context, flushing);
    }

    private static async Task<bool> TakenAsync(HttpContext context, Task writing)
    {
        var clock = context.RequestServices.GetRequiredService<TimeProvider>();
        try
        {
            await writing.WaitAsync(LongestPause, clock);
            return true;
        }
        catch (TimeoutException)
        {
            LogStopped(
                context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Autopilot.Api.Representations"),
                context.Request.Method,
                LongestPause.TotalSeconds
            );
            context.Abort();
            // Ends with the connection, and holds the bytes until then.
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return false;
        }
    }

    [LoggerMessage(
        EventId = 6005,
        EventName = "ReaderStopped",
        Level = LogLevel.Information,
        Message = "The reader of an answer to {Method} took nothing for {Seconds} s; its connection was cut"
    )]
    private static partial void LogStopped(ILogger logger, string method, double seconds);
}
