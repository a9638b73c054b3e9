using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Autopilot.Functions.Telemetry;

/// <summary>What the libraries may say: each line is paid for, and some hold what nobody may read.</summary>
internal static class LogLevels
{
    private static readonly (string Category, LogLevel Least)[] Libraries =
    [
        ("Microsoft.AspNetCore", LogLevel.Warning),
        ("Microsoft.Extensions.Http", LogLevel.Warning),
        ("System.Net.Http.HttpClient", LogLevel.Warning),
        ("Polly", LogLevel.Error),
        ("Azure", LogLevel.Warning),
    ];

    // These log whole request lines, so a key given as ?code= would land in the log at their ordinary levels.
    private static readonly string[] LogsOfRequestLines = ["Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.Server.Kestrel.BadRequests"];

    public static IServiceCollection AddLogLevels(this IServiceCollection services) =>
        services
            .Configure<LoggerFilterOptions>(filters =>
            {
                foreach (var (category, least) in Libraries)
                    filters.Rules.Add(new LoggerFilterRule(null, category, least, null));
            })
            .PostConfigure<LoggerFilterOptions>(filters =>
            {
                // Once for every provider, and once for the one that a setting may have named.
                foreach (var (category, provider) in LogsOfRequestLines.SelectMany(category => new[] { (category, (string?)null), (category, "OpenTelemetry") }))
                    filters.Rules.Add(new LoggerFilterRule(provider, category, LogLevel.Warning, null));
            });
}
