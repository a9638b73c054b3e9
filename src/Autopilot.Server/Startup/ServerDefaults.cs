using Autopilot.Hosting;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Logging.Console;

namespace Autopilot.Server.Startup;

/// <summary>
/// What the server does unless settings say otherwise. Every value here is the weakest source: a file, the environment or the command line
/// wins.
/// </summary>
internal static class ServerDefaults
{
    public const string Url = "http://127.0.0.1:7071";

    /// <summary>How long a stopping server waits for what it is in the middle of; under the 10 s after which most platforms kill.</summary>
    public static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(8);

    public static WebApplicationBuilder AddServerDefaults(this WebApplicationBuilder builder)
    {
        IConfigurationBuilder configuration = builder.Configuration;
        configuration.Sources.Insert(
            0,
            new MemoryConfigurationSource
            {
                InitialData = new Dictionary<string, string?>
                {
                    ["Logging:Console:FormatterName"] = "simple",
                    ["Logging:Console:FormatterOptions:SingleLine"] = "true",
                    ["Logging:Console:FormatterOptions:UseUtcTimestamp"] = "true",
                    ["Logging:Console:FormatterOptions:TimestampFormat"] = "yyyy-MM-dd'T'HH:mm:ss.fff'Z '",
                },
            }
        );

        configuration.AddLogLevels();
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole();
        // The slim builder names a formatter in code, which would win over the setting.
        builder.Services.Configure<ConsoleLoggerOptions>(console =>
            console.FormatterName = builder.Configuration["Logging:Console:FormatterName"]
        );
        builder.Services.AddRequestLineFilters("Console");

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = ShutdownTimeout;
            // One slow request must not take a cycle's time to write down what it saw.
            host.ServicesStopConcurrently = true;
        });
        return builder;
    }

    /// <summary>
    /// The default address, where nothing else says where to listen; a container image says it with <c>ASPNETCORE_HTTP_PORTS</c>.
    /// </summary>
    public static void UseDefaultUrl(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        if (
            string.IsNullOrWhiteSpace(configuration["urls"])
            && string.IsNullOrWhiteSpace(configuration["http_ports"])
            && string.IsNullOrWhiteSpace(configuration["https_ports"])
            && !configuration.GetSection("Kestrel:Endpoints").GetChildren().Any()
        )
        {
            builder.WebHost.UseUrls(Url);
        }
    }
}
