using System.CommandLine;
using System.Text.RegularExpressions;
using Autopilot.Simulator.Fleet;

namespace Autopilot.Server.Tests.Running;

/// <summary>The server's command line: commands, options, and settings in the forms that configuration reads.</summary>
public sealed partial class CommandLineTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("-?")]
    [InlineData("/?")]
    [InlineData("help")]
    [InlineData("--Cce:Region", "x", "--help")]
    [InlineData("--verison", "--help")]
    public async Task Help_names_every_command_and_option_with_a_sentence(params string[] args)
    {
        var (exitCode, output, error) = await RunAsync(args);

        Assert.Equal((0, ""), (exitCode, error));
        foreach (var name in new[] { "<setting>", "--urls", "--role", "--help", "--version", "check", "rebuild-runs" })
        {
            Assert.Single(Rows().Matches(output), row => row.Groups["name"].Value.Split(", ").Contains(name));
        }

        Assert.All(Rows().Matches(output), row => Assert.Matches(@"^[A-Z].*[.)]$", row.Groups["sentence"].Value));
        Assert.Contains("Exit codes: 0 done, 1 ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("additional arguments", output, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("check", "Try settings, storage and upstream")]
    [InlineData("rebuild-runs", "Write the runs of reports again")]
    public async Task Each_command_has_a_help_of_its_own(string command, string sentence)
    {
        var (exitCode, output, error) = await RunAsync(command, "--help");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains(sentence, output, StringComparison.Ordinal);
        Assert.Contains("--role", output, StringComparison.Ordinal);
        Assert.Contains($" {command} ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_is_one_line() =>
        Assert.Equal((0, Api.ProductVersion.Full + Environment.NewLine, ""), await RunAsync("--version"));

    [Theory]
    [InlineData("--urls needs a value.", "--urls")]
    [InlineData("--role needs a value.", "check", "--role")]
    [InlineData("--role needs a value.", "--role", "--urls", "http://127.0.0.1:0")]
    [InlineData("--Cce:Region needs a value; write --Cce:Region=VALUE where the value begins with --.", "--Cce:Region")]
    [InlineData("--Cce:X needs a value; write --Cce:X=VALUE where the value begins with --.", "check", "--Cce:X", "--urls=x")]
    [InlineData("--urls is given 2 times; give it once.", "--urls", "http://127.0.0.1:0", "--urls=http://127.0.0.1:1")]
    [InlineData("--role and the setting Server:Role are the same; give one of them.", "--role", "worker", "--server:role", "Scheduler")]
    [InlineData("--role and the setting Server:Role are the same; give one of them.", "Server:Role=All", "check", "--role=all")]
    [InlineData("--urls and the setting urls are the same; give one of them.", "--URLS=http://127.0.0.1:1", "--urls", "http://127.0.0.1:0")]
    [InlineData("'--verison' is no argument of the server; --help lists them. Is --version meant?", "--verison")]
    [InlineData("'--rol' is no argument of the server; --help lists them. Is --role meant?", "check", "--rol", "worker")]
    [InlineData("'--Role' is no argument of the server; --help lists them. Is --role meant?", "--Role=worker")]
    [InlineData("'-x' is no argument of the server; --help lists them.", "-x=hidden-value")]
    [InlineData("'-v' is no argument of the server; --help lists them.", "-v")]
    [InlineData("A word of the command line is no argument of the server; --help lists them.", "=hidden-value")]
    public async Task A_wrong_command_line_is_one_error_and_exit_code_2(string message, params string[] args)
    {
        var (exitCode, output, error) = await RunAsync(args);

        Assert.Equal((2, "", message), (exitCode, output, error.TrimEnd()));
    }

    [Theory]
    [InlineData("unknown command: is check meant?", "chekc")]
    [InlineData("A word on the command line is neither a command nor a setting such as --Cce:Region=value.", "serve")]
    [InlineData("A word on the command line is neither a command nor a setting such as --Cce:Region=value.", "check", "twice")]
    [InlineData("check follows another command; give one.", "check", "check")]
    [InlineData("A word on the command line is neither a command nor a setting such as --Cce:Region=value.", "check", "Pa55word/x")]
    [InlineData("A word on the command line is neither a command nor a setting such as --Cce:Region=value.", "@/etc/hostname")]
    public async Task A_stray_word_is_answered_with_the_usage(string message, params string[] args)
    {
        var (exitCode, output, error) = await RunAsync(args);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Equal([message, "usage: Autopilot.Server [check|rebuild-runs] [--setting value ...]; --help shows more"], Lines(error));
    }

    [Theory]
    [InlineData("--Cce:SecretKey", "abc", "harmless")]
    [InlineData("--Cce:SecretKey", "abc", "/harmless")]
    [InlineData("--Cce:SecretKey", "abc", "-harmless")]
    [InlineData("--Cce:SecretKey", "abc", "Harm-less", "harmless")]
    [InlineData("check", "harmless")]
    [InlineData("--rol=harmless")]
    [InlineData("--rol", "harmless")]
    [InlineData("--Cce:SecretKey", "--Cce:AccessKey=harmless")]
    [InlineData("--urls", "http://user:harmless@127.0.0.1:0", "--urls", "harmless")]
    public async Task No_error_of_the_command_line_shows_a_value(params string[] args)
    {
        var (exitCode, output, error) = await RunAsync(args);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.NotEmpty(error.Trim());
        Assert.DoesNotContain("harmless", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Harm-less", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Cce:ConsoleUrl", "http://user:harmless@console.example")]
    [InlineData("Cce:Endpoint", "user:harmless@cce.example")]
    [InlineData("Cce:Endpoint", "ftp://cce.example/?token=harmless")]
    [InlineData("Cce:Iam:Endpoint", "https://user:harmless@iam.example")]
    [InlineData("Cce:PathPrefix", "//user:harmless@cce.example")]
    [InlineData("Cce:Region", "https://user:harmless@cce.example")]
    [InlineData("Notifications:ConsoleUrl", "http://user:harmless@console.example")]
    [InlineData("Notifications:Webhooks:0:Url", "http://user:harmless@hook.example")]
    [InlineData("Notifications:Webhooks:0:Name", "https://user:harmless@hook.example")]
    [InlineData("Server:PublicUrl", "https://user:harmless@autopilot.example")]
    [InlineData("Server:CorsOrigins:0", "https://user:harmless@portal.example")]
    [InlineData("AutopilotStorage", "AccountKey:harmless")]
    [InlineData("AutopilotStorage:accountName", "AccountName=a;AccountKey=harmless")]
    [InlineData("AutopilotStorage:credential", "AccountName=a;AccountKey=harmless")]
    [InlineData("AutopilotStorage:tableServiceUri", "https://user:harmless@a.example")]
    [InlineData("Storage:TablePrefix", "AccountKey=harmless")]
    [InlineData("PollQueue", "AccountKey=harmless")]
    [InlineData("Polling:RunningEvery", "https://user:harmless@a.example")]
    [InlineData("Polling:FanOut", "https://user:harmless@a.example")]
    [InlineData("Polling:MaxConcurrency", "AccountKey=harmless")]
    [InlineData("PollSchedule", "https://user:harmless@a.example")]
    [InlineData("Tracking:Workflows:0", "https://user:harmless@a.example")]
    [InlineData("Tracking:Projects", "https://user:harmless@a.example")]
    public async Task No_error_of_a_setting_shows_a_password_within_an_address(string setting, string value)
    {
        var (exitCode, output, error) = await RunAsync("check", $"--{setting}={value}");

        Assert.Equal(1, exitCode);
        Assert.Contains($"{setting.Split(':')[0]}", output, StringComparison.Ordinal);
        Assert.DoesNotContain("harmless", output + error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--PollSchedule sometimes check")]
    [InlineData("check --PollSchedule sometimes")]
    [InlineData("check --PollSchedule=sometimes")]
    [InlineData("check /PollSchedule sometimes")]
    [InlineData("check /pollschedule=sometimes")]
    [InlineData("PollSchedule=sometimes check")]
    [InlineData("check --urls http://127.0.0.1:0 --PollSchedule sometimes --role all")]
    public async Task A_setting_is_read_in_every_form_before_and_after_the_command(string line)
    {
        var (exitCode, output, error) = await RunAsync(line.Split(' '));

        Assert.Equal((1, ""), (exitCode, error));
        Assert.Contains(Lines(output), text => text.StartsWith("failed   settings     PollSchedule", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_setting_on_the_command_line_stops_a_command_with_78()
    {
        var (exitCode, output, error) = await RunAsync("rebuild-runs", "--Polling:CycleBudget", "4");

        Assert.Equal((78, ""), (exitCode, output));
        Assert.Contains(Lines(error), line => line.StartsWith("setting: Polling:CycleBudget", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--Cce:ProjectName check", "--Cce:ProjectName=check")]
    [InlineData("--Cce:Password -x --Cce:Username @file", "--Cce:Password=-x", "--Cce:Username=@file")]
    [InlineData("--Cce:Password=--help --Cce:Username [suggest]", "--Cce:Password=--help", "--Cce:Username=[suggest]")]
    [InlineData("/Cce:Password /secret Cce:Username=a=b", "/Cce:Password=/secret", "Cce:Username=a=b")]
    [InlineData("--contentRoot /opt/autopilot --role worker", "--contentRoot=/opt/autopilot", "--Server:Role=worker")]
    [InlineData("--role=worker --urls http://a:1;http://b:2", "--urls=http://a:1;http://b:2", "--Server:Role=worker")]
    [InlineData("--URLS http://a:1 --Cce:Password=", "--URLS=http://a:1", "--Cce:Password=")]
    [InlineData("--PollSchedule=disabled --PollSchedule=hourly", "--PollSchedule=disabled", "--PollSchedule=hourly")]
    public void Values_are_taken_as_they_are_whatever_they_look_like(string line, params string[] settings)
    {
        var root = new RootCommand();
        var arguments = new SettingArguments(root);
        var parsed = root.Parse([.. SettingArguments.Join(line.Split(' '))]);

        Assert.Empty(parsed.Errors);
        Assert.Equal(settings, arguments.Of(parsed));
    }

    [Fact]
    public async Task An_almost_right_setting_stays_a_warning_that_names_the_right_one()
    {
        var fleet = SimulatedFleet.Create(1, seed: 7);
        await using var upstream = await Upstream.StartAsync(fleet);
        var settings = upstream.Settings(azurite.ConnectionString, fleet);
        settings["Poling:RunningEvery"] = "00:01:00";

        var (exitCode, output, error) = await RunAsync(["check", .. settings.Select(setting => $"--{setting.Key}={setting.Value}")]);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains(
            Lines(output),
            line =>
                line.EndsWith(
                    "Poling:RunningEvery is not a setting of this version and does nothing: is Polling:RunningEvery meant?",
                    StringComparison.Ordinal
                )
        );
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var exitCode = await ServerCommand.RunAsync(args, output, error);
        return (exitCode, output.ToString(), error.ToString());
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    [GeneratedRegex(@"^  (?<name>\S+(, \S+)*)( <\S+>)*  +(?<sentence>\S.*?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Rows();
}
