namespace Autopilot.Core.Workflows;

/// <summary>
/// When upstream is asked again after it refused to answer, or gave an answer that cannot be read. So one odd answer hides nothing for
/// good, and a gateway that never answers costs a request a day.
/// </summary>
internal static class RejectedReadBackoff
{
    /// <summary>10 minutes after the first refusal, an hour after the second, and a day after each further one.</summary>
    public static TimeSpan After(int refusals) =>
        refusals switch
        {
            <= 1 => TimeSpan.FromMinutes(10),
            2 => TimeSpan.FromHours(1),
            _ => TimeSpan.FromDays(1),
        };
}
