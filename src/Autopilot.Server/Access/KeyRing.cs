using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Autopilot.Server.Access;

/// <summary>The accepted keys, kept as hashes. A comparison takes the same time whichever key fits, and whether one does.</summary>
internal sealed class KeyRing
{
    private readonly byte[][] _apiKeys;
    private readonly byte[][] _manageKeys;

    public KeyRing(IOptions<ServerOptions> options)
    {
        _apiKeys = [.. options.Value.ApiKeys.Select(Hash)];
        _manageKeys = [.. options.Value.ManageKeys.Select(Hash)];
    }

    /// <summary>Whether requests need a key.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>How many keys there are.</summary>
    public int Count => _apiKeys.Length + _manageKeys.Length;

    /// <summary>What a key opens, and which one it is.</summary>
    public KeyGrant GrantOf(string key)
    {
        var hash = Hash(key);
        var manage = IndexOf(_manageKeys, hash);
        var api = IndexOf(_apiKeys, hash);
        return manage >= 0 ? new(KeyRights.Manage, manage)
            : api >= 0 ? new(KeyRights.Read, _manageKeys.Length + api)
            : default;
    }

    /// <summary>-1 where it is none of them.</summary>
    private static int IndexOf(byte[][] keys, byte[] hash)
    {
        var found = -1;
        for (var i = 0; i < keys.Length; i++)
        {
            found = CryptographicOperations.FixedTimeEquals(keys[i], hash) ? i : found;
        }

        return found;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
