using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Autopilot.Azurite;
using Autopilot.Server;
using Autopilot.Simulator;
using Autopilot.Simulator.Fleet;
using Autopilot.Simulator.Scenarios;
using Autopilot.Simulator.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Autopilot.Demo;

/// <summary>Azurite, the simulator and the server, wired together on one clock; and a watcher that prints what the server says.</summary>
internal sealed class DemoHost : IAsyncDisposable
{
    private const int Seed = 2026;

    /// <summary>Rounds whose upgrades stay tracked though nothing happens to them any more, such as those that have stalled.</summary>
    private const int RoundsKept = 3;

    // The whole scenario takes 42 minutes of the demo's clock; a machine that is busy with other things may take its time.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly DemoArguments _arguments;
    private readonly Terminal _terminal;
    private readonly Stack<IAsyncDisposable> _running = new();
    private readonly Queue<IReadOnlyList<SimulatedWorkflow>> _rounds = new();
    private IReadOnlyList<SimulatedWorkflow> _workflows = [];
    private Uri? _address;

    /// <summary>Of the newest round the upgrade that stays as it is longest.</summary>
    private volatile string? _example;
    private ScaledTimeProvider? _clock;
    private World? _world;
    private ServerClient? _client;

    private DemoHost(DemoArguments arguments, Terminal terminal) => (_arguments, _terminal) = (arguments, terminal);

    /// <summary>Where the server's log goes; null when it is shown.</summary>
    public string? LogFile { get; private set; }

    public static async Task<DemoHost> StartAsync(DemoArguments arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var demo = new DemoHost(arguments, terminal);
        try
        {
            await demo.StartAsync(cancellationToken);
            return demo;
        }
        catch
        {
            await demo.DisposeAsync();
            throw;
        }
    }

    /// <summary>Prints every change until it is cancelled.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        var seen = new Dictionary<string, (long Sequence, string Assessment)>(StringComparer.Ordinal);
        _ = DemoKeys.ListenAsync(ShowHints, cancellationToken);
        for (var round = 1; ; )
        {
            var summaries = await PatientlyAsync(_client!.ListAsync, cancellationToken);
            await WriteChangesAsync(summaries, seen, cancellationToken);
            // There is always something going on, however late a person comes to look. What has stalled or waits for a person goes on for
            // ever and does not count.
            var now = _clock!.GetUtcNow();
            if (_rounds.SelectMany(begun => begun).Count(workflow => _world!.StatesOf(workflow.Id)[^1].At > now) < Scenario.All.Count / 2)
            {
                _terminal.Line(_terminal.Dim("New upgrades begin. ? shows the addresses again, Ctrl-C ends the demo."));
                // Other clusters than before, so that a name never means two.
                var first = Scenario.All.Count * round;
                await BeginAsync(
                    SimulatedFleet.Create(Scenario.All.Count, Seed + round++, TimeSpan.Zero, first: first).Workflows,
                    cancellationToken
                );
                await ForgetOldRoundsAsync(summaries, cancellationToken);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
        }
    }

    /// <summary>Follows one upgrade to its end.</summary>
    /// <exception cref="DemoException">It did not end in time, or not well.</exception>
    public async Task WatchOnceAsync(CancellationToken cancellationToken)
    {
        var seen = new Dictionary<string, (long Sequence, string Assessment)>(StringComparer.Ordinal);
        var started = TimeProvider.System.GetTimestamp();
        var showedTrouble = false;
        while (true)
        {
            var summary = await PatientlyAsync(stop => _client!.ShowAsync(_workflows[0].Id, stop), cancellationToken);
            await WriteChangesAsync([summary], seen, cancellationToken);
            if (summary.Assessment == "Blocked" && !showedTrouble)
            {
                showedTrouble = true;
                await ShowSummaryAsync("What a chatbot shows now:", summary, cancellationToken);
            }

            if (summary.EndedAt is not null)
            {
                await ShowSummaryAsync("What a chatbot shows in the end:", summary, cancellationToken);
                if (summary.Assessment != "Completed")
                {
                    throw new DemoException($"the upgrade ended as {summary.Assessment}, not Completed.");
                }

                return;
            }

            if (TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                throw new DemoException(
                    $"the upgrade did not end within {Patience.TotalMinutes:0} minutes; the last thing the server said is: "
                        + $"{summary.Headline}"
                );
            }

            await Task.Delay(TimeSpan.FromMilliseconds(150), cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        while (_running.TryPop(out var part))
        {
            // In good order: the cycle under way writes down what it has seen, while there is still a storage to write to.
            if (part is WebApplication server)
            {
                await server.StopAsync();
            }

            await part.DisposeAsync();
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        _terminal.Line(
            _terminal.Bold("Autopilot demo") + (_arguments.Once ? ": one upgrade, from its creation to its end" : ": Ctrl-C ends it")
        );
        _terminal.Line();
        RefuseTakenPort();
        Doing("Starting the storage. The first time it is installed, which takes a minute or two.");
        var azurite = Running(await AzuriteServer.StartAsync(new AzuriteOptions { Progress = _terminal.Line }, cancellationToken));
        Part("Storage", azurite.TableEndpoint, "Azurite, in memory");

        _clock = new ScaledTimeProvider(TimeProvider.System.GetUtcNow(), _arguments.Speed);
        _workflows = _arguments.Once
            ?
            [
                SimulatedFleet.Create(1, Seed, TimeSpan.Zero, [Scenario.Named("FailedPreCheckRetried")!]).Workflows[0] with
                {
                    Variation = 1,
                },
            ]
            : SimulatedFleet.Create(Scenario.All.Count, Seed, TimeSpan.FromMinutes(3)).Workflows;
        Doing("Starting the simulated CCE API and the server.");
        var simulator = Running(SimulatorApp.Create(new SimulatorOptions(), _clock));
        await simulator.StartAsync(cancellationToken);
        Part(
            "CCE API",
            simulator.BaseAddress,
            $"simulated: {(_arguments.Once ? "1 upgrade" : $"{_workflows.Count} upgrades")}, every signature verified"
        );

        var server = CreateServer(azurite, simulator);
        await server.StartAsync(cancellationToken);
        var address = _address = new Uri(server.Urls.First());
        Part("Server", address, _arguments.Once ? "polls every 30 s of its clock" : "polls every minute of its clock");
        _terminal.Hanging(
            $"{"Clock", -10}",
            10,
            string.Create(CultureInfo.InvariantCulture, $"{_arguments.Speed} times as fast as yours; times below are its own, in UTC")
        );
        if (LogFile is not null)
        {
            _terminal.Line($"{"Log", -10}{LogFile}");
        }

        // The scenarios begin when everything has been used once: a cold start is long on a fast clock, and the first steps would be over
        // before anybody looked.
        _client = new ServerClient(address);
        Doing("Polling once, before the first upgrades begin.");
        await PatientlyAsync(_client.PollAsync, cancellationToken);
        _world = simulator.World;
        await BeginAsync(_workflows, cancellationToken);

        _terminal.Line();
        if (!_arguments.Once)
        {
            ShowHints();
        }
    }

    private void ShowHints()
    {
        var page = $"{_address!.GetLeftPart(UriPartial.Authority)}/";
        var url = $"{page}api";
        var example = _example;
        var name = _rounds.SelectMany(begun => begun).FirstOrDefault(workflow => workflow.Id == example)?.ClusterName;
        _terminal.Lines(
            "Open in a browser, while it runs:",
            $"  {page}",
            "Or type, or open:",
            $"  curl '{url}/workflows?format=text'",
            $"  curl '{url}/workflows?assessment=Blocked,Waiting&active=true&format=text'",
            $"  curl '{url}/workflows/{name ?? example}?format=text'",
            $"  curl {url}/workflows/{example}",
            $"  curl {url}/workflows/{example}/history",
            $"  {url}/workflows/{example}/timeline?format=svg",
            $"  curl '{url}/reports/upgrades?format=markdown'",
            $"  curl '{url}/reports/outlook?cluster={name ?? example}&format=text'",
            $"  curl -X POST {url}/poll",
            $"  curl {url}/health/ready",
            "? shows this again, Ctrl-C ends the demo.",
            ""
        );
    }

    /// <summary>What happens now, for a person who waits; scripts that follow one upgrade do not.</summary>
    private void Doing(string what)
    {
        if (!_arguments.Once)
        {
            _terminal.Hanging("", 0, what);
        }
    }

    /// <summary>Before anything is started, which takes its time.</summary>
    private void RefuseTakenPort()
    {
        if (_arguments.Port == 0)
        {
            return;
        }

        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, _arguments.Port) { ExclusiveAddressUse = true };
            listener.Start();
        }
        catch (SocketException exception)
        {
            throw new DemoException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"port {_arguments.Port} {(exception.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? "is in use, perhaps by another demo" : "cannot be listened on")}; choose another with --port N, or any with --port free."
                )
            );
        }
    }

    /// <summary>
    /// Ends the tracking of upgrades of old rounds that will never end, so that the list stays as long as a person can look at.
    /// </summary>
    private async Task ForgetOldRoundsAsync(IReadOnlyList<Summary> summaries, CancellationToken cancellationToken)
    {
        while (_rounds.Count > RoundsKept)
        {
            var old = _rounds.Dequeue().Select(workflow => workflow.Id).ToHashSet();
            foreach (var summary in summaries.Where(summary => summary.EndedAt is null && old.Contains(summary.Id)))
            {
                await PatientlyAsync(stop => _client!.UntrackAsync(summary.Id, stop), cancellationToken);
            }
        }
    }

    /// <summary>Lets these upgrades begin now, and tracks them.</summary>
    private async Task BeginAsync(IReadOnlyList<SimulatedWorkflow> workflows, CancellationToken cancellationToken)
    {
        var passed = _clock!.GetUtcNow() - _world!.Origin;
        foreach (var workflow in workflows)
        {
            _world.Add(workflow with { CreatedAfter = workflow.CreatedAfter + passed });
        }

        foreach (var workflow in workflows)
        {
            await _client!.TrackAsync(workflow.Id, workflow.ProjectId, workflow.ClusterId, workflow.ClusterName, cancellationToken);
        }

        _rounds.Enqueue(workflows);
        _example = workflows.FirstOrDefault(workflow => workflow.Life is AwaitingConfirmation)?.Id;
    }

    private WebApplication CreateServer(AzuriteServer azurite, SimulatorApp simulator)
    {
        var options = new SimulatorOptions();
        var settings = new Dictionary<string, string?>
        {
            ["urls"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_arguments.Port}"),
            ["AutopilotStorage"] = azurite.ConnectionString,
            ["Cce:Endpoint"] = simulator.BaseAddress.GetLeftPart(UriPartial.Authority),
            ["Cce:AccessKey"] = options.AccessKey,
            ["Cce:SecretKey"] = options.SecretKey,
            ["Cce:ProjectId"] = _workflows[0].ProjectId,
            ["PollSchedule"] = _arguments.Once ? "*/30 * * * * *" : "0 * * * * *",
            // People watch: a wait of minutes between two looks would hide short tasks.
            ["Polling:WaitingEvery"] = "1",
            ["Logging:LogLevel:Default"] = "Information",
            ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
            ["Logging:LogLevel:Azure"] = "Warning",
            ["Logging:Console:FormatterName"] = "simple",
            ["Logging:Console:FormatterOptions:SingleLine"] = "true",
        };
        var server = ServerApp.Create(
            [],
            builder =>
            {
                // Not this machine's environment: a person's real credentials must not end up in a demo.
                builder.Configuration.Sources.Clear();
                builder.Configuration.AddInMemoryCollection(settings);
                builder.Services.AddSingleton<TimeProvider>(_clock!);
                if (_arguments.Verbose)
                {
                    return;
                }

                LogFile = Path.Combine(Directory.CreateTempSubdirectory("autopilot-demo-").FullName, "server.log");
                builder.Logging.ClearProviders();
                builder.Logging.AddProvider(new FileLog(LogFile, _clock!));
            }
        );
        return Running(server);
    }

    private async Task WriteChangesAsync(
        IReadOnlyList<Summary> summaries,
        Dictionary<string, (long Sequence, string Assessment)> seen,
        CancellationToken cancellationToken
    )
    {
        var changes = new List<(Summary Of, Observation Seen)>();
        foreach (var summary in summaries)
        {
            var (last, assessment) = seen.GetValueOrDefault(summary.Id);
            seen[summary.Id] = (summary.Sequence, summary.Assessment);
            if (summary.Sequence <= last)
            {
                // What has only just come into sight has not turned.
                if (assessment is not null && summary.Assessment != assessment)
                {
                    _terminal.WriteTransition(summary, _clock!.GetUtcNow());
                }

                continue;
            }

            // The history may be ahead of the list that was read before it: newer changes are printed next time, with their own headline.
            var observations = await PatientlyAsync(stop => _client!.ChangesSinceAsync(summary.Id, last, stop), cancellationToken);
            changes.AddRange(
                observations.Where(observation => observation.Sequence <= summary.Sequence).Select(observation => (summary, observation))
            );
        }

        foreach (var (of, observation) in changes.OrderBy(change => change.Seen.ObservedAt))
        {
            _terminal.Write(of, observation);
        }
    }

    // A hiccup is no end: a laptop may have slept, or the machine may be busy.
    private static async Task<T> PatientlyAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ask(cancellationToken);
            }
            catch (Exception exception)
                when (attempt < 10
                    && !cancellationToken.IsCancellationRequested
                    && exception is HttpRequestException or IOException or TaskCanceledException
                )
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
            }
        }
    }

    private async Task ShowSummaryAsync(string title, Summary summary, CancellationToken cancellationToken)
    {
        var text = await PatientlyAsync(stop => _client!.TellAsync(summary.Id, stop), cancellationToken);
        _terminal.Line();
        _terminal.Line(_terminal.Dim($"── {title} {new string('─', Terminal.Width - title.Length - 4)}"));
        _terminal.Write(text, summary.Assessment);
        _terminal.Line(_terminal.Dim(new string('─', Terminal.Width)));
        _terminal.Line();
    }

    private void Part(string name, Uri address, string what) =>
        _terminal.Hanging($"{name, -10}{address.GetLeftPart(UriPartial.Authority), -26}", 36, what);

    private T Running<T>(T part)
        where T : IAsyncDisposable
    {
        _running.Push(part);
        return part;
    }
}
