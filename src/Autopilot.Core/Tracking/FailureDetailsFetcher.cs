using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Logging;

namespace Autopilot.Core.Tracking;

/// <summary>
/// Asks upstream why an attempt failed: once per failed attempt, within the poll that saw the failure and before its write. A failure here
/// does not fail the poll: the state is stored as it is. Every later poll of the workflow asks again, until upstream has answered, knows
/// nothing, or a new attempt has begun.
/// </summary>
internal static partial class FailureDetailsFetcher
{
    /// <summary>Longest type of a task in a log line, in characters: upstream chooses it.</summary>
    private const int MaxWord = 64;

    /// <summary>
    /// The write with upstream's details of the failed attempts that it shows, and with the latest backup where the cluster stage is next.
    /// Never throws, not when cancelled either: what was observed must not be lost.
    /// </summary>
    public static async Task<WorkflowWrite> ExplainAsync(WorkflowWrite write, PollingServices services, CancellationToken cancellationToken)
    {
        var target = write.After.Target;
        Task<SnapshotList>? snapshots = null;
        foreach (
            var run in TaskFailures.Unexplained(
                write.After.TaskFailures,
                write.After.Runs,
                services.Upstream.AnswerLimit,
                services.Clock.GetUtcNow()
            )
        )
        {
            write = await AskWhyAsync(write, run, SnapshotsAsync, services, cancellationToken);
        }

        return await AskForBackupAsync(write, SnapshotsAsync, services, cancellationToken);

        // One list explains all that it can, and a failure of it is one failure.
        Task<SnapshotList> SnapshotsAsync() => snapshots ??= services.Upstream.ReadSnapshotsAsync(target, cancellationToken);
    }

    /// <summary>
    /// Whether the list of backups will be refused, or come in a shape that is not known, at the next poll as well. Not every project opens
    /// it, and a request at each poll is more than it is worth.
    /// </summary>
    private static bool IsLasting(UpstreamException exception) => exception.Failure is UpstreamFailure.Denied or UpstreamFailure.Invalid;

    /// <summary>Asks why an attempt failed; without an answer the write stays as it is, and the next poll asks.</summary>
    private static async Task<WorkflowWrite> AskWhyAsync(
        WorkflowWrite write,
        TaskAttempt run,
        Func<Task<SnapshotList>> snapshots,
        PollingServices services,
        CancellationToken cancellationToken
    )
    {
        var (target, shown) = (write.After.Target, ForeignText.OneLine(run.Type.Value, MaxWord));
        var id = target.WorkflowId;
        try
        {
            var report = TaskFailures.IsListed(run.Type)
                ? SnapshotFailures.Of(await snapshots(), run)
                : await services.Upstream.ReadFailureAsync(target, run, cancellationToken);
            return report is null ? write : ObservedWorkflow.Explained(write, run, report);
        }
        catch (UpstreamException exception) when (exception.AnswerLimit is { } limit)
        {
            LogTooLarge(services.Logger, id, shown, limit);
            // It would be as large at the next poll: the next read is worth it once the limit is raised.
            return ObservedWorkflow.Explained(write, run, new FailureReport([], TooLargeFor: limit));
        }
        catch (UpstreamException exception)
            when (exception.Failure is UpstreamFailure.NotFound || (TaskFailures.IsListed(run.Type) && IsLasting(exception)))
        {
            // Upstream knows the workflow and not this task: asking at each poll would not help.
            LogNotRead(services.Logger, id, shown, exception.Failure, exception.StatusCode, exception.Code, exception.Message);
            var failures = TaskFailures.Refused(write.After.TaskFailures, run, services.Clock.GetUtcNow());
            return write with { After = write.After with { TaskFailures = failures } };
        }
        catch (UpstreamException exception)
        {
            LogNotRead(services.Logger, id, shown, exception.Failure, exception.StatusCode, exception.Code, exception.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Budget, shutdown or rejection: the next poll asks.
        }
        catch (Exception exception)
        {
            LogBroke(services.Logger, exception, id, shown);
        }

        return write;
    }

    /// <summary>Asks how old the latest backup is; without an answer the write stays as it is, and the next poll asks.</summary>
    private static async Task<WorkflowWrite> AskForBackupAsync(
        WorkflowWrite write,
        Func<Task<SnapshotList>> snapshots,
        PollingServices services,
        CancellationToken cancellationToken
    )
    {
        var row = write.After;
        var question = "";
        try
        {
            question = LatestBackup.OpenQuestion(row);
            return question is null ? write : With((await snapshots()).LatestBackupAt);
        }
        catch (UpstreamException exception)
            when (exception.Failure is UpstreamFailure.NotFound or UpstreamFailure.Unavailable || IsLasting(exception))
        {
            // Every workflow that waits for its cluster stage asks: a list that fails must not cost each of them a request per poll.
            return With(null);
        }
        catch (UpstreamException exception)
        {
            LogBackupNotRead(
                services.Logger,
                row.Target.WorkflowId,
                exception.Failure,
                exception.StatusCode,
                exception.Code,
                exception.Message
            );
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Budget, shutdown or rejection: the next poll asks.
        }
        catch (Exception exception)
        {
            LogBackupBroke(services.Logger, exception, row.Target.WorkflowId);
        }

        return write;

        WorkflowWrite With(DateTimeOffset? latest) =>
            ObservedWorkflow.WithBackup(write, new LatestBackup(question!, latest, row.ObservedAt));
    }

    [LoggerMessage(
        EventId = 1111,
        EventName = "FailureNotRead",
        Level = LogLevel.Information,
        Message = "Workflow {WorkflowId}: why {Task} failed could not be read: {Failure} (status {StatusCode}, code {Code}): "
            + "{Reason} A later poll asks again"
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
        EventId = 1112,
        EventName = "FailureBroke",
        Level = LogLevel.Error,
        Message = "Workflow {WorkflowId}: what upstream says of the failed {Task} could not be worked on"
    )]
    private static partial void LogBroke(ILogger logger, Exception exception, string workflowId, string task);

    [LoggerMessage(
        EventId = 1114,
        EventName = "FailureTooLarge",
        Level = LogLevel.Warning,
        Message = "Workflow {WorkflowId}: why {Task} failed was not read, since the document is larger than {Limit} bytes "
            + "(Cce:MaxAnswerBytes). A poll after the limit is raised asks again"
    )]
    private static partial void LogTooLarge(ILogger logger, string workflowId, string task, int limit);

    [LoggerMessage(
        EventId = 1115,
        EventName = "BackupNotRead",
        Level = LogLevel.Information,
        Message = "Workflow {WorkflowId}: the time of the latest backup could not be read: {Failure} (status {StatusCode}, code {Code}): "
            + "{Reason} The next poll asks again"
    )]
    private static partial void LogBackupNotRead(
        ILogger logger,
        string workflowId,
        UpstreamFailure failure,
        int? statusCode,
        string? code,
        string reason
    );

    [LoggerMessage(
        EventId = 1116,
        EventName = "BackupBroke",
        Level = LogLevel.Error,
        Message = "Workflow {WorkflowId}: what upstream says of the latest backup could not be worked on"
    )]
    private static partial void LogBackupBroke(ILogger logger, Exception exception, string workflowId);
}
