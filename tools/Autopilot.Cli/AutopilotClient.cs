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

    /// <summary>The same of a poll.</summary>
    private static readonly TimeSpan LongPatience = TimeSpan.FromSeconds(230);

    /// <summary>Most bytes of an answer.</summary>
    private const int MaxBytes = 64 * 1024 * 1024;

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
            MaxResponseContentBufferSize = MaxBytes,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("autopilot-cli", null));
        if (address.Key is not null)
        {
            _http.DefaultRequestHeaders.TryAddWithoutValidation("x-functions-key", address.Key);
        }
    }

    /// <summary>The path of every active upgrade, those first that need a person, as many in an answer as the server gives.</summary>
    public const string ActiveUpgrades = "api/workflows?active=true&maxpagesize=1000";

    /// <summary>A path of one upgrade, by the id of the workflow, or by the id or the name of its cluster.</summary>
    /// <exception cref="CliException">The reference would lead to another path.</exception>
    public static string PathOf(string reference, string rest = "") => $"api/workflows/{Segment(reference)}{rest}";

    /// <summary>A part of a path.</summary>
    /// <exception cref="CliException">It would lead to another path.</exception>
    public static string Segment(string reference) =>
        reference is "." or ".."
            ? throw new CliException(ExitCode.WrongUsage, "An upgrade is named by its workflow's id, or by its cluster's id or name.")
            : Uri.EscapeDataString(reference);

    /// <summary>The path of the same answer in one of the server's forms.</summary>
    public static string InForm(string path, string format) =>
        $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}format={format}";

    /// <summary>The address of one upgrade's page for a browser, or of the fleet's. It holds no key.</summary>
    public Uri PageOf(string? id) => id is null ? _server : new Uri(_server, $"upgrades/{Segment(id)}");

    /// <summary>The body as text for a terminal.</summary>
    public async Task<string> TextAsync(string path, CancellationToken cancellationToken, HttpMethod? method = null) =>
        TerminalText.Of(await BodyAsync(path, cancellationToken, method)).TrimEnd('\n');

    /// <summary>The body as JSON, as the server wrote it.</summary>
    public async Task<JsonElement> JsonAsync(
        string path,
        CancellationToken cancellationToken,
        HttpMethod? method = null,
        string? body = null
    )
    {
        var text = await BodyAsync(path, cancellationToken, method, body);
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw new JsonException();
        }
        catch (JsonException exception)
        {
            throw Foreign(exception);
        }
    }

    /// <summary>Sends what changes something, and expects no answer but that it was done.</summary>
    public Task SendAsync(HttpMethod method, string path, string? body, CancellationToken cancellationToken) =>
        BodyAsync(path, cancellationToken, method, body);

    /// <summary>The body as JSON of a type.</summary>
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken, TimeSpan? patience = null)
        where T : class => Read(await BodyAsync(path, cancellationToken, patience: patience), type);

    /// <summary>JSON of an answer as a type.</summary>
    /// <exception cref="CliException">It is none of Autopilot's.</exception>
    public T Read<T>(string body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new JsonException();
        }
        catch (JsonException exception)
        {
            throw Foreign(exception);
        }
    }

    private async Task<string> BodyAsync(
        string path,
        CancellationToken cancellationToken,
        HttpMethod? method = null,
        string? body = null,
        TimeSpan? patience = null
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // A poll may take as long as upstream does.
        limit.CancelAfter(patience ?? (method == HttpMethod.Post ? LongPatience : Patience));
        try
        {
            using var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri(path, UriKind.Relative));
            if (body is not null)
            {
                request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            }

            using var response = await _http.SendAsync(request, limit.Token);
            // Whatever charset another server names: Autopilot writes UTF-8.
            var text = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(limit.Token));
            return !response.IsSuccessStatusCode ? throw Failure(response, text)
                // A page of a proxy or a portal, such as one to sign in.
                : !response.Headers.Contains("Autopilot-Version") ? throw Foreign()
                : text;
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

    /// <summary>What the answer is where it is none of Autopilot's.</summary>
    public CliException Foreign(Exception? exception = null) =>
        new(ExitCode.NotReachable, $"What {Authority} answers is not Autopilot's.", exception);

    public void Dispose() => _http.Dispose();

    private string Authority => _server.GetLeftPart(UriPartial.Authority);

    private CliException Failure(HttpResponseMessage response, string body)
    {
        var problem = ProblemOf(body);
        var detail = TerminalText.Of(problem?.Detail ?? $"{Authority} answered {(int)response.StatusCode}.");
        return new CliException(
            response.StatusCode switch
            {
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCode.NotAllowed,
                // Another server, or an older one, knows the route as little as the upgrade.
                HttpStatusCode.NotFound when problem?.Code is "WorkflowNotFound" or "ClusterNotFound" or "ProjectNotFound" =>
                    ExitCode.NotFound,
                HttpStatusCode.BadRequest
                or HttpStatusCode.Conflict
                or HttpStatusCode.NotAcceptable
                or HttpStatusCode.RequestUriTooLong when problem?.Code is not null => ExitCode.WrongUsage,
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
            var (cluster, project) = (TerminalText.Line(candidate.ClusterId), TerminalText.Line(candidate.ProjectId ?? "?"));
            var upgrade = candidate.Active ? "an active upgrade" : "no active upgrade";
            list.Append(CultureInfo.InvariantCulture, $"\n  {cluster}  project {project}, {upgrade}");
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
