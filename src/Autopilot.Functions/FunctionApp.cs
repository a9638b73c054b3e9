using Autopilot.Api;
using Autopilot.Cce;
using Autopilot.Core;
using Autopilot.Functions.Telemetry;
using Autopilot.Notifications;
using Autopilot.Storage;
using Microsoft.Azure.Functions.Worker.Builder;

namespace Autopilot.Functions;

/// <summary>The function app: the libraries behind the platform's triggers.</summary>
internal static class FunctionApp
{
    /// <summary>Makes the worker the head of Autopilot. The functions themselves are found by the worker.</summary>
    public static FunctionsApplicationBuilder AddAutopilot(this FunctionsApplicationBuilder builder)
    {
        // Without the ASP.NET Core integration there is no HttpContext to hand to the pipeline.
        builder.ConfigureFunctionsWebApplication();
        builder.Services
            .AddAutopilotCore(builder.Configuration)
            .AddAutopilotCce(builder.Configuration)
            .AddAutopilotStorage(builder.Configuration)
            .AddAutopilotNotifications(builder.Configuration)
            .AddAutopilotApi(builder.Configuration);
        builder.Services.AddLogLevels().AddTelemetry(builder.Configuration);
        return builder;
    }
}
