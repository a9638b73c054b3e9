// dotnet run -c Release --project bench/Autopilot.Benchmarks
using Autopilot.Benchmarks;
using BenchmarkDotNet.Running;

BenchmarkRunner.Run<SummaryBenchmarks>();
