using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Autopilot.Cli;

/// <summary>Asks the HTTP API. Everything that goes wrong is a <see cref="CliException"/>, and no message holds the key.</summary>
internal sealed class AutopilotClient : IDisposable
{
    /// <summary>Longest wait for an answer that the server gives at once.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly Uri _server;

    public AutopilotClient(ServerAddress address)
    {
        _server = address.Url;
        // A redirect could carry the key to another host.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = address.Url,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("autopilot-cli", null));
        if (address.Key is not null)
        {
            _http.DefaultRequestHeaders.TryAddWithoutValidation("x-functions-key", address.Key);
        }
    }

    /// <summary>A path of one upgrade, by the id of the workflow, or by the id or the name of its cluster.</summary>
    public static string PathOf(string reference, string rest = "") => $"api/workflows/{Uri.EscapeDataString(reference)}{rest}";

    /// <summary>The body as text.</summary>
    public async Task<string> TextAsync(string path, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience ?? Patience);
        try
        {
            using var response = await _http.GetAsync(new Uri(path, UriKind.Relative), limit.Token);
            var body = await response.Content.ReadAsStringAsync(limit.Token);
            return !response.IsSuccessStatusCode ? throw Failure(response, body)
                // A page of a proxy or a portal, such as one to sign in.
                : response.Content.Headers.ContentType?.MediaType == "text/html" ? throw Foreign()
                : body;
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException
                || exception is OperationCanceledException && !cancellationToken.IsCancellationRequested
            )
        {
            var why = exception is OperationCanceledException ? "no answer in time" : exception.Message;
            throw new CliException(ExitCode.NotReachable, $"The server at {Authority} cannot be reached: {why}.", exception);
        }
    }

    /// <summary>The body as JSON.</summary>
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken, TimeSpan? patience = null)
        where T : class
    {
        var body = await TextAsync(path, cancellationToken, patience);
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new JsonException();
        }
        catch (JsonException exception)
        {
            throw Foreign(exception);
        }
    }

    /// <summary>What the answer is where it is none of Autopilot's.</summary>
    public CliException Foreign(Exception? exception = null) =>
        new(ExitCode.NotReachable, $"What {Authority} answers is not Autopilot's.", exception);

    public void Dispose() => _http.Dispose();

    private string Authority => _server.GetLeftPart(UriPartial.Authority);

    private CliException Failure(HttpResponseMessage response, string body)
    {
        var problem = ProblemOf(body);
        var detail = problem?.Detail ?? $"{Authority} answered {(int)response.StatusCode}.";
        return new CliException(
            response.StatusCode switch
            {
                HttpStatusCode.BadRequest or HttpStatusCode.Conflict or HttpStatusCode.RequestUriTooLong => ExitCode.WrongUsage,
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCode.NotAllowed,
                HttpStatusCode.NotFound => ExitCode.NotFound,
                _ => ExitCode.NotReachable,
            },
            problem?.Candidates is { Count: > 0 } candidates ? $"{detail}{List(candidates)}" : detail
        )
        {
            RetryAfter = response.Headers.RetryAfter?.Delta,
        };
    }

    private static string List(IReadOnlyList<Candidate> candidates)
    {
        var list = new StringBuilder();
        foreach (var candidate in candidates)
        {
            list.Append(
                CultureInfo.InvariantCulture,
                $"\n  {candidate.ClusterId}  project {candidate.ProjectId}, {(candidate.Active ? "an" : "no")} active upgrade"
            );
        }

        return list.ToString();
    }

    private static Problem? ProblemOf(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, CliJson.Default.Problem);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
