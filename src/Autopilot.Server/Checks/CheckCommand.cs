using Autopilot.Cce.Probing;
using Autopilot.Core.Settings;
using Autopilot.Core.Tracking;
using Autopilot.Server.Access;
using Autopilot.Storage;
using Microsoft.Extensions.Options;

namespace Autopilot.Server.Checks;

/// <summary>Tries one by one what the server needs, and says in a line each how that went and what to do. Changes nothing but that it makes the tables.</summary>
internal static class CheckCommand
{
    /// <summary>Longest wait for any one answer: whoever runs a check sits in front of it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string[] AfterSettings = ["storage", "endpoint", "credentials", "permission"];

    /// <returns>Whether nothing failed. A step that could not be tried is told, and is a failure only by what kept it from being tried.</returns>
    public static async Task<bool> RunAsync(string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        var good = true;
        async Task WriteAsync(CheckLine line)
        {
            good &= line.Outcome != CheckOutcome.Failed;
            await output.WriteLineAsync(line.ToString());
        }

        try
        {
            await using var app = ServerApp.Create(args, builder => builder.Logging.ClearProviders());
            app.Services.GetRequiredService<ListenGuard>().CheckSettings();
            var unknown = app.Services.GetRequiredService<KnownSettings>().Unknown(app.Configuration);
            await WriteAsync(new CheckLine("settings", CheckOutcome.Ok, "All settings are well-formed." + string.Concat(unknown.Select(one => $" {one.Setting} is known to nobody here and does nothing{(one.Nearest is null ? "" : $": is {one.Nearest} meant?")}"))));

            await WriteAsync(await CheckStorageAsync(app.Services, cancellationToken));
            foreach (var line in await CheckUpstreamAsync(app.Services, cancellationToken))
                await WriteAsync(line);
        }
        catch (Exception exception) when (ServerCommand.SettingFailures(exception) is { } failures)
        {
            foreach (var failure in failures)
                await WriteAsync(new CheckLine("settings", CheckOutcome.Failed, failure));
            foreach (var step in AfterSettings)
                await WriteAsync(new CheckLine(step, CheckOutcome.Skipped, "Not tried, since settings are missing or wrong."));
        }
        return good;
    }

    private static async Task<CheckLine> CheckStorageAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var probe = services.GetRequiredService<StorageProbe>();
            var found = await probe.CheckAsync(patience.Token);
            if (services.GetRequiredService<IOptions<PollingOptions>>().Value.FanOut is FanOut.Queue)
                found += $"; {await probe.CheckQueueAsync(patience.Token)}";
            return new CheckLine("storage", CheckOutcome.Ok, found);
        }
        catch (StorageUnavailableException exception)
        {
            return new CheckLine("storage", CheckOutcome.Failed, $"{exception.Message} See AutopilotStorage, and that the network lets it through.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new CheckLine("storage", CheckOutcome.Failed, $"No answer within {Patience.TotalSeconds:0} s: see AutopilotStorage, and whether a firewall stands between.");
        }
    }

    private static async Task<IEnumerable<CheckLine>> CheckUpstreamAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        // With a workflow from settings the check asks by the very permission that polling needs.
        var target = services.GetRequiredService<IOptions<TrackingOptions>>().Value.Workflows is [var first, ..] ? first : null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var results = await services.GetRequiredService<CceProbe>().CheckAsync(target?.ProjectId, target?.ClusterId, patience.Token);
            return results.Select(result => new CheckLine(Name(result.Step), Outcome(result.Outcome), result.Message));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [new CheckLine("endpoint", CheckOutcome.Failed, $"No answer within {Patience.TotalSeconds:0} s: see Cce:Region or Cce:Endpoint, and whether a proxy or a firewall stands between.")];
        }
    }

    private static string Name(CceProbeStep step) => step switch
    {
        CceProbeStep.Endpoint => "endpoint",
        CceProbeStep.Credentials => "credentials",
        _ => "permission",
    };

    private static CheckOutcome Outcome(CceProbeOutcome outcome) => outcome switch
    {
        CceProbeOutcome.Passed => CheckOutcome.Ok,
        CceProbeOutcome.Failed => CheckOutcome.Failed,
        _ => CheckOutcome.Skipped,
    };
}
