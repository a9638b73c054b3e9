using Autopilot.Pages.Tests.Running;

namespace Autopilot.Pages.Tests.Browser;

/// <summary>One server for all tests of the browser, with a small fleet.</summary>
public sealed class SiteFixture(AzuriteFixture azurite) : IAsyncLifetime
{
    internal PagesServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await PagesServer.StartAsync(azurite.ConnectionString);
        await Server.AddFleetAsync();
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
