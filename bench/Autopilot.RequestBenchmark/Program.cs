// dotnet run -c Release --project bench/Autopilot.RequestBenchmark [-- --seconds 5 --rounds 5 --connections 16]
using Autopilot.RequestBenchmark;

// The benchmark starts itself twice more, with a role as the first argument: each server has a process of its own.
return args is [var role and (Servers.Ours or Servers.Bare), var tables, var body] ? await Servers.RunAsync(role, tables, body) : await RequestBenchmark.RunAsync(BenchmarkArguments.Read(args));
