using Azure.Core;
using Azure.Core.Pipeline;

namespace Autopilot.Storage.Tables;

/// <summary>Counts every request as it goes over the wire, retries included: that is what is paid.</summary>
/// <param name="kind">The kind that every request is counted as; null to derive a table operation's kind from method and path.</param>
internal sealed class CountOperationsPolicy(string? kind = null) : HttpPipelinePolicy
{
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        try
        {
            ProcessNext(message, pipeline);
        }
        finally
        {
            Count(message);
        }
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        try
        {
            await ProcessNextAsync(message, pipeline);
        }
        finally
        {
            Count(message);
        }
    }

    private void Count(HttpMessage message)
    {
        var status = message.HasResponse ? message.Response.Status.ToString(System.Globalization.CultureInfo.InvariantCulture) : "none";
        StorageMetrics.Operations.Add(
            1,
            new KeyValuePair<string, object?>("kind", kind ?? KindOf(message.Request)),
            new KeyValuePair<string, object?>("status", status)
        );
    }

    private static string KindOf(Request request) =>
        request.Method == RequestMethod.Get ? "read"
        : request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal) ? "transaction"
        : request.Uri.Path.EndsWith("/Tables", StringComparison.Ordinal) ? "table"
        : "write";
}
