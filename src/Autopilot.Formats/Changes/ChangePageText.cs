using System.Globalization;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Changes;

/// <summary>A page of changes as plain text: a line for each, and what differed below it.</summary>
public static class ChangePageText
{
    /// <summary>The page.</summary>
    public static string Write(ChangePage list)
    {
        var page = new TextPage();
        page.Paragraph(list.Title);
        page.Gap();
        foreach (var line in list.Lines)
        {
            page.Columns(
                (HumanDuration.At(line.Entry.ObservedAt), 20),
                (line.Entry.Assessment.ToString(), 11),
                (line.Cluster ?? string.Create(CultureInfo.InvariantCulture, $"state {line.Entry.Sequence}, phase {line.Entry.Phase}"), 47)
            );
            if (line.WorkflowId is { } id)
            {
                page.Labelled("", string.Create(CultureInfo.InvariantCulture, $"{id}, state {line.Entry.Sequence}"));
            }

            page.Labelled("", ChangePage.Words(line.Entry));
        }

        page.LeftOut(list.LeftOut(), list.NextLink);
        return page.ToString();
    }
}
