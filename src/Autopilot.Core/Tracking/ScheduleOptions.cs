using Autopilot.Core.Settings;

namespace Autopilot.Core.Tracking;

/// <summary>The top-level schedule settings. In the function app the platform reads them too, for its triggers.</summary>
public sealed record ScheduleOptions
{
    /// <summary><c>PollSchedule</c>; null when it is <c>disabled</c>. Default: every minute.</summary>
    public PollSchedule? Poll { get; set; } = PollSchedule.TryParse(PollSchedule.Default);

    internal static void Read(ScheduleOptions options, SettingsReader settings)
    {
        if (settings.Text("PollSchedule") is not { } text)
            return;
        options.Poll = PollSchedule.TryParse(text);
        if (options.Poll is null && !text.Equals(PollSchedule.Disabled, StringComparison.OrdinalIgnoreCase))
            settings.Fail($"PollSchedule is '{SettingsReader.Shown(text)}': give a schedule of six fields (second minute hour day month weekday, UTC) such as '{PollSchedule.Default}', or '{PollSchedule.Disabled}'.");
    }
}
