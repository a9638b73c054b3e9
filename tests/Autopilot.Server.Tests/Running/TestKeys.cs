namespace Autopilot.Server.Tests.Running;

/// <summary>Keys that protect nothing but a test.</summary>
internal static class TestKeys
{
    public const string Api = "test-api-key-0123456789";
    public const string OtherApi = "test-api-key-9876543210";
    public const string Manage = "test-manage-key-0123456789";
}
