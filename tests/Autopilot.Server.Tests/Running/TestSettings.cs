namespace Autopilot.Server.Tests.Running;

/// <summary>Settings with which a server starts; a test adds what it is about.</summary>
internal static class TestSettings
{
    public const string AccessKey = "TESTACCESSKEY";
    public const string SecretKey = "test-secret-key-that-protects-nothing";
    public const string ProjectId = "77b6a44cba5143ab91d13ab9a8ff44fd";

    /// <summary>
    /// A server on a free port that polls only when asked to, with an upstream that refuses connections unless one is given.
    /// </summary>
    public static Dictionary<string, string?> Of(string storage, Uri? upstream = null) =>
        new()
        {
            ["urls"] = "http://127.0.0.1:0",
            ["AutopilotStorage"] = storage,
            ["Storage:TablePrefix"] = $"T{Guid.NewGuid():N}",
            ["Cce:Endpoint"] = upstream?.GetLeftPart(UriPartial.Authority) ?? "http://127.0.0.1:9",
            ["Cce:ProjectId"] = ProjectId,
            ["Cce:AccessKey"] = AccessKey,
            ["Cce:SecretKey"] = SecretKey,
            ["Cce:MaxAttempts"] = "1",
            ["PollSchedule"] = "disabled",
        };
}
