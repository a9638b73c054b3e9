using Autopilot.Azurite;
using Autopilot.Benchmarks.Upstream;
using Autopilot.Core.Tracking;
using Autopilot.Server;
using Autopilot.Storage;
using Autopilot.Storage.Settings;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace Autopilot.Benchmarks.Scenarios;

/// <summary>
/// Our server in this process, with tables of its own and no scheduler: cycles are started here, as its scheduler would start them.
/// </summary>
internal sealed class MeasuredServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private MeasuredServer(WebApplication app, string prefix, OperationCount operations, TableClient table) =>
        (_app, Prefix, Operations, Table) = (app, prefix, operations, table);

    public string Prefix { get; }

    public OperationCount Operations { get; }

    public TableClient Table { get; }

    public Uri Address => new(_app.Urls.Single());

    public static async Task<MeasuredServer> StartAsync(AzuriteServer azurite, UpstreamProcess upstream)
    {
        var prefix = $"B{Guid.NewGuid():N}"[..20];
        var operations = new OperationCount();
        var app = ServerApp.Create(
            ["--urls=http://127.0.0.1:0"],
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Configuration.AddInMemoryCollection(SettingsOf(azurite, upstream, prefix));
                builder.Services.PostConfigure<StorageOptions>(storage =>
                    storage.ConfigureClient = client => client.AddPolicy(operations, HttpPipelinePosition.PerRetry)
                );
            }
        );
        await app.StartAsync();
        return new MeasuredServer(app, prefix, operations, new TableClient(azurite.ConnectionString, prefix + "Workflows"));
    }

    public static Dictionary<string, string?> SettingsOf(AzuriteServer azurite, UpstreamProcess upstream, string prefix) =>
        new()
        {
            ["Cce:Endpoint"] = upstream.Address.GetLeftPart(UriPartial.Authority),
            ["Cce:AccessKey"] = "AK",
            ["Cce:SecretKey"] = "SK",
            ["AutopilotStorage"] = azurite.ConnectionString,
            ["Storage:TablePrefix"] = prefix,
            ["PollSchedule"] = "disabled",
            ["RetentionSchedule"] = "disabled",
        };

    /// <summary>Tracks so many workflows and reads them once, so that the next cycle finds first states.</summary>
    public async Task FillAsync(int workflows)
    {
        await Fleet.TrackAsync(_app.Services.GetRequiredService<ITrackingStore>(), Table, workflows);
        // An emulator that a busy machine holds up loses some of so many writes: the next cycle makes them.
        for (var cycle = 0; cycle < 10; cycle++)
        {
            if (await RunAsync() is { Changed: 0, Complete: true })
            {
                return;
            }
        }

        throw new InvalidOperationException($"The first states of {workflows} workflows could not be stored.");
    }

    /// <summary>One cycle over every workflow.</summary>
    public async Task CycleAsync(int workflows, int changed)
    {
        var result = await RunAsync();
        if ((result.Polled, result.Changed, result.Complete) != (workflows, changed, true))
        {
            throw new InvalidOperationException(
                $"The cycle over {workflows} workflows ({changed} of them due to change) returned {result}."
            );
        }
    }

    private Task<CycleResult> RunAsync() =>
        _app.Services.GetRequiredService<PollCycle>().RunAsync(new CycleRequest(DueOnly: false), CancellationToken.None);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>
/// Counts what leaves the storage clients: a GET is a read, everything else a write. Retries count, since they are paid for.
/// </summary>
internal sealed class OperationCount : HttpPipelineSynchronousPolicy
{
    private int _reads,
        _writes;

    public int Reads => _reads;

    public int Writes => _writes;

    public void Reset() => _reads = _writes = 0;

    public override void OnSendingRequest(HttpMessage message) =>
        Interlocked.Increment(ref message.Request.Method == RequestMethod.Get ? ref _reads : ref _writes);
}
