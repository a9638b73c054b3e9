using Autopilot.Cce.Probing;
using Autopilot.Core.Tracking;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Autopilot.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Autopilot.Cce.Tests.Upstream;

/// <summary>
/// The client as a host sets it up, against a stub, on a clock that stands still until the test moves it. The wire keeps real time.
/// </summary>
internal sealed class ClientUnderTest : IAsyncDisposable
{
    public const string Project = "77b6a44cba5143ab91d13ab9a8ff44fd";
    public const string Cluster = "b4b9e60f-8aa2-11ee-af09-0255ac10004f";
    public const string Workflow = "c271e39e-1a6e-4d3d-8fa8-2a36329c68d1";

    public static readonly WorkflowTarget Target = new(Project, Cluster, Workflow);

    private readonly ServiceProvider _services;

    private ClientUnderTest(UpstreamStub stub, SettableClock clock, ServiceProvider services) =>
        (Stub, Clock, _services) = (stub, clock, services);

    public UpstreamStub Stub { get; }

    public SettableClock Clock { get; }

    public IUpgradeWorkflowSource Source => _services.GetRequiredService<IUpgradeWorkflowSource>();

    public CceProbe Probe => _services.GetRequiredService<CceProbe>();

    public FakeLogCollector Log => _services.GetRequiredService<FakeLogCollector>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <param name="settings">Beside the endpoint and quick retries. With none that names credentials, the stub's keys are used.</param>
    public static async Task<ClientUnderTest> StartAsync(params (string Key, string Value)[] settings)
    {
        var stub = await UpstreamStub.StartAsync();
        Dictionary<string, string?> values = new()
        {
            ["Cce:Endpoint"] = stub.Address.ToString(),
            ["Cce:Region"] = "ap-southeast-3",
            ["Cce:Iam:Endpoint"] = stub.Address.ToString(),
            ["Cce:RetryDelay"] = "00:00:00.001",
        };
        if (!settings.Any(s => s.Key is "Cce:AccessKey" or "Cce:Token" or "Cce:Iam:Username"))
        {
            (values["Cce:AccessKey"], values["Cce:SecretKey"]) = (UpstreamStub.AccessKey, UpstreamStub.SecretKey);
        }

        foreach (var (key, value) in settings)
        {
            values[key] = value;
        }

        var clock = new SettableClock(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
        var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddFakeLogging())
            .AddSingleton<TimeProvider>(clock)
            .AddAutopilotCce(new ConfigurationBuilder().AddInMemoryCollection(values).Build())
            .BuildServiceProvider();
        return new ClientUnderTest(stub, clock, services);
    }

    public Task<WorkflowObservation> ReadAsync(CancellationToken cancellationToken = default) =>
        Source.ReadAsync(Target, cancellationToken);

    public Task<UpstreamException> FailAsync() => Assert.ThrowsAsync<UpstreamException>(() => ReadAsync());

    /// <summary>Lets the clock run until the work is done.</summary>
    public async Task<T> WhileTimePassesAsync<T>(Task<T> work, TimeSpan step)
    {
        while (!work.IsCompleted)
        {
            Clock.Advance(step);
            await Task.Delay(1);
        }

        return await work;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Stub.DisposeAsync();
    }
}
