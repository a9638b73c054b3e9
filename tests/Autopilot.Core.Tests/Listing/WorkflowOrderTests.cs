using Autopilot.Core.Listing;

namespace Autopilot.Core.Tests.Listing;

public sealed class WorkflowOrderTests
{
    [Theory]
    [InlineData(null, WorkflowOrderField.Need, false)]
    [InlineData("need", WorkflowOrderField.Need, false)]
    [InlineData("since", WorkflowOrderField.Since, false)]
    [InlineData("createdAt desc", WorkflowOrderField.CreatedAt, true)]
    [InlineData("LASTCHANGEDAT DESC", WorkflowOrderField.LastChangedAt, true)]
    [InlineData("endedAt", WorkflowOrderField.EndedAt, false)]
    [InlineData("cluster desc", WorkflowOrderField.Cluster, true)]
    public void An_order_is_read_whatever_the_case(string? text, WorkflowOrderField field, bool descending)
    {
        Assert.True(WorkflowOrder.TryParse(text, out var order));
        Assert.Equal(new WorkflowOrder(field, descending), order);
    }

    [Theory]
    [InlineData("")]
    [InlineData("need desc")]
    [InlineData("createdAt  desc")]
    [InlineData("createdAt asc")]
    [InlineData("-createdAt")]
    [InlineData("0")]
    [InlineData("Id")]
    public void Any_other_order_is_refused(string text) => Assert.False(WorkflowOrder.TryParse(text, out _));

    [Fact]
    public void Every_name_is_an_order_and_an_order_is_written_as_it_is_asked_for() =>
        Assert.Equal(
            [
                "need",
                "since",
                "since desc",
                "createdAt",
                "createdAt desc",
                "lastChangedAt",
                "lastChangedAt desc",
                "endedAt",
                "endedAt desc",
                "cluster",
                "cluster desc",
            ],
            WorkflowOrder.Names.Select(name => WorkflowOrder.TryParse(name, out var order) ? order.ToString() : "?")
        );
}
