using System.IO.Compression;
using System.Text;
using Autopilot.Core.Notifications;
using Autopilot.Core.Reporting;
using Autopilot.Core.Retention;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Tracking.FanOut;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Autopilot.Storage.Tests;

/// <summary>
/// A service that answers success with nonsense, as a proxy or a captive portal does, is unavailable: that is no defect here, and no row.
/// </summary>
public sealed class InvalidResponseTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    public static TheoryData<string> Answers { get; } =
    [
        "html",
        "html as JSON",
        "{}",
        "[]",
        "null",
        "{\"value\":null}",
        "{\"value\":{}}",
        "{\"value\":[{}]}",
        "{\"value\":[1]}",
        "",
        "{\"value\":[",
        "gzip",
    ];

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Every_read_and_write_is_unavailable(string answer)
    {
        await using var service = await ServiceAsync(answer);
        var services = NewServices(
            connectionString: $"DefaultEndpointsProtocol=http;AccountName=account;AccountKey={Key};"
                + $"TableEndpoint={service.Urls.Single()}/account;"
        );
        var store = services.GetRequiredService<TableWorkflowStore>();
        var clusters = services.GetRequiredService<IClusterStore>();
        var shard = Shard.All[0];
        Dictionary<string, Func<Task>> calls = new()
        {
            ["find"] = () => store.FindAsync("wf-1", Cancel),
            ["shard"] = () => store.ReadShardAsync(shard, Cancel),
            ["boards"] = () => services.GetRequiredService<IShardStatusStore>().ReadAllAsync(Cancel),
            ["history"] = () => store.ReadHistoryAsync("wf-1", null, null, 10, null, Cancel),
            ["state"] = () => store.ReadStateAsync("wf-1", 1, Cancel),
            ["cluster"] = () => clusters.FindClusterAsync("c", Cancel),
            ["runs"] = async () =>
                await services
                    .GetRequiredService<IRunStore>()
                    .ReadAsync(new RunQuery(Noon, Noon.AddDays(1)), new(), Cancel)
                    .ToListAsync(Cancel),
            ["outbox status"] = () => services.GetRequiredService<INotificationOutbox>().ReadStatusAsync(shard, Cancel),
            ["outbox"] = () => services.GetRequiredService<INotificationOutbox>().ReadAsync(shard, Cancel),
            ["baseline"] = () => services.GetRequiredService<IBaselineStore>().ReadBaselineAsync(Cancel),
            ["retention"] = () => services.GetRequiredService<IRetentionStore>().ReadLastAsync(Cancel),
            ["track"] = () => TrackAsync(store, "wf-1"),
        };

        foreach (var (name, call) in calls)
        {
            var exception = await Record.ExceptionAsync(call);
            Assert.True(exception is StorageUnavailableException, $"{name}: {exception?.ToString() ?? "no exception"}");
        }
    }

    private static async Task<WebApplication> ServiceAsync(string answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            context.Response.ContentType = answer == "html" ? "text/html" : "application/json;odata=minimalmetadata";
            context.Response.Headers.ETag = "W/\"datetime'2026-05-04T12%3A00%3A00Z'\"";
            if (answer == "gzip")
            {
                context.Response.Headers.ContentEncoding = "gzip";
                using var packed = new MemoryStream();
                await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
                {
                    await gzip.WriteAsync(Encoding.UTF8.GetBytes("{\"value\":[]}"));
                }
                await context.Response.Body.WriteAsync(packed.ToArray().AsMemory(0, 12));
                return;
            }
            await context.Response.WriteAsync(
                answer.StartsWith("html", StringComparison.Ordinal) ? "<html><body>Sign in to the network</body></html>" : answer
            );
        });
        await app.StartAsync(Cancel);
        return app;
    }
}
