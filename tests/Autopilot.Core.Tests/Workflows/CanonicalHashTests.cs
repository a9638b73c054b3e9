using System.Text;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tests.Workflows;

public sealed class CanonicalHashTests
{
    private const string Base =
        """{"spec":{"a":"x","n":1.50},"status":{"phase":"Init","pointStatuses":[{"taskType":"A"},{"taskType":"B"}],"lineStatuses":[{"startPoint":{"taskType":"A"},"endPoint":{"taskType":"B"}}]}}""";

    [Theory]
    [InlineData(
        """{ "status" : {"lineStatuses":[{"endPoint":{"taskType":"B"},"startPoint":{"taskType":"A"}}],"pointStatuses":[{"taskType":"B"},{"taskType":"A"}],"phase":"Init"}, "spec":{"n":1.50,"a":"x"}}"""
    )]
    [InlineData(
        """{"metadata":{"updateTimestamp":"other"},"spec":{"a":"\u0078","n":1.50,"absent":null},"status":{"ph\u0061se":"Init","pointStatuses":[{"taskType":"A","taskID":null},{"taskType":"B"}],"lineStatuses":[{"startPoint":{"taskType":"A"},"endPoint":{"taskType":"B"}}]}}"""
    )]
    [InlineData(
        """{"spec":{"a":"first","a":"x","n":1.50},"status":{"phase":"Init","pointStatuses":[{"taskType":"A"},{"taskType":"B"}],"lineStatuses":[{"startPoint":{"taskType":"A"},"endPoint":{"taskType":"B"}}]},"kind":"other"}"""
    )]
    public void What_does_not_matter_does_not_change_the_hash(string same) => Assert.Equal(Hash(Base), Hash(same));

    [Theory]
    [InlineData("\"a\":\"x\"", "\"a\":\"y\"")]
    [InlineData("\"a\":\"x\"", "\"b\":\"x\"")]
    [InlineData("\"a\":\"x\"", "\"a\":[\"x\"]")]
    [InlineData("\"a\":\"x\"", "\"a\":true")]
    [InlineData("\"a\":\"x\"", "\"a\":{}")]
    [InlineData("1.50", "1.5")]
    [InlineData("1.50", "\"1.50\"")]
    [InlineData("{\"taskType\":\"A\"},{", "{\"taskType\":\"A\"},{\"taskType\":\"A\"},{")]
    [InlineData("[{\"taskType\":\"A\"},", "[")]
    [InlineData("[{\"taskType\":\"A\"},", "[{\"taskType\":\"A\",\"novel\":false},")]
    public void Everything_else_does(string from, string to)
    {
        var other = Base.Replace(from, to, StringComparison.Ordinal);

        Assert.NotEqual(Base, other);
        Assert.NotEqual(Hash(Base), Hash(other));
    }

    [Fact]
    public void The_order_of_any_other_array_matters() =>
        Assert.NotEqual(Hash("""{"spec":{"list":[1,2]}}"""), Hash("""{"spec":{"list":[2,1]}}"""));

    [Fact]
    public void Text_cannot_pose_as_structure() =>
        Assert.NotEqual(Hash("""{"spec":{"a":"1s1:b","c":"d"}}"""), Hash("""{"spec":{"a":"1","s1:b":"c","d":null}}"""));

    [Fact]
    public void A_hash_is_lower_case_hex_of_256_bits() => Assert.Matches("^[0-9a-f]{64}$", Hash(Base));

    [Fact]
    public void A_large_document_is_hashed_like_a_small_one()
    {
        var points = Enumerable.Range(0, 2000).Select(i => $$"""{"taskType":"T{{i}}","taskID":"{{new string('x', 50)}}"}""").ToArray();
        string Document(IEnumerable<string> entries) => "{\"status\":{\"pointStatuses\":[" + string.Join(',', entries) + "]}}";

        Assert.Equal(Hash(Document(points)), Hash(Document(points.Reverse())));
        Assert.NotEqual(Hash(Document(points)), Hash(Document(points.Skip(1))));
    }

    private static string Hash(string json) => WorkflowDocument.Read(Encoding.UTF8.GetBytes(json)).Hash;
}
