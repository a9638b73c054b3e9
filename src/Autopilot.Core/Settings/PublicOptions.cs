namespace Autopilot.Core.Settings;

/// <summary>Where people reach this API, for links in what they read.</summary>
public sealed class PublicOptions
{
    private const int MaxLength = 256;

    /// <summary>
    /// <c>Server:PublicUrl</c>: an absolute address, https or http, of at most 256 characters and without query and fragment; the path
    /// before <c>/api</c> is part of it. Default: in Azure the app's own, by <c>WEBSITE_HOSTNAME</c>; elsewhere none, and links are paths.
    /// </summary>
    public Uri? Url { get; set; }

    /// <summary>
    /// What a path that begins with <c>/</c> follows in an absolute address: without a slash at its end; empty where there is no public
    /// address.
    /// </summary>
    public string Base => Url?.GetLeftPart(UriPartial.Path).TrimEnd('/') ?? "";

    internal static void Read(PublicOptions options, SettingsReader settings)
    {
        if (settings.Text("Server:PublicUrl") is { } text)
        {
            if (
                text.Length <= MaxLength
                && Uri.TryCreate(text, UriKind.Absolute, out var url)
                && url.Scheme is "https" or "http"
                && url is { UserInfo: "", Query: "", Fragment: "" }
            )
            {
                options.Url = url;
            }
            else
            {
                settings.Fail(
                    $"Server:PublicUrl must be an absolute address such as https://autopilot.example.com, of at most {MaxLength} "
                        + $"characters, without user, query and fragment."
                );
            }

            return;
        }

        // Set by the platform, and by a host that runs on a developer's machine.
        if (
            settings.Text("WEBSITE_HOSTNAME") is { Length: <= MaxLength } host
            && Uri.TryCreate($"{(IsLocal(host) ? "http" : "https")}://{host}", UriKind.Absolute, out var own)
            && own is { UserInfo: "", PathAndQuery: "/", Fragment: "" }
        )
        {
            options.Url = own;
        }
    }

    private static bool IsLocal(string host) =>
        host.StartsWith("localhost", StringComparison.OrdinalIgnoreCase) || host.StartsWith("127.", StringComparison.Ordinal);
}
