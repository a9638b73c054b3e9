namespace Autopilot.Api.Mcp;

/// <summary>
/// The versions of the protocol that are spoken here. They are the SDK's, which keeps its list to itself; a test tries each of them.
/// </summary>
internal static class ProtocolVersions
{
    /// <summary>The newest that begins with <c>initialize</c>: offered to clients that ask there for one that is not spoken.</summary>
    public const string NewestWithHandshake = "2025-11-25";

    /// <summary>Begins with no handshake: each request names its version.</summary>
    public const string WithoutHandshake = "2026-07-28";

    /// <summary>Those that begin with <c>initialize</c>, the newest first.</summary>
    public static IReadOnlyList<string> WithHandshake { get; } = [NewestWithHandshake, "2025-06-18", "2025-03-26", "2024-11-05"];

    /// <summary>All of them, the newest first.</summary>
    public static IReadOnlyList<string> All { get; } = [WithoutHandshake, .. WithHandshake];
}
