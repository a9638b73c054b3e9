using System.Text.RegularExpressions;

namespace Autopilot.Api.Tests.OpenApi;

/// <summary>A request as the documentation writes it.</summary>
internal sealed partial record RecordedRequest(string Method, string Path, string? Accept, string? Body)
{
    /// <summary>The requests of a page, in order: of its blocks of shell and of PowerShell.</summary>
    public static IReadOnlyList<RecordedRequest> OfMarkdown(string text) =>
        [
            .. Blocks()
                .Matches(text)
                .SelectMany(block => block.Groups["code"].Value.Split('\n'))
                .SelectMany(line => Addresses().Matches(line).Select(address => Of(line, address.Groups["path"].Value))),
        ];

    /// <summary>The requests of an .http file, in order, with its variables put in.</summary>
    public static IReadOnlyList<RecordedRequest> OfHttp(string text)
    {
        foreach (var (name, value) in Variables().Matches(text).Select(match => (match.Groups["name"].Value, match.Groups["value"].Value)))
        {
            text = text.Replace($"{{{{{name}}}}}", name == "host" ? "" : value, StringComparison.Ordinal);
        }

        return
        [
            .. text.Split("\n### ")
                .Skip(1)
                .Select(part =>
                {
                    var (host, _, body) = Split(part[(part.IndexOf('\n') + 1)..], "\n\n");
                    var first = host.Split('\n')[0].Split(' ', 2);
                    return new RecordedRequest(
                        first[0],
                        first[1],
                        AcceptHeader().Match(host) is { Success: true } accept ? accept.Groups["value"].Value : null,
                        body.Trim().Length == 0 ? null : body.Trim()
                    );
                }),
        ];
    }

    private static RecordedRequest Of(string line, string path) =>
        new(
            MethodOption().Match(line) is { Success: true } method ? method.Groups["value"].Value : "GET",
            path.Replace("$ID", SampleSession.Blocked, StringComparison.Ordinal)
                .Replace("$CLUSTER", ApiApp.Cluster, StringComparison.Ordinal)
                .Replace("$PROJECT", ApiApp.Project, StringComparison.Ordinal),
            AcceptHeader().Match(line) is { Success: true } accept ? accept.Groups["value"].Value : null,
            BodyOption().Match(line) is { Success: true } body ? body.Groups["value"].Value : null
        );

    private static (string Host, string Separator, string After) Split(string text, string separator) =>
        text.IndexOf(separator, StringComparison.Ordinal) is >= 0 and var at
            ? (text[..at], separator, text[(at + separator.Length)..])
            : (text, "", "");

    [GeneratedRegex("```(?:sh|powershell)\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    // After the variable of the host, or where a link is begun with.
    [GeneratedRegex("""(?:\$AUTOPILOT|\$autopilot|next=")(?<path>/api/[^"\s]*)""")]
    private static partial Regex Addresses();

    [GeneratedRegex("-X (?<value>[A-Z]+)")]
    private static partial Regex MethodOption();

    [GeneratedRegex("-d '(?<value>[^']*)'")]
    private static partial Regex BodyOption();

    [GeneratedRegex("Accept: (?<value>[^'\n]+)")]
    private static partial Regex AcceptHeader();

    [GeneratedRegex("^@(?<name>[a-z]+) =[ ]?(?<value>.*)$", RegexOptions.Multiline)]
    private static partial Regex Variables();
}
