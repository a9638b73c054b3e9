using Autopilot.Cce;
using Autopilot.Core;
using Autopilot.EndToEnd.Tests.Guarantees;
using Autopilot.Notifications;
using Autopilot.Storage;
using Autopilot.Storage.Settings;
using Azure.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.EndToEnd.Tests.Month;

/// <summary>
/// Everything of a process but its timers, so that a test says when what happens; a restart forgets all that is not stored.
/// </summary>
internal sealed class TrackerProcess : IAsyncDisposable
{
    private readonly IConfiguration _configuration;
    private readonly TimeProvider _clock;
    private ServiceProvider _services;

    public TrackerProcess(string connectionString, TimeProvider clock, Dictionary<string, string?> settings)
    {
        (settings["AutopilotStorage"], settings["Storage:TablePrefix"]) = (connectionString, Prefix);
        _configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        _clock = clock;
        _services = Build();
    }

    public string Prefix { get; } = $"T{Guid.NewGuid():N}"[..20];

    public OperationCount Operations { get; } = new();

    public int Restarts { get; private set; }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task RestartAsync()
    {
        Restarts++;
        await _services.DisposeAsync();
        _services = Build();
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private ServiceProvider Build() =>
        new ServiceCollection()
            .AddLogging()
            .AddSingleton(_clock)
            .AddSingleton(_configuration)
            .AddAutopilotCore(_configuration)
            .AddAutopilotCce(_configuration)
            .AddAutopilotStorage(_configuration)
            .AddAutopilotNotifications(_configuration)
            .PostConfigure<StorageOptions>(options =>
                options.ConfigureClient = client => client.AddPolicy(Operations, HttpPipelinePosition.PerRetry)
            )
            .BuildServiceProvider();
}
