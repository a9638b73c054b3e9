using Autopilot.Core.Rows;
using Autopilot.Core.Settings;
using Autopilot.Core.Tracking;

namespace Autopilot.Server.Access;

/// <summary>
/// Reads section <c>Server</c>, and refuses keys that protect nothing and origins that no browser sends. A key is never part of a message.
/// </summary>
internal static class ServerSettings
{
    private const int MinKeyLength = 16;
    private const int MaxKeyLength = 256;

    public static void Read(ServerOptions options, SettingsReader settings)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        var api = Keys("Server:ApiKeys", known, settings);
        var manage = Keys("Server:ManageKeys", known, settings);
        options.ApiKeys = [.. api.Select(one => one.Key)];
        options.ManageKeys = [.. manage.Select(one => one.Key)];
        options.KeySettings = [.. manage.Concat(api).Select(one => one.Setting)];
        options.CorsOrigins = Origins("Server:CorsOrigins", settings);
        options.RequestsPerMinute = settings.Integer("Server:RequestsPerMinute", options.RequestsPerMinute, 1, 10_000_000);
        options.ReadersMayPollAll = settings.Flag("Server:ReadersMayPollAll", options.ReadersMayPollAll);
        options.ShardsAtOnce = settings.Integer("Server:ShardsAtOnce", options.ShardsAtOnce, 1, Shard.Count);
        options.Role = settings.Choice("Server:Role", options.Role);
        // Inline, one process does everything: a scheduler would wait for workers that get no work, and a worker for a queue that no
        // scheduler fills.
        if (
            options.Role is not ServerRole.All
            && !nameof(FanOutMode.Queue).Equals(settings.Text("Polling:FanOut"), StringComparison.OrdinalIgnoreCase)
        )
        {
            settings.Fail(
                $"Server:Role (--role) is '{options.Role}', but polling is not fanned out: set Polling:FanOut to Queue, or leave the "
                    + "role at All."
            );
        }
    }

    /// <param name="known">Every key so far, with the setting that gave it. A key either changes what is tracked or does not, so it stands
    /// in one list.</param>
    private static List<(string Setting, string Key)> Keys(string list, Dictionary<string, string> known, SettingsReader settings)
    {
        var keys = new List<(string, string)>();
        foreach (var (setting, key) in settings.SecretList(list))
        {
            if (key.Length is < MinKeyLength or > MaxKeyLength)
            {
                settings.Fail($"{setting} has {key.Length} characters: give {MinKeyLength} to {MaxKeyLength}.");
            }
            else if (key.AsSpan().ContainsAnyExceptInRange('!', '~'))
            {
                settings.Fail($"{setting} holds a blank or another character that no header can carry: give printable ASCII characters.");
            }
            else if (!known.TryAdd(key, setting))
            {
                settings.Fail($"{setting} is the same key as {known[key]}: give each key once, and in one list.");
            }

            keys.Add((setting, key));
        }

        return keys;
    }

    private static List<string> Origins(string list, SettingsReader settings)
    {
        var origins = new List<string>();
        foreach (var (setting, origin) in settings.List(list))
        {
            if (
                !Uri.TryCreate(origin, UriKind.Absolute, out var uri)
                || uri.Scheme is not ("http" or "https")
                || uri.UserInfo.Length > 0
                || !string.Equals(uri.GetLeftPart(UriPartial.Authority), origin, StringComparison.OrdinalIgnoreCase)
                || origin.Contains('*', StringComparison.Ordinal)
            )
            {
                settings.Fail(
                    $"{setting} is '{SettingsReader.Shown(origin)}': give an exact origin such as https://portal.example.com or "
                        + "http://localhost:3000, a scheme, a host and perhaps a port, with no path, final slash or wildcard."
                );
            }

            origins.Add(origin);
        }

        return origins;
    }
}
