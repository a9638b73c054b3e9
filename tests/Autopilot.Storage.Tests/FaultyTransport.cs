using System.Collections.Concurrent;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Autopilot.Storage.Tests;

/// <summary>The transport of a storage client that counts what goes over the wire and breaks on demand.</summary>
public sealed class FaultyTransport : HttpPipelineTransport
{
    private readonly HttpPipelineTransport _real = HttpClientTransport.Shared;
    private readonly ConcurrentQueue<(string Kind, string Address)> _sent = new();

    /// <summary>Asked before each request; the kind is <c>read</c>, <c>write</c>, <c>transaction</c> or <c>table</c>.</summary>
    public Func<string, Request, Fault> Next { get; set; } = (_, _) => Fault.None;

    /// <summary>Runs before a request is passed on.</summary>
    public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    public int Count(string kind) => _sent.Count(s => s.Kind == kind);

    public int CountAll => _sent.Count;

    /// <summary>Of every request, in order.</summary>
    public IEnumerable<string> Addresses => _sent.Select(s => s.Address);

    public void Forget() => _sent.Clear();

    public override Request CreateRequest() => _real.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException("The store is asynchronous throughout.");

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        var kind = KindOf(message.Request);
        _sent.Enqueue((kind, message.Request.Uri.ToString()));
        await Before(kind);
        var fault = Next(kind, message.Request);
        switch (fault)
        {
            case Fault.CutBefore:
                throw new RequestFailedException("The connection was cut.", new IOException("cut"));
            case Fault.BusyBefore:
                message.Response = new PlainResponse(503, "ServerBusy");
                return;
            case Fault.TooLargeBefore:
                message.Response = new PlainResponse(413, "RequestBodyTooLarge");
                return;
        }
        await _real.ProcessAsync(message);
        switch (fault)
        {
            case Fault.CutAfter:
                throw new RequestFailedException("The connection was cut.", new IOException("cut"));
            case Fault.FailAfter:
                message.Response.Dispose();
                message.Response = new PlainResponse(500, "InternalError");
                break;
        }
    }

    private static string KindOf(Request request) =>
        request.Method == RequestMethod.Get ? "read"
        : request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal) ? "transaction"
        : request.Uri.Path.EndsWith("Tables", StringComparison.Ordinal) ? "table"
        : "write";

    private sealed class PlainResponse(int status, string code) : Response
    {
        public override int Status => status;
        public override string ReasonPhrase => code;
        public override Stream? ContentStream { get; set; } =
            new MemoryStream(
                System.Text.Encoding.UTF8.GetBytes(
                    $$"""{"odata.error":{"code":"{{code}}","message":{"lang":"en-US","value":"refused"} } }"""
                )
            );
        public override string ClientRequestId { get; set; } = "";

        public override void Dispose() { }

        protected override bool ContainsHeader(string name) => TryGetHeader(name, out _);

        protected override IEnumerable<HttpHeader> EnumerateHeaders() =>
            [new("Content-Type", "application/json"), new("x-ms-error-code", code)];

        protected override bool TryGetHeader(string name, out string value)
        {
            value = EnumerateHeaders().FirstOrDefault(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value ?? "";
            return value.Length > 0;
        }

        protected override bool TryGetHeaderValues(string name, out IEnumerable<string> values)
        {
            var found = TryGetHeader(name, out var value);
            values = [value];
            return found;
        }
    }
}
