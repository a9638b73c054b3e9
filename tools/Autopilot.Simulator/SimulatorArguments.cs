using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Autopilot.CommandLine;
using Autopilot.Simulator.Fleet;
using Autopilot.Simulator.Scenarios;

namespace Autopilot.Simulator;

/// <summary>What the executable was asked for.</summary>
/// <param name="Options">The simulator's options.</param>
/// <param name="Speed">How many seconds pass on its clock in a real second.</param>
internal sealed record SimulatorArguments(SimulatorOptions Options, double Speed)
{
    private static readonly SimulatorOptions Defaults = new();

    /// <summary>The command line that gives them.</summary>
    public static RootCommand CreateCommand(Func<SimulatorArguments, Task<int>> run)
    {
        var urls = Text("--urls", "URL", "Where it listens; port 0 takes a free one.", Defaults.Url);
        var pace = Factor("--pace", "Lives run N times as fast, on the true clock: the one to use with a server of its own.");
        var speed = Factor("--speed", "Its own clock runs N times as fast: a server would need that clock too, or be refused.");
        var workflows = Count("--workflows", "How many workflows it knows.", 9);
        var clusters = CheckedOption.Create<int?>(
            "--clusters",
            "N",
            "Instead of --workflows: N clusters whose upgrades start at random for the next 31 days.",
            "a whole number",
            (string text, out int? value) => (value = Whole(text)) is not null
        );
        var pause = CheckedOption.Create<TimeSpan?>(
            "--pause",
            "DURATION",
            "With --clusters: mean time between two upgrades of a cluster, [days.]hours:minutes:seconds (7.00:00:00).",
            "a duration [days.]hours:minutes:seconds of more than 0",
            (string text, out TimeSpan? value) => (value = Duration(text)) > TimeSpan.Zero
        );
        var forgetAfter = CheckedOption.Create<TimeSpan?>(
            "--forget-after",
            "DURATION",
            "How long after its end a workflow is still known (for ever).",
            "a duration [days.]hours:minutes:seconds",
            (string text, out TimeSpan? value) => (value = Duration(text)) is not null
        );
        var seed = Count("--seed", "Which workflows, names and times it makes up.", 1);
        var lives = new Option<Scenario[]>("--life")
        {
            HelpName = "NAME",
            Description = $"Only this life; may be repeated: {Names}.",
            CustomParser = ReadLives,
        };
        var list = CheckedOption.Create<ListShape>(
            "--list",
            "SHAPE",
            "Items of a list: Array, Object, Null or Absent.",
            "Array, Object, Null or Absent",
            (string text, out ListShape shape) => Enum.TryParse(text, ignoreCase: true, out shape) && Enum.IsDefined(shape)
        );
        list.DefaultValueFactory = _ => Defaults.ListShape;
        var accessKey = Credential("--access-key", "Access key that requests must be signed with.", Defaults.AccessKey);
        var secretKey = Credential("--secret-key", "Secret of the access key.", Defaults.SecretKey);
        var securityToken = CheckedOption.CreateText("--security-token", "VALUE", "Makes the access key a temporary one with this token.");
        var username = Credential("--username", "IAM user.", Defaults.Username);
        var password = Credential("--password", "Password of the IAM user.", Defaults.Password);
        var domain = Credential("--domain", "Account that the IAM user belongs to.", Defaults.DomainName);
        var projectName = Credential("--project-name", "Project that a token may be asked for.", Defaults.ProjectName);
        var token = Credential("--token", "Token that is valid for ever.", Defaults.Tokens[0]);
        var allowRemote = new Option<bool>("--allow-remote") { Description = "Answer other machines too." };
        var root = new RootCommand(
            "A CCE Autopilot API on this machine: signatures, tokens and errors as the real one has them, workflows that live. "
                + "Every credential is made up and opens nothing else."
        )
        {
            urls,
            pace,
            speed,
            workflows,
            clusters,
            pause,
            forgetAfter,
            seed,
            lives,
            list,
            accessKey,
            secretKey,
            securityToken,
            username,
            password,
            domain,
            projectName,
            token,
            allowRemote,
        };
        root.Validators.Add(given =>
        {
            if (IsGiven(given, clusters) && IsGiven(given, workflows))
            {
                given.AddError("--workflows and --clusters exclude each other; give one of them.");
            }

            if (IsGiven(given, pause) && !IsGiven(given, clusters))
            {
                given.AddError("--pause is for --clusters, which is not given.");
            }
        });
        root.SetAction(
            (parsed, _) =>
            {
                var number = parsed.GetValue(seed);
                IReadOnlyList<Scenario>? only = parsed.GetValue(lives) is { Length: > 0 } scenarios ? scenarios : null;
                var options = new SimulatorOptions
                {
                    Url = parsed.GetValue(urls)!,
                    AllowRemote = parsed.GetValue(allowRemote),
                    AccessKey = parsed.GetValue(accessKey)!,
                    SecretKey = parsed.GetValue(secretKey)!,
                    SecurityToken = parsed.GetValue(securityToken),
                    Tokens = [parsed.GetValue(token)!],
                    Username = parsed.GetValue(username)!,
                    Password = parsed.GetValue(password)!,
                    DomainName = parsed.GetValue(domain)!,
                    ProjectName = parsed.GetValue(projectName)!,
                    ListShape = parsed.GetValue(list),
                    Pace = parsed.GetValue(pace),
                    ForgetAfter = parsed.GetValue(forgetAfter),
                    Seed = number,
                    Fleet = parsed.GetValue(clusters) is { } many
                        ? SimulatedFleet.CreateRandom(
                            many,
                            number,
                            TimeSpan.FromDays(31),
                            parsed.GetValue(pause) ?? TimeSpan.FromDays(7),
                            only
                        )
                        : SimulatedFleet.Create(parsed.GetValue(workflows), number, scenarios: only),
                };
                return run(new SimulatorArguments(options, parsed.GetValue(speed)));
            }
        );
        return root;
    }

    private static string Names => string.Join(", ", Scenario.All.Concat(Scenario.Rare).Select(life => life.Name));

    private static bool IsGiven(CommandResult command, Option option) => command.GetResult(option) is { Implicit: false };

    private static Option<string> Text(string name, string valueName, string description, string otherwise)
    {
        var option = CheckedOption.CreateText(name, valueName, description);
        option.DefaultValueFactory = _ => otherwise;
        return option;
    }

    private static Option<string> Credential(string name, string description, string otherwise) =>
        Text(name, "VALUE", description, otherwise);

    private static Option<int> Count(string name, string description, int otherwise) =>
        CheckedOption.CreateWhole(name, description, 0, "a whole number", otherwise);

    private static Option<double> Factor(string name, string description)
    {
        var option = CheckedOption.Create(
            name,
            "N",
            description,
            "a number above 0, up to 1000000",
            (string text, out double value) =>
                double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value is > 0 and <= 1_000_000
        );
        option.DefaultValueFactory = _ => 1;
        return option;
    }

    private static int? Whole(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static TimeSpan? Duration(string text) =>
        text.Contains(':', StringComparison.Ordinal)
        && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var duration)
        && duration >= TimeSpan.Zero
            ? duration
            : null;

    private static Scenario[] ReadLives(ArgumentResult given)
    {
        var lives = given.Tokens.Select(token => Scenario.Named(token.Value)).ToList();
        if (lives.Contains(null))
        {
            given.AddError($"--life must be one of {Names}.");
        }

        return [.. lives.OfType<Scenario>()];
    }
}
