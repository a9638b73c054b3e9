using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Autopilot.Storage.Tables;

/// <summary>How requests to the account's services are retried: soon or not at all, whatever the service requests.</summary>
internal static class StorageRetries
{
    /// <summary>
    /// Longest wait between two attempts. An answer may request more in <c>Retry-After</c>, which a caller would have to sit out.
    /// </summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(300);

    private static readonly DelayStrategy Waits = DelayStrategy.CreateExponentialDelayStrategy(FirstWait, LongestWait);

    /// <summary>
    /// How long one attempt may be silent. The table service itself spends up to 5 s on a page of a query. So a shorter limit would give up
    /// what it is about to answer. A longer one would leave no time for a second attempt.
    /// </summary>
    private static readonly TimeSpan ReadSilence = TimeSpan.FromSeconds(6);

    /// <summary>The same of a client without retries.</summary>
    private static readonly TimeSpan WriteSilence = TimeSpan.FromSeconds(10);

    /// <param name="options">Of a client of the table or the queue service.</param>
    /// <param name="retries">Attempts after the first.</param>
    public static void AddRetries(this ClientOptions options, int retries)
    {
        options.Retry.NetworkTimeout = retries == 0 ? WriteSilence : ReadSilence;
        options.RetryPolicy = new BoundedRetryPolicy(retries);
    }

    private sealed class BoundedRetryPolicy(int retries) : RetryPolicy(retries, Waits)
    {
        protected override async ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception)
        {
            if (!await base.ShouldRetryAsync(message, exception))
            {
                return false;
            }

            // Only a header makes the strategy wait longer than its own limit. An answer that is to be retried is needed for nothing else.
            if (exception is null && message.HasResponse && Waits.GetNextDelay(message.Response, 1) > LongestWait)
            {
                var answer = message.Response;
                message.Response = new CappedResponse(answer.Status, answer.ReasonPhrase, answer.ClientRequestId);
                answer.Dispose();
            }

            return true;
        }
    }

    /// <summary>An answer that is to be retried, with the longest wait in place of its own.</summary>
    private sealed class CappedResponse(int status, string reasonPhrase, string clientRequestId) : Response
    {
        private static readonly HttpHeader Wait = new(
            "retry-after-ms",
            LongestWait.TotalMilliseconds.ToString(System.Globalization.CultureInfo.InvariantCulture)
        );

        public override int Status => status;

        public override string ReasonPhrase => reasonPhrase;

        public override Stream? ContentStream { get; set; }

        public override string ClientRequestId { get; set; } = clientRequestId;

        public override void Dispose() { }

        protected override bool ContainsHeader(string name) => name.Equals(Wait.Name, StringComparison.OrdinalIgnoreCase);

        protected override IEnumerable<HttpHeader> EnumerateHeaders() => [Wait];

        protected override bool TryGetHeader(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value)
        {
            value = ContainsHeader(name) ? Wait.Value : null;
            return value is not null;
        }

        protected override bool TryGetHeaderValues(
            string name,
            [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IEnumerable<string>? values
        )
        {
            values = ContainsHeader(name) ? [Wait.Value] : null;
            return values is not null;
        }
    }
}
