using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Autopilot.Core.Settings;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Notifications;

/// <summary>Section <c>Notifications</c>. Without webhooks nothing of it costs anything.</summary>
public sealed class NotificationOptions
{
    /// <summary>Most webhooks.</summary>
    public const int MaxWebhooks = 20;

    /// <summary><c>Notifications:Webhooks:N</c>; none by default.</summary>
    public IReadOnlyList<Webhook> Webhooks { get; set; } = [];

    /// <summary>
    /// How long a state must last before webhooks are notified of it, 0 – 1 h; an end is notified at once. Default 2 min.
    /// </summary>
    public TimeSpan SettleFor { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a webhook that fails is tried with one notification, 1 min – 7 days. Default 1 day.</summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(1);

    /// <summary><c>Notifications:ConsoleUrl</c>: where messages link to for the cloud's console; null for no link.</summary>
    public ConsoleLink? ConsoleUrl { get; set; }

    /// <summary>
    /// The name under which a receiver is asked for its permission: the host of <see cref="PublicOptions.Url"/>, else the machine's name.
    /// </summary>
    public string Origin { get; set; } = HostName(Environment.MachineName);

    internal static void Read(NotificationOptions options, SettingsReader settings)
    {
        if (settings.Text("Notifications:ConsoleUrl") is { } console && (options.ConsoleUrl = ConsoleLink.TryParse(console)) is null)
        {
            settings.Fail(
                "Notifications:ConsoleUrl is no such address: give an https address, which may hold {projectId}, {clusterId} and "
                    + "{workflowId} behind its host, and no user."
            );
        }

        options.Origin = HostName(PublicHost(settings) ?? Environment.MachineName);
        options.SettleFor = settings.Duration("Notifications:SettleFor", options.SettleFor, TimeSpan.Zero, TimeSpan.FromHours(1));
        options.GiveUpAfter = settings.Duration(
            "Notifications:GiveUpAfter",
            options.GiveUpAfter,
            TimeSpan.FromMinutes(1),
            TimeSpan.FromDays(7)
        );
        var webhooks = new Dictionary<string, (string Setting, Webhook Webhook)>(StringComparer.OrdinalIgnoreCase);
        foreach (var setting in settings.Sections("Notifications:Webhooks"))
        {
            if (ReadWebhook(setting, settings) is { } webhook && !webhooks.TryAdd(webhook.Name, (setting, webhook)))
            {
                settings.Fail(
                    $"{setting} is named '{webhook.Name}', as {webhooks[webhook.Name].Setting} is: give each a name of its own, and "
                        + "each address once or with names."
                );
            }
        }

        if (webhooks.Count > MaxWebhooks)
        {
            settings.Fail($"Notifications:Webhooks has {webhooks.Count} entries: give at most {MaxWebhooks}.");
        }

        options.Webhooks = [.. webhooks.Values.Select(w => w.Webhook)];
    }

    private static Webhook? ReadWebhook(string setting, SettingsReader settings)
    {
        var format = settings.Choice($"{setting}:Format", WebhookFormat.CloudEvents);
        var secret = settings.Text($"{setting}:Secret");
        if (secret is { Length: < 16 })
        {
            settings.Fail($"{setting}:Secret is shorter than 16 characters: give 16 or more, such as what 'openssl rand -hex 32' prints.");
        }

        if (secret is { Length: >= 16 } && WebhookSecret.IsBroken(secret))
        {
            settings.Fail(
                $"{setting}:Secret begins with '{WebhookSecret.Prefix}', and what follows is no key: give base64 of 16 to 64 bytes "
                    + "behind it, or a secret that does not begin so."
            );
        }

        if (secret is null && settings.IsBlank($"{setting}:Secret"))
        {
            settings.Fail($"{setting}:Secret is blank: give a value, or leave the setting out.");
        }

        var clusters = Words($"{setting}:Clusters", settings).Select(w => w.Word).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        var on = Words($"{setting}:On", settings)
            .Select(w => Named(w, Transitions.None, settings))
            .Aggregate(Transitions.None, (all, one) => all | one);
        var assessments = Words($"{setting}:Assessments", settings)
            .Select(w => Named<Assessment>(w, null, settings))
            .OfType<Assessment>()
            .ToFrozenSet();
        var headers = ReadHeaders($"{setting}:Headers", settings);
        var validate = settings.Choice($"{setting}:Validate", Switch.False) is Switch.True;
        if (validate && format is not WebhookFormat.CloudEvents)
        {
            settings.Fail(
                $"{setting}:Validate is true, and its Format is {format}: only receivers of CloudEvents know that handshake; leave "
                    + "the setting out."
            );
        }

        var name = settings.Text($"{setting}:Name");
        if (name is not null && !(name.Length <= 32 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')))
        {
            settings.Fail($"{setting}:Name is '{SettingsReader.Shown(name)}': give 1 to 32 ASCII letters, digits, '-', '_' or '.'.");
        }

        return ReadUrl($"{setting}:Url", settings) is { } url
            ? new Webhook
            {
                Name = name ?? $"{format.ToString().ToLowerInvariant()}-{ShortHash(url)}",
                Url = url,
                Format = format,
                On = on is Transitions.None ? Transitions.Assessment : on,
                Clusters = clusters,
                Assessments = assessments,
                Secret = secret,
                Headers = headers,
                Validate = validate,
            }
            : null;
    }

    /// <summary>Eight hex digits of the address's SHA-256: a name that shows nothing of the address.</summary>
    private static string ShortHash(Uri url) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url.AbsoluteUri)).AsSpan(0, 4));

    private static List<KeyValuePair<string, string>> ReadHeaders(string setting, SettingsReader settings)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var (entry, text) in settings.SecretList(setting))
        {
            if (WebhookHeaders.Read(text, out var wrong) is not { } header)
            {
                settings.Fail($"{entry} {wrong}.");
            }
            else if (headers.Exists(one => one.Key.Equals(header.Key, StringComparison.OrdinalIgnoreCase)))
            {
                settings.Fail($"{entry} sets a field that an entry before it sets: give each field once.");
            }
            else
            {
                headers.Add(header);
            }
        }

        if (headers.Count > WebhookHeaders.Max)
        {
            settings.Fail($"{setting} has {headers.Count} entries: give at most {WebhookHeaders.Max}.");
        }

        return headers;
    }

    /// <summary>A name of the DNS made of any text: letters, digits, hyphens and dots.</summary>
    private static string HostName(string text)
    {
        var name = string.Concat(text.ToLowerInvariant().Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.')).Trim('-', '.');
        return name.Length > 0 ? name : "autopilot";
    }

    /// <summary>
    /// The host by which people know this API. A wrong <c>Server:PublicUrl</c> is reported where <see cref="PublicOptions"/> are read.
    /// </summary>
    private static string? PublicHost(SettingsReader settings) =>
        settings.Text("Server:PublicUrl") is { } given && Uri.TryCreate(given, UriKind.Absolute, out var url) && url.IdnHost.Length > 0
            ? url.IdnHost
            : settings.Text("WEBSITE_HOSTNAME");

    private enum Switch
    {
        False,
        True,
    }

    /// <summary>
    /// Reads a webhook's address. No message shows it. As a rule all of it but the host is a secret, and in one that cannot be parsed the
    /// host is unknown.
    /// </summary>
    private static Uri? ReadUrl(string setting, SettingsReader settings)
    {
        const string Allowed = "give https://host/path, or http://127.0.0.1:port/path on loopback";
        if (settings.Text(setting) is not { } text)
        {
            // An unresolved reference has been reported already.
            if (!settings.IsGiven(setting))
            {
                settings.Fail($"{setting} is missing: {Allowed}.");
            }

            return null;
        }

        var wrong =
            !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0 || url.Scheme is not ("https" or "http")
                ? "is no web address"
            : url.UserInfo.Length > 0 ? "holds user info"
            : url.Fragment.Length > 0 ? "holds a fragment"
            : url.Scheme == "http" && !url.IsLoopback
                ? $"for {SettingsReader.Shown(url.IdnHost)} is not https, so that everybody on the way could read it"
            : null;
        if (wrong is null)
        {
            return url;
        }

        settings.Fail($"{setting} {wrong}: {Allowed}.");
        return null;
    }

    /// <summary>
    /// A list given as <c>setting:0</c>, <c>setting:1</c> or, as people write environment variables, in one value with commas.
    /// </summary>
    private static IEnumerable<(string Setting, string Word)> Words(string setting, SettingsReader settings) =>
        settings.IsGiven(setting)
            ? (settings.Text(setting) ?? "")
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(word => (setting, word))
            : settings.List(setting);

    private static T? Named<T>((string Setting, string Word) given, T? none, SettingsReader settings)
        where T : struct, Enum
    {
        var names = Enum.GetValues<T>()
            .Where(value => !value.Equals(none))
            .ToDictionary(value => value.ToString(), StringComparer.OrdinalIgnoreCase);
        if (names.TryGetValue(given.Word, out var value))
        {
            return value;
        }

        settings.Fail($"{given.Setting} is '{SettingsReader.Shown(given.Word)}': give one of {string.Join(", ", names.Keys)}.");
        return null;
    }

    private static Transitions Named((string Setting, string Word) given, Transitions none, SettingsReader settings) =>
        Named<Transitions>(given, none, settings) ?? none;
}
