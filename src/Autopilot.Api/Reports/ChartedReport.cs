using Autopilot.Core.Reporting;
using Autopilot.Formats.Reports;

namespace Autopilot.Api.Reports;

/// <summary>A report, and what its picture shows.</summary>
internal sealed record ChartedReport(UpgradeReport Report, ReportChart Chart);
