using Autopilot.Azurite;

namespace Autopilot.EndToEnd.Tests;

/// <summary>One Azurite for the tests of a class; each takes tables of its own by prefix.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    public AzuriteServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await AzuriteServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
