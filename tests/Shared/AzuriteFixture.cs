using Autopilot.Azurite;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace Autopilot.Testing;

/// <summary>One Azurite for all tests of the assembly; each user has tables of its own by prefix.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private AzuriteServer? _server;

    public AzuriteServer Server => _server ?? throw new InvalidOperationException("Azurite has not been started.");

    public string ConnectionString => Server.ConnectionString;

    public async ValueTask InitializeAsync() =>
        _server = await AzuriteServer.StartAsync(
            new AzuriteOptions { Queues = true, Progress = Console.WriteLine },
            TestContext.Current.CancellationToken
        );

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
