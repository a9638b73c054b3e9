using System.Text;
using Autopilot.Cce.Signing;

namespace Autopilot.Cce.Tests.Signing;

/// <summary>Signatures printed in the tests of the official SDKs, and such as the official npm package has made.</summary>
public sealed class RequestSignerTests
{
    private const string CceHost = "cce.ap-southeast-3.myhuaweicloud.com";
    private const string Project = "77b6a44cba5143ab91d13ab9a8ff44fd";
    private const string Workflows =
        $"/autopilot/v3/projects/{Project}/clusters/b4b9e60f-8aa2-11ee-af09-0255ac10004f/operation/upgradeworkflows";
    private const string Show = $"{Workflows}/c271e39e-1a6e-4d3d-8fa8-2a36329c68d1";
    private const string NetHost = "host:service.region.example.com";
    private const string PythonHost = "host:service.endpoint.myhuaweicloud.com";
    private const string NetDate = "20191115T033655Z";
    private const string GoDate = "20060102T150405Z";
    private const string PythonDate = "20200608T023900Z";
    private const string CceDate = "20231125T080000Z";
    private const string CceHeaders = $"host:{CceHost}|x-project-id:{Project}";
    private const string Create =
        """{"kind":"WorkFlowTask","apiVersion":"v3","spec":{"clusterID":"b4b9e60f-8aa2-11ee-af09-0255ac10004f","targetVersion":"v1.28"}}""";

    [Theory]
    // The .NET and Java SDKs' tests.
    [InlineData(
        NetDate,
        "GET",
        $"/v1/{Project}/vpcs",
        "limit=2&marker=13551d6b-755d-4757-b956-536f674975c0",
        NetHost,
        "",
        "fd95e7da6f695cfb4cabbb9d6b0968aec155bc576b064835282473539ae9ea1d"
    )]
    [InlineData(
        NetDate,
        "POST",
        $"/v1/{Project}/vpc/123",
        "",
        NetHost,
        """{"key":"value"}""",
        "b5649aa774f6cac7437631662f08815fc65c70e40e486df6db2436ce68902771"
    )]
    [InlineData(NetDate, "GET", "", "", "host:example.com", "", "919ad8b75d4ad49da0d377e63ee21c4a7a54b752f6bf2878b4adbe9c19927da6")]
    // The Go SDK's tests, which sign no host.
    [InlineData(GoDate, "GET", "/path", "limit=1", "", "", "5a2ce64c865e0e6046321c6f3d5a77ba8413eeaf355c3166c03d58d02ac79624")]
    [InlineData(
        GoDate,
        "POST",
        "/path",
        "key=value",
        "",
        "{\"Name\":\"test\",\"Id\":1}\n",
        "cecc2af119b18ab70b4d094c0750f3b42c02f254903179a0fc2cc72fc9db4f59"
    )]
    // The Python SDK's tests.
    [InlineData(
        PythonDate,
        "GET",
        "/resources",
        "size=1",
        PythonHost,
        "",
        "cfb4171acec81de07d50e53d57eb77edd537414d66ddb1d7d780f128e12cd842"
    )]
    [InlineData(
        PythonDate,
        "POST",
        "/resources",
        "size=1",
        PythonHost,
        """{"name":"test","id":1}""",
        "436b1ac0a1ae03705934bb70ef2f2e09f7bfed2117d731a38235053199323a1f"
    )]
    // The npm package.
    [InlineData(CceDate, "GET", Show, "", CceHeaders, "", "71b4abb4f96f9b2528e6c9ae11549d362c6462d5efe24e87751b812e71ddc2d0")]
    [InlineData(CceDate, "GET", Workflows, "", CceHeaders, "", "6a542bc4bc00029103364424b72e5c0b869ad26f10cfdfe535bee92067009383")]
    [InlineData(
        CceDate,
        "GET",
        Show,
        "",
        $"{CceHeaders}|x-security-token:STOKEN/with+chars==",
        "",
        "5d806d7b500a9f47d949b31bae37a2dccf3ed54d19cc2ed0faa9e62928f1ab0b"
    )]
    [InlineData(
        CceDate,
        "GET",
        Show,
        "",
        $"{CceHeaders}|content-type:application/json",
        "",
        "c86fb397b5461bec7c4477671b34ededec572993998acfb1774b16483a15e038"
    )]
    [InlineData(
        CceDate,
        "GET",
        $"/autopilot/v3/projects/{Project}/clusters",
        "version=v1.28%20%28a%2Bb%29%2F~%E4%B8%AD&status=Upgrading&detail=true",
        CceHeaders,
        "",
        "fbb2ced9275194b0534f4cb41b44e347b378bd2acf84b819a1cc31cbbb933d13"
    )]
    [InlineData(CceDate, "POST", Workflows, "", CceHeaders, Create, "9bea5b8e1732078086fbb1f04bbe1baf7dc859cf8704a951411979923bdd0db0")]
    public void A_signature_is_the_one_that_the_official_SDKs_make(
        string date,
        string method,
        string path,
        string query,
        string headers,
        string body,
        string signature
    )
    {
        var signed = headers
            .Split('|', StringSplitOptions.RemoveEmptyEntries)
            .Select(h => h.Split(':', 2))
            .Select(h => (h[0], h[1]))
            .Append(("x-sdk-date", date));

        var parameter = RequestSigner.Authorize("AccessKey", "SecretKey", method, path, query, signed, date, Encoding.UTF8.GetBytes(body));

        Assert.EndsWith($", Signature={signature}", parameter, StringComparison.Ordinal);
        Assert.StartsWith("Access=AccessKey, SignedHeaders=", parameter, StringComparison.Ordinal);
    }

    [Fact]
    public void The_canonical_request_is_the_one_that_the_gateway_builds()
    {
        (string, string)[] headers = [("host", CceHost), ("x-project-id", Project), ("x-sdk-date", CceDate)];

        var text = RequestSigner.CanonicalRequest("GET", Show, "", headers, "host;x-project-id;x-sdk-date", []);

        Assert.Equal(
            $"GET\n{Show}/\n\nhost:{CceHost}\nx-project-id:{Project}\nx-sdk-date:{CceDate}\n\nhost;x-project-id;"
                + "x-sdk-date\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            text
        );
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("b=&a", "a=&b=")]
    [InlineData("multi=3&multi=1&multi=2&limit=1", "limit=1&multi=1&multi=2&multi=3")]
    [InlineData(
        "limit=1&enable=true&test=%E4%B8%80%20%28%26%3D%3F%21%23%25.%2A%29&path=%2Ftmp%2F123&multi=1&multi=2&multi=3",
        "enable=true&limit=1&multi=1&multi=2&multi=3&path=%2Ftmp%2F123&test=%E4%B8%80%20%28%26%3D%3F%21%23%25.%2A%29"
    )]
    public void A_query_is_signed_in_the_order_of_its_keys_and_values(string query, string canonical) =>
        Assert.Equal(canonical, RequestSigner.CanonicalQuery(query));

    [Fact]
    public void Names_and_values_are_encoded_as_the_SDKs_encode_them() =>
        Assert.Equal("%E4%B8%80%20%28%26%3D%3F%21%23%25.%2A%29", Uri.EscapeDataString("一 (&=?!#%.*)"));
}
