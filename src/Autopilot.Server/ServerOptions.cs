namespace Autopilot.Server;

/// <summary>Section <c>Server</c>: settings of the server host only.</summary>
public sealed class ServerOptions
{
    /// <summary>
    /// <c>Server:ApiKeys:N</c>: keys that may do everything but <c>PUT</c> and <c>DELETE</c>, each 16–256 printable ASCII characters
    /// without blanks. Default none.
    /// </summary>
    public IReadOnlyList<string> ApiKeys { get; set; } = [];

    /// <summary>
    /// <c>Server:ManageKeys:N</c>: keys that may do everything. Default none; with no key of either kind the server listens on loopback
    /// addresses only.
    /// </summary>
    public IReadOnlyList<string> ManageKeys { get; set; } = [];

    /// <summary>
    /// <c>Server:CorsOrigins:N</c>: origins that a browser may call from, such as <c>https://portal.example.com</c>: exact, no path, no
    /// wildcard. Default none.
    /// </summary>
    public IReadOnlyList<string> CorsOrigins { get; set; } = [];

    /// <summary>
    /// <c>Server:RequestsPerMinute</c>: requests that each key may make in any minute, 1–10,000,000. Default 60,000, far more than people
    /// and their bots need, and less than a loop that has gone wild makes.
    /// </summary>
    public int RequestsPerMinute { get; set; } = 60_000;

    /// <summary>
    /// <c>Server:ReadersMayPollAll</c>: whether <see cref="ApiKeys"/> may <c>POST /api/poll</c> without <c>due=true</c>, and with it more
    /// often than once a tick. Default false.
    /// </summary>
    public bool ReadersMayPollAll { get; set; }

    /// <summary>
    /// <c>Server:Role</c>, or <c>--role</c>: what this process does for polling besides answering HTTP. Anything but <c>All</c>, the
    /// default, needs <c>Polling:FanOut=Queue</c>.
    /// </summary>
    public ServerRole Role { get; set; } = ServerRole.All;

    /// <summary><c>Server:ShardsAtOnce</c>: shards that this process polls at a time, 1–16. Default 4. Only with the queue.</summary>
    public int ShardsAtOnce { get; set; } = 4;

    /// <summary>The settings that hold the keys, manage keys first: what a message calls a key by.</summary>
    internal IReadOnlyList<string> KeySettings { get; set; } = [];

    /// <summary>Whether callers are asked for a key.</summary>
    internal bool HasKeys => ApiKeys.Count + ManageKeys.Count > 0;
}
