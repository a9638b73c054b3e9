namespace Autopilot.Functions.Tests;

/// <summary>The settings that a host needs; nothing listens there.</summary>
internal static class HostSettings
{
    public static Dictionary<string, string?> Enough =>
        new()
        {
            ["AutopilotStorage"] = "UseDevelopmentStorage=true",
            ["Cce:Endpoint"] = "http://127.0.0.1:9",
            ["Cce:ProjectId"] = "p1",
            ["Cce:Token"] = "unused",
            ["PollSchedule"] = "0 * * * * *",
        };
}
