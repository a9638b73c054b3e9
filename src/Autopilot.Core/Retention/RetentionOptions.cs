using Autopilot.Core.Settings;

namespace Autopilot.Core.Retention;

/// <summary>Section <c>Retention</c>: how long what is over is kept. What is active is never touched.</summary>
public sealed record RetentionOptions
{
    private static readonly TimeSpan Shortest = TimeSpan.FromHours(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36500);

    /// <summary>
    /// How long a finished workflow is kept with its history after its end, and the history of an untracked one after its last observation.
    /// Null keeps it for ever. 1 h – 36500 days. Default 180 days.
    /// </summary>
    public TimeSpan? History { get; set; } = TimeSpan.FromDays(180);

    /// <summary>Most states kept of a workflow that is over, the newest; null for all. 1–1,000,000. Default all.</summary>
    public int? MaxStates { get; set; }

    /// <summary>
    /// How long runs are kept for reports after the workflow's end; null, the default, keeps them for ever. 1 h – 36500 days.
    /// </summary>
    public TimeSpan? Runs { get; set; }

    /// <summary>Longest run; the rest is deleted in the next. 1 s – 1 h. Default 4 min.</summary>
    public TimeSpan Budget { get; set; } = TimeSpan.FromMinutes(4);

    internal static void Read(RetentionOptions options, SettingsReader settings)
    {
        options.History = settings.DurationOrUnlimited("Retention:History", options.History, Shortest, Longest);
        options.Runs = settings.DurationOrUnlimited("Retention:Runs", options.Runs, Shortest, Longest);
        options.MaxStates = settings.Integer("Retention:MaxStates", 1, 1_000_000);
        options.Budget = settings.Duration("Retention:Budget", options.Budget, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
    }
}
