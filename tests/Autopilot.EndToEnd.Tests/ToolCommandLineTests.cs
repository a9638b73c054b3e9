using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Autopilot.Demo;
using Autopilot.Simulator;
using Autopilot.Simulator.Scenarios;

namespace Autopilot.EndToEnd.Tests;

/// <summary>The command lines of the demo, the simulator and the benchmarks.</summary>
public sealed partial class ToolCommandLineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("demo", "--once", "--speed", "--port", "--verbose")]
    [InlineData(
        "simulator",
        "--urls",
        "--pace",
        "--speed",
        "--workflows",
        "--clusters",
        "--pause",
        "--forget-after",
        "--seed",
        "--life",
        "--list",
        "--access-key",
        "--secret-key",
        "--security-token",
        "--username",
        "--password",
        "--domain",
        "--project-name",
        "--token",
        "--allow-remote"
    )]
    [InlineData("benchmarks", "micro", "scenarios", "requests", "reports", "fan-out", "compare", "cold-start")]
    public async Task Help_has_one_sentence_for_everything_and_the_exit_codes(string program, params string[] names)
    {
        var (exitCode, output, error) = await RunAsync(program, "--help");

        Assert.Equal((0, ""), (exitCode, error));
        var rows = Rows().Matches(output);
        Assert.Equal(
            [.. names.Append("--help").Append("--version").Order(StringComparer.Ordinal)],
            rows.Select(row => row.Groups["name"].Value.Split(", ")[^1]).Order(StringComparer.Ordinal)
        );
        Assert.All(rows, row => Assert.Matches(@"^[A-Z].*[.)]( \[default: .+\])?$", row.Groups["sentence"].Value));
        Assert.Matches("(?m)^Exit codes: 0 .*, 1 .*, 2 wrong command line$", output);
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("simulator")]
    [InlineData("benchmarks")]
    public async Task Version_is_the_one_of_everything_that_is_built(string program)
    {
        var (exitCode, output, error) = await RunAsync(program, "--version");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(Api.ProductVersion.Number, output.Split('+')[0].Trim());
    }

    [Theory]
    [InlineData("demo", "--onse", "'--onse' is no argument of the demo; --help lists them.")]
    [InlineData("demo", "--sped 5", "'--sped' is no argument of the demo; --help lists them.")]
    [InlineData("demo", "@file", "'@file' is no argument of the demo; --help lists them.")]
    [InlineData("demo", "--port", "--port needs a value.")]
    [InlineData("demo", "--port 1 --port", "--port needs a value.")]
    [InlineData("demo", "--speed --once", "--speed is '--once'; it must be a number from 1 to 600.")]
    [InlineData("demo", "--speed -5", "--speed is '-5'; it must be a number from 1 to 600.")]
    [InlineData("demo", "--speed 601", "--speed is '601'; it must be a number from 1 to 600.")]
    [InlineData("demo", "--port 1 --port 2", "--port is given 2 times; give it once.")]
    [InlineData("simulator", "--lives Stalled", "'--lives' is no argument of the simulator; --help lists them.")]
    [InlineData("simulator", "--pace", "--pace needs a value.")]
    [InlineData("simulator", "--pace 0", "--pace is '0'; it must be a number above 0, up to 1000000.")]
    [InlineData("simulator", "--pace 1000001", "--pace is '1000001'; it must be a number above 0, up to 1000000.")]
    [InlineData("simulator", "--speed NaN", "--speed is 'NaN'; it must be a number above 0, up to 1000000.")]
    [InlineData("simulator", "--workflows many", "--workflows is 'many'; it must be a whole number.")]
    [InlineData("simulator", "--seed -1", "--seed is '-1'; it must be a whole number.")]
    [InlineData("simulator", "--forget-after 5", "--forget-after is '5'; it must be a duration [days.]hours:minutes:seconds.")]
    [InlineData(
        "simulator",
        "--clusters 2 --pause 0:0:0",
        "--pause is '0:0:0'; it must be a duration [days.]hours:minutes:seconds of more than 0."
    )]
    [InlineData("simulator", "--pause 1:0:0", "--pause is for --clusters, which is not given.")]
    [InlineData("simulator", "--clusters 2 --workflows 3", "--workflows and --clusters exclude each other; give one of them.")]
    [InlineData("simulator", "--list Rows", "--list is 'Rows'; it must be Array, Object, Null or Absent.")]
    [InlineData("simulator", "--list 7", "--list is '7'; it must be Array, Object, Null or Absent.")]
    [InlineData("simulator", "--life Stalled --life", "--life needs a value.")]
    [InlineData("simulator", "--urls here", "'here' is not an address like http://127.0.0.1:0.")]
    [InlineData("benchmarks", "compaer", "'compaer' is no argument of the benchmarks; --help lists them.")]
    [InlineData("benchmarks", "requests --rounds 0", "--rounds is '0'; it must be a whole number above 0.")]
    [InlineData("benchmarks", "requests --rounds 1 --rounds 2", "--rounds is given 2 times; give it once.")]
    [InlineData(
        "benchmarks",
        "reports --runs 20 --outside 10",
        "--outside must be at least --runs: the twelve months before hold as many as those that are asked for."
    )]
    [InlineData(
        "benchmarks",
        "cold-start --publish-only --no-publish",
        "--publish-only and --no-publish exclude each other; give one of them."
    )]
    public async Task A_wrong_command_line_is_one_error_and_exit_code_2(string program, string arguments, string message)
    {
        var (exitCode, output, error) = await RunAsync(program, arguments.Split(' '));

        Assert.Equal((2, "", message), (exitCode, output, error.TrimEnd()));
    }

    [Fact]
    public async Task A_life_that_does_not_exist_is_named_with_those_that_do()
    {
        var (exitCode, _, error) = await RunAsync("simulator", "--life", "Stalled", "--life", "Eternal");

        Assert.Equal(2, exitCode);
        Assert.StartsWith("There is no life 'Eternal'; there are SmoothUpgrade, ", error, StringComparison.Ordinal);
        Assert.All(Scenario.All, life => Assert.Contains(life.Name, error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_address_that_is_taken_ends_the_simulator_with_1()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://{other.LocalEndpoint}";

        var (exitCode, output, error) = await RunAsync("simulator", "--urls", url);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith($"Cannot listen on {url}: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_option_of_the_simulator_takes_effect()
    {
        var given = await ReadAsync(
            "--urls http://127.0.0.1:4711 --pace 60 --speed 2.5 --clusters 3 --pause 2.0:0:0 --forget-after 1:00:00 --seed 5 "
                + "--life Stalled --life rolledback --list object --access-key ak --secret-key sk --security-token st --username u "
                + "--password p --domain d --project-name n --token t --allow-remote"
        );

        Assert.Equal(2.5, given.Speed);
        var options = given.Options;
        Assert.Equal(3, options.Fleet.Clusters.Count);
        Assert.All(options.Fleet.Workflows, workflow => Assert.True(workflow.Life.Name is "Stalled" or "RolledBack"));
        Assert.Equal(
            new SimulatorOptions
            {
                Url = "http://127.0.0.1:4711",
                AllowRemote = true,
                AccessKey = "ak",
                SecretKey = "sk",
                SecurityToken = "st",
                Username = "u",
                Password = "p",
                DomainName = "d",
                ProjectName = "n",
                ListShape = ListShape.Object,
                Pace = 60,
                ForgetAfter = TimeSpan.FromHours(1),
                Seed = 5,
                Tokens = options.Tokens,
                Fleet = options.Fleet,
            },
            options
        );
        Assert.Equal(["t"], options.Tokens);
    }

    [Fact]
    public async Task The_simulator_without_options_is_as_its_help_says()
    {
        var given = await ReadAsync("");

        var defaults = new SimulatorOptions();
        Assert.Equal(1, given.Speed);
        Assert.Equal(9, given.Options.Fleet.Workflows.Count);
        Assert.Equal(defaults.Tokens, given.Options.Tokens);
        Assert.Equal(defaults with { Fleet = given.Options.Fleet, Tokens = given.Options.Tokens }, given.Options);
    }

    [Theory]
    [InlineData("", false, false, 7171, 30)]
    [InlineData("--once", true, false, 0, 75)]
    [InlineData("--once --speed 1.5 --port=80 --verbose", true, true, 80, 1.5)]
    [InlineData("--port free --speed 600", false, false, 0, 600)]
    public async Task Every_option_of_the_demo_takes_effect(string arguments, bool once, bool verbose, int port, double speed)
    {
        DemoArguments? given = null;
        var command = DemoArguments.CreateCommand(read => Task.FromResult((given = read) is null ? 1 : 0));

        Assert.Equal(0, await command.Parse(arguments).InvokeAsync());
        Assert.Equal(new DemoArguments(once, verbose, port, speed), given);
    }

    private static async Task<SimulatorArguments> ReadAsync(string arguments)
    {
        SimulatorArguments? given = null;
        var command = SimulatorArguments.CreateCommand(read => Task.FromResult((given = read) is null ? 1 : 0));

        Assert.Equal(0, await command.Parse(arguments).InvokeAsync());
        return given!;
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string program, params string[] args)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        return program switch
        {
            "demo" => (await DemoCommand.RunAsync(args, output, error), output.ToString(), error.ToString()),
            "simulator" => (await SimulatorCommand.RunAsync(args, output, error), output.ToString(), error.ToString()),
            _ => await RunBenchmarksAsync(args),
        };
    }

    /// <summary>As a process: nothing but the benchmarks references their packages.</summary>
    private static async Task<(int ExitCode, string Output, string Error)> RunBenchmarksAsync(string[] args)
    {
        var folder = Path.GetRelativePath(Repository.PathOf("tests/Autopilot.EndToEnd.Tests"), AppContext.BaseDirectory);
        var program = Path.Combine(Repository.PathOf("bench/Autopilot.Benchmarks"), folder, "Autopilot.Benchmarks.dll");
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", [program, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await output, await error);
    }

    [GeneratedRegex(@"^  (?<name>\S+(, \S+)*)( <\S+>)*  +(?<sentence>\S.*?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Rows();
}
