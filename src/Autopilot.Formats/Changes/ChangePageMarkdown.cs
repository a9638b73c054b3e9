using System.Globalization;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Changes;

/// <summary>A page of changes as a table in Markdown.</summary>
public static class ChangePageMarkdown
{
    /// <summary>The page.</summary>
    public static string Write(ChangePage list)
    {
        var page = new MarkdownPage();
        page.Paragraph(list.Title);
        if (list.Lines.Count > 0)
        {
            var isFleet = list.IsFleet;
            page.Table(
                isFleet
                    ? ["Observed", "Assessment", "Cluster", "Changes", "Workflow", ">State"]
                    : ["Observed", "Assessment", "Phase", "Changes", ">State"],
                list.Lines.Select(line =>
                {
                    var (observed, assessment, words, state) = (
                        HumanDuration.At(line.Entry.ObservedAt),
                        line.Entry.Assessment.ToString(),
                        ChangePage.Words(line.Entry),
                        line.Entry.Sequence.ToString(CultureInfo.InvariantCulture)
                    );
                    return isFleet
                        ? new[] { observed, assessment, line.Cluster ?? "–", words, line.WorkflowId ?? "–", state }
                        : [observed, assessment, line.Entry.Phase.Value.Length > 0 ? line.Entry.Phase.Value : "–", words, state];
                })
            );
        }

        page.LeftOut(list.LeftOut(), list.NextLink);
        return page.ToString();
    }
}
