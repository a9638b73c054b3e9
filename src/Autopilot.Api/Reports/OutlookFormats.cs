using System.Text;
using Autopilot.Api.Representations;
using Autopilot.Core.Reporting;
using Autopilot.Formats.Reports;

namespace Autopilot.Api.Reports;

/// <summary>The forms of an outlook.</summary>
internal static class OutlookFormats
{
    public static IReadOnlyList<Format> Offered { get; } = [Format.Json, Format.Markdown, Format.Text, Format.Card];

    public static ReadOnlyMemory<byte> Write(UpgradeOutlook outlook, Format format) =>
        format == Format.Markdown ? Encoding.UTF8.GetBytes(OutlookMarkdown.Write(outlook))
        : format == Format.Text ? Encoding.UTF8.GetBytes(OutlookText.Write(outlook))
        : format == Format.Card ? OutlookCard.Write(outlook)
        : JsonBody.Serialize(outlook, ApiJson.Default.UpgradeOutlook);
}
