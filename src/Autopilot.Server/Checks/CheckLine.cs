namespace Autopilot.Server.Checks;

/// <summary>One line of the check.</summary>
/// <param name="Step">What was tried.</param>
/// <param name="Message">What was found and, after a failure, what to do; carries no secret.</param>
internal sealed record CheckLine(string Step, CheckOutcome Outcome, string Message)
{
    /// <summary>Columns that a person and <c>awk</c> can read.</summary>
    public override string ToString() => $"{Word, -8} {Step, -12} {Message.ReplaceLineEndings(" ")}";

    private string Word =>
        Outcome switch
        {
            CheckOutcome.Ok => "ok",
            CheckOutcome.Failed => "failed",
            CheckOutcome.Warning => "warning",
            _ => "skipped",
        };
}
