using System.Security.Cryptography;
using System.Text.Json;
using Autopilot.Core.Workflows;
using BenchmarkDotNet.Attributes;

namespace Autopilot.Benchmarks.Micro;

/// <summary>
/// The hash that detects a change, beside the least it needs: scanning the document, and SHA-256 over as many bytes.
/// </summary>
[MemoryDiagnoser]
[MinColumn, MedianColumn]
[Config(typeof(InThisProcess))]
public class HashBenchmarks
{
    private readonly byte[] _document = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "show-workflow.json"));

    /// <summary>Order and white space make a difference to it.</summary>
    [Benchmark(Baseline = true, Description = "parse, SHA-256 of the bytes")]
    public string Plain()
    {
        using var document = JsonDocument.Parse(_document);
        return Convert.ToHexStringLower(SHA256.HashData(_document));
    }

    /// <summary>Over the canonical form of spec and status.</summary>
    [Benchmark(Description = "parse, canonical hash")]
    public string Canonical()
    {
        using var document = JsonDocument.Parse(_document);
        return CanonicalHash.Of(document.RootElement.GetProperty("spec"), document.RootElement.GetProperty("status"));
    }
}
