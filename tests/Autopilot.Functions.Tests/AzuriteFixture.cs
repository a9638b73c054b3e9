using Autopilot.Azurite;

[assembly: AssemblyFixture(typeof(Autopilot.Functions.Tests.AzuriteFixture))]

namespace Autopilot.Functions.Tests;

/// <summary>One Azurite for all tests of the assembly; every head has tables of its own by prefix.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private AzuriteServer? _server;

    public string ConnectionString => (_server ?? throw new InvalidOperationException("Azurite has not been started.")).ConnectionString;

    public async ValueTask InitializeAsync() => _server = await AzuriteServer.StartAsync(new AzuriteOptions { Progress = Console.WriteLine }, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
