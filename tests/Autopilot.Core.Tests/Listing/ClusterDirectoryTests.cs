using Autopilot.Core.Listing;
using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Core.Tests.Listing;

public sealed class ClusterDirectoryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new();
    private readonly Mentions _store = new();

    [Fact]
    public async Task An_exact_id_wins_over_a_name()
    {
        _store.Found = [Active("c1", "w1", name: "other"), Active("c2", "w2", name: "c1")];
        var cluster = Assert.Single(await FindAsync("C1"));
        Assert.Equal(new NamedCluster("c1", "p", "other", "w1") { IsActive = true }, cluster);
    }

    [Fact]
    public async Task Several_clusters_of_a_name_are_all_answered_in_the_order_of_their_ids()
    {
        _store.Found = [Active("c9", "w9"), Active("c1", "w1"), Ended("c1", "w0", Noon)];
        Assert.Equal(["c1", "c9"], (await FindAsync("shop")).Select(cluster => cluster.ClusterId));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("c1", "c1")]
    [InlineData("c2", "c2")]
    [InlineData("c1 c2", null)]
    public async Task Of_several_clusters_the_only_one_with_an_active_upgrade_is_meant(string active, string? meant)
    {
        _store.Found =
        [
            Ended("c1", "w1", Noon),
            Ended("c2", "w2", Noon),
            .. active.Split(' ').Where(id => id != "").Select(id => Active(id, "on")),
        ];
        Assert.Equal(meant, ClusterDirectory.Meant(await FindAsync("shop"))?.ClusterId);
    }

    [Fact]
    public async Task The_only_cluster_of_a_name_is_meant_also_without_an_active_upgrade()
    {
        _store.Found = [Ended("c1", "w1", Noon)];
        Assert.Equal("c1", ClusterDirectory.Meant(await FindAsync("shop"))?.ClusterId);
    }

    [Fact]
    public async Task The_active_upgrade_stands_for_its_cluster_and_the_newest_of_several()
    {
        _store.Found =
        [
            Ended("c1", "over", Noon.AddDays(9)),
            Active("c1", "old", at: Noon),
            Active("c1", "new", at: Noon.AddHours(1)),
            Own("c1", current: "listed"),
        ];
        Assert.Equal("new", Assert.Single(await FindAsync("shop")).WorkflowId);
    }

    [Fact]
    public async Task Without_active_upgrade_the_current_of_discovery_counts_then_the_last_ended()
    {
        _store.Found = [Ended("c1", "first", Noon), Ended("c1", "last", Noon.AddHours(1)), Own("c1", current: "listed")];
        Assert.Equal("listed", Assert.Single(await FindAsync("shop")).WorkflowId);
        _store.Found = [Ended("c1", "first", Noon), Ended("c1", "last", Noon.AddHours(1)), Own("c1", current: null)];
        Assert.Equal("last", Assert.Single(await FindAsync("other")).WorkflowId);
        _store.Found = [Own("c1", current: null)];
        Assert.Null(Assert.Single(await FindAsync("third")).WorkflowId);
    }

    [Fact]
    public async Task An_answer_is_kept_for_a_minute_whatever_the_case_also_that_there_is_none()
    {
        Assert.Empty(await FindAsync("shop"));
        _store.Found = [Active("c1", "w1")];
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Empty(await FindAsync("SHOP"));
        Assert.Equal(1, _store.Reads);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Single(await FindAsync("Shop"));
        Assert.Equal(2, _store.Reads);
    }

    [Fact]
    public async Task What_this_process_changed_is_found_at_once()
    {
        var directory = new ClusterDirectory(_store, _clock);
        Assert.Empty(await directory.FindAsync("shop", TestContext.Current.CancellationToken));
        _store.Found = [Active("c1", "w1")];
        directory.Forget();
        Assert.Single(await directory.FindAsync("shop", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_was_read_before_a_change_is_not_kept_behind_it()
    {
        var directory = new ClusterDirectory(_store, _clock);
        _store.While = () =>
        {
            directory.Forget();
            _store.While = () => { };
        };
        Assert.Empty(await directory.FindAsync("shop", TestContext.Current.CancellationToken));
        _store.Found = [Active("c1", "w1")];
        Assert.Single(await directory.FindAsync("shop", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_failure_is_not_kept()
    {
        var directory = new ClusterDirectory(_store, _clock);
        _store.While = () => throw new StorageUnavailableException("Down.");
        await Assert.ThrowsAsync<StorageUnavailableException>(() => directory.FindAsync("shop", TestContext.Current.CancellationToken));
        (_store.While, _store.Found) = (() => { }, [Active("c1", "w1")]);
        Assert.Single(await directory.FindAsync("shop", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("checkout-jakarta_1.eu", true)]
    [InlineData("a", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("ä", false)]
    [InlineData("a,b", false)]
    public void A_name_is_letters_digits_dashes_underscores_and_dots(string text, bool expected) =>
        Assert.Equal(expected, ClusterName.IsOne(text));

    [Fact]
    public void A_name_has_at_most_128_characters()
    {
        Assert.True(ClusterName.IsOne(new string('a', 128)));
        Assert.False(ClusterName.IsOne(new string('a', 129)));
        Assert.False(ClusterName.IsOne(null));
    }

    [Theory]
    [InlineData("b4b9e60f-8aa2-11ee-af09-0255ac10004f", true)]
    [InlineData("B4B9E60F-8AA2-11EE-AF09-0255AC10004F", true)]
    [InlineData("b4b9e60f8aa211eeaf090255ac10004f", false)]
    [InlineData("checkout-jakarta-1", false)]
    [InlineData("{b4b9e60f-8aa2-11ee-af09-0255ac10004f}", false)]
    public void Only_a_UUID_is_surely_an_id(string text, bool expected) => Assert.Equal(expected, ClusterName.IsSurelyId(text));

    private Task<IReadOnlyList<NamedCluster>> FindAsync(string text)
    {
        _directory ??= new ClusterDirectory(_store, _clock);
        return _directory.FindAsync(text, TestContext.Current.CancellationToken);
    }

    private ClusterDirectory? _directory;

    private static ClusterMention Active(string cluster, string workflow, string name = "shop", DateTimeOffset? at = null) =>
        new(cluster, "p", name)
        {
            WorkflowId = workflow,
            IsActive = true,
            At = at ?? Noon,
        };

    private static ClusterMention Ended(string cluster, string workflow, DateTimeOffset at) =>
        new(cluster, "p", "shop") { WorkflowId = workflow, At = at };

    private static ClusterMention Own(string cluster, string? current) =>
        new(cluster, "p", "shop") { WorkflowId = current, IsCluster = true };

    private sealed class Mentions : IClusterNameStore
    {
        public IReadOnlyList<ClusterMention> Found { get; set; } = [];
        public Action While { get; set; } = () => { };
        public int Reads { get; private set; }

        public Task<IReadOnlyList<ClusterMention>> FindAsync(string text, CancellationToken cancellationToken)
        {
            Reads++;
            While();
            return Task.FromResult(Found);
        }
    }
}
