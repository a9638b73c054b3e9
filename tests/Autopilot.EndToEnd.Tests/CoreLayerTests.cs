using ArchUnitNET.Loader;
using Autopilot.Core.Workflows;

namespace Autopilot.EndToEnd.Tests;

/// <summary>The namespaces of the domain are layers: each uses those before it only, so that none of them is part of a circle.</summary>
public sealed class CoreLayerTests
{
    /// <summary>From the lowest to the highest. The root namespace registers the services and may use them all.</summary>
    private static readonly string[] Layers =
    [
        "Telemetry",
        "Concurrency",
        "Settings",
        "Upstream",
        "Rows",
        "Workflows",
        "Paging",
        "Reporting",
        "Notifications",
        "Retention",
        "Tracking",
        "Listing",
        "Serialization",
    ];

    [Fact]
    public void A_namespace_of_the_domain_uses_lower_layers_only()
    {
        var domain = new ArchLoader().LoadAssembly(typeof(WorkflowSummarizer).Assembly).Build();
        var upward = domain
            .Types.SelectMany(type => type.Dependencies.Select(dependency => (From: type, To: dependency.Target)))
            .Select(pair => (pair.From, pair.To, Lower: LayerOf(pair.From.FullName), Upper: LayerOf(pair.To.FullName)))
            .Where(pair => pair is { Lower: { } lower, Upper: { } upper } && upper > lower)
            .Select(pair => $"{pair.From.FullName} uses {pair.To.FullName}")
            .Distinct();

        Assert.Equal([], upward);
    }

    [Fact]
    public void Every_namespace_of_the_domain_is_a_layer() =>
        Assert.Equal(
            Layers.Order(StringComparer.Ordinal),
            typeof(WorkflowSummarizer)
                .Assembly.GetTypes()
                .Select(type => type.Namespace?.Split('.') is ["Autopilot", "Core", var layer, ..] ? layer : null)
                .OfType<string>()
                .Distinct()
                .Order(StringComparer.Ordinal)
        );

    /// <summary>The layer's place; null for what belongs to none: the root namespace, and types of others.</summary>
    private static int? LayerOf(string name) =>
        name.Split('.') is ["Autopilot", "Core", var layer, _, ..] && Array.IndexOf(Layers, layer) is >= 0 and var place ? place : null;
}
