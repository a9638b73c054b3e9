using System.Security.Cryptography;
using System.Text;
using Autopilot.Cce.Signing;
using BenchmarkDotNet.Attributes;

namespace Autopilot.Benchmarks.Micro;

/// <summary>The signature of one GET, against the three hashes and the keyed hash that it is made of.</summary>
[MemoryDiagnoser]
[MinColumn, MedianColumn]
[Config(typeof(InThisProcess))]
public class SignBenchmarks
{
    private const string Path =
        "/autopilot/v3/projects/77b6a44cba5143ab91d13ab9a8ff44fd/clusters/b4b9e60f-8aa2-11ee-af09-0255ac10004f/operation/"
        + "upgradeworkflows/c271e39e-1a6e-4d3d-8fa8-2a36329c68d1";

    private static readonly (string, string)[] Headers =
    [
        ("host", "cce.ap-southeast-3.myhuaweicloud.com"),
        ("x-sdk-date", "20231125T080000Z"),
        ("x-project-id", "77b6a44cba5143ab91d13ab9a8ff44fd"),
    ];

    private readonly byte[] _key = Encoding.UTF8.GetBytes("VnRoaXMgaXMgbm8gc2VjcmV0IGtleSBhdCBhbGw");
    private readonly byte[] _request = new byte[420];
    private readonly byte[] _toSign = new byte[98];

    [Benchmark(Baseline = true, Description = "the hashes alone")]
    public byte[] Hashes()
    {
        SHA256.HashData(_request);
        return HMACSHA256.HashData(_key, _toSign);
    }

    [Benchmark(Description = "sign")]
    public string Sign() =>
        RequestSigner.Authorize("AKIDEXAMPLE", "VnRoaXMgaXMgbm8gc2VjcmV0IGtleSBhdCBhbGw", "GET", Path, "", Headers, "20231125T080000Z", []);
}
