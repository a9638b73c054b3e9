using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Autopilot.Azurite;
using Autopilot.Benchmarks.Scenarios;
using Autopilot.Benchmarks.Upstream;

namespace Autopilot.Benchmarks.Comparison;

/// <summary>One server process of a build, with a table service of its own that takes its time.</summary>
internal sealed class ComparedServer : IAsyncDisposable
{
    private static readonly TimeSpan Sampling = TimeSpan.FromMilliseconds(50);

    private readonly DelayedTables _tables;
    private readonly ServerProcess _process;
    private readonly HttpClient _http;

    private ComparedServer(DelayedTables tables, ServerProcess process)
    {
        (_tables, _process) = (tables, process);
        _http = new HttpClient { BaseAddress = process.Address, Timeout = TimeSpan.FromMinutes(2) };
    }

    /// <summary>Milliseconds that the table service takes.</summary>
    public int Latency
    {
        set => _tables.Latency = value;
    }

    public MeasuredRounds Turns { get; } = new();

    public static async Task<ComparedServer> StartAsync(MeasuredBuild build, AzuriteServer azurite, UpstreamProcess upstream, string prefix)
    {
        var tables = await DelayedTables.StartAsync(azurite);
        var settings = MeasuredServer.SettingsOf(azurite, upstream, prefix);
        settings["AutopilotStorage"] = tables.ConnectionString;
        foreach (var (name, value) in build.Settings)
        {
            settings[name] = value;
        }

        var process = await ServerProcess.StartAsync(build.Assembly, settings);
        return new ComparedServer(tables, process);
    }

    /// <summary>Asks for all paths, a few at a time; measured unless it is the warm-up.</summary>
    public Task AskAsync(IEnumerable<string> paths, int atOnce, bool counts) =>
        MeasureAsync(
            counts,
            async times =>
                await Parallel.ForEachAsync(
                    paths,
                    new ParallelOptions { MaxDegreeOfParallelism = atOnce },
                    async (path, token) =>
                    {
                        var began = Stopwatch.GetTimestamp();
                        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), token);
                        answer.EnsureSuccessStatusCode();
                        await answer.Content.ReadAsByteArrayAsync(token);
                        times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                    }
                )
        );

    /// <summary>Reads whole lists, page after page, a few at a time.</summary>
    /// <param name="length">Workflows that each must hold.</param>
    public Task ListAsync(int lists, int atOnce, int length, bool counts) =>
        MeasureAsync(
            counts,
            async times =>
                await Parallel.ForEachAsync(
                    Enumerable.Range(0, lists),
                    new ParallelOptions { MaxDegreeOfParallelism = atOnce },
                    async (_, token) =>
                    {
                        var (began, found) = (Stopwatch.GetTimestamp(), 0);
                        for (Uri? next = new($"/api/workflows?maxpagesize={length}", UriKind.Relative); next is not null; )
                        {
                            await using var body = await _http.GetStreamAsync(next, token);
                            using var page = await JsonDocument.ParseAsync(body, default, token);
                            found += page.RootElement.GetProperty("value").GetArrayLength();
                            next = page.RootElement.TryGetProperty("nextLink", out var link)
                                ? new Uri(link.GetString()!, UriKind.RelativeOrAbsolute)
                                : null;
                        }

                        times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                        if (found != length)
                        {
                            throw new InvalidOperationException($"The list holds {found} workflows and not {length}.");
                        }
                    }
                )
        );

    /// <summary>One cycle over every workflow.</summary>
    public Task CycleAsync(int workflows, int changed, bool counts) =>
        MeasureAsync(
            counts,
            async times =>
            {
                var began = Stopwatch.GetTimestamp();
                using var answer = await _http.PostAsync(new Uri("/api/poll", UriKind.Relative), null);
                answer.EnsureSuccessStatusCode();
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                using var result = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
                var (polled, seen, complete) = (
                    result.RootElement.GetProperty("polled").GetInt32(),
                    result.RootElement.GetProperty("changed").GetInt32(),
                    result.RootElement.GetProperty("complete").GetBoolean()
                );
                if (counts && (polled, seen, complete) != (workflows, changed, true))
                {
                    throw new InvalidOperationException(
                        $"The cycle over {workflows} workflows ({changed} of them due to change) returned {result.RootElement}."
                    );
                }
            }
        );

    private async Task MeasureAsync(bool counts, Func<ConcurrentBag<double>, Task> work)
    {
        var times = new ConcurrentBag<double>();
        var (processor, operations, peak) = (_process.Processor, _tables.Requests, _process.ResidentMiB);
        var working = work(times);
        while (!working.IsCompleted)
        {
            peak = Math.Max(peak, _process.ResidentMiB);
            await Task.WhenAny(working, Task.Delay(Sampling));
        }

        await working;
        if (counts)
        {
            Turns.Add(times, (_process.Processor - processor).TotalSeconds, peak, _tables.Requests - operations);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
        await _tables.DisposeAsync();
    }
}
