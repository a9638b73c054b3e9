using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tests.Workflows;

public sealed class TaskGraphTests
{
    [Fact]
    public void Tasks_come_in_the_usual_order_whatever_the_array_says()
    {
        var graph = Graph("Rollback Zeta PostCheck Alpha Cluster Snapshot PreCheck", "PreCheck>Cluster Cluster>PostCheck");

        Assert.Equal("PreCheck Snapshot Cluster PostCheck Rollback Alpha Zeta", Order(graph));
        Assert.Equal("PreCheck Cluster PostCheck", string.Join(' ', graph.Tasks.Where(node => node.Required).Select(node => node.Type)));
        Assert.Empty(graph.Ignored);
    }

    [Fact]
    public void Lines_outrank_the_usual_order() =>
        Assert.Equal(
            "PreCheck Gate Cluster Snapshot PostCheck",
            Order(Graph("PreCheck Snapshot Cluster PostCheck Gate", "PreCheck>Gate Gate>Cluster Cluster>Snapshot Snapshot>PostCheck"))
        );

    [Fact]
    public void Without_any_line_the_three_usual_tasks_are_required_shown_or_not()
    {
        var graph = Graph("Rollback Cluster Snapshot", "");

        Assert.Equal("PreCheck Snapshot Cluster PostCheck Rollback", Order(graph));
        Assert.Equal([true, false, true, true, false], graph.Tasks.Select(node => node.Required));
        Assert.Equal(
            ["", "", "PreCheck", "Cluster", ""],
            graph.Tasks.Select(node => string.Join(' ', node.DependsOn.Select(other => other.Type)))
        );
    }

    [Fact]
    public void A_line_to_a_type_that_no_point_shows_holds_like_any_other()
    {
        var graph = Graph("PreCheck Snapshot", "PreCheck>Cluster");

        Assert.Equal("PreCheck Snapshot Cluster", Order(graph));
        Assert.Equal([true, false, true], graph.Tasks.Select(node => node.Required));
        Assert.Equal([TaskPresence.Shown, TaskPresence.Shown, TaskPresence.OnlyNamed], graph.Tasks.Select(node => node.Presence));
        Assert.Empty(graph.Ignored);
    }

    [Fact]
    public void A_rollback_is_a_branch_whatever_the_lines_say()
    {
        var graph = Graph("PreCheck Cluster Rollback", "PreCheck>Cluster Cluster>Rollback Rollback>PostCheck Rollback>Rollback");

        Assert.False(graph.Find(UpgradeTaskType.Rollback)!.Required);
        Assert.All(graph.Tasks, node => Assert.DoesNotContain(node.DependsOn, other => other.Type == UpgradeTaskType.Rollback));
        Assert.Equal("PreCheck Cluster PostCheck", string.Join(' ', graph.Tasks.Where(node => node.Required).Select(node => node.Type)));
        Assert.Empty(graph.Ignored);
    }

    [Fact]
    public void What_an_answer_leaves_out_stays_required_with_its_lines_and_its_last_point()
    {
        var whole = State("PreCheck Audit Cluster", "PreCheck>Audit Audit>Cluster");
        var without = State("PreCheck Cluster", "");
        var missing = without with { Missing = MissingTask.Of(whole, without) };

        var graph = TaskGraph.Of(missing);

        Assert.Equal("PreCheck Audit Cluster PostCheck", Order(graph));
        Assert.Equal([true, true, true, true], graph.Tasks.Select(node => node.Required));
        Assert.Equal(
            ["", "PreCheck", "PreCheck Audit", "Cluster"],
            graph.Tasks.Select(node => string.Join(' ', node.DependsOn.Select(other => other.Type)))
        );
        // It is remembered as long as it is missing, and forgotten once it is shown again.
        Assert.Equal(missing.Missing![0].Task, Assert.Single(MissingTask.Of(missing, without)!).Task);
        Assert.Null(MissingTask.Of(missing, whole));
    }

    [Fact]
    public void The_line_that_would_close_a_cycle_is_left_out()
    {
        var graph = Graph("PreCheck Cluster PostCheck", "PostCheck>PreCheck Cluster>PostCheck PreCheck>Cluster Cluster>Cluster");

        Assert.Equal("PreCheck Cluster PostCheck", Order(graph));
        Assert.Equal([Line("Cluster>Cluster"), Line("PostCheck>PreCheck")], graph.Ignored);
    }

    [Fact]
    public void A_line_given_twice_counts_once()
    {
        var graph = Graph("PreCheck Cluster", "PreCheck>Cluster PreCheck>Cluster");

        Assert.Single(graph.Tasks[1].DependsOn);
        Assert.Empty(graph.Ignored);
    }

    [Fact]
    public void Of_two_points_of_one_type_the_one_that_started_last_counts()
    {
        var older = States.Task(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Failed, "a", 0, 1);
        var newer = States.Task(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Running, "b", 2);

        Assert.Equal(
            "b",
            Assert.Single(TaskGraph.Of(States.State(older, newer)).Tasks, node => node.Presence == TaskPresence.Shown).Task.TaskId
        );
        Assert.Equal(
            "b",
            Assert.Single(TaskGraph.Of(States.State(newer, older)).Tasks, node => node.Presence == TaskPresence.Shown).Task.TaskId
        );
    }

    [Fact]
    public void A_very_long_chain_against_the_usual_order_is_still_ordered()
    {
        var names = Enumerable.Range(0, 500).Select(i => $"T{999 - i}").ToArray();
        var graph = Graph(string.Join(' ', names), string.Join(' ', names.Zip(names.Skip(1), (from, to) => $"{from}>{to}")));

        Assert.Equal(string.Join(' ', names), Order(graph));
    }

    private static TaskGraph Graph(string types, string lines) => TaskGraph.Of(State(types, lines));

    private static UpgradeWorkflow State(string types, string lines) =>
        new()
        {
            Tasks = [.. types.Split(' ').Select(type => new UpgradeTask { Type = new(type) })],
            Dependencies = [.. lines.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Line)],
        };

    private static TaskDependency Line(string line) => new(new(line.Split('>')[0]), new(line.Split('>')[1]));

    private static string Order(TaskGraph graph) => string.Join(' ', graph.Tasks.Select(node => node.Type));
}
