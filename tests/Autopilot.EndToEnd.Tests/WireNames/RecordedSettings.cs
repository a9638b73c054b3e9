using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Autopilot.EndToEnd.Tests.WireNames;

/// <summary>
/// A source of settings that has none and records every name that is asked for; lists are recorded as <c>name:N</c>. Safe for any number
/// of threads.
/// </summary>
internal sealed class RecordedSettings : IConfigurationSource, IConfigurationProvider
{
    private readonly ConcurrentDictionary<string, bool> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names in ordinal order, the place of an entry written as <c>N</c>.</summary>
    public IReadOnlyList<string> Names => [.. _names.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Forgets every name.</summary>
    public void Clear() => _names.Clear();

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public bool TryGet(string key, out string? value)
    {
        value = null;
        _names.TryAdd(string.Join(':', key.Split(':').Select(part => int.TryParse(part, out _) ? "N" : part)), true);
        return false;
    }

    public void Set(string key, string? value) { }

    public IChangeToken GetReloadToken() => new CancellationChangeToken(CancellationToken.None);

    public void Load() { }

    public IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath)
    {
        if (parentPath is { Length: > 0 })
        {
            TryGet($"{parentPath}:0", out _);
        }

        return earlierKeys;
    }
}
