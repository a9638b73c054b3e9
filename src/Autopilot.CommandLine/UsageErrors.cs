using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Autopilot.CommandLine;

/// <summary>What is wrong with a command line, a sentence each.</summary>
internal static class UsageErrors
{
    public static IReadOnlyList<string> Of(ParseResult parsed, string program)
    {
        if (parsed.Action is not ParseErrorAction && parsed.Action != parsed.CommandResult.Command.Action)
        {
            // Help and version are shown whatever else the line says.
            return [];
        }

        var unknown = parsed.CommandResult.Command.TreatUnmatchedTokensAsErrors ? parsed.UnmatchedTokens : [];
        var options = OptionsOf(parsed.CommandResult).Select(option => (Option: option, Message: CountError(option))).ToList();
        return
        [
            // Words after an unknown one are perhaps its value.
            .. unknown.Take(1).Select(word => $"'{word}' is no argument of {program}; --help lists them."),
            .. options.Select(option => option.Message).OfType<string>(),
            .. parsed
                .Errors.Where(error =>
                    !(error.SymbolResult is CommandResult && unknown.Count > 0)
                    && !options.Exists(option => option.Option == error.SymbolResult && option.Message is not null)
                )
                .Select(error => error.Message),
        ];
    }

    private static IEnumerable<OptionResult> OptionsOf(CommandResult innermost)
    {
        for (var command = innermost; command is not null; command = command.Parent as CommandResult)
        {
            foreach (var option in command.Children.OfType<OptionResult>().Where(option => !option.Implicit))
            {
                yield return option;
            }
        }
    }

    /// <summary>The parser itself accepts an option that is repeated without a value if another time has one.</summary>
    private static string? CountError(OptionResult option) =>
        option switch
        {
            { Option.Arity.MinimumNumberOfValues: 0 } => null,
            _ when option.Tokens.Count < option.IdentifierTokenCount => $"{option.IdentifierToken!.Value} needs a value.",
            { Option.Arity.MaximumNumberOfValues: 1, IdentifierTokenCount: > 1 } =>
                $"{option.IdentifierToken!.Value} is given {option.IdentifierTokenCount} times; give it once.",
            _ => null,
        };
}
