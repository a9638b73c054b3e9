using Autopilot.Api;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Autopilot.Hosting;

/// <summary>Logs the version before anything else starts, so that the log of each process says what ran.</summary>
internal sealed partial class VersionNotice(IHostEnvironment environment, ILogger<VersionNotice> logger) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        LogStarting(environment.ApplicationName, ProductVersion.Full, Environment.Version);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        EventId = 3034,
        EventName = "HostStarting",
        Level = LogLevel.Information,
        Message = "{Application} {Version} starts on .NET {Runtime}"
    )]
    private partial void LogStarting(string application, string version, Version runtime);
}
