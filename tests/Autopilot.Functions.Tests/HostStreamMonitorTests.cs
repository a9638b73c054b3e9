using Autopilot.Functions.Stopping;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Autopilot.Functions.Tests;

public sealed class HostStreamMonitorTests
{
    [Fact]
    public async Task A_stream_that_ends_while_services_start_stops_the_application()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder
            .Services.AddSingleton(TimeProvider.System)
            .AddSingleton<InvocationsUnderWay>()
            .AddSingleton<InvocationDrain>()
            // As the worker's own service, it comes before the watch.
            .AddHostedService<FailingStream>()
            .AddHostedService<HostStreamMonitor>();
        using var host = builder.Build();
        var stopping = new TaskCompletionSource();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);

        await Record.ExceptionAsync(() => host.StartAsync(TestContext.Current.CancellationToken));

        await stopping.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    /// <summary>Makes one gRPC call to a port where no server listens.</summary>
    private sealed class FailingStream : IHostedService
    {
        private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(value => value, value => value);

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            using var channel = GrpcChannel.ForAddress("http://127.0.0.1:1");
            var method = new Method<byte[], byte[]>(MethodType.Unary, "s", "m", Bytes, Bytes);
            await Record.ExceptionAsync(async () =>
                await channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(cancellationToken: cancellationToken), [])
            );
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
