using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Autopilot.OpenApi;

/// <summary>What the code's own comments say of the members of answers, as plain text.</summary>
internal sealed partial class CodeComments
{
    private readonly Dictionary<string, XElement> _members = new(StringComparer.Ordinal);

    /// <summary>Reads the comments that the compiler wrote beside the assemblies.</summary>
    public CodeComments(params IEnumerable<string> assemblies)
    {
        foreach (
            var member in assemblies.SelectMany(name =>
                XDocument.Load(Path.Combine(AppContext.BaseDirectory, $"{name}.xml")).Descendants("member")
            )
        )
        {
            _members[member.Attribute("name")!.Value] = member;
        }
    }

    public string? Of(Type type) => Summary($"T:{type.FullName}");

    /// <summary>Of a property, or of the parameter that a positional record makes it of.</summary>
    public string? Of(Type declaring, string property) =>
        Summary($"P:{declaring.FullName}.{property}")
        ?? (
            _members
                .GetValueOrDefault($"T:{declaring.FullName}")
                ?.Elements("param")
                .FirstOrDefault(param => param.Attribute("name")!.Value == property)
                is { } param
                ? Text(param)
                : null
        );

    /// <summary>Of one word of a set of words.</summary>
    public string? OfWord(Type type, string word) => Summary($"{(type.IsEnum ? 'F' : 'P')}:{type.FullName}.{word}");

    private string? Summary(string name) => _members.GetValueOrDefault(name)?.Element("summary") is { } summary ? Text(summary) : null;

    // What the code knows as null is left out of every answer.
    private static string Text(XElement element) =>
        Nulls()
            .Replace(
                Spaces().Replace(string.Concat(element.Nodes().Select(Text)), " ").Trim(),
                match => match.Value == "Null" ? "Left out" : "left out"
            );

    private static string Text(XNode node) =>
        node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" or "paramref" } link => Word(
                (link.Attribute("cref") ?? link.Attribute("name") ?? link.Attribute("langword"))!.Value
            ),
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement other => Text(other),
            _ => "",
        };

    // The last part of a name, as JSON writes it; of a constant its value.
    private static string Word(string reference)
    {
        if (
            reference.StartsWith("F:", StringComparison.Ordinal)
            && reference.LastIndexOf('.') is var dot
            && typeof(Core.Workflows.WorkflowSummary)
                .Assembly.GetType(reference[2..dot])
                ?.GetField(reference[(dot + 1)..], BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
                is { IsLiteral: true, DeclaringType.IsEnum: false } constant
        )
        {
            return Convert.ToString(constant.GetRawConstantValue(), CultureInfo.InvariantCulture)!;
        }

        var word = reference[(reference.LastIndexOfAny(['.', ':']) + 1)..];
        return $"`{char.ToLowerInvariant(word[0])}{word[1..]}`";
    }

    [GeneratedRegex(@"\b[Nn]ull\b")]
    private static partial Regex Nulls();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
