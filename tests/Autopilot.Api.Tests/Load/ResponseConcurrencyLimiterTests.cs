using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Autopilot.Api.Representations;
using Autopilot.Api.Requests;
using Autopilot.Core.Listing;
using Autopilot.Core.Paging;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Tests.Load;

/// <summary>Expensive answers and streams whose reader stops leave room for everything else.</summary>
public sealed class ResponseConcurrencyLimiterTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reports_beyond_the_limit_wait_and_are_then_refused_while_health_answers()
    {
        var (atOnce, waiting) = ResponseConcurrencyLimiter.Limits[ConcurrencyGroup.Reports];
        var runs = new HeldRuns();
        await using var app = await ApiApp.StartAsync(runs);
        var first = Enumerable.Range(0, atOnce).Select(_ => app.GetAsync("/api/reports/upgrades")).ToList();
        await UntilAsync(() => runs.Reading == atOnce);
        var queued = await FillAsync(waiting, () => app.GetAsync("/api/reports/upgrades"));

        await RefusedAsync(app, "/api/reports/upgrades", "/api/reports/outlook?targetVersion=v1.30", "/api/reports/runs");
        await HealthyAsync(app);
        // Another lane has room.
        using (var list = await app.GetAsync("/api/workflows"))
        {
            Assert.True(list.IsSuccessStatusCode);
        }

        app.Clock.Advance(ResponseConcurrencyLimiter.LongestWait);
        foreach (var one in queued)
        {
            using var response = await one;
            await response.ProblemAsync(503, "ServiceUnavailable");
        }

        runs.Release();
        foreach (var one in first)
        {
            using var response = await one;
            Assert.True(response.IsSuccessStatusCode);
        }

        using var again = await app.GetAsync("/api/reports/upgrades");
        Assert.True(again.IsSuccessStatusCode);
        Assert.Equal(atOnce, runs.MostReading);
    }

    [Fact]
    public async Task Lists_and_tool_calls_share_a_limit()
    {
        var (atOnce, waiting) = ResponseConcurrencyLimiter.Limits[ConcurrencyGroup.Lists];
        var lists = new HeldLists();
        await using var app = await ApiApp.StartAsync(lists);
        var first = Enumerable.Range(0, atOnce).Select(_ => app.GetAsync("/api/workflows")).ToList();
        await UntilAsync(() => lists.Reading == atOnce);
        List<Task<HttpResponseMessage>> pending = [.. first, .. await FillAsync(waiting, () => app.GetAsync("/api/workflows"))];

        await RefusedAsync(
            app,
            "/api/workflows",
            "/api/workflows?format=card",
            "/api/changes",
            "/api/workflows/w1/history",
            "/api/workflows/w1/history/1"
        );
        using (var call = new HttpRequestMessage(HttpMethod.Post, "/api/mcp"))
        {
            call.Content = new StringContent(
                """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_upgrades","arguments":{}}}""",
                Encoding.UTF8,
                "application/json"
            );
            call.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
            using var tool = await app.Client.SendAsync(call, Cancel);
            await tool.ProblemAsync(503, "ServiceUnavailable");
        }

        using (var summary = await app.GetAsync("/api/workflows/w1"))
        {
            await summary.ProblemAsync(404, "WorkflowNotFound");
        }

        await HealthyAsync(app);

        lists.Release();
        foreach (var one in pending)
        {
            using var response = await one;
            Assert.True(response.IsSuccessStatusCode);
        }
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("ndjson")]
    public async Task A_hundred_stopped_readers_cost_what_a_few_cost_and_are_cut_in_the_end(string format)
    {
        var atOnce = ResponseConcurrencyLimiter.Limits[ConcurrencyGroup.Streams].AtOnce;
        var runs = new EndlessRuns();
        await using var app = await ApiApp.StartAsync(runs);
        var readers = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => StoppedReader.StartAsync(app.Client.BaseAddress!, $"/api/reports/runs?format={format}"))
        );
        try
        {
            Assert.Equal(atOnce, readers.Count(reader => reader.Status == 200));
            Assert.Equal(100 - atOnce, readers.Count(reader => reader.Status == 503));
            await HealthyAsync(app);
            using (var summary = await app.GetAsync("/api/workflows/w1"))
            {
                await summary.ProblemAsync(404, "WorkflowNotFound");
            }

            await RefusedAsync(app, $"/api/reports/runs?format={format}");
            for (long before = -1, now = 0; before != now; (before, now) = (now, runs.Read))
            {
                await Task.Delay(300, Cancel);
            }

            Assert.Equal(atOnce, runs.Reading);

            app.Clock.Advance(ResponseWriter.LongestPause);
            await UntilAsync(() => runs.Reading == 0);
            Assert.Equal(atOnce, app.Log.GetSnapshot().Count(record => record.Id.Name == "ReaderStopped"));
            var next = await StoppedReader.StartAsync(app.Client.BaseAddress!, $"/api/reports/runs?format={format}");
            Assert.Equal(200, next.Status);
            next.Dispose();
        }
        finally
        {
            foreach (var reader in readers)
            {
                reader.Dispose();
            }
        }
    }

    [Fact]
    public async Task A_reader_that_stops_in_a_large_page_is_cut_and_gives_its_place_back()
    {
        await using var app = await ApiApp.StartAsync(new EndlessRuns { Page = 1000 });
        using var reader = await StoppedReader.StartAsync(app.Client.BaseAddress!, "/api/reports/runs?maxpagesize=1000");
        Assert.Equal(200, reader.Status);
        await UntilAsync(async () =>
        {
            app.Clock.Advance(ResponseWriter.LongestPause);
            await Task.Delay(100, Cancel);
            return app.Log.GetSnapshot().Any(record => record.Id.Name == "ReaderStopped");
        });
    }

    [Fact]
    public async Task A_reader_that_is_slow_gets_the_whole_stream()
    {
        await using var app = await ApiApp.StartAsync(new EndlessRuns { Count = 3000 });
        using var response = await app.Client.GetAsync(
            new Uri("/api/reports/runs?format=ndjson", UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead,
            Cancel
        );
        await using var body = await response.Content.ReadAsStreamAsync(Cancel);
        var (lines, buffer) = (0, new byte[64 * 1024]);
        for (int read; (read = await body.ReadAsync(buffer, Cancel)) > 0; )
        {
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
            app.Clock.Advance(ResponseWriter.LongestPause / 2);
            await Task.Delay(20, Cancel);
        }

        Assert.Equal(3000, lines);
    }

    /// <summary>Sends more requests than may wait, until those that may not are refused.</summary>
    /// <returns>Those that wait.</returns>
    private static async Task<List<Task<HttpResponseMessage>>> FillAsync(int waiting, Func<Task<HttpResponseMessage>> send)
    {
        const int TooMany = 5;
        var sent = Enumerable.Range(0, waiting + TooMany).Select(_ => send()).ToList();
        await UntilAsync(() => sent.Count(one => one.IsCompleted) == TooMany);
        foreach (var refused in sent.Where(one => one.IsCompleted).ToList())
        {
            using var response = await refused;
            await response.ProblemAsync(503, "ServiceUnavailable");
        }

        return [.. sent.Where(one => !one.IsCompleted)];
    }

    private static async Task RefusedAsync(ApiApp app, params string[] paths)
    {
        foreach (var path in paths)
        {
            using var response = await app.GetAsync(path).WaitAsync(TimeSpan.FromSeconds(10), Cancel);
            await response.ProblemAsync(503, "ServiceUnavailable");
            Assert.Equal("5", response.Header("Retry-After"));
        }
    }

    private static async Task HealthyAsync(ApiApp app)
    {
        foreach (var path in (string[])["/api/health/live", "/api/health/ready"])
        {
            var time = Stopwatch.StartNew();
            using var response = await app.GetAsync(path);
            Assert.True(response.IsSuccessStatusCode, path);
            Assert.True(time.Elapsed < TimeSpan.FromSeconds(3), $"{path} took {time.Elapsed}.");
        }
    }

    private static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var patience = Stopwatch.StartNew(); !await holds(); )
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(30), "It did not come to that.");
            await Task.Delay(20, Cancel);
        }
    }

    /// <summary>Reads the status and nothing more.</summary>
    private sealed class StoppedReader : IDisposable
    {
        private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };

        public int Status { get; private set; }

        public static async Task<StoppedReader> StartAsync(Uri address, string path)
        {
            var reader = new StoppedReader();
            await reader._socket.ConnectAsync(address.Host, address.Port, Cancel);
            await reader._socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n"), Cancel);
            var line = new byte[12];
            for (var read = 0; read < line.Length; )
            {
                read += await reader._socket.ReceiveAsync(line.AsMemory(read), Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancel);
            }

            reader.Status = int.Parse(Encoding.ASCII.GetString(line, 9, 3), System.Globalization.CultureInfo.InvariantCulture);
            return reader;
        }

        public void Dispose() => _socket.Dispose();
    }

    private abstract class Held
    {
        private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _lock = new();

        public int Reading { get; private set; }

        public int MostReading { get; private set; }

        public void Release() => _release.SetResult();

        protected async Task HoldAsync(CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                Reading++;
                MostReading = Math.Max(MostReading, Reading);
            }

            try
            {
                await _release.Task.WaitAsync(cancellationToken);
            }
            finally
            {
                lock (_lock)
                {
                    Reading--;
                }
            }
        }
    }

    /// <summary>Runs that are read once they are released.</summary>
    private sealed class HeldRuns : Held, IRunStore
    {
        public async IAsyncEnumerable<FinishedUpgrade> ReadAsync(
            RunQuery query,
            UnreadableCount unreadable,
            [EnumeratorCancellation] CancellationToken cancellationToken
        )
        {
            await HoldAsync(cancellationToken);
            yield break;
        }

        public Task<Page<FinishedUpgrade>> ReadPageAsync(
            RunQuery query,
            int pageSize,
            string? continuationToken,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public Task WriteAsync(FinishedUpgrade run, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class HeldLists : Held, IWorkflowListStore
    {
        public Task ReadAsync(WorkflowQuery query, Action<IReadOnlyList<TrackedWorkflow>, int> take, CancellationToken cancellationToken) =>
            HoldAsync(cancellationToken);

        public async IAsyncEnumerable<FinishedEntry> ReadFinishedAsync(
            WorkflowQuery query,
            FinishedEntry? after,
            [EnumeratorCancellation] CancellationToken cancellationToken
        )
        {
            await Task.CompletedTask;
            yield break;
        }

        public Task<ListedRow> FindFinishedAsync(string workflowId, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlySet<string>> ReadFinishedIdsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<TrackedWorkflow> ReadFinishedRowsAsync(CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }

    /// <summary>Runs that are made as they are asked for, without an end unless one is given.</summary>
    private sealed class EndlessRuns : IRunStore
    {
        private long _read;
        private int _reading;

        public int Count { get; init; } = int.MaxValue;

        public int Page { get; init; }

        public long Read => Interlocked.Read(ref _read);

        public int Reading => Volatile.Read(ref _reading);

        public async IAsyncEnumerable<FinishedUpgrade> ReadAsync(
            RunQuery query,
            UnreadableCount unreadable,
            [EnumeratorCancellation] CancellationToken cancellationToken
        )
        {
            Interlocked.Increment(ref _reading);
            try
            {
                for (var i = 0; i < Count; i++)
                {
                    if (i % 100 == 0)
                    {
                        await Task.Yield();
                    }

                    Interlocked.Increment(ref _read);
                    yield return Run(query, i);
                }
            }
            finally
            {
                Interlocked.Decrement(ref _reading);
            }
        }

        public Task<Page<FinishedUpgrade>> ReadPageAsync(
            RunQuery query,
            int pageSize,
            string? continuationToken,
            CancellationToken cancellationToken
        ) =>
            Task.FromResult(
                new Page<FinishedUpgrade>(
                    [.. Enumerable.Range(0, Page).Select(i => Run(query, i) with { FromVersion = new string('v', 8000) })],
                    null
                )
            );

        public Task WriteAsync(FinishedUpgrade run, CancellationToken cancellationToken) => throw new NotSupportedException();

        private static FinishedUpgrade Run(RunQuery query, int i) =>
            new()
            {
                Target = new WorkflowTarget("p", "c", $"w{i}"),
                Outcome = WorkflowOutcome.Succeeded,
                EndedAt = query.To.AddTicks(-1 - i),
                FromVersion = new string('v', 200),
            };
    }
}
