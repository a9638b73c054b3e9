using Autopilot.Core.Listing;

namespace Autopilot.Core.Tests.Listing;

public sealed class WorkflowQueryTests
{
    /// <summary>A continuation token is bound to this text: another one would refuse the tokens of pages that are being turned.</summary>
    [Fact]
    public void The_text_of_a_query_stays_as_it_was_when_a_filter_took_one_value()
    {
        Assert.Equal(
            "WorkflowQuery { Assessment = , ClusterId = , Cluster = , ProjectId = , Phase = , Active = , ClusterAsId = , "
                + "MayBeFinished = True }",
            new WorkflowQuery().ToString()
        );
        Assert.Equal(
            "WorkflowQuery { Assessment = , ClusterId = , Cluster = Prod-1, ProjectId = , Phase = , Active = True, ClusterAsId = "
                + "prod-1, MayBeFinished = False }",
            new WorkflowQuery { Cluster = "Prod-1", Active = true }.ToString()
        );
    }

    [Fact]
    public void Of_several_clusters_those_are_ids_that_can_be_ids()
    {
        var query = new WorkflowQuery { Cluster = new("Prod-1", "prod.1", "PROD-1", "b") };

        Assert.Equal(["b", "prod-1"], query.ClusterAsId!.Values);
        Assert.Null((query with { Cluster = "prod.1" }).ClusterAsId);
        Assert.Null((query with { Cluster = null }).ClusterAsId);
        Assert.Equal(query, new WorkflowQuery { Cluster = new("b", "prod.1", "PROD-1", "Prod-1") });
    }
}
