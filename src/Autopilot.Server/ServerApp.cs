using Autopilot.Api;
using Autopilot.Cce;
using Autopilot.Core;
using Autopilot.Server.Access;
using Autopilot.Server.Scheduling;
using Autopilot.Server.Startup;
using Autopilot.Server.Telemetry;
using Autopilot.Storage;
using Microsoft.Extensions.Options;

namespace Autopilot.Server;

/// <summary>The server head: the same app as the function app, on Kestrel and with its own scheduler.</summary>
public static class ServerApp
{
    /// <summary>
    /// Builds the server; it listens once started. Settings come from <c>appsettings.json</c> (optional, in the current folder), the environment
    /// and the command line, the later ones win; the default address is <c>http://127.0.0.1:7071</c>.
    /// </summary>
    /// <param name="args">The command line: <c>--urls http://127.0.0.1:8080 --Cce:Region ap-southeast-3</c>.</param>
    /// <param name="configure">Runs before anything of ours is added: for settings and services of whoever hosts the server, such as a <see cref="TimeProvider"/>.</param>
    /// <exception cref="OptionsValidationException">Settings of one section are missing or wrong; each failure names its setting.</exception>
    /// <exception cref="AggregateException">Settings of more than one section are: an <see cref="OptionsValidationException"/> for each.</exception>
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServerDefaults();
        configure?.Invoke(builder);
        builder.UseDefaultUrl();

        builder.Services
            .AddAutopilotCore(builder.Configuration)
            .AddAutopilotCce(builder.Configuration)
            .AddAutopilotStorage(builder.Configuration)
            .AddAutopilotApi(builder.Configuration);
        builder.Services
            .AddKeys(builder.Configuration)
            .AddSchedulers()
            .AddTelemetry(builder.Configuration);

        var app = builder.Build();
        // Before anything is made of them: whatever is made first would tell of its own settings only, and of no others.
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        app.UseMiddleware<RequestLog>();
        app.UseAutopilotApi(gate => gate.UseKeys());
        return app;
    }
}
