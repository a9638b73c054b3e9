using Autopilot.Core.Settings;

namespace Autopilot.Core.Tests.Settings;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("assesment", "assessment")]
    [InlineData("CLUSTER", "cluster")]
    [InlineData("form", "from")]
    [InlineData("clusterID", "clusterId")]
    [InlineData("clusterName", "cluster")]
    public void The_nearest_name_is_the_one_with_the_fewest_letters_to_mend(string given, string nearest) =>
        Assert.Equal(nearest, NearestName.Of(given, ["assessment", "cluster", "clusterId", "format", "from", "to"]));

    [Fact]
    public void Nothing_is_near_beyond_the_distance_or_where_there_is_nothing()
    {
        Assert.Null(NearestName.Of("abc", ["xyz"], 2));
        Assert.Equal("xyz", NearestName.Of("abc", ["xyz"], 3));
        Assert.Null(NearestName.Of("abc", ["abcdefgh"], 3));
        Assert.Null(NearestName.Of("abc", []));
        Assert.Equal("a", NearestName.Of("", ["b", "a"]));
    }
}
