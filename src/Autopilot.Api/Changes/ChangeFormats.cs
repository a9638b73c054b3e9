using Autopilot.Api.Representations;
using Autopilot.Formats.Changes;

namespace Autopilot.Api.Changes;

/// <summary>The formats of a page of changes.</summary>
internal static class ChangeFormats
{
    /// <summary>For people; its JSON depends on whose changes they are.</summary>
    public static FormatWriters<ChangePage> Page { get; } =
        new FormatWriters<ChangePage>().AddText(Format.Markdown, ChangePageMarkdown.Write).AddText(Format.Text, ChangePageText.Write);
}
