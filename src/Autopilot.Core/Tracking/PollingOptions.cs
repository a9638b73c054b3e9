using Autopilot.Core.Settings;

namespace Autopilot.Core.Tracking;

/// <summary>Section <c>Polling</c>.</summary>
public sealed record PollingOptions
{
    /// <summary>How a cycle is spread: <c>Inline</c> (the default) in one process, <c>Queue</c> over as many as there are.</summary>
    public FanOutMode FanOut { get; set; } = FanOutMode.Inline;

    /// <summary>GETs in flight per process, 1–1024. Default 32.</summary>
    public int MaxConcurrency { get; set; } = 32;

    /// <summary>Longest cycle, 1 s – 1 h. Default 4 min.</summary>
    public TimeSpan CycleBudget { get; set; } = TimeSpan.FromMinutes(4);

    /// <summary>
    /// How much longer than <see cref="CycleBudget"/> the lease of a shard lasts, for writing down what was seen; 1 s – 10 min. Default 30
    /// s. Only with the queue.
    /// </summary>
    public TimeSpan LeaseMargin { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The tick where <c>PollSchedule</c> is <c>disabled</c>, because another scheduler starts the cycles; 1 s – 1 day. Default 1 min.
    /// </summary>
    public TimeSpan Tick { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Ticks between two polls of a workflow in phase <c>Running</c>, or in a phase that we don't know, 1–60. Default 1.</summary>
    public int RunningEvery { get; set; } = 1;

    /// <summary>Ticks between two polls of a workflow in phase <c>Init</c> or <c>Pending</c>, 1–60. Default 5.</summary>
    public int WaitingEvery { get; set; } = 5;

    /// <summary>
    /// Longest back-off of a workflow that fails to read, and the interval at which a gone one is read again, 1 min – 1 day. Default 30
    /// min.
    /// </summary>
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>404 answers in a row that mark a workflow as gone, 1–100. Default 3.</summary>
    public int GoneAfter { get; set; } = 3;

    /// <summary>How long a gone workflow is still looked for, up to 30 days. Default 7 days.</summary>
    public TimeSpan GoneFor { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Whether the document of a stage that runs is read as well, at most every two minutes and only while at least half of the known limit
    /// of requests is unspent. Default true.
    /// </summary>
    public bool TaskProgress { get; set; } = true;

    internal static void Read(PollingOptions options, SettingsReader settings)
    {
        options.FanOut = settings.Choice("Polling:FanOut", options.FanOut);
        options.MaxConcurrency = settings.Integer("Polling:MaxConcurrency", options.MaxConcurrency, 1, 1024);
        options.CycleBudget = settings.Duration("Polling:CycleBudget", options.CycleBudget, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        options.LeaseMargin = settings.Duration(
            "Polling:LeaseMargin",
            options.LeaseMargin,
            TimeSpan.FromSeconds(1),
            TimeSpan.FromMinutes(10)
        );
        options.Tick = settings.Duration("Polling:Tick", options.Tick, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        options.RunningEvery = settings.Integer("Polling:RunningEvery", options.RunningEvery, 1, 60);
        options.WaitingEvery = settings.Integer("Polling:WaitingEvery", options.WaitingEvery, 1, 60);
        options.MaxBackoff = settings.Duration("Polling:MaxBackoff", options.MaxBackoff, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1));
        options.GoneAfter = settings.Integer("Polling:GoneAfter", options.GoneAfter, 1, 100);
        options.GoneFor = settings.Duration("Polling:GoneFor", options.GoneFor, TimeSpan.Zero, TimeSpan.FromDays(30));
        options.TaskProgress = settings.Flag("Polling:TaskProgress", options.TaskProgress);
    }
}
