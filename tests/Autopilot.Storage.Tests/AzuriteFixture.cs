using Autopilot.Azurite;

[assembly: AssemblyFixture(typeof(Autopilot.Storage.Tests.AzuriteFixture))]

namespace Autopilot.Storage.Tests;

/// <summary>One Azurite for all tests of the assembly; every test has tables of its own by prefix.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private AzuriteServer? _server;

    public AzuriteServer Server => _server ?? throw new InvalidOperationException("Azurite has not been started.");

    public async ValueTask InitializeAsync() => _server = await AzuriteServer.StartAsync(new AzuriteOptions { Progress = Console.WriteLine }, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
