using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Autopilot.Functions.Stopping;

/// <summary>What makes a worker stop without loss: it waits for its invocations, and it stops when its host is gone.</summary>
internal static class StoppingServices
{
    public static FunctionsApplicationBuilder AddStopping(this FunctionsApplicationBuilder builder)
    {
        builder.UseMiddleware<InvocationTracking>();
        builder
            .Services.AddSingleton<InvocationsUnderWay>()
            .AddSingleton<InvocationDrain>()
            .AddHostedService(services => services.GetRequiredService<InvocationDrain>())
            .AddHostedService<HostStreamMonitor>()
            .ConfigureOptions<HttpCutOff>()
            .Configure<HostOptions>(host =>
            {
                host.ShutdownTimeout = InvocationDrain.LongestWait;
                // A slow HTTP request must not take a cycle's time to write what it observed.
                host.ServicesStopConcurrently = true;
            });
        return builder;
    }
}
