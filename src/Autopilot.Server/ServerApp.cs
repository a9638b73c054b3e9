using Autopilot.Api;
using Autopilot.Hosting;
using Autopilot.Pages;
using Autopilot.Server.Access;
using Autopilot.Server.Scheduling;
using Autopilot.Server.Startup;
using Autopilot.Server.Telemetry;
using Microsoft.Extensions.Options;

namespace Autopilot.Server;

/// <summary>The server host: the same app as the function app, on Kestrel and with its own scheduler.</summary>
public static partial class ServerApp
{
    /// <summary>
    /// Builds the server; it listens once started. Settings come from <c>appsettings.json</c> (optional, in the current folder), the
    /// environment and the command line, the later ones win; the default address is <c>http://127.0.0.1:7071</c>.
    /// </summary>
    /// <param name="args">Settings, as on a command line: <c>--urls http://127.0.0.1:8080 --Cce:Region ap-southeast-3</c>.</param>
    /// <param name="configure">Runs before anything of ours is added: for settings and services of a program that embeds the server, such
    /// as a <see cref="TimeProvider"/>.</param>
    /// <exception cref="OptionsValidationException">Settings of one section are missing or wrong; each failure names its
    /// setting.</exception>
    /// <exception cref="AggregateException">Settings of more than one section are: an <see cref="OptionsValidationException"/> for
    /// each.</exception>
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = NewBuilder(args);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.AddServerDefaults();
        configure?.Invoke(builder);
        builder.UseDefaultUrl();

        builder
            .Services.AddAutopilot(builder.Configuration)
            .AddAutopilotPages()
            .AddKeys(builder.Configuration)
            .AddSchedulers()
            .AddTelemetry(builder.Configuration);

        var app = builder.Build();
        // Before any options are used: the first failing one would report its own settings only.
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        foreach (var ignored in OtlpSignal.Ignored(app.Configuration))
        {
            LogIgnored(app.Logger, ignored);
        }

        app.UseMiddleware<RequestLog>();
        app.UseAutopilotApi(limiter => limiter.UseKeys(), endpoints => endpoints.MapAutopilotPages());
        return app;
    }

    /// <summary>
    /// The slim builder starts without IIS and HTTP/3, which no server of ours uses. It knows no hosting startup assemblies: where an
    /// operator names some, the full one serves.
    /// </summary>
    private static WebApplicationBuilder NewBuilder(string[] args) =>
        Environment.GetEnvironmentVariable("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES") is { Length: > 0 }
            ? WebApplication.CreateBuilder(args)
            : WebApplication.CreateSlimBuilder(args);

    [LoggerMessage(EventId = 3032, EventName = "TelemetrySettingIgnored", Level = LogLevel.Warning, Message = "Ignored: {Failure}")]
    private static partial void LogIgnored(ILogger logger, string failure);
}
