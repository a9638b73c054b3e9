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
    [InlineData("demo", "@file", "A word of the command line is no argument of the demo; --help lists them.")]
    [InlineData("demo", "--port", "--port needs a value.")]
    [InlineData("demo", "--port 1 --port", "--port needs a value.")]
    [InlineData("demo", "--speed --once", "--speed must be a number from 1 to 600.")]
    [InlineData("demo", "--speed -5", "--speed must be a number from 1 to 600.")]
    [InlineData("demo", "--speed 601", "--speed must be a number from 1 to 600.")]
    [InlineData("demo", "--port 1 --port 2", "--port is given 2 times; give it once.")]
    [InlineData("simulator", "--lives Stalled", "'--lives' is no argument of the simulator; --help lists them.")]
    [InlineData("simulator", "--pace", "--pace needs a value.")]
    [InlineData("simulator", "--pace 0", "--pace must be a number above 0, up to 1000000.")]
    [InlineData("simulator", "--pace 1000001", "--pace must be a number above 0, up to 1000000.")]
    [InlineData("simulator", "--speed NaN", "--speed must be a number above 0, up to 1000000.")]
    [InlineData("simulator", "--workflows many", "--workflows must be a whole number.")]
    [InlineData("simulator", "--seed -1", "--seed must be a whole number.")]
    [InlineData("simulator", "--forget-after 5", "--forget-after must be a duration [days.]hours:minutes:seconds.")]
    [InlineData("simulator", "--clusters 2 --pause 0:0:0", "--pause must be a duration [days.]hours:minutes:seconds of more than 0.")]
    [InlineData("simulator", "--pause 1:0:0", "--pause is for --clusters, which is not given.")]
    [InlineData("simulator", "--clusters 2 --workflows 3", "--workflows and --clusters exclude each other; give one of them.")]
    [InlineData("simulator", "--list Rows", "--list must be Array, Object, Null or Absent.")]
    [InlineData("simulator", "--list 7", "--list must be Array, Object, Null or Absent.")]
    [InlineData("simulator", "--life Stalled --life", "--life needs a value.")]
    [InlineData("simulator", "--urls here", "--urls must be an address like http://127.0.0.1:0.")]
    [InlineData("benchmarks", "compaer", "A word of the command line is no argument of the benchmarks; --help lists them.")]
    [InlineData("benchmarks", "requests --rounds 0", "--rounds must be a whole number above 0.")]
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

    [Theory]
    [InlineData("demo", "--port", "harmless")]
    [InlineData("demo", "--onse=harmless")]
    [InlineData("demo", "--once=harmless")]
    [InlineData("demo", "harmless")]
    [InlineData("demo", "-sharmless")]
    [InlineData("demo", "--once", "harmless", "--port", "1", "--port", "harmless")]
    [InlineData("simulator", "--secert-key", "harmless")]
    [InlineData("simulator", "--password", "p", "harmless")]
    [InlineData("simulator", "--life", "harmless")]
    [InlineData("simulator", "--list", "harmless")]
    [InlineData("simulator", "--urls", "ftp://user:harmless@127.0.0.1")]
    [InlineData("simulator", "--allow-remote", "harmless")]
    [InlineData("autopilot", "status", "--kye", "harmless")]
    [InlineData("autopilot", "status", "--kye=harmless")]
    [InlineData("autopilot", "--kye", "harmless", "status")]
    [InlineData("autopilot", "status", "upgrade", "harmless")]
    [InlineData("autopilot", "status", "-harmless")]
    [InlineData("autopilot", "harmless")]
    [InlineData("autopilot", "status", "--output", "harmless")]
    [InlineData("autopilot", "wait", "w", "--timeout", "harmless")]
    [InlineData("autopilot", "wait", "w", "--for", "harmless")]
    [InlineData("autopilot", "wait", "w", "--fail-on", "harmless")]
    [InlineData("autopilot", "status", "--url", "http://user:harmless@127.0.0.1")]
    [InlineData("autopilot", "status", "--key", "harmless with a blank")]
    [InlineData("autopilot", "status", "--key", "k", "--key", "harmless")]
    public async Task No_error_of_a_command_line_shows_a_value(string program, params string[] args)
    {
        var (exitCode, output, error) = await RunAsync(program, args);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.NotEmpty(error.Trim());
        Assert.DoesNotContain("harmless", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_life_that_does_not_exist_is_named_with_those_that_do()
    {
        var (exitCode, _, error) = await RunAsync("simulator", "--life", "Stalled", "--life", "Eternal");

        Assert.Equal(2, exitCode);
        Assert.StartsWith("--life must be one of SmoothUpgrade, ", error, StringComparison.Ordinal);
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
            "autopilot" => (await Cli.CliCommand.RunAsync(args, output, error), output.ToString(), error.ToString()),
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
