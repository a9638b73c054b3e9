using Autopilot.Cce.Probing;
using Autopilot.Core.Notifications;
using Autopilot.Core.Rows;
using Autopilot.Core.Settings;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Autopilot.Hosting;
using Autopilot.Server.Access;
using Autopilot.Storage;
using Microsoft.Extensions.Options;

namespace Autopilot.Server.Checks;

/// <summary>
/// Tries one by one what the server needs, and reports each result in a line, with what to do. It changes nothing but creates missing
/// tables.
/// </summary>
internal static class CheckCommand
{
    /// <summary>Longest wait for any one response: a person waits for the result.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const int MostTargets = 20;

    private static readonly string[] AfterSettings = ["storage", "endpoint", "credentials", "permission"];

    /// <returns>Whether nothing failed. A step that could not be tried is reported, and counts as a failure only through the step that
    /// prevented it.</returns>
    public static async Task<bool> RunAsync(string[] settings, TextWriter output, CancellationToken cancellationToken)
    {
        var good = true;
        async Task WriteAsync(CheckLine line)
        {
            good &= line.Outcome != CheckOutcome.Failed;
            await output.WriteLineAsync(line.ToString());
        }

        try
        {
            await using var app = ServerApp.Create(settings, builder => builder.Logging.ClearProviders());
            app.Services.GetRequiredService<ListenGuard>().CheckSettings();
            var unknown = app.Services.GetRequiredService<SettingsRegistry>().Unknown(app.Configuration);
            await WriteAsync(new CheckLine("settings", CheckOutcome.Ok, "All settings that are known here are well-formed."));
            foreach (var (setting, nearest) in unknown)
            {
                await WriteAsync(
                    new CheckLine(
                        "settings",
                        CheckOutcome.Warning,
                        $"{setting} is not a setting of this version and does nothing{(nearest is null ? "." : $": is {nearest} meant?")}"
                    )
                );
            }

            var schedules = app.Services.GetRequiredService<IOptions<ScheduleOptions>>().Value;
            foreach (var misreading in schedules.Misreadings(app.Services.GetRequiredService<TimeProvider>().GetUtcNow()))
            {
                await WriteAsync(new CheckLine("settings", CheckOutcome.Warning, misreading));
            }

            await WriteAsync(await CheckStorageAsync(app.Services, cancellationToken));
            foreach (var line in await CheckUpstreamAsync(app.Services, cancellationToken))
            {
                await WriteAsync(line);
            }

            if (Webhooks(app.Services.GetRequiredService<IOptions<NotificationOptions>>().Value) is { } webhooks)
            {
                await WriteAsync(webhooks);
            }
        }
        catch (Exception exception) when (SettingFailures.Of(exception) is { } failures)
        {
            foreach (var failure in failures)
            {
                await WriteAsync(new CheckLine("settings", CheckOutcome.Failed, failure));
            }

            foreach (var step in AfterSettings)
            {
                await WriteAsync(new CheckLine(step, CheckOutcome.Skipped, "Not tried, since settings are missing or wrong."));
            }
        }
        return good;
    }

    /// <summary>Webhooks are not tried: a receiver would take whatever comes for a message.</summary>
    private static CheckLine? Webhooks(NotificationOptions notifications) =>
        notifications.Webhooks.Count == 0
            ? null
            : new CheckLine(
                "webhooks",
                CheckOutcome.Skipped,
                "Not tried, as that sends a message: "
                    + string.Join(", ", notifications.Webhooks.Select(one => $"{one.Name} at {one.Host}"))
                    + ". POST /api/notifications/test sends a sample to each once the server runs."
            );

    private static async Task<CheckLine> CheckStorageAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var probe = services.GetRequiredService<StorageProbe>();
            var found = await probe.CheckAsync(patience.Token);
            if (services.GetRequiredService<IOptions<PollingOptions>>().Value.FanOut is FanOutMode.Queue)
            {
                found += $"; {await probe.CheckQueueAsync(patience.Token)}";
            }

            return new CheckLine("storage", CheckOutcome.Ok, found);
        }
        catch (StorageUnavailableException exception)
        {
            return new CheckLine(
                "storage",
                CheckOutcome.Failed,
                $"{exception.Message} See AutopilotStorage, and that the network lets it through."
            );
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new CheckLine(
                "storage",
                CheckOutcome.Failed,
                $"No answer within {Patience.TotalSeconds:0} s: see AutopilotStorage, and whether a firewall stands between."
            );
        }
    }

    private static async Task<IEnumerable<CheckLine>> CheckUpstreamAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        // With a target from settings the check uses the very permission that polling needs; the first response also shows whether endpoint
        // and credentials work.
        var targets = TargetsOf(services.GetRequiredService<IOptions<TrackingOptions>>().Value);
        var probe = services.GetRequiredService<CceProbe>();
        var lines = new List<CheckLine>();
        foreach (var (number, (project, cluster, workflows)) in targets.Take(MostTargets).Index())
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            try
            {
                var results = await probe.CheckAsync(project, cluster, workflows, patience.Token);
                lines.AddRange(
                    (number == 0 ? results : OfItsOwn(results)).Select(result => new CheckLine(
                        Name(result.Step),
                        Outcome(result.Outcome),
                        result.Message
                    ))
                );
                if (results.Any(result => result is { Outcome: CceProbeOutcome.Failed, Step: not CceProbeStep.Permission }))
                {
                    return lines;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                lines.Add(
                    number == 0
                        ? new CheckLine(
                            "endpoint",
                            CheckOutcome.Failed,
                            $"No answer within {Patience.TotalSeconds:0} s: see Cce:Region or Cce:Endpoint, and whether a proxy or a "
                                + "firewall stands between."
                        )
                        : new CheckLine(
                            "permission",
                            CheckOutcome.Failed,
                            $"No answer about {cluster ?? project} within {Patience.TotalSeconds:0} s."
                        )
                );
                return lines;
            }
        }

        if (targets.Count > MostTargets)
        {
            lines.Add(
                new CheckLine(
                    "permission",
                    CheckOutcome.Skipped,
                    $"{targets.Count - MostTargets} more clusters and projects are not tried here; the first cycle asks for them."
                )
            );
        }

        return lines;
    }

    /// <summary>
    /// The first response has shown that endpoint and credentials work: a later one is about its own target, or about a change in between.
    /// </summary>
    private static IReadOnlyList<CceProbeResult> OfItsOwn(IReadOnlyList<CceProbeResult> later) =>
        later switch
        {
            [{ Outcome: CceProbeOutcome.Failed } endpoint, _, var permission] => [endpoint, permission],
            [_, { Outcome: CceProbeOutcome.Failed } limit, var permission] => [permission with { Message = limit.Message }],
            _ => [later[^1]],
        };

    /// <summary>
    /// What to ask about: each cluster that settings name, by itself or by a workflow, and each project. Where they name nothing, it is the
    /// project of <c>Cce:ProjectId</c>.
    /// </summary>
    private static List<(string? Project, string? Cluster, IReadOnlyCollection<string> Workflows)> TargetsOf(TrackingOptions tracking)
    {
        var clusters = tracking
            .Workflows.Select(one => (one.ProjectId, one.ClusterId))
            .Concat(tracking.Clusters.Select(one => (one.ProjectId, one.ClusterId)))
            .Distinct();
        List<(string?, string?, IReadOnlyCollection<string>)> targets =
        [
            .. clusters.Select(one =>
                (
                    one.ProjectId,
                    one.ClusterId,
                    (IReadOnlyCollection<string>)
                        [
                            .. tracking
                                .Workflows.Where(workflow => workflow.ClusterId == one.ClusterId && workflow.ProjectId == one.ProjectId)
                                .Select(workflow => workflow.WorkflowId),
                        ]
                )
            ),
            .. tracking.Projects.Select(project => (project, (string?)null, (IReadOnlyCollection<string>)[])),
        ];
        return targets.Count > 0 ? targets : [(null, null, [])];
    }

    private static string Name(CceProbeStep step) =>
        step switch
        {
            CceProbeStep.Endpoint => "endpoint",
            CceProbeStep.Credentials => "credentials",
            _ => "permission",
        };

    private static CheckOutcome Outcome(CceProbeOutcome outcome) =>
        outcome switch
        {
            CceProbeOutcome.Passed => CheckOutcome.Ok,
            CceProbeOutcome.Failed => CheckOutcome.Failed,
            CceProbeOutcome.Doubtful => CheckOutcome.Warning,
            _ => CheckOutcome.Skipped,
        };
}
