using System.Net;
using Autopilot.Simulator.Faults;
using Autopilot.Simulator.Fleet;
using Autopilot.Simulator.Gateway;
using Autopilot.Simulator.Iam;
using Autopilot.Simulator.Serving;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Autopilot.Simulator;

/// <summary>
/// A CCE Autopilot API that behaves like the real one: its gateway, IAM, and workflows that live. It verifies every signature and token,
/// and answers any number of requests at any time consistently, since a state is a function of nothing but the clock.
/// </summary>
public sealed class SimulatorApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Authentication _authentication;
    private readonly TimeProvider _time;
    private readonly bool _allowRemote;

    private SimulatorApp(SimulatorOptions options, TimeProvider time)
    {
        options.Validate();
        (_time, _allowRemote) = (time, options.AllowRemote);
        World = new World(options.Fleet, options.Origin ?? time.GetUtcNow(), options.Pace, options.ForgetAfter);
        Faults = new FaultInjector(time, options.Seed);
        Tokens = new TokenEndpoint(options, time);
        _authentication = new Authentication(options, Tokens, time);

        // The empty builder: neither this machine's environment nor a settings file of the host it runs in may change what it does.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(options.Url).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddRoutingCore();
        _app = builder.Build();
        _app.Use(GateAsync);
        _app.UseRouting();
        _app.Use(FaultAsync);
        _app.Use(AuthenticateAsync);
        CceEndpoints.Map(_app, World, Ledger, options.ListShape, time);
        _app.MapPost("/v3/auth/tokens", Tokens.IssueAsync).WithMetadata(Open.Instance);
        SimulatorEndpoints.Map(_app.MapGroup(SimulatorEndpoints.Root).WithMetadata(Open.Instance), this);
    }

    /// <summary>What upstream knows.</summary>
    public World World { get; }

    /// <summary>Which states were served.</summary>
    public ServedLedger Ledger { get; } = new();

    /// <summary>Faults on demand.</summary>
    public FaultInjector Faults { get; }

    /// <summary>Requests that were counted.</summary>
    public RequestLog Requests { get; } = new();

    /// <summary>IAM's tokens.</summary>
    public TokenEndpoint Tokens { get; }

    /// <summary>Where it answers, once started; IAM answers there too.</summary>
    public Uri BaseAddress =>
        new(_app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    /// <summary>Makes one; it answers after <see cref="StartAsync"/>.</summary>
    /// <param name="time">The clock that scenarios, tokens, skew, locks and windows go by; share it with the client's, or every start lies
    /// in
    /// its future.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static SimulatorApp Create(SimulatorOptions options, TimeProvider time) => new(options, time);

    /// <summary>Begins to answer.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default) => _app.StartAsync(cancellationToken);

    /// <summary>Stops answering.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => _app.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task GateAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers[GatewayResponses.RequestIdHeader] = Guid.NewGuid().ToString("n");
        var remote = context.Connection.RemoteIpAddress;
        var own = remote is not null && IPAddress.IsLoopback(remote);
        if (!own && (!_allowRemote || context.Request.Path.StartsWithSegments(SimulatorEndpoints.Root, StringComparison.Ordinal)))
        {
            context.Abort();
            return;
        }

        if (context.Request.Path.StartsWithSegments(SimulatorEndpoints.Root, StringComparison.Ordinal))
        {
            await next(context);
            return;
        }

        // Counted before the first byte is sent, so that each received response is counted.
        context.Response.OnStarting(() =>
        {
            Count(context, context.Response.StatusCode);
            return Task.CompletedTask;
        });
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            Count(context, 0);
        }
    }

    private void Count(HttpContext context, int status)
    {
        if (context.Items.TryAdd(nameof(Count), status))
        {
            Requests.Record(context.Request.Method, context.Request.Path.Value ?? "", status);
        }
    }

    private async Task FaultAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path.Value ?? "";
        if (path.StartsWith(SimulatorEndpoints.Root, StringComparison.Ordinal))
        {
            await next(context);
            return;
        }

        if (Faults.Latency > TimeSpan.Zero)
        {
            await Task.Delay(Faults.Latency, _time, context.RequestAborted);
        }

        if (Faults.Strike(path) is not { } fault)
        {
            await next(context);
            return;
        }

        if (fault.Kind is FaultKind.CutBeforeHeaders or FaultKind.CutMidBody)
        {
            Count(context, 0);
        }

        await fault.PlayAsync(context, () => next(context), _time);
    }

    private async Task AuthenticateAsync(HttpContext context, RequestDelegate next)
    {
        // A route of another method is a route the gateway does not know.
        if (context.GetEndpoint() is not RouteEndpoint endpoint)
        {
            await context.NoSuchApiAsync();
        }
        else if (endpoint.Metadata.GetMetadata<Open>() is not null || await _authentication.AdmitAsync(context))
        {
            await next(context);
        }
    }

    /// <summary>Marks routes that ask for no credentials.</summary>
    private sealed class Open
    {
        public static Open Instance { get; } = new();
    }
}
