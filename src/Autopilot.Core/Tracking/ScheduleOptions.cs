using Autopilot.Core.Settings;

namespace Autopilot.Core.Tracking;

/// <summary>The top-level schedule settings. In the function app the platform reads them too, for its triggers.</summary>
public sealed record ScheduleOptions
{
    private const string DefaultPoll = "0 * * * * *",
        DefaultRetention = "0 30 3 * * *";

    /// <summary><c>PollSchedule</c>; null when it is <c>disabled</c>. Default: every minute.</summary>
    public Schedule? Poll { get; set; } = Schedule.TryParse(DefaultPoll);

    /// <summary><c>RetentionSchedule</c>; null when it is <c>disabled</c>. Default: half past three at night, UTC.</summary>
    public Schedule? Retention { get; set; } = Schedule.TryParse(DefaultRetention);

    internal static void Read(ScheduleOptions options, SettingsReader settings)
    {
        options.Poll = Read(settings, "PollSchedule", DefaultPoll);
        options.Retention = Read(settings, "RetentionSchedule", DefaultRetention);
    }

    /// <summary>
    /// A sentence for each schedule that NCRONTAB reads otherwise than it seems: what is wrong, what it means, and when it is next.
    /// </summary>
    /// <param name="now">The present.</param>
    public IEnumerable<string> Misreadings(DateTimeOffset now) =>
        from schedule in new[] { (Setting: "PollSchedule", Value: Poll), (Setting: "RetentionSchedule", Value: Retention) }
        where schedule.Value?.Misreadings.Count > 0
        select $"{schedule.Setting} is '{SettingsReader.Shown(schedule.Value.Expression)}': "
            + $"{string.Join(" ", schedule.Value.Misreadings)} It means: {schedule.Value.SpelledOut(now)}.";

    private static Schedule? Read(SettingsReader settings, string setting, string fallback)
    {
        var text = settings.Text(setting) ?? fallback;
        var schedule = Schedule.TryParse(text);
        if (schedule is null && Schedule.StepBelowOne(text) is { } step)
        {
            settings.Fail(
                $"{setting} is '{SettingsReader.Shown(text)}': '{SettingsReader.Shown(step)}' has a step below 1, which NCRONTAB "
                    + "would take for 1; give a step of 1 or more, such as '*/5'."
            );
        }
        else if (schedule is null && !text.Equals(Schedule.Disabled, StringComparison.OrdinalIgnoreCase))
        {
            settings.Fail(
                $"{setting} is '{SettingsReader.Shown(text)}': give a schedule of six fields (second minute hour day month weekday, "
                    + $"UTC) such as '{fallback}', or '{Schedule.Disabled}'."
            );
        }

        return schedule;
    }
}
