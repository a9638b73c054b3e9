using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Logging;

namespace Autopilot.Core.Tracking;

/// <summary>
/// Asks upstream how far a run is, and which risks a passed pre-check accepted. It never fails a poll, and changes nothing but
/// <see cref="TrackedWorkflow.Progress"/>.
/// </summary>
internal static partial class TaskProgressFetcher
{
    /// <summary>Longest type of a task in a log line, in characters: upstream chooses it.</summary>
    private const int MaxWord = 64;

    /// <summary>Whether there is a run to ask about, and room for it within the limits of requests.</summary>
    public static bool IsWanted(TrackedWorkflow row, PollingServices services) =>
        services.Options.TaskProgress && services.Upstream.IsHalfUnspent && RunProgresses.Wanted(row, services.Clock.GetUtcNow()).Count > 0;

    /// <summary>The write with what upstream says now. Never throws, not when cancelled either.</summary>
    public static async Task<WorkflowWrite> AskAsync(WorkflowWrite write, PollingServices services, CancellationToken cancellationToken)
    {
        if (!services.Options.TaskProgress)
        {
            return write;
        }

        foreach (var run in RunProgresses.Wanted(write.After, services.Clock.GetUtcNow()))
        {
            if (cancellationToken.IsCancellationRequested || !services.Upstream.IsHalfUnspent)
            {
                return write;
            }

            if (await AskAsync(write.After, run, services, cancellationToken) is { } progress)
            {
                write = write with { After = write.After with { Progress = progress } };
            }
        }

        return write;
    }

    /// <summary>What is known once upstream was asked; null where it was not asked, so that the next poll does.</summary>
    private static async Task<IReadOnlyList<RunProgress>?> AskAsync(
        TrackedWorkflow row,
        TaskAttempt run,
        PollingServices services,
        CancellationToken cancellationToken
    )
    {
        var (id, task) = (row.Target.WorkflowId, ForeignText.OneLine(run.Type.Value, MaxWord));
        try
        {
            var report = TaskFailures.IsListed(run.Type)
                ? SnapshotFailures.ProgressOf(await services.Upstream.ReadSnapshotsAsync(row.Target, cancellationToken), run)
                : await services.Upstream.ReadProgressAsync(row.Target, run, cancellationToken);
            return RunProgresses.Add(row.Progress, run, report, services.Clock.GetUtcNow());
        }
        catch (UpstreamException exception) when (exception.Failure is UpstreamFailure.Throttled)
        {
            // No request was worth its wait: the next poll asks.
            return null;
        }
        catch (UpstreamException exception)
        {
            LogNotRead(services.Logger, id, task, exception.Failure, exception.StatusCode, exception.Code, exception.Message);
            var final = exception.Failure is UpstreamFailure.NotFound || exception.AnswerLimit is not null;
            return RunProgresses.Unanswered(row.Progress, run, services.Clock.GetUtcNow(), final);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception)
        {
            LogBroke(services.Logger, exception, id, task);
            return RunProgresses.Unanswered(row.Progress, run, services.Clock.GetUtcNow(), final: false);
        }
    }

    [LoggerMessage(
        EventId = 1117,
        EventName = "ProgressNotRead",
        Level = LogLevel.Debug,
        Message = "Workflow {WorkflowId}: the document of {Task} could not be read: {Failure} (status {StatusCode}, code {Code}): {Reason}"
    )]
    private static partial void LogNotRead(
        ILogger logger,
        string workflowId,
        string task,
        UpstreamFailure failure,
        int? statusCode,
        string? code,
        string reason
    );

    [LoggerMessage(
        EventId = 1118,
        EventName = "ProgressBroke",
        Level = LogLevel.Error,
        Message = "Workflow {WorkflowId}: what upstream says of the progress of {Task} could not be processed"
    )]
    private static partial void LogBroke(ILogger logger, Exception exception, string workflowId, string task);
}
