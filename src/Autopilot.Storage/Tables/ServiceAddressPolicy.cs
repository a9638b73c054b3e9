using System.Runtime.CompilerServices;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Autopilot.Storage.Tables;

/// <summary>
/// Remembers of each failed operation which address it went to, and which setting gave that: the SDK's exceptions hold neither.
/// </summary>
/// <param name="setting">The setting that gave the address.</param>
internal sealed class ServiceAddressPolicy(string setting) : HttpPipelinePolicy
{
    /// <summary>By exception, or by response where the exception is made after the pipeline has returned.</summary>
    private static readonly ConditionalWeakTable<object, string> Addresses = [];

    /// <summary>Host and port, and the setting that gave them; null where nothing was sent.</summary>
    public static string? Of(Exception exception) =>
        Addresses.TryGetValue(exception, out var address) ? address
        : exception is RequestFailedException failed
        && failed.GetRawResponse() is { } response
        && Addresses.TryGetValue(response, out address)
            ? address
        : exception is AggregateException bundle ? bundle.InnerExceptions.Select(Of).FirstOrDefault(one => one is not null)
        : null;

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        try
        {
            ProcessNext(message, pipeline);
        }
        catch (Exception exception)
        {
            Remember(exception, message);
            throw;
        }

        RememberFailed(message);
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        try
        {
            await ProcessNextAsync(message, pipeline);
        }
        catch (Exception exception)
        {
            Remember(exception, message);
            throw;
        }

        RememberFailed(message);
    }

    private void RememberFailed(HttpMessage message)
    {
        if (message.HasResponse && message.Response.Status >= 400)
        {
            Remember(message.Response, message);
        }
    }

    private void Remember(object of, HttpMessage message) =>
        Addresses.AddOrUpdate(of, $"{message.Request.Uri.ToUri().Authority} ({setting})");
}
