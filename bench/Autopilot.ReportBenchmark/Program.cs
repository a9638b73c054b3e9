// dotnet run -c Release --project bench/Autopilot.ReportBenchmark [-- --runs 10000 --outside 100000 --rounds 7]
using Autopilot.ReportBenchmark;

return await ReportBenchmark.RunAsync(BenchmarkArguments.Read(args));
