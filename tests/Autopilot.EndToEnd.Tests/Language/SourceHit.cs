namespace Autopilot.EndToEnd.Tests.Language;

/// <summary>A place in the sources that breaks a rule.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Path">The file, below the repository's root, with <c>/</c>.</param>
/// <param name="Line">From 1.</param>
/// <param name="What">The name, the word or the length that breaks it.</param>
internal sealed record SourceHit(string Rule, string Path, int Line, string What)
{
    public override string ToString() => $"{Rule} {Path}:{Line} {What}";
}
