using Autopilot.Core.Notifications;
using Autopilot.Core.Reporting;
using Autopilot.Core.Retention;
using Autopilot.Core.Rows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Autopilot.Functions.Tests;

public sealed class RetentionTimerTests
{
    private readonly RetentionInMemory _store = new();

    [Fact]
    public async Task A_tick_deletes_what_is_past_its_retention()
    {
        _store.Expired.Add(new ExpiredWorkflow("wf-1", ExpiryReason.Ended, DateTimeOffset.UnixEpoch, 3, 3, 3, "v1"));
        using var host = Host();

        await TickAsync(host);

        Assert.Equal(["wf-1"], _store.Deleted);
        Assert.Equal((1, 3), (_store.Last!.Result.Workflows, _store.Last.Result.States));
    }

    [Fact]
    public async Task A_store_that_is_away_is_no_failed_execution_but_a_warning()
    {
        _store.Failure = _ => new StorageUnavailableException("The table service failed (503 ServerBusy).");
        using var host = Host();

        await TickAsync(host);

        var done = Assert.Single(host.Services.GetFakeLogCollector().GetSnapshot(), record => record.Id.Name == "RetentionDone");
        Assert.Equal(LogLevel.Warning, done.Level);
        Assert.Contains("503 ServerBusy", done.Message, StringComparison.Ordinal);
    }

    private static Task TickAsync(IHost host) =>
        ActivatorUtilities.CreateInstance<RetentionTimer>(host.Services).RunAsync(new TimerInfo(), TestContext.Current.CancellationToken);

    private IHost Host()
    {
        var builder = FunctionsApplication.CreateBuilder([]).AddAutopilot();
        builder
            .Services.AddSingleton<IRetentionStore>(_store)
            .AddSingleton<IBaselineStore>(new BaselineInMemory())
            .AddSingleton<INotificationOutbox>(new MemoryOutbox())
            .AddFakeLogging();
        return builder.Build();
    }
}
