using Autopilot.Core.Tracking;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Autopilot.Hosting;

/// <summary>Warns at start of a schedule that NCRONTAB reads otherwise than it seems.</summary>
internal sealed partial class ScheduleNotice(IOptions<ScheduleOptions> options, TimeProvider clock, ILogger<ScheduleNotice> logger)
    : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var misreading in options.Value.Misreadings(clock.GetUtcNow()))
        {
            LogMisreading(logger, misreading);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventId = 3033, EventName = "ScheduleMisread", Level = LogLevel.Warning, Message = "{Misreading}")]
    private static partial void LogMisreading(ILogger logger, string misreading);
}
