using Autopilot.Core;
using Autopilot.Core.Notifications;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Autopilot.Storage;
using Autopilot.Storage.Settings;
using Azure.Core;
using Azure.Data.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.EndToEnd.Tests.Guarantees;

/// <summary>
/// What notifications cost in operations of the table service: nothing without webhooks, nothing without transitions, and a known cost for
/// each notification.
/// </summary>
public sealed class NotificationBudgetTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(200, 0, 0)]
    [InlineData(200, 66, 66)]
    [InlineData(200, 200, 200)]
    public async Task A_transition_costs_one_more_row_and_no_read(int workflows, int turned, int reported)
    {
        await using var services = Services(webhooks: true, out var upstream, out var operations, out var clock);
        await TrackAsync(services, workflows);
        await RunAsync(services);
        await DeliverAsync(services);
        upstream.Failed = [.. Enumerable.Range(0, turned).Select(i => $"w{i}")];
        clock.Advance(TimeSpan.FromMinutes(1));
        operations.Reset();

        var result = await RunAsync(services);

        output.WriteLine($"{workflows} workflows, {turned} turned: {operations.Reads} reads, {operations.Writes} writes");
        Assert.Equal((workflows, turned), (result.Polled, result.Changed));
        Assert.True(operations.Reads <= 16 + workflows / 1000, $"{operations.Reads} reads");
        // 33 changes share a transaction where each carries a notification, instead of 49.
        Assert.True(operations.Writes <= 48 + workflows / 99 + turned / 33, $"{operations.Writes} writes");

        operations.Reset();
        var delivered = await DeliverAsync(services);
        output.WriteLine($"{delivered.Delivered} delivered: {operations.Reads} reads, {operations.Writes} writes");
        Assert.Equal(reported, delivered.Delivered);
        Assert.True(operations.Reads <= 16, $"{operations.Reads} reads");
        Assert.Equal(2 * reported, operations.Writes);
    }

    [Fact]
    public async Task Further_webhooks_cost_no_further_operation()
    {
        await using var services = Services(
            webhooks: true,
            out var upstream,
            out var operations,
            out var clock,
            ("Notifications:Webhooks:1:Url", "https://hooks.example/y")
        );
        await TrackAsync(services, 100);
        await RunAsync(services);
        await DeliverAsync(services);
        upstream.Failed = [.. Enumerable.Range(0, 100).Select(i => $"w{i}")];
        clock.Advance(TimeSpan.FromMinutes(1));
        await RunAsync(services);
        operations.Reset();

        Assert.Equal(200, (await DeliverAsync(services)).Delivered);

        Assert.True(operations.Reads <= 16, $"{operations.Reads} reads");
        Assert.Equal(200, operations.Writes);
    }

    [Fact]
    public async Task An_empty_outbox_costs_sixteen_reads_in_ten_minutes()
    {
        await using var services = Services(webhooks: true, out _, out var operations, out var clock);
        await TrackAsync(services, 5);
        await RunAsync(services);
        await DeliverAsync(services);
        // The look that is owed to what others may have left.
        clock.Advance(OutboxSchedule.ScanEvery);
        operations.Reset();
        for (var minute = 0; minute < 10; minute++, clock.Advance(TimeSpan.FromMinutes(1)))
        {
            await DeliverAsync(services);
        }

        Assert.Equal((16, 0), (operations.Reads, operations.Writes));
    }

    [Fact]
    public async Task Without_webhooks_it_costs_nothing()
    {
        await using var services = Services(webhooks: false, out var upstream, out var operations, out var clock);
        await TrackAsync(services, 5);
        await RunAsync(services);
        upstream.Failed = ["w1"];
        clock.Advance(TimeSpan.FromMinutes(1));
        await RunAsync(services);
        operations.Reset();

        await DeliverAsync(services);

        Assert.Equal((0, 0), (operations.Reads, operations.Writes));
        Assert.Null((await services.GetRequiredService<IWorkflowReader>().FindAsync("w1", Cancel))!.LastNotified);
    }

    private Task TrackAsync(ServiceProvider services, int workflows) =>
        ManyWorkflows.TrackAsync(
            services.GetRequiredService<ITrackingStore>(),
            new TableClient(
                azurite.ConnectionString,
                services.GetRequiredService<IOptions<StorageOptions>>().Value.TablePrefix + "Workflows"
            ),
            [.. Enumerable.Range(0, workflows).Select(i => $"w{i}")],
            Start,
            Cancel
        );

    private static Task<CycleResult> RunAsync(ServiceProvider services) =>
        services.GetRequiredService<PollCycle>().RunAsync(new CycleRequest(DueOnly: true), Cancel);

    private static Task<DeliveryResult> DeliverAsync(ServiceProvider services) =>
        services.GetRequiredService<NotificationDelivery>().RunAsync(TimeSpan.FromMinutes(5), Cancel);

    private ServiceProvider Services(
        bool webhooks,
        out SwitchableUpstream upstream,
        out OperationCount operations,
        out FakeTimeProvider clock,
        params (string Setting, string Value)[] more
    )
    {
        var (answers, count) = (new SwitchableUpstream(), new OperationCount());
        (upstream, operations, clock) = (answers, count, new FakeTimeProvider(Start));
        var settings = new Dictionary<string, string?>
        {
            ["AutopilotStorage"] = azurite.Server.ConnectionString,
            ["Storage:TablePrefix"] = $"T{Guid.NewGuid():N}"[..20],
            ["Notifications:SettleFor"] = "00:00:00",
        };
        if (webhooks)
        {
            settings["Notifications:Webhooks:0:Url"] = "https://hooks.example/x";
        }

        foreach (var (setting, value) in more)
        {
            settings[setting] = value;
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton<IUpgradeWorkflowSource>(answers)
            .AddSingleton<INotificationSender>(new Taker())
            .AddAutopilotCore(configuration)
            .AddAutopilotStorage(configuration)
            .PostConfigure<StorageOptions>(options =>
                options.ConfigureClient = client => client.AddPolicy(count, HttpPipelinePosition.PerRetry)
            )
            .BuildServiceProvider();
    }

    private sealed class Taker : INotificationSender
    {
        public Task<SendResult> SendAsync(Webhook webhook, Notification notification, CancellationToken cancellationToken) =>
            Task.FromResult(new SendResult(true, 200, null, TimeSpan.Zero));
    }
}
