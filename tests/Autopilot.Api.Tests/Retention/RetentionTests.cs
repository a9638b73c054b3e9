using System.Net;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Api.Tests.Retention;

public sealed class RetentionTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task What_a_preview_lists_is_deleted_on_request()
    {
        await using var app = await ApiApp.StartAsync(azurite);
        await EndedAsync(app, "wf-old", ApiApp.Now.AddDays(-181));
        await EndedAsync(app, "wf-young", ApiApp.Now.AddDays(-179));
        await app.TrackAsync("wf-active");

        var expired = await app.GetJsonAsync("/api/retention/expired");
        Assert.Equal(
            """{"historyBefore":"2026-05-27T08:00:00Z","workflows":1,"states":1,"runs":0,"examples":[{"workflowId":"wf-old","reason":"Ended","endedAt":"2026-05-26T08:00:00Z","states":1}]}""",
            expired.GetRawText()
        );
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("/api/workflows/wf-old")).StatusCode);

        using var deleted = await app.Client.DeleteAsync("/api/retention/expired", TestContext.Current.CancellationToken);
        var result = await deleted.JsonAsync();
        Assert.Equal("""{"workflows":1,"states":1,"runs":0,"complete":true,"durationSeconds":0}""", result.GetRawText());

        await (await app.GetAsync("/api/workflows/wf-old")).ProblemAsync(404, "WorkflowNotFound");
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("/api/workflows/wf-young")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("/api/workflows/wf-active")).StatusCode);
        var after = await app.GetJsonAsync("/api/retention/expired");
        Assert.Equal(
            (0, 1),
            (
                after.GetProperty("workflows").GetInt32(),
                after.GetProperty("lastPass").GetProperty("result").GetProperty("workflows").GetInt32()
            )
        );
    }

    [Fact]
    public async Task An_unreachable_store_is_reported_as_such()
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble(new StorageUnavailableException("Reached.")));

        await (await app.GetAsync("/api/retention/expired")).ProblemAsync(503, "StorageUnavailable");
        // A pass ends with what it could do, and says what it could not.
        using var deleted = await app.Client.DeleteAsync("/api/retention/expired", TestContext.Current.CancellationToken);
        Assert.Equal(
            """{"workflows":0,"states":0,"runs":0,"complete":false,"durationSeconds":0,"errors":["Reached."]}""",
            (await deleted.JsonAsync()).GetRawText()
        );
    }

    private static async Task EndedAsync(ApiApp app, string id, DateTimeOffset endedAt)
    {
        await app.TrackAsync(id);
        await app.PollAsync(id);
        var (rows, observations) = (
            app.Services.GetRequiredService<IWorkflowReader>(),
            app.Services.GetRequiredService<IObservationStore>()
        );
        var finished = (await rows.FindAsync(id, CancellationToken.None))! with { Outcome = WorkflowOutcome.Succeeded, EndedAt = endedAt };
        await observations.WriteAsync(Shard.Of(id), [new WorkflowWrite(finished, finished, null)], null, CancellationToken.None);
        var stored = (await rows.FindAsync(id, CancellationToken.None))!;
        await observations.FinishAsync(stored, FinishedUpgrade.Of(stored), CancellationToken.None);
    }
}
