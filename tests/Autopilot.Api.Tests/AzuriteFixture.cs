using Autopilot.Api.Tests;
using Autopilot.Azurite;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace Autopilot.Api.Tests;

/// <summary>One Azurite for all tests of the assembly; every app has tables of its own by prefix.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private AzuriteServer? _server;

    public string ConnectionString => _server?.ConnectionString ?? throw new InvalidOperationException("Azurite has not been started.");

    public async ValueTask InitializeAsync() => _server = await AzuriteServer.StartAsync(new AzuriteOptions { Progress = Console.WriteLine }, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
