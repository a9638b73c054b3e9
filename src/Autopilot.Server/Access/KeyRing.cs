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

    /// <summary>Whether anybody is asked for a key.</summary>
    public bool IsEmpty => _apiKeys.Length + _manageKeys.Length == 0;

    /// <summary>What a key opens.</summary>
    public KeyRights RightsOf(string key)
    {
        var hash = Hash(key);
        var manage = AnyEquals(_manageKeys, hash);
        var api = AnyEquals(_apiKeys, hash);
        return manage ? KeyRights.Manage : api ? KeyRights.Read : KeyRights.None;
    }

    private static bool AnyEquals(byte[][] keys, byte[] hash)
    {
        var found = false;
        foreach (var key in keys)
            found |= CryptographicOperations.FixedTimeEquals(key, hash);
        return found;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}

/// <summary>What a caller may do.</summary>
internal enum KeyRights
{
    None,

    /// <summary>Everything but changing what is tracked.</summary>
    Read,

    /// <summary>Everything.</summary>
    Manage,
}
