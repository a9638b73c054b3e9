using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Autopilot.Core.Settings;

/// <summary>
/// Reads settings and collects everything that is wrong with them, so that a person mends all of it at once. Each message names the
/// setting, what was given (never of a secret) and what is allowed.
/// </summary>
public sealed class SettingsReader(IConfiguration configuration, SettingsRegistry? registry = null)
{
    /// <summary>What a setting says that has no bound.</summary>
    public const string Unlimited = "unlimited";

    private readonly List<string> _failures = [];
    private readonly HashSet<string> _unusable = [];

    /// <summary>What was wrong so far, in the order in which it was met.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>Whether a value is a Key Vault reference that the platform has not resolved: as it stands it can only be wrong.</summary>
    public static bool IsUnresolvedReference(string? value) =>
        value?.TrimStart().StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase) ?? false;

    /// <summary>
    /// Whether a value is a sample's place to fill in, such as <c>&lt;your secret key&gt;</c>: sent upstream, it would count as a bad
    /// signature.
    /// </summary>
    public static bool IsPlaceholder(string? value) => value?.Trim() is ['<', .., '>'];

    /// <summary>Whether anything but blanks was given.</summary>
    public bool IsGiven(string setting) => !string.IsNullOrWhiteSpace(Value(setting));

    /// <summary>Adds a failure of the caller's own: a sentence that begins with the setting's name.</summary>
    public void Fail(string failure) => _failures.Add(failure);

    /// <summary>
    /// A value of a setting that holds no secret, short enough for a message. What has a place for a password or a key, as an address
    /// and a connection string have, is not repeated.
    /// </summary>
    public static string Shown(string value) =>
        value.IndexOf('@', StringComparison.Ordinal) > 0
        || value.Contains('=', StringComparison.Ordinal)
        || value.Contains("//", StringComparison.Ordinal) && value.AsSpan().ContainsAny('?', '#')
            ? "(not shown)"
        : value.Length <= 80 ? value
        : $"{value[..80]}…";

    /// <summary>A text without surrounding blanks; null when absent, blank, a placeholder, or a reference that was not resolved.</summary>
    public string? Text(string setting)
    {
        var value = Value(setting)?.Trim();
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        var unresolved = IsUnresolvedReference(value);
        if (!unresolved && !IsPlaceholder(value))
        {
            return value;
        }
        // The same setting may be read twice.
        if (_unusable.Add(setting))
        {
            Fail(
                !unresolved
                    ? $"{setting} is still the placeholder of a sample, '<…>': give the value itself."
                    : $"{setting} is a Key Vault reference that was not resolved: see that the secret exists and that the app's "
                        + "identity may read it"
                        + " (role Key Vault Secrets User); outside of Azure App Service and Functions, give the value itself."
            );
        }

        return null;
    }

    /// <summary>A whole number within bounds, or the default when absent.</summary>
    public int Integer(string setting, int fallback, int least, int most) => Integer(setting, least, most) ?? fallback;

    /// <summary>A whole number within bounds; null when absent.</summary>
    public int? Integer(string setting, int least, int most) =>
        Text(setting) is not { } text ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
        : Unfit<int?>(setting, text, $"a whole number from {least} to {most}", null);

    /// <summary><c>true</c> or <c>false</c>, in any case, or the default when absent.</summary>
    public bool Flag(string setting, bool fallback) =>
        Text(setting) is not { } text ? fallback
        : bool.TryParse(text, out var value) ? value
        : Unfit(setting, text, "true or false", fallback);

    /// <summary>A duration <c>[d.]hh:mm:ss</c> within bounds, or the default when absent.</summary>
    public TimeSpan Duration(string setting, TimeSpan fallback, TimeSpan least, TimeSpan most) =>
        Text(setting) is not { } text
            ? fallback
            : ParseDuration(text, least, most) ?? Unfit(setting, text, AllowedDuration(least, most), fallback);

    /// <summary>As <see cref="Duration"/>, or null where it says <see cref="Unlimited"/>.</summary>
    public TimeSpan? DurationOrUnlimited(string setting, TimeSpan? fallback, TimeSpan least, TimeSpan most) =>
        Text(setting) is not { } text ? fallback
        : text.Equals(Unlimited, StringComparison.OrdinalIgnoreCase) ? null
        : ParseDuration(text, least, most) ?? Unfit(setting, text, $"{AllowedDuration(least, most)}, or '{Unlimited}'", fallback);

    /// <summary>One of an enum's names, in any case, or the default when absent.</summary>
    public T Choice<T>(string setting, T fallback)
        where T : struct, Enum =>
        Text(setting) is not { } text ? fallback
        : Enum.TryParse<T>(text, ignoreCase: true, out var value)
        && Enum.IsDefined(value)
        && !char.IsAsciiDigit(text[0])
        && text[0] is not '-' and not '+'
            ? value
        : Unfit(setting, text, $"one of {string.Join(", ", Enum.GetNames<T>())}", fallback);

    /// <summary>Whether a value was given, and it is only blanks.</summary>
    public bool IsBlank(string setting) => Value(setting) is { } value && string.IsNullOrWhiteSpace(value);

    /// <summary>
    /// The entries of a list of sections, <c>{setting}:0</c> and so on: each one's full name. A value where a section belongs is a failure,
    /// and is not shown.
    /// </summary>
    public IReadOnlyList<string> Sections(string setting)
    {
        registry?.AskSections(setting);
        if (IsGiven(setting))
        {
            Fail($"{setting} is a single value: it is a list, so give settings of {setting}:0, {setting}:1, …");
        }

        var sections = new List<string>();
        foreach (var child in configuration.GetSection(setting).GetChildren())
        {
            if (IsGiven(child.Path))
            {
                Fail($"{child.Path} is a single value: give the settings of each entry, such as {child.Path}:Url.");
            }
            else if (child.GetChildren().Any())
            {
                sections.Add(child.Path);
            }
        }

        return sections;
    }

    /// <summary>The entries of a list, <c>{setting}:0</c> and so on, each with its full setting name; blank ones are left out.</summary>
    public IReadOnlyList<(string Setting, string Value)> List(string setting) => List(setting, secret: false);

    /// <summary>
    /// As <see cref="List(string)"/>, but no message shows a value, and a blank entry is a failure: a lost secret must not count as none.
    /// </summary>
    public IReadOnlyList<(string Setting, string Value)> SecretList(string setting) => List(setting, secret: true);

    private List<(string Setting, string Value)> List(string setting, bool secret)
    {
        var entries = new List<(string, string)>();
        registry?.AskList(setting);
        if (Text(setting) is { } single)
        {
            Fail($"{setting} is {(secret ? "a single value" : $"'{Shown(single)}'")}: it is a list, so give {setting}:0, {setting}:1, …");
        }

        foreach (var child in configuration.GetSection(setting).GetChildren())
        {
            if (Text(child.Path) is { } value)
            {
                entries.Add((child.Path, value));
            }
            else if (secret && !IsGiven(child.Path))
            {
                Fail($"{child.Path} is blank: give a value, or leave the setting out.");
            }
        }

        return entries;
    }

    /// <summary>Throws everything collected, for the host to show and to stop.</summary>
    /// <exception cref="OptionsValidationException">Something was wrong.</exception>
    public void ThrowIfInvalid(Type optionsType)
    {
        if (_failures.Count > 0)
        {
            throw new OptionsValidationException(optionsType.Name, optionsType, _failures);
        }
    }

    private string? Value(string setting)
    {
        registry?.Ask(setting);
        return configuration[setting];
    }

    // "10" would be read as ten days, which is never meant.
    private static TimeSpan? ParseDuration(string text, TimeSpan least, TimeSpan most) =>
        text.Contains(':', StringComparison.Ordinal)
        && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value)
        && value >= least
        && value <= most
            ? value
            : null;

    private static string AllowedDuration(TimeSpan least, TimeSpan most) =>
        $"a duration from {Plain(least)} to {Plain(most)}, written [days.]hours:minutes:seconds";

    private static string Plain(TimeSpan bound) =>
        bound.ToString("c", CultureInfo.InvariantCulture) is var text
        && text.Contains('.', StringComparison.Ordinal)
        && bound < TimeSpan.FromDays(1)
            ? text.TrimEnd('0')
            : text;

    private T Unfit<T>(string setting, string given, string allowed, T fallback)
    {
        Fail($"{setting} is '{Shown(given)}': give {allowed}.");
        return fallback;
    }
}
