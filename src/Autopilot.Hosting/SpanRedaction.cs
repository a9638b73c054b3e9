using System.Diagnostics;
using OpenTelemetry;

namespace Autopilot.Hosting;

/// <summary>
/// Takes the values of query strings out of spans, where a key may stand as <c>?code=</c>. The instrumentations do the same, unless an
/// environment variable switches that off (<c>OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION</c> and its siblings): here
/// nothing does. Add it before the exporter.
/// </summary>
public sealed class SpanRedaction : BaseProcessor<Activity>
{
    private const string Redacted = "Redacted";

    /// <summary>Redacts every tag that holds an address or a query.</summary>
    public static void Apply(Activity activity)
    {
        List<KeyValuePair<string, string>>? redacted = null;
        foreach (var (name, value) in activity.EnumerateTagObjects())
        {
            if (value is string text && IsAddress(name) && Redact(name, text) is var safe && safe != text)
            {
                (redacted ??= []).Add(new(name, safe));
            }
        }

        foreach (var (name, safe) in redacted ?? [])
        {
            activity.SetTag(name, safe);
        }
    }

    /// <inheritdoc/>
    public override void OnEnd(Activity data) => Apply(data);

    private static bool IsAddress(string name) =>
        name.StartsWith("url.", StringComparison.Ordinal) || name.StartsWith("http.", StringComparison.Ordinal);

    private static string Redact(string name, string text)
    {
        // What stands before the question mark is no query, except where the tag is the query alone.
        var begin = text.IndexOf('?', StringComparison.Ordinal) + 1;
        if (begin == 0 && name != "url.query")
        {
            return text;
        }

        var hash = text.IndexOf('#', begin);
        var end = hash < 0 ? text.Length : hash;
        var parts = text[begin..end]
            .Split('&')
            .Select(part => part.IndexOf('=', StringComparison.Ordinal) is >= 0 and var at ? $"{part[..at]}={Redacted}" : part);
        return $"{text[..begin]}{string.Join('&', parts)}{text[end..]}";
    }
}
