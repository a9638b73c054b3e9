using Autopilot.Core.Concurrency;
using Autopilot.Core.Workflows;
using Autopilot.Core.Workflows.Actions;
using Microsoft.Extensions.Options;

namespace Autopilot.Core.Notifications;

/// <summary>Sends a sample to every webhook, for the person who has just set one up. Callers at the same time share one round.</summary>
public sealed class NotificationTest(INotificationSender sender, IOptions<NotificationOptions> options, TimeProvider clock)
{
    private readonly SingleFlight<string, IReadOnlyList<TestedWebhook>> _rounds = new();

    /// <summary>What is set.</summary>
    public IReadOnlyList<Webhook> Webhooks => options.Value.Webhooks;

    /// <summary>One attempt per webhook, all at once; filters do not matter.</summary>
    /// <param name="name">Only the one of this name; null for all.</param>
    /// <returns>In the order of the settings; empty when there is none of this name.</returns>
    public Task<IReadOnlyList<TestedWebhook>> RunAsync(string? name, CancellationToken cancellationToken) =>
        _rounds.RunAsync(
            name ?? "",
            async ending =>
                await Task.WhenAll(
                    Webhooks
                        .Where(webhook => name is null || webhook.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                        .Select(async webhook => new TestedWebhook(
                            webhook,
                            await sender.SendAsync(webhook, Sample(clock.GetUtcNow()), ending)
                        ))
                ),
            cancellationToken
        );

    /// <summary>A sample upgrade; no such workflow exists.</summary>
    public static Notification Sample(DateTimeOffset now) =>
        new()
        {
            WorkflowId = "00000000-0000-0000-0000-000000000000",
            Sequence = 1,
            At = now,
            From = new NotificationState(
                Assessment.Progressing,
                WorkflowPhase.Running,
                UpgradeTaskType.PreCheck,
                BlockingReason.InProgress
            ),
            To = new NotificationState(Assessment.Blocked, WorkflowPhase.Pending, UpgradeTaskType.PreCheck, BlockingReason.TaskFailed),
            Sample = true,
            Facts = new NotificationFacts
            {
                ClusterName = "sample-cluster",
                FromVersion = "v1.27.8-r0",
                TargetVersion = "v1.28.6-r0",
                Headline = "This is a test of the notifications: no upgrade is blocked.",
                ObservedAt = now,
                Progress = new WorkflowProgress(0, 3, 0),
                BlockingTask = new BlockingTask
                {
                    Type = UpgradeTaskType.PreCheck,
                    Status = UpgradeTaskStatus.Failed,
                    Reason = BlockingReason.TaskFailed,
                    Since = now,
                    Message = "Here stands what happened, and for how long.",
                    Remediation = "Here stands what a person does next.",
                },
                Actions =
                [
                    new WorkflowAction
                    {
                        Action = UpgradeAction.RunPreCheck,
                        Allowed = ActionAllowed.Yes,
                        Basis = ActionBasis.Documented,
                        Reason = "Here stands why it is allowed.",
                        By = ActionActor.User,
                        Advised = true,
                    },
                ],
            },
        };
}
