namespace Autopilot.Core.Settings;

/// <summary>An https address with places, such as <c>{clusterId}</c>, that are filled in encoded.</summary>
public sealed class AddressTemplate
{
    private readonly string _template;
    private readonly IReadOnlyList<string> _places;

    private AddressTemplate(string template, IReadOnlyList<string> places) => (_template, _places) = (template, places);

    /// <summary>
    /// Reads an https address that may hold the places behind its host, without user info; null when it is none, or has another place.
    /// </summary>
    /// <param name="template">The address.</param>
    /// <param name="places">Each with its braces.</param>
    public static AddressTemplate? TryParse(string template, IReadOnlyList<string> places) =>
        Fill(template, places, _ => "x") is { } filled
        && !filled.Contains('{', StringComparison.Ordinal)
        && !filled.Contains('}', StringComparison.Ordinal)
        && Uri.TryCreate(filled, UriKind.Absolute, out var url)
        && url is { Scheme: "https", UserInfo.Length: 0, Host.Length: > 0 }
        && Uri.TryCreate(Fill(template, places, _ => "y"), UriKind.Absolute, out var other)
        && other.Host == url.Host
            ? new AddressTemplate(template, places)
            : null;

    /// <summary>Whether it holds a place.</summary>
    public bool Has(string place) => _template.Contains(place, StringComparison.Ordinal);

    /// <summary>The address; null where a value that it needs is null.</summary>
    /// <param name="value">The value of a place, which is encoded here.</param>
    public Uri? Fill(Func<string, string?> value)
    {
        var complete = true;
        var filled = Fill(
            _template,
            _places,
            place =>
            {
                var given = value(place);
                complete &= given is not null;
                return Uri.EscapeDataString(given ?? "");
            }
        );
        return complete ? new Uri(filled) : null;
    }

    private static string Fill(string template, IReadOnlyList<string> places, Func<string, string> value) =>
        places.Aggregate(
            template,
            (text, place) =>
                text.Contains(place, StringComparison.Ordinal) ? text.Replace(place, value(place), StringComparison.Ordinal) : text
        );
}
