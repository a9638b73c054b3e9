using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Autopilot.Hosting;

/// <summary>Which levels the libraries log at: each line costs money, and some hold addresses with keys.</summary>
public static class LogFilters
{
    private static readonly Dictionary<string, string?> Levels = new()
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        ["Logging:LogLevel:System.Net.Http.HttpClient"] = "Warning",
        ["Logging:LogLevel:Microsoft.Extensions.Http"] = "Warning",
        ["Logging:LogLevel:Polly"] = "Error",
        ["Logging:LogLevel:Azure"] = "Warning",
    };

    // These log whole request lines, so that a key given as ?code= would reach the log at their ordinary levels.
    private static readonly string[] LogsOfRequestLines =
    [
        "Microsoft.AspNetCore.Hosting.Diagnostics",
        "Microsoft.AspNetCore.Server.Kestrel.BadRequests",
    ];

    /// <summary>Adds the levels as the weakest source, so that every setting under <c>Logging:LogLevel</c> wins.</summary>
    public static void AddLogLevels(this IConfigurationBuilder configuration) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Levels });

    /// <summary>Keeps request lines out of every log, whatever the settings say.</summary>
    /// <param name="provider">The provider that settings may name by itself, such as <c>Console</c>.</param>
    public static IServiceCollection AddRequestLineFilters(this IServiceCollection services, string provider) =>
        services.PostConfigure<LoggerFilterOptions>(filters =>
        {
            // Once for every provider, and once for the one that a setting may have named: the more specific rule wins.
            foreach (var category in LogsOfRequestLines)
            {
                filters.Rules.Add(new LoggerFilterRule(null, category, LogLevel.Warning, null));
                filters.Rules.Add(new LoggerFilterRule(provider, category, LogLevel.Warning, null));
            }
        });
}
