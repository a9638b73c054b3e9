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
        // An unknown option that an argument has taken; the words after it are perhaps its value.
        var taken = parsed.Errors.Any(error => error.SymbolResult is ArgumentResult);
        return
        [
            // Words after an unknown one are perhaps its value.
            .. unknown.Take(taken ? 0 : 1).Select(word => UnknownWord.Of(word, program)),
            .. options.Select(option => option.Message).OfType<string>(),
            .. parsed
                .Errors.Where(error =>
                    !(error.SymbolResult is CommandResult && unknown.Count > 0)
                    && !options.Exists(option => option.Option == error.SymbolResult && option.Message is not null)
                )
                .Select(error => WithoutValues(error, parsed)),
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

    /// <summary>The parser's own sentences repeat what was given, which may be secret.</summary>
    private static string WithoutValues(ParseError error, ParseResult parsed) =>
        !parsed.Tokens.Any(token =>
            token.Type == TokenType.Argument
            && token.Value.Length > 0
            && UnknownWord.NameOf(token.Value) is null
            && error.Message.Contains($"'{token.Value}'", StringComparison.Ordinal)
        )
            ? error.Message
        : error.SymbolResult is OptionResult option ? $"{option.Option.Name} has a value that it does not take; --help lists them."
        : "The command line has a word that is not allowed there; --help lists what is.";

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
