using System.Text.Json;

namespace Autopilot.Cli;

/// <summary>Where the server is, and the key for it.</summary>
/// <param name="Url">The address, ending with a slash.</param>
/// <param name="Key">Null where none is given.</param>
internal sealed record ServerAddress(Uri Url, string? Key)
{
    /// <summary>The server of a machine of one's own.</summary>
    private const string Default = "http://127.0.0.1:7071";

    /// <summary>Who writes the file could have the key sent to an address of theirs.</summary>
    private const UnixFileMode OfOthers =
        UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>
    /// The file with <c>url</c> and <c>key</c>: <c>autopilot/config.json</c> in the user's folder of settings, which need not exist. Null
    /// where no such folder is known. It is never below the current directory, whose owner could have the key sent to an address of theirs.
    /// </summary>
    public static string? ConfigFile =>
        Settings() is { } folder && Path.IsPathFullyQualified(folder) ? Path.Combine(folder, "autopilot", "config.json") : null;

    /// <summary>
    /// Takes each of the two from the option, else from <c>AUTOPILOT_URL</c> and <c>AUTOPILOT_KEY</c>, else from the file. A key of the
    /// file is sent to the file's address alone.
    /// </summary>
    /// <exception cref="CliException">What is given is no address, or the file cannot be read, or others may read it.</exception>
    public static ServerAddress Find(string? url, string? key)
    {
        url ??= NotEmpty("AUTOPILOT_URL");
        key ??= NotEmpty("AUTOPILOT_KEY");
        if (url is null || key is null)
        {
            var file = ConfigFile is { } path ? Read(path) : default;
            key ??= url is null || IsSame(url, file.Url) ? file.Key : null;
            url ??= file.Url ?? Default;
        }

        if (
            !Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https")
            || address.Query.Length + address.Fragment.Length + address.UserInfo.Length > 0
        )
        {
            // It may hold a key by mistake.
            throw new CliException(
                ExitCode.WrongUsage,
                $"The address is none like {Default}: give scheme, host and path alone, and the key with AUTOPILOT_KEY."
            );
        }

        if (key is not null && key.Any(letter => letter is < '!' or > '~'))
        {
            throw new CliException(ExitCode.WrongUsage, "The key holds a blank or another character that no header can carry.");
        }

        return new ServerAddress(address, key);
    }

    private static bool IsSame(string url, string? other) =>
        other is not null
        && Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var one)
        && Uri.TryCreate(other.TrimEnd('/') + "/", UriKind.Absolute, out var two)
        && one.AbsoluteUri == two.AbsoluteUri;

    private static string? Settings() =>
        NotEmpty("XDG_CONFIG_HOME") is { } given && Path.IsPathFullyQualified(given)
            ? given
            : Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify);

    private static string? NotEmpty(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    private static (string? Url, string? Key) Read(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                return (null, null);
            }

            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OfOthers) != UnixFileMode.None)
            {
                throw new CliException(
                    ExitCode.WrongUsage,
                    $"Others may read or write {path}: run 'chmod 600' on it, and replace the key."
                );
            }

            using var document = JsonDocument.Parse(File.ReadAllText(path));
            return (Member(document, "url"), Member(document, "key"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.WrongUsage, $"{path} cannot be read: {exception.Message}");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new CliException(ExitCode.WrongUsage, $"{path} is no JSON like {{ \"url\": \"…\", \"key\": \"…\" }}.");
        }
    }

    private static string? Member(JsonDocument document, string name) =>
        document
            .RootElement.EnumerateObject()
            .Where(member => member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(member => member.Value.GetString())
            .FirstOrDefault();
}
