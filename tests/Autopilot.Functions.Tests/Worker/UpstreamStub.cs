using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Autopilot.Functions.Tests.Worker;

/// <summary>An upstream on loopback in which every workflow runs; it can stop answering in the middle of a cycle.</summary>
internal sealed class UpstreamStub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, bool> _answered = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _asked;

    private UpstreamStub()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(RespondAsync);
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>How many answers it gives before it falls silent.</summary>
    public int AnswersAtMost { get; init; } = int.MaxValue;

    /// <summary>The workflows whose state it has given away.</summary>
    public ICollection<string> Answered => _answered.Keys;

    /// <summary>Completes once it has given <see cref="AnswersAtMost"/> answers.</summary>
    public Task Reached => _reached.Task;

    public static async Task<UpstreamStub> StartAsync(int answersAtMost = int.MaxValue)
    {
        var stub = new UpstreamStub { AnswersAtMost = answersAtMost };
        await stub._app.StartAsync(TestContext.Current.CancellationToken);
        return stub;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task RespondAsync(HttpContext context)
    {
        var id = context.Request.Path.Value!.Split('/')[^1];
        if (!context.Request.Path.Value.Contains("/upgradeworkflows/", StringComparison.OrdinalIgnoreCase))
        {
            // A cluster's name is no workflow's state: there is none.
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (Interlocked.Increment(ref _asked) > AnswersAtMost)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return;
        }

        await context.Response.WriteAsJsonAsync(
            new
            {
                metadata = new { uid = id, creationTimestamp = "2026-11-23 10:00:00 +0000 UTC" },
                spec = new
                {
                    clusterID = "b4b9e60f",
                    clusterVersion = "v1.28.6-r0",
                    targetVersion = "v1.30.1-r0",
                },
                status = new
                {
                    phase = "Running",
                    pointStatuses = new[]
                    {
                        new
                        {
                            taskType = "Cluster",
                            taskID = "t1",
                            status = "Running",
                            startTimeStamp = "2026-11-23 11:00:00 +0000 UTC",
                        },
                    },
                    lineStatuses = Array.Empty<object>(),
                },
            }
        );
        await context.Response.CompleteAsync();
        _answered[id] = true;
        if (_answered.Count == AnswersAtMost)
        {
            _reached.TrySetResult();
        }
    }
}
