using Autopilot.Api.Representations;
using Autopilot.Core.Reporting;
using Autopilot.Formats.Reports;

namespace Autopilot.Api.Reports;

/// <summary>The formats of an outlook.</summary>
internal static class OutlookFormats
{
    public static FormatWriters<UpgradeOutlook> Outlook { get; } =
        new FormatWriters<UpgradeOutlook>()
            .Add(Format.Json, outlook => JsonBody.Serialize(outlook, ApiJson.Default.UpgradeOutlook))
            .AddText(Format.Markdown, OutlookMarkdown.Write)
            .AddText(Format.Text, OutlookText.Write)
            .Add(Format.Card, OutlookCard.Write);
}
