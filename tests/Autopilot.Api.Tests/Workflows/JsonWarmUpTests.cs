using Autopilot.Api.Workflows;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Tests.Workflows;

public sealed class JsonWarmUpTests
{
    [Fact]
    public void The_example_is_read_as_a_row_is_and_has_every_part_of_an_ordinary_summary()
    {
        var summary = JsonWarmUp.Summarize();

        Assert.Equal((Assessment.Blocked, WorkflowPhase.Running), (summary.Assessment, summary.Phase));
        Assert.Equal(UpgradeTaskType.Cluster, summary.BlockingTask?.Type);
        Assert.Equal([1, 1], summary.Tasks.Where(task => task.Required).Select(task => task.Runs.Count));
        Assert.All((object?[])[summary.Time, summary.Progress, summary.CreatedAt, summary.ElapsedSeconds], Assert.NotNull);
        JsonWarmUp.Prepare();
    }
}
