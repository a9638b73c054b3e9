using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Autopilot.Testing;

/// <summary>
/// The host's side of the Functions worker protocol: starts a published app as a process, loads its functions, invokes them, and forwards
/// HTTP requests to the worker as the platform does. It chooses functions in the order of their names and asks for a key where a function
/// has a level. A caller's <c>traceparent</c> is the invocation's trace, and is forwarded with the request.
/// </summary>
internal sealed class WorkerHost : IAsyncDisposable
{
    /// <summary>What functions with a level ask for, in <c>x-functions-key</c> or <c>?code=</c>.</summary>
    public const string Key = "the-platforms-key";

    /// <summary>A header that the host's own answers bear, and no answer of the app.</summary>
    public const string OwnAnswer = "x-answered-by-the-host";

    private static readonly string[] HopByHop = ["Connection", "Host", "Keep-Alive", "Transfer-Encoding", "Upgrade"];

    private readonly TaskCompletionSource<JsonObject> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonObject>> _answers = new();
    private readonly ConcurrentQueue<WorkerLog> _logs = new();
    private readonly ConcurrentQueue<string> _output = new();
    private readonly Channel<JsonObject> _outgoing = Channel.CreateUnbounded<JsonObject>();
    private readonly HttpMessageInvoker _forward = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        }
    );
    private readonly WebApplication _listener;
    private Process? _process;
    private HttpContext? _stream;
    private Uri? _worker;
    private string _root = "";
    private bool _cutsAtOnce;

    private WorkerHost()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        _listener = builder.Build();
        _listener.Run(context => context.Request.Path == WorkerProtocol.EventStream ? StreamAsync(context) : FrontAsync(context));
    }

    /// <summary>Paths that this host reads in its own way, and the function that it takes each of them for.</summary>
    public Dictionary<string, string> Misread { get; } = [];

    /// <summary>Where callers send requests to.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The functions that the worker has loaded.</summary>
    public IReadOnlyList<WorkerFunction> Functions { get; private set; } = [];

    /// <summary>What the worker logged over the protocol so far.</summary>
    public IReadOnlyCollection<WorkerLog> Logs => _logs;

    /// <summary>What the worker wrote to its standard output and error so far.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>What the worker said of itself when it was initialised.</summary>
    public JsonObject Capabilities { get; private set; } = [];

    public int ProcessId => _process!.Id;

    /// <summary>When the process was started, as <see cref="Stopwatch.GetTimestamp"/> gave it.</summary>
    public long Launched { get; private set; }

    /// <summary>From the start of the process to the answer that the last function is loaded.</summary>
    public TimeSpan Loaded { get; private set; }

    /// <summary>The exit code, once the process has ended.</summary>
    public int ExitCode => _process!.ExitCode;

    /// <summary>Starts the app in a folder; does not wait for it to be ready.</summary>
    /// <param name="folder">Made by <c>dotnet publish</c>.</param>
    /// <param name="settings">App settings, as environment variables.</param>
    /// <param name="cutsAtOnce">Whether the host goes away as soon as the worker has connected.</param>
    public static async Task<WorkerHost> LaunchAsync(
        string folder,
        IEnumerable<KeyValuePair<string, string?>> settings,
        bool cutsAtOnce = false
    )
    {
        var host = new WorkerHost { _root = folder, _cutsAtOnce = cutsAtOnce };
        await host._listener.StartAsync();
        var urls = host._listener.Urls.ToList();
        host.Address = new Uri(urls[1]);
        var id = Guid.NewGuid().ToString();
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                Path.Combine(
                    folder,
                    (string)
                        JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "worker.config.json")))!["description"]![
                            "defaultWorkerPath"
                        ]!
                ),
                "--functions-uri",
                urls[0],
                "--functions-worker-id",
                id,
                "--functions-request-id",
                id,
                "--functions-grpc-max-message-length",
                int.MaxValue.ToString(null as IFormatProvider),
            },
        };
        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = start.Environment["FUNCTIONS_WORKER_DIRECTORY"] = folder;
        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        foreach (var (name, value) in settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        host.Launched = Stopwatch.GetTimestamp();
        host._process = Process.Start(start)!;
        host._process.OutputDataReceived += (_, line) => host.Wrote(line.Data);
        host._process.ErrorDataReceived += (_, line) => host.Wrote(line.Data);
        host._process.BeginOutputReadLine();
        host._process.BeginErrorReadLine();
        return host;
    }

    /// <summary>Starts the app and loads its functions.</summary>
    public static async Task<WorkerHost> StartAsync(string folder, IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var host = await LaunchAsync(folder, settings);
        try
        {
            await host.LoadAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Initialises the worker and loads every function: after that it can be invoked.</summary>
    public async Task LoadAsync()
    {
        var first = await Task.WhenAny(_started.Task, _process!.WaitForExitAsync()).WaitAsync(TimeSpan.FromMinutes(2));
        if (first != _started.Task)
        {
            throw new InvalidOperationException($"The worker ended with {ExitCode}: {Output}");
        }

        var initialised = await AskAsync(
            "workerInitRequest",
            new JsonObject
            {
                ["hostVersion"] = "4.0.0",
                ["functionAppDirectory"] = _root,
                ["workerDirectory"] = _root,
            }
        );
        Capabilities = initialised["workerInitResponse"]!["capabilities"]!.AsObject();
        _worker = new Uri((string)Capabilities["HttpUri"]!);
        var metadata = await AskAsync("functionsMetadataRequest", new JsonObject { ["functionAppDirectory"] = _root });
        Functions =
        [
            .. metadata["functionMetadataResponse"]!["functionMetadataResults"]!
                .AsArray()
                .Select(function => new WorkerFunction(function!.AsObject()))
                .OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase),
        ];
        foreach (var function in Functions)
        {
            var loaded = await AskAsync(
                "functionLoadRequest",
                new JsonObject { ["functionId"] = function.Id, ["metadata"] = function.Metadata.DeepClone() }
            );
            ThrowIfFailed(loaded["functionLoadResponse"]!);
        }

        Loaded = Stopwatch.GetElapsedTime(Launched);
        await ListensAsync();
    }

    /// <summary>Fires a timer.</summary>
    /// <param name="traceParent">The host's trace of the invocation, as in W3C Trace Context; null for one of its own that is not
    /// sampled.</param>
    /// <returns>The invocation's id, and its answer.</returns>
    public (string InvocationId, Task<JsonObject> Answer) Tick(string function, bool isPastDue = false, string? traceParent = null) =>
        Invoke(
            function,
            new JsonObject
            {
                ["json"] = new JsonObject
                {
                    ["Schedule"] = new JsonObject { ["AdjustForDST"] = true },
                    ["ScheduleStatus"] = null,
                    ["IsPastDue"] = isPastDue,
                }.ToJsonString(),
            },
            traceParent
        );

    /// <summary>Hands over a message of a queue.</summary>
    public (string InvocationId, Task<JsonObject> Answer) Deliver(string function, string message) =>
        Invoke(function, new JsonObject { ["string"] = message });

    /// <summary>Cancels an invocation, as a host does that stops.</summary>
    public void Cancel(string invocationId) =>
        Send("invocationCancel", new JsonObject { ["invocationId"] = invocationId }, Guid.NewGuid().ToString());

    /// <summary>Asks the worker to end within a grace period.</summary>
    public void Terminate(TimeSpan grace) =>
        Send(
            "workerTerminate",
            new JsonObject { ["gracePeriod"] = FormattableString.Invariant($"{grace.TotalSeconds}s") },
            Guid.NewGuid().ToString()
        );

    /// <summary>Ends the stream in good order.</summary>
    public void CloseStream() => _cut.TrySetResult();

    /// <summary>Cuts the connection, as a host that is killed does.</summary>
    public void CutConnection() => _stream!.Features.Get<IConnectionLifetimeFeature>()!.Abort();

    /// <summary>Waits for the process to end by itself.</summary>
    /// <exception cref="TimeoutException">It did not.</exception>
    public Task EndsAsync(TimeSpan within) => _process!.WaitForExitAsync().WaitAsync(within);

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false } running)
        {
            running.Kill(entireProcessTree: true);
            await running.WaitForExitAsync();
        }

        _cut.TrySetResult();
        await _listener.DisposeAsync();
        _forward.Dispose();
        _process?.Dispose();
    }

    /// <summary>A worker may load its functions before it listens; the platform's host then tries again.</summary>
    private async Task ListensAsync()
    {
        for (var waited = Stopwatch.StartNew(); ; )
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(_worker!.Host, _worker.Port);
                return;
            }
            catch (SocketException) when (waited.Elapsed < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(10);
            }
        }
    }

    private void Wrote(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(line);
        }
    }

    private async Task StreamAsync(HttpContext context)
    {
        _stream = context;
        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        await context.Response.StartAsync();
        var sending = SendAllAsync(context);
        var receiving = ReceiveAllAsync(context);
        await Task.WhenAny(_cut.Task, receiving);
        _outgoing.Writer.TryComplete();
        await sending;
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private async Task SendAllAsync(HttpContext context)
    {
        await foreach (var message in _outgoing.Reader.ReadAllAsync())
        {
            await WorkerProtocol.WriteAsync(context.Response.BodyWriter, message);
        }
    }

    private async Task ReceiveAllAsync(HttpContext context)
    {
        try
        {
            await foreach (var message in WorkerProtocol.ReadAsync(context.Request.BodyReader))
            {
                Receive(message);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The worker has gone, or the connection was cut.
        }

        foreach (var waiting in _answers.Values)
        {
            waiting.TrySetException(new IOException("The worker's stream has ended."));
        }
    }

    private void Receive(JsonObject message)
    {
        if (message["startStream"] is not null)
        {
            _started.TrySetResult(message);
            if (_cutsAtOnce)
            {
                CutConnection();
            }
        }
        else if (message["rpcLog"] is JsonObject log)
        {
            var id = (string?)log["eventId"] ?? "";
            _logs.Enqueue(
                new WorkerLog(
                    (string?)log["level"] ?? "Trace",
                    (string?)log["category"] ?? "",
                    id,
                    $"{log["message"]} {log["exception"]?["message"]}".Trim()
                )
            );
        }
        else if (message["invocationResponse"] is JsonObject answer)
        {
            Complete((string)answer["invocationId"]!, answer);
        }
        else
        {
            Complete((string)message["requestId"]!, message);
        }
    }

    private void Complete(string id, JsonObject answer)
    {
        if (_answers.TryRemove(id, out var waiting))
        {
            waiting.TrySetResult(answer);
        }
    }

    private Task<JsonObject> AskAsync(string kind, JsonObject content)
    {
        var id = Guid.NewGuid().ToString();
        var answer = Expect(id);
        Send(kind, content, id);
        return answer.WaitAsync(TimeSpan.FromMinutes(1));
    }

    private Task<JsonObject> Expect(string id) =>
        _answers.GetOrAdd(id, _ => new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private void Send(string kind, JsonObject content, string requestId) =>
        _outgoing.Writer.TryWrite(new JsonObject { ["requestId"] = requestId, [kind] = content });

    private (string InvocationId, Task<JsonObject> Answer) Invoke(string function, JsonObject data, string? traceParent = null) =>
        Invoke(Functions.Single(one => one.Name == function), data, traceParent);

    private (string InvocationId, Task<JsonObject> Answer) Invoke(WorkerFunction function, JsonObject data, string? traceParent)
    {
        var id = Guid.NewGuid().ToString();
        var answer = Expect(id);
        Send(
            "invocationRequest",
            new JsonObject
            {
                ["invocationId"] = id,
                ["functionId"] = function.Id,
                ["inputData"] = new JsonArray(new JsonObject { ["name"] = function.Parameter, ["data"] = data }),
                ["traceContext"] = new JsonObject { ["traceParent"] = traceParent ?? TraceParent() },
            },
            Guid.NewGuid().ToString()
        );
        return (id, answer);
    }

    private static string TraceParent() => $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-00";

    private static void ThrowIfFailed(JsonNode answer)
    {
        if ((string?)answer["result"]?["status"] != "Success")
        {
            throw new InvalidOperationException($"The worker refused: {answer}");
        }
    }

    /// <summary>
    /// What the platform does with a request: no function is 404, no key is 401, both without a body; the rest goes to the worker.
    /// </summary>
    private async Task FrontAsync(HttpContext context)
    {
        var misread = Misread.GetValueOrDefault(context.Request.Path);
        if (
            Functions.FirstOrDefault(function =>
                misread is null ? function.Takes(context.Request.Method, context.Request.Path) : function.Name == misread
            )
            is not { } function
        )
        {
            context.Response.Headers[OwnAnswer] = "true";
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (function.NeedsKey && context.Request.Headers["x-functions-key"] != Key && context.Request.Query["code"] != Key)
        {
            context.Response.Headers[OwnAnswer] = "true";
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var (id, answer) = Invoke(function, new JsonObject { ["http"] = new JsonObject() }, (string?)context.Request.Headers.TraceParent);
        using var request = Forwarded(context, id);
        using var response = await _forward.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
        {
            if (!HopByHop.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                context.Response.Headers[name] = values.ToArray();
            }
        }

        await using var body = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        await CopyAsync(body, context.Response, context.RequestAborted);
        await answer.WaitAsync(TimeSpan.FromMinutes(1), context.RequestAborted);
    }

    private HttpRequestMessage Forwarded(HttpContext context, string invocationId)
    {
        var target = new Uri(
            $"{_worker!.GetLeftPart(UriPartial.Authority)}{context.Request.Path.ToUriComponent()}{context.Request.QueryString}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
        );
        var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), target);
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()!.CanHaveBody)
        {
            request.Content = new StreamContent(context.Request.Body);
        }

        foreach (var (name, values) in context.Request.Headers)
        {
            if (
                !HopByHop.Contains(name, StringComparer.OrdinalIgnoreCase)
                && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values)
            )
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        request.Headers.TryAddWithoutValidation("x-ms-invocation-id", invocationId);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", context.Request.Host.Value);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", context.Request.Scheme);
        return request;
    }

    private static async Task CopyAsync(Stream body, HttpResponse response, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 << 10];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            await response.Body.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
        }
    }
}
