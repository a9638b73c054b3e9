using System.CommandLine;
using System.CommandLine.Parsing;
using Autopilot.CommandLine;
using Autopilot.Core.Settings;

namespace Autopilot.Server;

/// <summary>
/// Settings on the command line, in the forms that .NET's configuration reads: <c>--Name value</c>, <c>--Name=value</c>,
/// <c>/Name value</c> and <c>Name=value</c>. Two of them have options of their own: <c>--urls</c> and <c>--role</c>.
/// </summary>
internal sealed class SettingArguments
{
    private const string Usage = "usage: Autopilot.Server [check|rebuild-runs] [--setting value ...]; --help shows more";

    /// <summary>Letters that a misspelt option may differ by; settings without a colon are few and long.</summary>
    private const int Near = 1;

    private static readonly string[] Commands = ["check", "rebuild-runs"];
    private static readonly string[] Options = ["--urls", "--role", "--help", "--version"];
    private static readonly string[] Flags = ["--help", "-h", "/h", "-?", "/?", "--version"];

    private readonly Option<string> _urls = CheckedOption.CreateText(
        "--urls",
        "ADDRESSES",
        "Where to listen, several addresses separated by semicolons (http://127.0.0.1:7071)."
    );

    private readonly Option<string> _role = CheckedOption.CreateText(
        "--role",
        "all|scheduler|worker",
        "With Polling:FanOut=Queue: keep the schedule, process the queue, or do both (all)."
    );

    private readonly List<Argument<string[]>> _arguments = [];

    public SettingArguments(RootCommand root)
    {
        Add(_urls, "urls");
        Add(_role, "Server:Role");
        AddTo(root);

        void Add(Option<string> option, string setting)
        {
            option.Recursive = true;
            option.Validators.Add(result => RejectSecond(result, setting));
            root.Options.Add(option);
        }
    }

    /// <summary>
    /// Joins each name with the value behind it, as configuration reads them: a value may be spelt like a command. One that begins with
    /// <c>--</c> has to be joined already, since it is far more often the next option.
    /// </summary>
    public static IEnumerable<string> Join(IReadOnlyList<string> args)
    {
        for (var index = 0; index < args.Count; index++)
        {
            var argument = args[index];
            yield return IsNamed(argument)
            && !argument.Contains('=', StringComparison.Ordinal)
            && !Flags.Contains(argument)
            && index + 1 < args.Count
            && !args[index + 1].StartsWith("--", StringComparison.Ordinal)
                ? $"{argument}={args[++index]}"
                : argument;
        }
    }

    /// <summary>Lets a command take settings.</summary>
    public T AddTo<T>(T command)
        where T : Command
    {
        var argument = new Argument<string[]>("setting")
        {
            Description = "Any setting, as --Cce:Region value or --Cce:Region=value.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        argument.Validators.Add(RejectUnfit);
        _arguments.Add(argument);
        command.Arguments.Add(argument);
        return command;
    }

    /// <summary>The settings of a command line, for <see cref="ServerApp.Create"/>.</summary>
    public string[] Of(ParseResult parsed) =>
        [
            .. _arguments.SelectMany(argument => parsed.GetResult(argument)?.Tokens ?? []).Select(token => token.Value),
            .. parsed.GetValue(_urls) is { } urls ? [$"--urls={urls}"] : Array.Empty<string>(),
            .. parsed.GetValue(_role) is { } role ? [$"--Server:Role={role}"] : Array.Empty<string>(),
        ];

    private static bool IsNamed(string argument) => argument is ['-', '-', _, ..] or ['/', _, ..];

    private static string NameOf(string argument) => argument.Split('=', 2)[0];

    private static void RejectUnfit(ArgumentResult result)
    {
        foreach (var token in result.Tokens)
        {
            if (ErrorOf(token.Value) is { } error)
            {
                result.AddError(error);
                return;
            }
        }
    }

    /// <summary>What is wrong with an argument, without its value, which may be secret; null where it is a setting.</summary>
    private static string? ErrorOf(string argument)
    {
        var name = NameOf(argument);
        var hasValue = argument.Length > name.Length;
        if (IsNamed(argument))
        {
            // In configuration names are of any case.
            var isUrls = hasValue && name.Equals("--urls", StringComparison.OrdinalIgnoreCase);
            return !isUrls && NearestName.Of(name, Options, Near) is { } option
                    ? $"'{name}' is no argument of the server; --help lists them. Is {option} meant?"
                : hasValue ? null
                : UnknownWord.NameOf(name) is { } setting
                    ? $"{setting} needs a value; write {setting}=VALUE where the value begins with --."
                : $"A word that begins with / or -- is no setting with a value, such as --Cce:Region=value.\n{Usage}";
        }

        return hasValue && name is [not '-', ..] ? null
            : name is [] or ['-', ..] ? UnknownWord.Of(argument, "the server")
            : Commands.Contains(name) ? $"{name} follows another command; give one.\n{Usage}"
            : NearestName.Of(name, Commands, 2) is { } command ? $"unknown command: is {command} meant?\n{Usage}"
            : $"A word on the command line is neither a command nor a setting such as --Cce:Region=value.\n{Usage}";
    }

    private void RejectSecond(OptionResult option, string setting)
    {
        var names = _arguments.SelectMany(argument => option.GetResult(argument)?.Tokens ?? []).Select(token => NameOf(token.Value));
        if (names.Any(name => name.TrimStart('-', '/').Equals(setting, StringComparison.OrdinalIgnoreCase)))
        {
            option.AddError($"{option.Option.Name} and the setting {setting} are the same; give one of them.");
        }
    }
}
