using Autopilot.Core.Workflows;

namespace Autopilot.Formats.Summaries;

/// <summary>How much of a summary a view has, and how exact its instants are. The phrases are the same.</summary>
internal sealed record SummaryStyle
{
    /// <summary>For people: to the minute, and of long lists what matters.</summary>
    public static SummaryStyle ForPeople { get; } =
        new()
        {
            At = HumanDuration.At,
            MaxDetail = 500,
            MostDetails = 20,
            MostRiskSources = 5,
            MostRuns = 4,
            MostTimes = 5,
        };

    /// <summary>For pages, which have room: every fact, and instants to the minute.</summary>
    public static SummaryStyle ForPages { get; } =
        new()
        {
            At = HumanDuration.At,
            HasEveryFact = true,
            MaxDetail = 2000,
            MostRuns = 100,
        };

    /// <summary>For assistants, which know only what the text says: instants as in RFC 3339, and every fact.</summary>
    public static SummaryStyle ForAssistants { get; } = new() { At = InstantText.Of, HasEveryFact = true };

    /// <summary>Writes an instant.</summary>
    public required Func<DateTimeOffset, string> At { get; init; }

    /// <summary>Whether it has facts that people do without, such as when each task began.</summary>
    public bool HasEveryFact { get; init; }

    /// <summary>Longest text about one failed item, in characters; JSON has it whole.</summary>
    public int MaxDetail { get; init; } = int.MaxValue;

    public int MostDetails { get; init; } = int.MaxValue;
    public int MostRiskSources { get; init; } = int.MaxValue;

    /// <summary>Runs of a task that are shown one by one, the latest.</summary>
    public int MostRuns { get; init; } = int.MaxValue - 1;

    /// <summary>Tasks whose time is split.</summary>
    public int MostTimes { get; init; } = int.MaxValue;
}
