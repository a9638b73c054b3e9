using System.Runtime.CompilerServices;
using Autopilot.Core.Paging;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Tests.Reports;

public sealed class RunStreamTests
{
    [Theory]
    [InlineData("upgrades")]
    [InlineData("runs?format=csv")]
    [InlineData("runs?format=ndjson")]
    public async Task A_store_that_fails_at_the_first_read_is_a_problem(string route)
    {
        await using var app = await ApiApp.StartAsync(new LazyRuns { FailsAt = 0 });
        using var response = await app.GetAsync($"/api/reports/{route}");
        await response.ProblemAsync(503, "StorageUnavailable");
    }

    [Fact]
    public async Task A_store_that_fails_in_the_middle_of_a_report_is_a_problem()
    {
        await using var app = await ApiApp.StartAsync(new LazyRuns { FailsAt = 5000 });
        using var response = await app.GetAsync("/api/reports/upgrades");
        await response.ProblemAsync(503, "StorageUnavailable");
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("ndjson")]
    public async Task A_store_that_fails_in_the_middle_of_a_stream_cuts_the_connection(string format)
    {
        await using var app = await ApiApp.StartAsync(new LazyRuns { FailsAt = 5000 });
        using var response = await app.Client.GetAsync(
            new Uri($"/api/reports/runs?format={format}", UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead
        );
        Assert.True(response.IsSuccessStatusCode);
        var error = await Record.ExceptionAsync(() => response.Content.ReadAsStringAsync());
        Assert.True(error is HttpRequestException or IOException, $"A short answer looked whole: {error?.GetType().Name}");
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("ndjson")]
    public async Task A_stream_reads_no_further_ahead_of_its_reader_than_buffers_hold(string format)
    {
        var runs = new LazyRuns { Count = 200_000 };
        await using var app = await ApiApp.StartAsync(runs);
        using var response = await app.Client.GetAsync(
            new Uri($"/api/reports/runs?format={format}", UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead
        );
        await using var body = await response.Content.ReadAsStreamAsync();
        Assert.True(await body.ReadAsync(new byte[1]) > 0);

        // Until the reader's slowness has reached the store: then nothing moves any more.
        for (long before = -1, now = 0; before != now; (before, now) = (now, runs.Read))
        {
            await Task.Delay(500, TestContext.Current.CancellationToken);
        }

        Assert.InRange(runs.Read, 1, 150_000);
    }

    /// <summary>Runs that are made as they are asked for, and counted.</summary>
    private sealed class LazyRuns : IRunStore
    {
        private long _read;

        public int Count { get; init; } = 10_000;

        /// <summary>The run that cannot be read any more.</summary>
        public int FailsAt { get; init; } = -1;

        public long Read => Interlocked.Read(ref _read);

        public async IAsyncEnumerable<FinishedUpgrade> ReadAsync(
            RunQuery query,
            UnreadableCount unreadable,
            [EnumeratorCancellation] CancellationToken cancellationToken
        )
        {
            for (var i = 0; i < Count; i++)
            {
                if (i % 1000 == 0)
                {
                    await Task.Yield();
                }

                if (i == FailsAt)
                {
                    throw new StorageUnavailableException("The table service cannot be reached.");
                }

                Interlocked.Increment(ref _read);
                yield return new FinishedUpgrade
                {
                    Target = new WorkflowTarget("p", "c", $"w{i}"),
                    Outcome = WorkflowOutcome.Succeeded,
                    EndedAt = query.To.AddTicks(-1 - i),
                    FromVersion = new string('v', 200),
                };
            }
        }

        public Task<Page<FinishedUpgrade>> ReadPageAsync(
            RunQuery query,
            int pageSize,
            string? continuationToken,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public Task WriteAsync(FinishedUpgrade run, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
