namespace Autopilot.Server;

/// <summary>Section <c>Server</c>: what only the server head knows.</summary>
public sealed class ServerOptions
{
    /// <summary><c>Server:ApiKeys:N</c>: keys that may do everything but <c>PUT</c> and <c>DELETE</c>, each 16–256 printable ASCII characters without blanks. Default none.</summary>
    public IReadOnlyList<string> ApiKeys { get; set; } = [];

    /// <summary><c>Server:ManageKeys:N</c>: keys that may do everything. Default none; with no key of either kind the server listens on loopback addresses only.</summary>
    public IReadOnlyList<string> ManageKeys { get; set; } = [];

    /// <summary><c>Server:CorsOrigins:N</c>: origins that a browser may call from, such as <c>https://portal.example.com</c>: exact, no path, no wildcard. Default none.</summary>
    public IReadOnlyList<string> CorsOrigins { get; set; } = [];

    /// <summary>Whether callers are asked for a key.</summary>
    internal bool HasKeys => ApiKeys.Count + ManageKeys.Count > 0;
}
