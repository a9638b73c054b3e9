using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Autopilot.EndToEnd.Tests.Month;

/// <summary>
/// A receiver: it takes CloudEvents, fails now and then, and sometimes takes one and loses the response.
/// </summary>
internal sealed class WebhookReceiver(int seed) : IAsyncDisposable
{
    private readonly Random _random = new(seed);
    private readonly ConcurrentQueue<LoggedEvent> _got = new();
    private WebApplication? _app;
    private int _failures;

    public bool IsWell { get; set; } = true;

    public IReadOnlyCollection<LoggedEvent> Got => _got;

    public int Failures => _failures;

    public string Url => $"{_app!.Urls.Single()}/events";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.Run(TakeAsync);
        await _app.StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    private async Task TakeAsync(HttpContext context)
    {
        var random = Throw();
        if (!IsWell || random < 0.05)
        {
            Interlocked.Increment(ref _failures);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var data = body.RootElement.GetProperty("data");
        _got.Enqueue(
            new LoggedEvent(
                body.RootElement.GetProperty("id").GetString()!,
                data.GetProperty("workflowId").GetString()!,
                long.Parse(body.RootElement.GetProperty("sequence").GetString()!, CultureInfo.InvariantCulture),
                data.GetProperty("before").TryGetProperty("assessment", out var before) ? before.GetString()! : "Unknown",
                data.GetProperty("assessment").GetString()!
            )
        );
        if (random > 0.97)
        {
            Interlocked.Increment(ref _failures);
            context.Abort();
        }
    }

    private double Throw()
    {
        lock (_random)
        {
            return _random.NextDouble();
        }
    }
}

/// <param name="EventId">The same on every attempt for this transition.</param>
internal sealed record LoggedEvent(string EventId, string WorkflowId, long Sequence, string Before, string Assessment);
