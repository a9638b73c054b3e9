using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Autopilot.Core.Notifications;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Telemetry;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Autopilot.Core.Retention;

/// <summary>
/// Deletes what is past its retention: the work of the retention timer. A run is bounded in time and can end anywhere: the next run finds
/// the rest again. Two runs at once do no harm, since every deletion is conditional.
/// </summary>
public sealed partial class RetentionRun(
    IRetentionStore store,
    INotificationOutbox outbox,
    BaselineCache baselines,
    IOptions<RetentionOptions> options,
    IOptions<TrackingOptions> tracking,
    IOptions<NotificationOptions> notifications,
    TimeProvider clock,
    ILogger<RetentionRun> logger
)
{
    /// <summary>Most workflows that a preview names.</summary>
    public const int MaxExamples = 100;

    private readonly FrozenSet<string> _named = tracking
        .Value.Workflows.Select(target => target.WorkflowId)
        .ToFrozenSet(StringComparer.Ordinal);
    private readonly FrozenSet<string> _webhooks = notifications
        .Value.Webhooks.Select(webhook => webhook.Name)
        .ToFrozenSet(StringComparer.Ordinal);

    // Shards at a time: retention is not urgent, and the polls go first.
    private const int Concurrency = 4;

    /// <summary>Says what a run would delete now, and deletes nothing.</summary>
    /// <exception cref="StorageUnavailableException">The store cannot be reached.</exception>
    public async Task<RetentionPreview> PreviewAsync(CancellationToken cancellationToken)
    {
        var limits = RetentionLimits.At(clock.GetUtcNow(), options.Value);
        var (workflows, states) = (0L, 0L);
        var examples = new List<ExpiredWorkflow>();
        var unreadable = new UnreadableCount();
        foreach (var shard in Shard.All)
        {
            await foreach (var expired in FindAsync(shard, limits, unreadable, cancellationToken))
            {
                workflows += TakesTheRow(expired) ? 1 : 0;
                states += expired.States;
                if (examples.Count < MaxExamples)
                {
                    examples.Add(expired);
                }
            }
        }

        var runs = limits.RunsBefore is { } before ? await store.CountRunsAsync(before, cancellationToken) : 0;
        return new RetentionPreview(limits, workflows, states, runs, examples, await store.ReadLastAsync(cancellationToken))
        {
            Unreadable = unreadable.Rows,
        };
    }

    /// <summary>Runs once. Never throws for the store: the result has the failures.</summary>
    public Task<RetentionResult> RunAsync(CancellationToken cancellationToken) => RunAsync(options.Value.Budget, cancellationToken);

    /// <summary>Runs for at most this length, or for <c>Retention:Budget</c> where that is shorter.</summary>
    public async Task<RetentionResult> RunAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        using var activity = Instrumentation.Activities.StartActivity("retention pass");
        var (startedAt, began) = (clock.GetUtcNow(), clock.GetTimestamp());
        var limits = RetentionLimits.At(startedAt, options.Value);
        using var budget = new CancellationTokenSource(longest < options.Value.Budget ? longest : options.Value.Budget, clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, cancellationToken);
        var (workflows, states, runs) = (0L, 0L, 0L);
        var errors = new HashSet<string>();

        await GuardAsync(() =>
            Parallel.ForEachAsync(
                Shard.All,
                new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = ending.Token },
                async (shard, token) =>
                    await GuardAsync(async () =>
                    {
                        await outbox.ForgetUndeliveredAsync(shard, startedAt - NotificationDelivery.KeepGivenUp, token);
                        await AbandonedNotifications.ForgetAsync(
                            outbox,
                            shard,
                            _webhooks,
                            startedAt - NotificationDelivery.KeepGivenUp,
                            startedAt,
                            token
                        );
                        await foreach (var expired in FindAsync(shard, limits, new UnreadableCount(), token))
                        {
                            if (!await store.DeleteAsync(expired, token))
                            {
                                continue;
                            }

                            Interlocked.Add(ref workflows, TakesTheRow(expired) ? 1 : 0);
                            Interlocked.Add(ref states, expired.States);
                        }
                    })
            )
        );
        if (limits.RunsBefore is { } before)
        {
            await GuardAsync(async () =>
            {
                await foreach (var batch in store.DeleteRunsAsync(before, ending.Token))
                {
                    runs += batch;
                }
            });
        }

        if (runs > 0)
        {
            await baselines.RecomputeAsync(cancellationToken);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            errors.Add("The process is stopping; the next run continues.");
        }
        else if (budget.IsCancellationRequested)
        {
            errors.Add("The time for one run is spent; the next continues.");
        }

        await GuardAsync(() => store.WriteLastAsync(new RetentionRecord(startedAt, Result()), cancellationToken));
        var result = Result();
        LogRun(
            logger,
            result.Complete ? LogLevel.Information : LogLevel.Warning,
            result.Workflows,
            result.States,
            result.Runs,
            result.Complete,
            result.DurationSeconds,
            string.Join(" ", errors)
        );
        return result;

        RetentionResult Result() =>
            new()
            {
                Workflows = workflows,
                States = states,
                Runs = runs,
                Complete = errors.Count == 0,
                DurationSeconds = Math.Round(clock.GetElapsedTime(began).TotalSeconds, 3),
                Errors = [.. errors],
            };

        // One shard that fails leaves the others to go on.
        async Task GuardAsync(Func<Task> work)
        {
            try
            {
                await work();
            }
            catch (StorageUnavailableException exception)
            {
                lock (errors)
                {
                    errors.Add(exception.Message);
                }
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                // Reported above.
            }
        }
    }

    private async IAsyncEnumerable<ExpiredWorkflow> FindAsync(
        Shard shard,
        RetentionLimits limits,
        UnreadableCount unreadable,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var found in store.FindExpiredAsync(shard, limits, unreadable, cancellationToken))
        {
            var expired =
                found.Reason is ExpiryReason.Ended && _named.Contains(found.WorkflowId)
                    ? found with
                    {
                        Reason = ExpiryReason.NamedInSettings,
                    }
                    : found;
            if (expired.Reason is not ExpiryReason.NamedInSettings || expired.States > 0)
            {
                yield return expired;
            }
        }
    }

    private static bool TakesTheRow(ExpiredWorkflow expired) => expired.Reason is ExpiryReason.Ended or ExpiryReason.PurgeInterrupted;

    [LoggerMessage(
        EventId = 1401,
        EventName = "RetentionDone",
        Message = "Retention: {Workflows} workflows, {States} states and {Runs} runs deleted, complete {Complete}, {DurationSeconds} "
            + "s. {Errors}"
    )]
    private static partial void LogRun(
        ILogger logger,
        LogLevel level,
        long workflows,
        long states,
        long runs,
        bool complete,
        double durationSeconds,
        string errors
    );
}
