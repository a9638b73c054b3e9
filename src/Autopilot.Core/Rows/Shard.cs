using System.Security.Cryptography;
using System.Text;

namespace Autopilot.Core.Rows;

/// <summary>One of the 16 partitions that workflows and clusters are spread over: the first hex digit of SHA-256 of the id.</summary>
public readonly record struct Shard
{
    private readonly byte _index;

    private Shard(int index) => _index = (byte)index;

    /// <summary>How many shards there are.</summary>
    public const int Count = 16;

    /// <summary>All shards, in order.</summary>
    public static IReadOnlyList<Shard> All { get; } = [.. Enumerable.Range(0, Count).Select(i => new Shard(i))];

    /// <summary>0–15.</summary>
    public int Index => _index;

    /// <summary>The partition key: <c>0</c>…<c>f</c>.</summary>
    public string Key => "0123456789abcdef"[_index].ToString();

    /// <summary>The shard of a workflow or a cluster. The id must be in the form that <c>ResourceId</c> gives.</summary>
    public static Shard Of(string id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(id), hash);
        return new Shard(hash[0] >> 4);
    }

    /// <inheritdoc/>
    public override string ToString() => Key;
}
