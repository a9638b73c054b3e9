namespace Autopilot.Simulator.Scenarios;

/// <summary>An item of a pre-check (<c>PreCheckItemStatus</c>).</summary>
/// <param name="Kind"><c>Exception</c>: must be repaired; <c>Risk</c>: may be accepted.</param>
/// <param name="Group"><c>LimitCheck</c>, <c>MasterCheck</c>, <c>AddonCheck</c> or <c>ExecuteException</c>.</param>
/// <param name="Level"><c>Info</c>, <c>Warning</c> or <c>Fatal</c>.</param>
/// <param name="Phase"><c>Success</c> or <c>Failed</c>.</param>
public sealed record CheckItem(
    string Name,
    string Kind,
    string Group,
    string Level,
    string Phase,
    string Message,
    params string[] ErrorCodes
);
