using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Autopilot.EndToEnd.Tests.Language;

/// <summary>Reads the sources as the compiler does and finds what breaks the rules of <c>docs/contributing.md</c>.</summary>
internal static partial class SourceRules
{
    /// <summary>Longest line of code, in columns.</summary>
    private const int MaxColumns = 140;

    /// <summary>Longest name of a test, in letters.</summary>
    private const int MaxTestName = 80;

    /// <summary>A type's name with a word that says too many things.</summary>
    public const string CoinedName = "coined-name";

    /// <summary>A comment, a text of the product or a test's name with a word that a plainer one replaces.</summary>
    public const string ForbiddenWord = "forbidden-word";

    /// <summary>The same in a page for people.</summary>
    public const string ForbiddenWordInDocs = "forbidden-word-in-docs";

    /// <summary>A public type in a file of another name.</summary>
    public const string MisfiledType = "misfiled-type";

    /// <summary>A line that is too long.</summary>
    public const string LongLine = "long-line";

    /// <summary>A test's name that is too long to be read at once.</summary>
    public const string LongTestName = "long-test-name";

    private static readonly string[] Folders = ["src", "tests", "tools", "bench"];

    private static readonly string[] Generated =
    [
        "bin",
        "obj",
        "node_modules",
        "artifacts",
        "TestResults",
        "StrykerOutput",
        "BenchmarkDotNet.Artifacts",
    ];

    /// <summary>Every hit of every rule, by rule, file and line.</summary>
    public static IReadOnlyList<SourceHit> Hits()
    {
        var code = Folders
            .SelectMany(folder => FilesIn(new DirectoryInfo(Repository.PathOf(folder)), "*.cs"))
            .AsParallel()
            .SelectMany(file => InCode(Relative(file), File.ReadAllText(file)));
        var pages = Directory
            .EnumerateFiles(Repository.Root, "*.md")
            .Concat(Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories))
            .SelectMany(InPage);
        return
        [
            .. code.AsEnumerable()
                .Concat(pages)
                .OrderBy(hit => hit.Rule, StringComparer.Ordinal)
                .ThenBy(hit => hit.Path, StringComparer.Ordinal)
                .ThenBy(hit => hit.Line)
                .ThenBy(hit => hit.What, StringComparer.Ordinal),
        ];
    }

    /// <summary>What one file of code breaks.</summary>
    /// <param name="path">Below the repository's root, with <c>/</c>: it decides names and whether texts are the
    /// product's.</param>
    /// <param name="text">The code.</param>
    public static IEnumerable<SourceHit> InCode(string path, string text)
    {
        var root = CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.Parse)).GetRoot();
        return [.. Types(path, root), .. Words(path, root), .. Lines(path, root)];
    }

    private static IEnumerable<SourceHit> Types(string path, SyntaxNode root)
    {
        foreach (var (declaration, name) in root.DescendantNodes().OfType<MemberDeclarationSyntax>().Select(node => (node, NameOf(node))))
        {
            if (name is not { } identifier)
            {
                continue;
            }

            if (CoinedNames.In(identifier.Text) is { } word)
            {
                yield return Hit(CoinedName, path, identifier.GetLocation(), $"{identifier.Text} ({word})");
            }

            var isPublic =
                declaration.Modifiers.Any(SyntaxKind.PublicKeyword)
                && declaration.Parent is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax;
            if (isPublic && Path.GetFileName(path).Split('.')[0] != identifier.Text)
            {
                yield return Hit(MisfiledType, path, identifier.GetLocation(), identifier.Text);
            }
        }
    }

    private static SyntaxToken? NameOf(MemberDeclarationSyntax node) =>
        node switch
        {
            BaseTypeDeclarationSyntax type => type.Identifier,
            DelegateDeclarationSyntax type => type.Identifier,
            _ => null,
        };

    /// <summary>Comments everywhere, sentences of the product and its tools, names of tests.</summary>
    private static IEnumerable<SourceHit> Words(string path, SyntaxNode root)
    {
        var isTest = path.StartsWith("tests/", StringComparison.Ordinal);
        foreach (
            var trivia in root.DescendantTrivia()
                .Where(trivia =>
                    trivia.IsKind(SyntaxKind.SingleLineCommentTrivia)
                    || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia)
                    || IsDocumentation(trivia)
                )
        )
        {
            foreach (
                var match in ForbiddenPhrases.In(
                    IsDocumentation(trivia) ? CodeInDocumentation().Replace(trivia.ToFullString(), Blanks) : trivia.ToString()
                )
            )
            {
                yield return Hit(
                    ForbiddenWord,
                    path,
                    Location.Create(root.SyntaxTree, new TextSpan(trivia.FullSpan.Start + match.Index, match.Length)),
                    match.Value
                );
            }
        }

        foreach (
            var token in root.DescendantTokens()
                .Where(token => !isTest && IsText(token) && token.Text.Contains(' ', StringComparison.Ordinal))
        )
        {
            foreach (var match in ForbiddenPhrases.In(token.Text))
            {
                yield return Hit(
                    ForbiddenWord,
                    path,
                    Location.Create(root.SyntaxTree, new TextSpan(token.SpanStart + match.Index, match.Length)),
                    match.Value
                );
            }
        }

        foreach (var name in TestNames(path, root))
        {
            foreach (var match in ForbiddenPhrases.In(name.Text.Replace('_', ' ')))
            {
                yield return Hit(ForbiddenWord, path, name.GetLocation(), $"{match.Value} in {name.Text}");
            }

            if (name.Text.Length > MaxTestName)
            {
                yield return Hit(LongTestName, path, name.GetLocation(), $"{name.Text.Length} letters in {name.Text}");
            }
        }
    }

    /// <summary>Methods of tests whose name is a sentence.</summary>
    private static IEnumerable<SyntaxToken> TestNames(string path, SyntaxNode root) =>
        path.StartsWith("tests/", StringComparison.Ordinal)
            ? root.DescendantNodes()
                .OfType<MethodDeclarationSyntax>()
                .Select(method => method.Identifier)
                .Where(name => name.Text.Contains('_', StringComparison.Ordinal))
            : [];

    private static bool IsDocumentation(SyntaxTrivia trivia) =>
        trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineDocumentationCommentTrivia);

    private static bool IsText(SyntaxToken token) =>
        IsRaw(token)
        || token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.Utf8StringLiteralToken or SyntaxKind.InterpolatedStringTextToken;

    private static IEnumerable<SourceHit> Lines(string path, SyntaxNode root)
    {
        var text = root.SyntaxTree.GetText();
        var raw = root.DescendantTokens()
            .Where(IsRaw)
            .Select(token => token.Span)
            .Concat(
                root.DescendantNodes()
                    .OfType<InterpolatedStringExpressionSyntax>()
                    .Where(node => node.StringStartToken.Text.Contains("\"\"\"", StringComparison.Ordinal))
                    .Select(node => node.Span)
            )
            .ToList();
        return text
            .Lines.Where(line => line.Span.Length > MaxColumns && !raw.Exists(span => span.IntersectsWith(line.Span)))
            .Select(line => new SourceHit(LongLine, path, line.LineNumber + 1, $"{line.Span.Length} columns"));
    }

    private static bool IsRaw(SyntaxToken token) =>
        token.Kind()
            is SyntaxKind.SingleLineRawStringLiteralToken
                or SyntaxKind.MultiLineRawStringLiteralToken
                or SyntaxKind.Utf8SingleLineRawStringLiteralToken
                or SyntaxKind.Utf8MultiLineRawStringLiteralToken;

    private static IEnumerable<SourceHit> InPage(string file)
    {
        var text = CodeInMarkdown().Replace(File.ReadAllText(file), Blanks);
        return ForbiddenPhrases
            .In(text)
            .Select(match => new SourceHit(ForbiddenWordInDocs, Relative(file), text.AsSpan(0, match.Index).Count('\n') + 1, match.Value));
    }

    private static string Blanks(Match match) => string.Concat(match.Value.Select(c => c is '\n' ? c : ' '));

    private static SourceHit Hit(string rule, string path, Location location, string what) =>
        new(rule, path, location.GetLineSpan().StartLinePosition.Line + 1, what);

    private static string Relative(string path) => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/');

    private static IEnumerable<string> FilesIn(DirectoryInfo folder, string pattern) =>
        folder
            .EnumerateFiles(pattern)
            .Select(file => file.FullName)
            .Concat(
                folder.EnumerateDirectories().Where(child => !Generated.Contains(child.Name)).SelectMany(child => FilesIn(child, pattern))
            );

    [GeneratedRegex(@"<c>.*?</c>|cref=""[^""]*""|name=""[^""]*""", RegexOptions.Singleline)]
    private static partial Regex CodeInDocumentation();

    [GeneratedRegex(@"^```.*?^```|`[^`\n]*`|\]\([^)]*\)", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeInMarkdown();
}
