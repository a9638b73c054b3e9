using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Autopilot.Functions.Stopping;

/// <summary>
/// Aborts the HTTP connections when the drain's limit is over. A stopping web server waits for its connections until
/// <see cref="InvocationDrain.LongestWait"/>, and the process with it, however short the limit is. It waits for a request that hangs as for
/// an answer that its client reads slowly.
/// </summary>
internal sealed class HttpCutOff(InvocationDrain drain) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions options) =>
        options.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection => RunAsync(next, connection)));

    private async Task RunAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        using var abort = drain.CutOff.Register(() => connection.Abort(new ConnectionAbortedException("The worker stops.")));
        try
        {
            // A request that ignores the abort must not keep the server waiting.
            await next(connection).WaitAsync(drain.CutOff);
        }
        catch (OperationCanceledException) when (drain.CutOff.IsCancellationRequested)
        {
            // Given up.
        }
    }
}
