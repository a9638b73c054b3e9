using Autopilot.Azurite;
using Autopilot.Server.Tests.Running;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace Autopilot.Server.Tests.Running;

/// <summary>One table service for all tests; each takes table names of its own.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private AzuriteServer? _azurite;

    public string ConnectionString => _azurite!.ConnectionString;

    public async ValueTask InitializeAsync() => _azurite = await AzuriteServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_azurite is not null)
            await _azurite.DisposeAsync();
    }
}
