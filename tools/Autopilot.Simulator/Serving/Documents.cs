using System.Globalization;
using System.Text.Json.Nodes;
using Autopilot.Simulator.Fleet;
using Autopilot.Simulator.Scenarios;
using Autopilot.Simulator.Time;

namespace Autopilot.Simulator.Serving;

/// <summary>Upstream's documents, with its own spelling of every field.</summary>
internal static class Documents
{
    public static JsonObject Workflow(SimulatedWorkflow workflow, WorkflowState state, DateTimeOffset createdAt) =>
        new()
        {
            ["kind"] = "WorkFlowTask",
            ["apiVersion"] = "v3",
            ["metadata"] = new JsonObject
            {
                ["uid"] = workflow.Id,
                ["labels"] = new JsonObject
                {
                    ["simulator/state"] = state.Version.ToString(CultureInfo.InvariantCulture),
                    ["simulator/life"] = workflow.Life.Name,
                },
                ["creationTimestamp"] = GoTime.Format(createdAt),
                ["updateTimestamp"] = GoTime.Format(state.UpdatedAt),
            },
            ["spec"] = Spec(workflow),
            ["status"] = new JsonObject
            {
                ["phase"] = state.Phase,
                ["pointStatuses"] = new JsonArray([
                    .. state.Points.Select(point => Point(point.Type, point.TaskId is null ? null : state.Tasks[point.TaskId])),
                ]),
                ["lineStatuses"] = new JsonArray(Line("PreCheck", "Cluster"), Line("Cluster", "PostCheck")),
            },
        };

    public static JsonObject PreCheck(SimulatedWorkflow workflow, TaskState task) =>
        new()
        {
            ["kind"] = "PreCheckTask",
            ["apiVersion"] = "v3",
            ["metadata"] = TaskMetadata(task),
            ["spec"] = Spec(workflow),
            ["status"] = new JsonObject
            {
                ["phase"] = task.Status == "Queuing" ? "Init" : task.Status,
                ["expireTimeStamp"] = task.ExpiresAt is { } expires ? GoTime.Format(expires) : "",
                ["message"] = task.Message,
                ["clusterCheckStatus"] = Checks(task, addons: false),
                ["addonCheckStatus"] = Checks(task, addons: true),
                ["nodeCheckStatus"] = new JsonObject(),
            },
        };

    public static JsonObject Upgrade(SimulatedWorkflow workflow, TaskState task, TaskCourse course) =>
        new()
        {
            ["kind"] = "UpgradeTask",
            ["apiVersion"] = "v3",
            ["metadata"] = TaskMetadata(task),
            ["spec"] = new JsonObject
            {
                ["version"] = workflow.FromVersion,
                ["targetVersion"] = workflow.TargetVersion,
                ["items"] = new JsonObject(),
            },
            ["status"] = new JsonObject
            {
                ["phase"] = task.Status,
                ["progress"] = task.Status switch
                {
                    "Success" => "100.00",
                    "Failed" => "62.00",
                    "Running" => course.Progress,
                    _ => "0.00",
                },
                // Filled from the start, as upstream does it: it says nothing about an end.
                ["completionTime"] = GoTime.Format(task.EndedAt ?? task.StartedAt ?? task.CreatedAt),
            },
        };

    /// <summary>The backup tasks of a cluster: its snapshots, and its rollbacks as rollbacks to one.</summary>
    /// <param name="tasks">Every task of the cluster's workflows.</param>
    /// <param name="origin">A day before it a backup was made that no workflow knows.</param>
    public static JsonObject Snapshots(IReadOnlyList<TaskState> tasks, DateTimeOffset origin)
    {
        var latest = tasks.Where(task => task is { Type: "Snapshot", Status: "Success" }).Select(task => task.EndedAt).Max();
        return new()
        {
            ["kind"] = "List",
            ["apiVersion"] = "v3.1",
            ["metadata"] = new JsonObject(),
            ["items"] = new JsonArray([
                .. tasks.Where(task => task.Type is "Snapshot" or "Rollback").OrderBy(task => task.CreatedAt).Select(Snapshot),
            ]),
            ["status"] = new JsonObject { ["latestBackupTime"] = GoTime.Format(latest ?? origin.AddDays(-1)) },
        };
    }

    /// <param name="newest">Its newest upgrade; null when upstream knows of none.</param>
    public static JsonObject Cluster(
        SimulatedCluster cluster,
        (SimulatedWorkflow Workflow, WorkflowState State)? newest,
        DateTimeOffset origin
    ) =>
        new()
        {
            ["kind"] = "Cluster",
            ["apiVersion"] = "v3",
            ["metadata"] = new JsonObject
            {
                ["name"] = cluster.Name,
                ["uid"] = cluster.ClusterId,
                ["alias"] = cluster.Name,
                ["creationTimestamp"] = Rfc3339(origin.AddDays(-200)),
                ["updateTimestamp"] = Rfc3339(newest?.State.At ?? origin),
            },
            ["spec"] = new JsonObject
            {
                ["category"] = "Turbo",
                ["type"] = "VirtualMachine",
                ["flavor"] = "cce.autopilot.cluster",
                ["version"] = newest is var (workflow, state)
                    ? MinorOf(state.Phase == "Success" ? workflow.TargetVersion : workflow.FromVersion)
                    : "v1.28",
                ["platformVersion"] = "cce.7.0",
                ["enableAutopilot"] = true,
            },
            ["status"] = new JsonObject { ["phase"] = PhaseOfCluster(newest?.State) },
        };

    public static JsonObject List(JsonNode? items, bool withItems = true)
    {
        var list = new JsonObject { ["kind"] = "List", ["apiVersion"] = "v3" };
        if (withItems)
        {
            list["items"] = items;
        }

        return list;
    }

    public static string PhaseOfCluster(WorkflowState? state) =>
        state?.Latest("Rollback")?.Status == "Running" ? "RollingBack"
        : state?.Latest("Cluster")?.Status is "Queuing" or "Running" ? "Upgrading"
        : "Available";

    private static JsonObject Snapshot(TaskState task) =>
        new()
        {
            ["kind"] = "SnapshotTask",
            ["apiVersion"] = "v3.1",
            ["metadata"] = TaskMetadata(task),
            ["spec"] = new JsonObject
            {
                ["items"] = new JsonArray(
                    new JsonObject
                    {
                        ["id"] = task.Id,
                        ["type"] = task.Type == "Rollback" ? "master-backup-rollback" : "master-backup",
                        ["status"] = task.Status,
                        ["creationTimestamp"] = GoTime.Format(task.CreatedAt),
                        ["updateTimestamp"] = GoTime.Format(task.EndedAt ?? task.StartedAt ?? task.CreatedAt),
                        ["message"] = task.Message,
                    }
                ),
            },
            ["status"] = new JsonObject
            {
                ["phase"] = task.Status,
                ["progress"] = task.Status == "Success" ? "100.00" : "0.00",
                ["completionTime"] = GoTime.Format(task.EndedAt ?? task.StartedAt ?? task.CreatedAt),
            },
        };

    private static JsonObject Spec(SimulatedWorkflow workflow) =>
        new()
        {
            ["clusterID"] = workflow.ClusterId,
            ["clusterVersion"] = workflow.FromVersion,
            ["targetVersion"] = workflow.TargetVersion,
        };

    // A point that was not started has only its type.
    private static JsonObject Point(string type, TaskState? task)
    {
        var point = new JsonObject { ["taskType"] = type };
        if (task is null)
        {
            return point;
        }

        point["taskID"] = task.Id;
        point["status"] = task.Status;
        if (task.StartedAt is { } started)
        {
            point["startTimeStamp"] = GoTime.Format(started);
        }

        if (task.EndedAt is { } ended)
        {
            point["endTimeStamp"] = GoTime.Format(ended);
        }

        if (task.ExpiresAt is { } expires)
        {
            point["expireTimeStamp"] = GoTime.Format(expires);
        }

        return point;
    }

    private static JsonObject Line(string from, string to) =>
        new()
        {
            ["startPoint"] = new JsonObject { ["taskType"] = from },
            ["endPoint"] = new JsonObject { ["taskType"] = to },
        };

    private static JsonObject TaskMetadata(TaskState task) =>
        new()
        {
            ["uid"] = task.Id,
            ["creationTimestamp"] = GoTime.Format(task.CreatedAt),
            ["updateTimestamp"] = GoTime.Format(task.EndedAt ?? task.StartedAt ?? task.CreatedAt),
        };

    private static JsonObject Checks(TaskState task, bool addons)
    {
        var items = task.Items.Where(item => item.Group == "AddonCheck" == addons).ToList();
        return new()
        {
            ["phase"] =
                task.EndedAt is null ? "Running"
                : items.Any(item => item.Phase == "Failed") ? "Failed"
                : "Success",
            ["itemsStatus"] = new JsonArray([
                .. items.Select(item => new JsonObject
                {
                    ["name"] = item.Name,
                    ["kind"] = item.Kind,
                    ["group"] = item.Group,
                    ["level"] = item.Level,
                    ["phase"] = item.Phase,
                    ["message"] = item.Message,
                    ["riskSource"] = new JsonObject(),
                    ["errorCodes"] = new JsonArray([.. item.ErrorCodes.Select(code => JsonValue.Create(code))]),
                }),
            ]),
        };
    }

    private static string MinorOf(string version) => string.Join('.', version.Split('.').Take(2));

    private static string Rfc3339(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
