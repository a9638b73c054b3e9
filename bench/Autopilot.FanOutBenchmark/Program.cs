// dotnet run -c Release --project bench/Autopilot.FanOutBenchmark [-- --workflows 2000 --latency 50 --rounds 3 --workers 2]
using Autopilot.FanOutBenchmark;

return await FanOutBenchmark.RunAsync(BenchmarkArguments.Read(args));
