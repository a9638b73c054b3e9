// dotnet run -c Release --project bench/Autopilot.Benchmarks -- --help
using System.CommandLine;
using Autopilot.Benchmarks.ColdStart;
using Autopilot.Benchmarks.Comparison;
using Autopilot.Benchmarks.FanOut;
using Autopilot.Benchmarks.Micro;
using Autopilot.Benchmarks.Reports;
using Autopilot.Benchmarks.Requests;
using Autopilot.Benchmarks.Scenarios;
using Autopilot.Benchmarks.Upstream;
using Autopilot.CommandLine;
using BenchmarkDotNet.Running;

var root = new RootCommand("Measures what the server costs, beside yardsticks that are measured in the same run, alternating.")
{
    Micro(),
    Scenarios(),
    Requests(),
    Reports(),
    FanOut(),
    Compare(),
    ColdStart(),
    Upstream(),
    Serve(),
};
return await CommandLineProgram.RunAsync(
    root,
    args,
    "the benchmarks",
    "Exit codes: 0 done, 1 a target is missed, 2 wrong command line",
    Console.Out,
    Console.Error
);

static Command Micro()
{
    var command = new Command(
        "micro",
        "Parse, hash, summarise, sign and report, each beside the least it could cost. What follows goes to BenchmarkDotNet, such as "
            + "--filter *Sign*."
    )
    {
        TreatUnmatchedTokensAsErrors = false,
    };
    command.SetAction(parsed =>
    {
        Type[] benchmarks = [typeof(SummaryBenchmarks), typeof(HashBenchmarks), typeof(SignBenchmarks), typeof(ReportBenchmarks)];
        BenchmarkSwitcher.FromTypes(benchmarks).Run(parsed.UnmatchedTokens is { Count: > 0 } given ? [.. given] : ["--filter", "*"]);
        return 0;
    });
    return command;
}

static Command Scenarios()
{
    var rounds = Number("--rounds", 5, "How often each figure is measured, after a warm-up.");
    var only = new Option<string?>("--only") { Description = "One group of figures." };
    only.AcceptOnlyFromAmong(ScenarioRun.Groups);
    var server = new Option<FileInfo>("--server")
    {
        Description = "The Autopilot.Server.dll whose memory is measured; by default the server of this build.",
    };
    server.AcceptExistingOnly();
    var command = new Command("scenarios", "Cycles, storage operations, growth and memory, as the tables of docs/performance.md.")
    {
        rounds,
        only,
        server,
    };
    command.SetAction((parsed, _) => ScenarioRun.RunAsync(parsed.GetValue(rounds), parsed.GetValue(only), parsed.GetValue(server)));
    return command;
}

static Command Requests()
{
    var seconds = Number("--seconds", 5, "How long each round lasts.");
    var rounds = Number("--rounds", 5, "How often each is measured, after a warm-up.");
    var connections = Number("--connections", 16, "Connections, each with one request under way at any time.");
    var command = new Command("requests", "The summary and the 304 beside a bare Kestrel endpoint, without storage latency.")
    {
        seconds,
        rounds,
        connections,
    };
    command.SetAction(
        (parsed, _) => RequestBenchmark.RunAsync(parsed.GetValue(seconds), parsed.GetValue(rounds), parsed.GetValue(connections))
    );
    return command;
}

static Command Reports()
{
    var runs = Number("--runs", 10_000, "Runs in the twelve months that are asked for, and as many in the twelve before.");
    var outside = Number(
        "--outside",
        100_000,
        "Runs outside the asked range in the end, those of the twelve months before among them; at least as many as --runs."
    );
    var rounds = Number("--rounds", 7, "How often each is measured, after a warm-up.");
    var command = new Command("reports", "A report beside merely reading its rows.") { runs, outside, rounds };
    command.Validators.Add(parsed =>
    {
        if (parsed.GetValue(outside) < parsed.GetValue(runs))
        {
            parsed.AddError("--outside must be at least --runs: the twelve months before hold as many as those that are asked for.");
        }
    });
    command.SetAction((parsed, _) => ReportBenchmark.RunAsync(parsed.GetValue(runs), parsed.GetValue(outside), parsed.GetValue(rounds)));
    return command;
}

static Command FanOut()
{
    var workflows = Number("--workflows", 2_000, "Workflows in each cycle, all due.");
    var latency = Number("--latency", 50, "Milliseconds that upstream takes for an answer.");
    var rounds = Number("--rounds", 3, "How often each mode is started; three cycles count each time.");
    var workers = Number("--workers", 2, "Worker processes of the queue mode.");
    var command = new Command("fan-out", "One cycle inline in one process, and over the queue by a scheduler and its workers.")
    {
        workflows,
        latency,
        rounds,
        workers,
    };
    command.SetAction(
        (parsed, _) =>
            FanOutBenchmark.RunAsync(
                parsed.GetValue(workflows),
                parsed.GetValue(latency),
                parsed.GetValue(rounds),
                parsed.GetValue(workers)
            )
    );
    return command;
}

static Command Compare()
{
    var builds = new Option<MeasuredBuild[]>("--build")
    {
        Description =
            "A server to measure, as label=path/to/Autopilot.Server.dll[,SETTING=value...]; once for each. The first is what the "
            + "others are compared with. Without it, the server of this build.",
        CustomParser = parsed =>
            [.. parsed.Tokens.Select(token => MeasuredBuild.Parse(token.Value, parsed.AddError)).OfType<MeasuredBuild>()],
        DefaultValueFactory = _ => [new MeasuredBuild("this build", ServerProcess.Built, new Dictionary<string, string?>())],
    };
    var rounds = Number("--rounds", 5, "How often each is measured, after a warm-up.");
    var latency = Number("--latency", 20, "Milliseconds that upstream, and the table service, take for an answer.");
    var command = new Command(
        "compare",
        "Summaries, lists of 200 and cycles over 1,000 workflows of one server or several, alternating, with latency in storage and "
            + "upstream."
    )
    {
        builds,
        rounds,
        latency,
    };
    command.SetAction((parsed, _) => BuildComparison.RunAsync(parsed.GetValue(builds)!, parsed.GetValue(rounds), parsed.GetValue(latency)));
    return command;
}

static Command ColdStart()
{
    var starts = Number("--starts", 10, "Starts of each program, alternating, after one that is not counted.");
    var only = new Option<string?>("--only") { Description = "One group of figures." };
    only.AcceptOnlyFromAmong(ColdStartBenchmark.Groups);
    var publishOnly = new Option<bool>("--publish-only") { Description = "Publish what would be measured, and end." };
    var noPublish = new Option<bool>("--no-publish") { Description = "Measure what an earlier run has published." };
    var command = new Command(
        "cold-start",
        "Starts and memory of the function app beside a bare one, and of the server beside a bare app and an older build. Needs git "
            + "for the older build."
    )
    {
        starts,
        only,
        publishOnly,
        noPublish,
    };
    command.Validators.Add(parsed =>
    {
        if (parsed.GetValue(publishOnly) && parsed.GetValue(noPublish))
        {
            parsed.AddError("--publish-only and --no-publish exclude each other; give one of them.");
        }
    });
    command.SetAction(
        (parsed, _) =>
            ColdStartBenchmark.RunAsync(
                parsed.GetValue(starts),
                parsed.GetValue(only),
                publish: !parsed.GetValue(noPublish),
                measure: !parsed.GetValue(publishOnly)
            )
    );
    return command;
}

// The program starts itself in these two: each process that is measured is one of its own.
static Command Upstream()
{
    var command = new Command(PreparedUpstream.Verb, "Upstream, for the other commands.") { Hidden = true };
    command.SetAction((_, _) => PreparedUpstream.RunAsync());
    return command;
}

static Command Serve()
{
    var (role, tables, body) = (new Argument<string>("role"), new Argument<string>("tables"), new Argument<string>("body"));
    var command = new Command(Servers.Verb, "A server, for the command 'requests'.") { role, tables, body };
    command.Hidden = true;
    command.SetAction((parsed, _) => Servers.RunAsync(parsed.GetValue(role)!, parsed.GetValue(tables)!, parsed.GetValue(body)!));
    return command;
}

static Option<int> Number(string name, int otherwise, string description) =>
    CheckedOption.CreateWhole(name, description, 1, "a whole number above 0", otherwise);
