using System.CommandLine;
using System.Globalization;

namespace Autopilot.CommandLine;

/// <summary>
/// Creates options with one value, whose error says what is allowed, never what was given: <c>--speed must be a number.</c>
/// </summary>
public static class CheckedOption
{
    /// <summary>An option whose value a reader accepts or not.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="name">The option, such as <c>--speed</c>.</param>
    /// <param name="valueName">What the help calls the value, such as <c>N</c>.</param>
    /// <param name="description">The option's sentence in the help.</param>
    /// <param name="allowed">What is allowed, in words that follow "must be".</param>
    /// <param name="read">Reads the value.</param>
    public static Option<T> Create<T>(string name, string valueName, string description, string allowed, ValueReader<T> read) =>
        new(name)
        {
            HelpName = valueName,
            Description = description,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result =>
            {
                var given = result.Tokens[^1].Value;
                if (!read(given, out var value))
                {
                    result.AddError($"{name} must be {allowed}.");
                }

                return value;
            },
        };

    /// <summary>An option with a whole number in decimal digits, from <paramref name="least"/> on.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">The option's sentence in the help.</param>
    /// <param name="least">The least number that is allowed.</param>
    /// <param name="allowed">What is allowed, in words that follow "must be".</param>
    /// <param name="otherwise">The value without the option.</param>
    public static Option<int> CreateWhole(string name, string description, int least, string allowed, int otherwise)
    {
        var option = Create(
            name,
            "N",
            description,
            allowed,
            (string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least
        );
        option.DefaultValueFactory = _ => otherwise;
        return option;
    }

    /// <summary>An option that may be given once and takes any text.</summary>
    /// <param name="name">The option.</param>
    /// <param name="valueName">What the help calls the value.</param>
    /// <param name="description">The option's sentence in the help.</param>
    public static Option<string> CreateText(string name, string valueName, string description) =>
        new(name)
        {
            HelpName = valueName,
            Description = description,
            Arity = ArgumentArity.ExactlyOne,
        };
}
