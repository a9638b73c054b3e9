using System.Diagnostics;
using Autopilot.Azurite;
using Autopilot.Benchmarks.Scenarios;
using Autopilot.Benchmarks.Upstream;
using Autopilot.Testing;
using Azure.Data.Tables;

namespace Autopilot.Benchmarks.ColdStart;

/// <summary>
/// The function app beside (f), an isolated worker with a table client and one function of each trigger: start to loaded functions, start
/// to the first answer, and memory. The host's side of the worker protocol is <see cref="WorkerHost"/>.
/// </summary>
internal static class FunctionStarts
{
    private const double LoadedTarget = 1.05,
        AnswerTarget = 1.15,
        MemoryTarget = 1.12;

    private const int Workflows = 100,
        Answers = 100,
        Cycles = 10;

    /// <summary>The schedule's tick: every cycle then finds every workflow due.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private static string Path => $"/api/workflows/{Fleet.IdOf(0)}";

    public static async Task MeasureAsync(
        string ours,
        string bare,
        AzuriteServer azurite,
        UpstreamProcess upstream,
        int starts,
        MeasurementTable statistics
    )
    {
        var settings = MeasuredServer.SettingsOf(azurite, upstream, "Function");
        settings["PollSchedule"] = "* * * * * *";
        settings["RetentionSchedule"] = "0 0 3 * * *";
        await PrepareAsync(ours, azurite, settings);
        List<Start> us = [],
            them = [];
        for (var round = -1; round < starts; round++)
        {
            var (theirs, mine) = (await StartAsync(bare, settings, cycles: 0), await StartAsync(ours, settings, Cycles));
            if (round >= 0)
            {
                Console.WriteLine(FormattableString.Invariant($"  start {round + 1}: ours {mine}, (f) {theirs}"));
                them.Add(theirs);
                us.Add(mine);
            }
        }

        Compare("start to functions loaded", start => start.Loaded, "ms", LoadedTarget, "loading and compiling code");
        Compare(
            "start to the first answer of `GET /api/workflows/{id}`",
            start => start.Answered,
            "ms",
            AnswerTarget,
            "loading and compiling code"
        );
        Compare(
            $"resident memory after {Answers} answers, ours also after {Cycles} cycles over {Workflows} workflows",
            start => start.ResidentMiB,
            "MiB",
            MemoryTarget,
            "code that is mapped and compiled"
        );

        void Compare(string name, Func<Start, double> figure, string unit, double target, string limit) =>
            statistics.AddRatio(
                $"function app: {name}",
                Samples.Of(us.Select(figure)),
                "(f)",
                Samples.Of(them.Select(figure)),
                unit,
                target,
                limit
            );
    }

    /// <summary>Tracks the workflows and stores their first states; (f) answers with a document as long as ours.</summary>
    private static async Task PrepareAsync(string ours, AzuriteServer azurite, Dictionary<string, string?> settings)
    {
        await using var host = await WorkerHost.StartAsync(System.IO.Path.GetDirectoryName(ours)!, settings);
        using var http = Client(host);
        await Fleet.TrackAsync(http, Workflows);
        await host.Tick("PollTimer").Answer;
        var document = await http.GetStringAsync(Path);
        var table = new TableClient(azurite.ConnectionString, "Bare");
        await table.CreateIfNotExistsAsync();
        await table.UpsertEntityAsync(new TableEntity("bare", Fleet.IdOf(0)) { ["Document"] = document });
    }

    private static async Task<Start> StartAsync(string assembly, Dictionary<string, string?> settings, int cycles)
    {
        await using var host = await WorkerHost.StartAsync(System.IO.Path.GetDirectoryName(assembly)!, settings);
        using var http = Client(host);
        await AskAsync(http);
        var answered = Stopwatch.GetElapsedTime(host.Launched);
        for (var answer = 1; answer < Answers; answer++)
        {
            await AskAsync(http);
        }

        for (var cycle = 0; cycle < cycles; cycle++)
        {
            await Task.Delay(Tick);
            var done = await host.Tick("PollTimer").Answer;
            if ((string?)done["result"]?["status"] != "Success")
            {
                throw new InvalidOperationException($"A cycle failed: {done}");
            }
        }

        using var process = Process.GetProcessById(host.ProcessId);
        return new Start(host.Loaded.TotalMilliseconds, answered.TotalMilliseconds, process.WorkingSet64 / 1024.0 / 1024.0);
    }

    private static HttpClient Client(WorkerHost host) =>
        new() { BaseAddress = host.Address, DefaultRequestHeaders = { { "x-functions-key", WorkerHost.Key } } };

    private static async Task AskAsync(HttpClient http)
    {
        using var answer = await http.GetAsync(Path);
        answer.EnsureSuccessStatusCode();
        await answer.Content.CopyToAsync(Stream.Null);
    }

    /// <param name="Loaded">Milliseconds from the start of the process.</param>
    /// <param name="Answered">Milliseconds from the start of the process.</param>
    /// <param name="ResidentMiB">At the end.</param>
    private sealed record Start(double Loaded, double Answered, double ResidentMiB)
    {
        public override string ToString() =>
            FormattableString.Invariant($"{Loaded:0} ms loaded, {Answered:0} ms answered, {ResidentMiB:0} MiB");
    }
}
