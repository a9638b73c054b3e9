// dotnet run -c Release --project bench/Autopilot.Benchmarks -- micro [--filter *Sign*]
// dotnet run -c Release --project bench/Autopilot.Benchmarks -- scenarios [--rounds 3] [--only cycles]
using Autopilot.Benchmarks.Micro;
using Autopilot.Benchmarks.Scenarios;
using Autopilot.Benchmarks.Upstream;
using BenchmarkDotNet.Running;

switch (args.FirstOrDefault())
{
    case "micro":
        BenchmarkSwitcher.FromTypes([typeof(SummaryBenchmarks), typeof(HashBenchmarks), typeof(SignBenchmarks), typeof(ReportBenchmarks)]).Run(args.Length > 1 ? args[1..] : ["--filter", "*"]);
        return 0;
    case "scenarios":
        return await ScenarioRun.RunAsync(ScenarioArguments.Read(args[1..]));
    case PreparedUpstream.Verb:
        return await PreparedUpstream.RunAsync();
    default:
        Console.Error.WriteLine($"Say what to measure: micro [--filter *Sign*], or scenarios [--rounds 3] [--only {ScenarioArguments.Names}].");
        return 2;
}
