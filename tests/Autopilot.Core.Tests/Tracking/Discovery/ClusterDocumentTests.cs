using System.Text;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tests.Tracking.Discovery;

public sealed class ClusterDocumentTests
{
    [Theory]
    [InlineData("""{"items":[{"metadata":{"uid":"C1","name":"one"}},{"metadata":{"uid":"c2"}}]}""", "c1 one, c2 ")]
    [InlineData("""{"items":{"metadata":{"uid":"c1","name":"one"}}}""", "c1 one")]
    [InlineData("""{"items":null}""", "")]
    [InlineData("""{"kind":"List"}""", "")]
    [InlineData("""{"items":"none"}""", "")]
    [InlineData(
        """{"items":[null,1,{},{"metadata":null},{"metadata":{"uid":"../../etc"}},{"metadata":{"uid":7}},{"metadata":{"uid":"c1"}},{"metadata":{"uid":"C1","name":"again"}}]}""",
        "c1 "
    )]
    public void A_list_may_have_any_form_and_what_has_no_usable_id_is_left_out(string json, string expected) =>
        Assert.Equal(
            expected,
            string.Join(", ", ClusterDocument.ReadList(Encoding.UTF8.GetBytes(json)).Select(cluster => $"{cluster.Id} {cluster.Name}"))
        );

    [Theory]
    [InlineData("""{"metadata":{"uid":"c1","name":"one","alias":"what the console shows"}}""", "what the console shows")]
    [InlineData("""{"metadata":{"uid":"C1","name":"one","alias":" "}}""", "one")]
    [InlineData("""{"metadata":{"name":"a\nb\u0000c"}}""", "abc")]
    [InlineData("""{"metadata":{"name":"\ud800"}}""", null)]
    [InlineData("""{"metadata":{"name":7}}""", null)]
    [InlineData("""{"metadata":{}}""", null)]
    public void A_name_is_the_alias_that_people_see_else_the_name_without_what_cannot_be_shown(string json, string? expected) =>
        Assert.Equal(expected, ClusterDocument.Read(Encoding.UTF8.GetBytes(json), "c1").Name);

    [Fact]
    public void A_long_name_is_cut_between_characters()
    {
        var name = ClusterDocument.Read(Encoding.UTF8.GetBytes("{\"metadata\":{\"name\":\"" + new string('a', 127) + "😀\"}}"), "c1").Name;
        Assert.Equal(new string('a', 127), name);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("nonsense")]
    [InlineData("""{"metadata":{"uid":"c2","name":"another"}}""")]
    public void What_is_no_cluster_or_another_one_is_refused(string json) =>
        Assert.Throws<InvalidDocumentException>(() => ClusterDocument.Read(Encoding.UTF8.GetBytes(json), "c1"));
}
