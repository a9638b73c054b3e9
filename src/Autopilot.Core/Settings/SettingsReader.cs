using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Autopilot.Core.Settings;

/// <summary>
/// Reads settings and collects everything that is wrong with them, so that a person mends all of it at once. Each message names the setting,
/// what was given (never of a secret) and what is allowed.
/// </summary>
public sealed class SettingsReader(IConfiguration configuration)
{
    private readonly List<string> _failures = [];

    /// <summary>What was wrong so far, in the order in which it was met.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>Whether a value is a Key Vault reference that the platform has not resolved: as it stands it can only be wrong.</summary>
    public static bool IsUnresolvedReference(string? value) => value?.TrimStart().StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase) ?? false;

    /// <summary>Adds a failure of the caller's own.</summary>
    public void Fail(string setting, string message) => _failures.Add($"{setting}: {message}");

    /// <summary>A text without surrounding blanks; null when absent or blank.</summary>
    public string? Text(string setting)
    {
        var value = configuration[setting]?.Trim();
        if (string.IsNullOrEmpty(value))
            return null;
        if (!IsUnresolvedReference(value))
            return value;
        Fail(setting, "is a Key Vault reference that was not resolved; check the app's identity, its access to the vault and the secret's name");
        return null;
    }

    /// <summary>A whole number within bounds, or the default when absent.</summary>
    public int Integer(string setting, int fallback, int least, int most) =>
        Text(setting) is not { } text ? fallback
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value
        : Fail(setting, $"'{text}' is not a whole number from {least} to {most}", fallback);

    /// <summary>A duration <c>[d.]hh:mm:ss</c> within bounds, or the default when absent.</summary>
    public TimeSpan Duration(string setting, TimeSpan fallback, TimeSpan least, TimeSpan most) =>
        Text(setting) is not { } text ? fallback
        : text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value
        : Fail(setting, $"'{text}' is not a duration from {least:c} to {most:c}, written [days.]hours:minutes:seconds", fallback);

    /// <summary>One of an enum's names, in any case, or the default when absent.</summary>
    public T Choice<T>(string setting, T fallback) where T : struct, Enum =>
        Text(setting) is not { } text ? fallback
        : Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0]) && text[0] is not '-' and not '+' ? value
        : Fail(setting, $"'{text}' is not one of {string.Join(", ", Enum.GetNames<T>())}", fallback);

    /// <summary>The entries of a list, <c>{setting}:0</c> and so on, each with its full setting name; blank ones are left out.</summary>
    public IReadOnlyList<(string Setting, string Value)> List(string setting)
    {
        var entries = new List<(string, string)>();
        if (Text(setting) is { } single)
            Fail(setting, $"is a list: write {setting}:0, {setting}:1, … (got '{Shown(single)}')");
        foreach (var child in configuration.GetSection(setting).GetChildren())
        {
            if (Text(child.Path) is { } value)
                entries.Add((child.Path, value));
        }

        return entries;
    }

    /// <summary>Throws everything collected, for the host to show and to stop.</summary>
    /// <exception cref="OptionsValidationException">Something was wrong.</exception>
    public void ThrowIfInvalid(Type optionsType)
    {
        if (_failures.Count > 0)
            throw new OptionsValidationException(optionsType.Name, optionsType, _failures);
    }

    private static string Shown(string value) => value.Length <= 80 ? value : value[..80] + "…";

    private T Fail<T>(string setting, string message, T fallback)
    {
        Fail(setting, message);
        return fallback;
    }
}
