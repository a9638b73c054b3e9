using Microsoft.Extensions.Options;

namespace Autopilot.Server.Access;

/// <summary>
/// Logs which keys callers use, each at most once an hour in the life of a process. So an operator sees when an old key may go. It never
/// logs a key, but the setting that holds it.
/// </summary>
internal sealed partial class KeyUse(IOptions<ServerOptions> options, TimeProvider clock, ILogger<KeyUse> logger)
{
    /// <summary>How long the log says nothing more of a key.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    private readonly long[] _logged = new long[options.Value.KeySettings.Count];

    /// <summary>Notes that a key was used.</summary>
    /// <param name="key">Its number, as a <see cref="KeyGrant"/> has it.</param>
    public void Note(int key)
    {
        var now = clock.GetUtcNow().UtcTicks;
        var last = Volatile.Read(ref _logged[key]);
        // Of several requests at a time one logs.
        if (now - last >= Every.Ticks && Interlocked.CompareExchange(ref _logged[key], now, last) == last)
        {
            LogUsed(logger, options.Value.KeySettings[key]);
        }
    }

    [LoggerMessage(EventId = 3203, EventName = "KeyUsed", Level = LogLevel.Information, Message = "Key {Setting} is used")]
    private static partial void LogUsed(ILogger logger, string setting);
}
