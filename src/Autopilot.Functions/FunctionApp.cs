using Autopilot.Api.Workflows;
using Autopilot.Functions.Stopping;
using Autopilot.Functions.Telemetry;
using Autopilot.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Autopilot.Functions;

/// <summary>The function app: the libraries behind the platform's triggers.</summary>
internal static class FunctionApp
{
    /// <summary>Longest wait for an upgrade over HTTP: each second of it is paid for.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    /// <summary>Runs the worker until its host, a signal or the end of its stream stops it.</summary>
    /// <returns>The exit code: 0, or <see cref="SettingFailures.ExitCode"/> with a sentence for each wrong setting on
    /// <paramref name="error"/>, which the platform's host logs.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter error)
    {
        _ = Task.Run(JsonWarmUp.Prepare);
        try
        {
            using var app = FunctionsApplication.CreateBuilder(args).AddAutopilot().Build();
            // Before the host does it, which would bury the sentence in a stack trace.
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            var lifetime = app.Services.GetRequiredService<IHostApplicationLifetime>();
            try
            {
                await app.RunAsync();
            }
            catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                // It was stopped while it started.
            }

            return 0;
        }
        catch (Exception exception) when (SettingFailures.Of(exception) is { } failures)
        {
            await SettingFailures.WriteAsync(failures, error);
            return SettingFailures.ExitCode;
        }
    }

    /// <summary>Makes the worker a host of Autopilot. The worker finds the functions themselves.</summary>
    public static FunctionsApplicationBuilder AddAutopilot(this FunctionsApplicationBuilder builder)
    {
        builder.Configuration.AddLogLevels();
        // Without the ASP.NET Core integration there is no HttpContext to hand to the pipeline.
        builder.ConfigureFunctionsWebApplication();
        builder.AddStopping();
        builder.Services.AddSingleton(new WaitLimit(LongestWait));
        builder.Services.AddAutopilot(builder.Configuration).AddRequestLineFilters("OpenTelemetry").AddTelemetry(builder.Configuration);
        return builder;
    }
}
