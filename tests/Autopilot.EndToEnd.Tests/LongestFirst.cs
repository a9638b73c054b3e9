using Autopilot.EndToEnd.Tests;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Autopilot.EndToEnd.Tests;

/// <summary>Begins with the classes that take longest, so that none of them runs alone at the end while a core idles.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest =
    [
        nameof(Guarantees.EachChangeOnce.EnduranceTests),
        nameof(Month.MonthTests),
        nameof(Guarantees.EachChangeOnce.FanOutChaosTests),
        nameof(Secrets.SecretsTests),
        nameof(Stories.FleetTests),
        nameof(DemoTests),
        nameof(Guarantees.TableServiceFailureTests),
        nameof(Guarantees.StorageBudgetTests),
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [
            .. testCollections.OrderBy(collection =>
                Array.FindIndex(Longest, name => collection.TestCollectionDisplayName.Contains($".{name} ", StringComparison.Ordinal))
                    is >= 0
                        and var rank
                    ? rank
                    : Longest.Length
            ),
        ];
}
