using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Logging;

namespace Autopilot.Core.Tracking;

/// <summary>
/// Asks upstream why an attempt failed: once per failed attempt, within the poll that saw the failure and before its write. A failure here
/// does not fail the poll: the state is stored as it is, and every later poll of the workflow asks again until upstream has answered, knows
/// nothing, or a new attempt has begun.
/// </summary>
internal static partial class FailureDetailsFetcher
{
    /// <summary>Longest type of a task in a log line, in characters: upstream chooses it.</summary>
    private const int MaxWord = 64;

    /// <summary>
    /// The write with upstream's details of the failed attempts that it shows. Never throws, not when cancelled either: what was observed
    /// must not be lost.
    /// </summary>
    public static async Task<WorkflowWrite> ExplainAsync(WorkflowWrite write, PollingServices services, CancellationToken cancellationToken)
    {
        var target = write.After.Target;
        foreach (var run in TaskFailures.Unexplained(write.After.TaskFailures, write.After.Runs))
        {
            try
            {
                if (await services.Upstream.ReadFailureAsync(target, run, cancellationToken) is { } report)
                {
                    write = ObservedWorkflow.Explained(write, run, report);
                }
            }
            catch (UpstreamException exception) when (exception.Failure is UpstreamFailure.NotFound)
            {
                // Upstream knows the workflow and not this task: asking again would not help.
                write = ObservedWorkflow.Explained(write, run, FailureReport.Nothing);
            }
            catch (UpstreamException exception)
            {
                LogNotRead(
                    services.Logger,
                    target.WorkflowId,
                    ForeignText.OneLine(run.Type.Value, MaxWord),
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
                LogBroke(services.Logger, exception, target.WorkflowId, ForeignText.OneLine(run.Type.Value, MaxWord));
            }
        }

        return write;
    }

    [LoggerMessage(
        EventId = 1111,
        EventName = "FailureNotRead",
        Level = LogLevel.Information,
        Message = "Workflow {WorkflowId}: why {Task} failed could not be read: {Failure} (status {StatusCode}, code {Code}): "
            + "{Reason} The next poll asks again"
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
}
