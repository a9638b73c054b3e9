using System.Net;
using System.Text;
using Autopilot.Core.Workflows;
using Autopilot.Simulator;
using Autopilot.Simulator.Fleet;
using Autopilot.Simulator.Scenarios;

namespace Autopilot.EndToEnd.Tests.Simulator;

public sealed class ScenarioTests
{
    private static readonly DateTimeOffset Origin = SimulatorClient.Origin;

    public static TheoryData<string> Names => [.. Scenario.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_scenario_only_does_what_upstream_can_do(string name)
    {
        var states = WorkflowOf(name).StatesFrom(Origin, 1);

        Assert.Equal("Init", states[0].Phase);
        Assert.Empty(states[0].Tasks);
        foreach (var (before, after) in states.Zip(states.Skip(1)))
        {
            Assert.False(before.IsFinal, $"Something happens after {before.What}.");
            Assert.True(after.At > before.At);
            Assert.Equal(before.Version + 1, after.Version);
            Assert.True(before.Tasks.Keys.All(after.Tasks.ContainsKey), "A task is forgotten.");

            var failed = after.Points.Any(point => after.Latest(point.Type)?.Status == "Failed");
            if (after.Phase == "Pending")
            {
                Assert.True(failed, $"Pending without a failure after {after.What}.");
            }

            if (after.Phase == "Success")
            {
                Assert.All(["PreCheck", "Cluster", "PostCheck"], type => Assert.Equal("Success", after.Latest(type)?.Status));
            }

            foreach (var task in after.Tasks.Values)
            {
                Assert.Equal(task.Status is "Success" or "Failed", task.EndedAt is not null);
                Assert.Equal(task.Status != "Queuing", task.StartedAt is not null);
                Assert.True(task.EndedAt is null || task.EndedAt > task.StartedAt);
                Assert.Contains((before.Tasks.GetValueOrDefault(task.Id)?.Status, task.Status), LegalSteps);
            }
        }
    }

    private static readonly (string?, string)[] LegalSteps =
    [
        (null, "Queuing"),
        (null, "Running"),
        ("Queuing", "Queuing"),
        ("Queuing", "Running"),
        ("Running", "Running"),
        ("Running", "Success"),
        ("Running", "Failed"),
        ("Failed", "Failed"),
        ("Failed", "Running"),
        ("Success", "Success"),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_state_of_a_scenario_is_a_distinct_document_that_the_product_reads(string name)
    {
        var workflow = WorkflowOf(name);
        await using var simulator = await SimulatorClient.StartAsync(new SimulatorOptions { Fleet = SimulatedFleet.Of(workflow) });
        var hashes = new List<string>();

        foreach (var state in simulator.App.World.StatesOf(workflow.Id))
        {
            simulator.Clock.SetUtcNow(Max(state.At, simulator.Clock.GetUtcNow()));
            var answer = await simulator.GetAsync(SimulatorClient.PathOf(workflow));
            var observed = WorkflowDocument.Read(Encoding.UTF8.GetBytes(answer.Body));

            Assert.Equal(state.Phase, observed.State.Phase.Value);
            Assert.Equal(workflow.Id, observed.State.Id);
            Assert.Equal(state.Version.ToString(), (string?)answer.Json["metadata"]!["labels"]!["simulator/state"]);
            Assert.Empty(observed.State.UnreadableTimes);
            Assert.All(observed.State.Tasks, task => Assert.True(task.Type.IsKnown && task.Status.IsKnown));
            Assert.All(observed.State.Tasks, task => Assert.Equal(state.Latest(task.Type.Value)?.Id, task.TaskId));
            hashes.Add(observed.Hash);
        }

        Assert.Equal(hashes.Count, hashes.Distinct().Count());
        Assert.Equal(Enumerable.Range(1, hashes.Count), simulator.App.Ledger.Of(workflow.Id).Select(served => served.Version));
    }

    [Fact]
    public void A_failed_cluster_task_is_retried_with_its_old_id_a_failed_check_with_a_new_one()
    {
        var cluster = WorkflowOf("FailedClusterRetried")
            .StatesFrom(Origin, 1)
            .Select(state => state.Latest("Cluster"))
            .OfType<TaskState>()
            .ToList();
        var check = WorkflowOf("FailedPreCheckRetried")
            .StatesFrom(Origin, 1)
            .Select(state => state.Latest("PreCheck"))
            .OfType<TaskState>()
            .ToList();

        Assert.Single(cluster.Select(task => task.Id).Distinct());
        Assert.Equal(2, cluster.Select(task => task.StartedAt).Distinct().Count());
        Assert.Equal(
            ["Running", "Failed", "Running", "Success"],
            cluster.Select(task => task.Status).Aggregate(new List<string>(), Squeeze)
        );
        Assert.Equal(2, check.Select(task => task.Id).Distinct().Count());
        Assert.Equal(
            ["CoreDNS add-on status", "Deprecated Kubernetes APIs"],
            check.First(task => task.Status == "Failed").Items.Where(item => item.Phase == "Failed").Select(item => item.Name).Order()
        );
    }

    [Fact]
    public void An_expired_check_is_run_again_after_its_hour_is_over()
    {
        var checks = WorkflowOf("ExpiredPreCheck")
            .StatesFrom(Origin, 1)
            .SelectMany(state => state.Tasks.Values)
            .Where(task => task is { Type: "PreCheck", Status: "Success" })
            .DistinctBy(task => task.Id)
            .ToList();

        Assert.Equal(checks[0].EndedAt + TimeSpan.FromHours(1), checks[0].ExpiresAt);
        Assert.True(checks[1].StartedAt > checks[0].ExpiresAt);
    }

    [Fact]
    public void Pace_divides_every_duration_the_checks_validity_included()
    {
        var slow = WorkflowOf("ExpiredPreCheck").StatesFrom(Origin, 1);
        var fast = WorkflowOf("ExpiredPreCheck").StatesFrom(Origin, 120);

        Assert.All(
            slow.Zip(fast),
            pair => Assert.Equal((pair.First.At - Origin).TotalMilliseconds / 120, (pair.Second.At - Origin).TotalMilliseconds, 0.01)
        );
        var check = fast[2].Latest("PreCheck")!;
        Assert.Equal(TimeSpan.FromSeconds(30), check.ExpiresAt - check.EndedAt);
    }

    [Fact]
    public async Task The_documents_have_the_form_of_upstreams_own()
    {
        var workflow = WorkflowOf("SmoothUpgrade");
        await using var simulator = await SimulatorClient.StartAsync(new SimulatorOptions { Fleet = SimulatedFleet.Of(workflow) });

        simulator.Clock.Advance(TimeSpan.FromMinutes(4.5));
        var running = (await simulator.GetAsync(SimulatorClient.PathOf(workflow))).Json;
        simulator.Clock.Advance(TimeSpan.FromMinutes(1));
        var done = (await simulator.GetAsync(SimulatorClient.PathOf(workflow, "/api/v3"))).Json;

        Assert.Equal(
            ["PreCheck", "Snapshot", "Cluster", "PostCheck"],
            running["status"]!["pointStatuses"]!.AsArray().Select(point => (string?)point!["taskType"])
        );
        Assert.Equal(
            ["taskType", "taskID", "status", "startTimeStamp"],
            running["status"]!["pointStatuses"]![0]!.AsObject().Select(member => member.Key)
        );
        Assert.Equal(["taskType"], running["status"]!["pointStatuses"]![1]!.AsObject().Select(member => member.Key));
        Assert.Equal("2026-11-23 08:00:00 +0000 UTC", (string?)done["metadata"]!["creationTimestamp"]);
        Assert.Equal("2026-11-23 08:05:00.925994 +0000 UTC", (string?)done["status"]!["pointStatuses"]![0]!["endTimeStamp"]);
        Assert.Equal("2026-11-23 09:05:00.925994 +0000 UTC", (string?)done["status"]!["pointStatuses"]![0]!["expireTimeStamp"]);
        // Before the start that it records, and not touched by the end.
        Assert.Equal("2026-11-23 08:03:59.998452 +0000 UTC", (string?)done["metadata"]!["updateTimestamp"]);
    }

    [Fact]
    public async Task Failed_items_of_a_check_can_be_read_by_task_id_after_the_next_check()
    {
        var workflow = WorkflowOf("FailedPreCheckRetried");
        await using var simulator = await SimulatorClient.StartAsync(new SimulatorOptions { Fleet = SimulatedFleet.Of(workflow) });
        var states = simulator.App.World.StatesOf(workflow.Id);
        var failed = states[2].Latest("PreCheck")!;
        simulator.Clock.SetUtcNow(states[^1].At);

        var answer = await simulator.GetAsync(
            SimulatorClient.ListOf(workflow).Replace("upgradeworkflows", $"precheck/tasks/{failed.Id}", StringComparison.Ordinal)
        );

        Assert.Equal("Failed", (string?)answer.Json["status"]!["phase"]);
        var addon = Assert.Single(answer.Json["status"]!["addonCheckStatus"]!["itemsStatus"]!.AsArray());
        Assert.Equal(
            ("CoreDNS add-on status", "Fatal", "Failed"),
            ((string?)addon!["name"], (string?)addon["level"], (string?)addon["phase"])
        );
    }

    [Fact]
    public async Task A_failed_upgrade_task_shows_its_phase_and_progress_and_no_message()
    {
        var workflow = WorkflowOf("FailedClusterRetried");
        await using var simulator = await SimulatorClient.StartAsync(new SimulatorOptions { Fleet = SimulatedFleet.Of(workflow) });
        var failed = simulator.App.World.StatesOf(workflow.Id).First(state => state.Phase == "Pending");
        simulator.Clock.SetUtcNow(failed.At);

        var answer = await simulator.GetAsync(
            SimulatorClient
                .ListOf(workflow)
                .Replace("upgradeworkflows", $"upgrade/tasks/{failed.Latest("Cluster")!.Id}", StringComparison.Ordinal)
        );

        Assert.Equal(["phase", "progress", "completionTime"], answer.Json["status"]!.AsObject().Select(member => member.Key));
        Assert.Equal("Failed", (string?)answer.Json["status"]!["phase"]);
    }

    [Theory]
    [InlineData(ListShape.Array, 1)]
    [InlineData(ListShape.Object, 1)]
    [InlineData(ListShape.Null, 0)]
    [InlineData(ListShape.Absent, 0)]
    public async Task A_list_comes_in_every_shape_that_upstream_has_had(ListShape shape, int expected)
    {
        var workflow = WorkflowOf("SmoothUpgrade");
        await using var simulator = await SimulatorClient.StartAsync(
            new SimulatorOptions { Fleet = SimulatedFleet.Of(workflow), ListShape = shape }
        );

        var answer = await simulator.GetAsync(SimulatorClient.ListOf(workflow));

        Assert.Equal(expected, WorkflowDocument.ReadList(Encoding.UTF8.GetBytes(answer.Body)).Count);
        Assert.Equal(shape != ListShape.Absent, answer.Json.AsObject().ContainsKey("items"));
    }

    [Fact]
    public async Task What_is_unknown_or_forgotten_or_not_created_yet_is_404_and_a_foreign_project_403()
    {
        var workflow = WorkflowOf("SmoothUpgrade");
        var later = workflow with { Id = "1a2b3c4d-0000-4000-8000-00000000000a", CreatedAfter = TimeSpan.FromHours(1) };
        await using var simulator = await SimulatorClient.StartAsync(new SimulatorOptions { Fleet = SimulatedFleet.Of(workflow, later) });

        async Task<(HttpStatusCode, string?)> AskAsync(SimulatedWorkflow whom)
        {
            var answer = await simulator.GetAsync(SimulatorClient.PathOf(whom));
            return (answer.Status, (string?)answer.Json["errorCode"]);
        }

        Assert.Equal((HttpStatusCode.OK, null), await AskAsync(workflow));
        Assert.Equal((HttpStatusCode.NotFound, "CCE.01404001"), await AskAsync(later));
        Assert.Equal((HttpStatusCode.NotFound, "CCE.01404001"), await AskAsync(workflow with { ClusterId = "elsewhere" }));
        Assert.Equal(
            (HttpStatusCode.Forbidden, "CCE.01403001"),
            await AskAsync(workflow with { ProjectId = "00000000000000000000000000000000" })
        );
        simulator.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal((HttpStatusCode.OK, null), await AskAsync(later));
        simulator.App.World.Forget(workflow.Id);
        Assert.Equal((HttpStatusCode.NotFound, "CCE.01404001"), await AskAsync(workflow));
    }

    [Fact]
    public async Task A_cluster_is_upgrading_while_its_cluster_task_runs()
    {
        var workflow = WorkflowOf("Stalled");
        await using var simulator = await SimulatorClient.StartAsync(new SimulatorOptions { Fleet = SimulatedFleet.Of(workflow) });
        var path = $"/autopilot/v3/projects/{workflow.ProjectId}/clusters";

        var idle = await simulator.GetAsync(path + "?status=Upgrading");
        simulator.Clock.Advance(TimeSpan.FromHours(5));
        var busy = await simulator.GetAsync(path + "?status=Upgrading");
        var shown = await simulator.GetAsync($"{path}/{workflow.ClusterId}");

        Assert.Empty(idle.Json["items"]!.AsArray());
        Assert.Equal(workflow.ClusterId, (string?)Assert.Single(busy.Json["items"]!.AsArray())!["metadata"]!["uid"]);
        Assert.Equal("Upgrading", (string?)shown.Json["status"]!["phase"]);
    }

    [Fact]
    public void A_fleet_is_the_same_for_the_same_seed_and_another_for_another()
    {
        var fleet = SimulatedFleet.Create(200, 7).Workflows;

        Assert.Equal(fleet, SimulatedFleet.Create(200, 7).Workflows);
        Assert.Empty(fleet.Select(w => w.Id).Intersect(SimulatedFleet.Create(200, 8).Workflows.Select(w => w.Id)));
        Assert.Equal(200, fleet.Select(w => w.Id).Distinct().Count());
        Assert.Equal(200, fleet.Select(w => w.ClusterId).Distinct().Count());
        Assert.Equal(200, fleet.Select(w => w.CreatedAfter).Distinct().Count());
        Assert.Equal(Scenario.All.Count, fleet.Select(w => w.Life).Distinct().Count());
    }

    private static SimulatedWorkflow WorkflowOf(string scenario) =>
        SimulatedFleet.Create(1, 1, TimeSpan.Zero, [Scenario.Named(scenario)!]).Workflows[0] with
        {
            Variation = 1,
        };

    private static List<string> Squeeze(List<string> soFar, string next)
    {
        if (soFar.Count == 0 || soFar[^1] != next)
        {
            soFar.Add(next);
        }

        return soFar;
    }

    private static DateTimeOffset Max(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
