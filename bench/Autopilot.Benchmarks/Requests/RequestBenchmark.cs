using System.Diagnostics;
using System.Globalization;

namespace Autopilot.Benchmarks.Requests;

/// <summary>
/// The summary of an active workflow, and the 304 in its place, beside a bare Kestrel endpoint that makes the same point read through the
/// same client library and writes the same bytes: alternating, in processes of their own. Tables and load are this process's, and cost both
/// the same.
/// </summary>
internal static class RequestBenchmark
{
    public static async Task<int> RunAsync(int seconds, int rounds, int connections)
    {
        await using var tables = await FakeTables.StartAsync();
        var file = Path.GetTempFileName();
        try
        {
            await using var ours = await ServerProcess.StartAsync(Servers.Ours, tables.ConnectionString, file);
            using var http = new HttpClient();
            using var answer = await http.GetAsync(new Uri(ours.Address, Route));
            answer.EnsureSuccessStatusCode();
            var body = await answer.Content.ReadAsByteArrayAsync();
            await File.WriteAllBytesAsync(file, body);
            await using var bare = await ServerProcess.StartAsync(Servers.Bare, tables.ConnectionString, file);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{connections} connections, {rounds} rounds of {seconds} s, {Environment.ProcessorCount} processors, a body of "
                        + $"{body.Length} bytes"
                )
            );

            var (whole, unchanged, yardstick) = (new Series("summary"), new Series("304"), new Series("bare"));
            for (var round = -1; round < rounds; round++)
            {
                await MeasureAsync(yardstick, bare, "", 200, round);
                await MeasureAsync(whole, ours, "", 200, round);
                await MeasureAsync(unchanged, ours, $"If-None-Match: {answer.Headers.ETag}\r\n", 304, round);
            }

            Console.WriteLine(yardstick);
            Console.WriteLine($"{whole}, {whole.Beside(yardstick)}");
            Console.WriteLine($"{unchanged}, {unchanged.Beside(yardstick)}");
            return 0;
        }
        finally
        {
            File.Delete(file);
        }

        async Task MeasureAsync(Series series, ServerProcess server, string headers, int status, int round)
        {
            var others = tables.Others;
            var (before, serverBefore, hereBefore) = (tables.Reads, server.Processor, Environment.CpuUsage.TotalTime);
            // The first is the warm-up.
            var duration = TimeSpan.FromSeconds(seconds);
            var rate = await Load.RunAsync(
                server.Address,
                $"GET {Route} HTTP/1.1\r\nHost: {server.Address.Authority}\r\nAccept: application/json\r\n{headers}\r\n",
                status,
                connections,
                duration
            );
            if (tables.Reads == before)
            {
                throw new InvalidOperationException("It answered without a read.");
            }

            if (round >= 0 && tables.Others != others)
            {
                throw new InvalidOperationException("It asks for more than the row.");
            }

            if (round >= 0)
            {
                var requests = tables.Reads - before;
                series.Rates.Add(rate);
                series.Processor.Add(((server.Processor - serverBefore) / requests).TotalMicroseconds);
                series.Around.Add(((Environment.CpuUsage.TotalTime - hereBefore) / requests).TotalMicroseconds);
            }
        }
    }

    private static string Route => $"/api/workflows/{MadeRow.Id}";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class Series(string name)
    {
        public List<double> Rates { get; } = [];

        /// <summary>
        /// Microseconds of the server's processor time for a request: less disturbed by what else goes on here than the rate is.
        /// </summary>
        public Samples Processor { get; } = new();

        /// <summary>The same of this process, which is the tables and the load.</summary>
        public Samples Around { get; } = new();

        public double Median => Samples.Of(Rates).Median;

        public string Beside(Series other) =>
            Invariant($"{Median / other.Median:0.00} of the bare endpoint, each round ")
            + string.Join(", ", Rates.Zip(other.Rates, (one, two) => Invariant($"{one / two:0.00}")));

        public override string ToString() =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: median {Median:0} requests/s ({Rates.Min():0}–{Rates.Max():0}), processor time a request "
                    + $"{Processor.Median:0} µs, and {Around.Median:0} µs of tables and load"
            );
    }

    private sealed class ServerProcess(Process process, Uri address) : IAsyncDisposable
    {
        public Uri Address => address;

        public TimeSpan Processor
        {
            get
            {
                process.Refresh();
                return process.TotalProcessorTime;
            }
        }

        public static async Task<ServerProcess> StartAsync(string role, string tables, string file)
        {
            var process = Process.Start(
                new ProcessStartInfo(
                    Path.ChangeExtension(typeof(ServerProcess).Assembly.Location, OperatingSystem.IsWindows() ? "exe" : null),
                    [Servers.Verb, role, tables, file]
                )
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                }
            )!;
            return new ServerProcess(
                process,
                new Uri(await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The process '{role}' ended."))
            );
        }

        public async ValueTask DisposeAsync()
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
