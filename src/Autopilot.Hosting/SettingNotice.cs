using Autopilot.Core.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Autopilot.Hosting;

/// <summary>Logs at start the settings that nothing reads, so that a typing error is noticed.</summary>
internal sealed partial class SettingNotice(SettingsRegistry registry, IConfiguration configuration, ILogger<SettingNotice> logger)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var (setting, nearest) in registry.Unknown(configuration))
        {
            LogUnknown(setting, nearest is null ? "" : $": is {nearest} meant?");
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        EventId = 3031,
        EventName = "SettingUnknown",
        Level = LogLevel.Warning,
        Message = "Setting {Setting} is not a setting of this version and does nothing{Hint}"
    )]
    private partial void LogUnknown(string setting, string hint);
}
