using Autopilot.Core.Settings;

namespace Autopilot.Core.Tracking;

/// <summary>The top-level schedule settings. In the function app the platform reads them too, for its triggers.</summary>
public sealed record ScheduleOptions
{
    private const string DefaultPoll = "0 * * * * *", DefaultRetention = "0 30 3 * * *";

    /// <summary><c>PollSchedule</c>; null when it is <c>disabled</c>. Default: every minute.</summary>
    public Schedule? Poll { get; set; } = Schedule.TryParse(DefaultPoll);

    /// <summary><c>RetentionSchedule</c>; null when it is <c>disabled</c>. Default: half past three at night, UTC.</summary>
    public Schedule? Retention { get; set; } = Schedule.TryParse(DefaultRetention);

    internal static void Read(ScheduleOptions options, SettingsReader settings)
    {
        options.Poll = Read(settings, "PollSchedule", DefaultPoll);
        options.Retention = Read(settings, "RetentionSchedule", DefaultRetention);
    }

    private static Schedule? Read(SettingsReader settings, string setting, string fallback)
    {
        var text = settings.Text(setting) ?? fallback;
        var schedule = Schedule.TryParse(text);
        if (schedule is null && !text.Equals(Schedule.Disabled, StringComparison.OrdinalIgnoreCase))
            settings.Fail($"{setting} is '{SettingsReader.Shown(text)}': give a schedule of six fields (second minute hour day month weekday, UTC) such as '{fallback}', or '{Schedule.Disabled}'.");
        return schedule;
    }
}
