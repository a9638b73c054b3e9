using System.Runtime.CompilerServices;
using System.Text;

namespace Autopilot.Core.Workflows.Actions;

/// <summary>Builds an <see cref="AdviceText"/> from an interpolated string and remembers which actions it names.</summary>
[InterpolatedStringHandler]
internal readonly ref struct AdviceTextHandler
{
    private readonly StringBuilder _text;
    private readonly List<UpgradeAction> _actions;

    public AdviceTextHandler(int literalLength, int formattedCount)
    {
        _text = new StringBuilder(literalLength + (24 * formattedCount));
        _actions = new(formattedCount);
    }

    public void AppendLiteral(string literal) => _text.Append(literal);

    /// <summary>Words that name no action.</summary>
    public void AppendFormatted(string? text) => _text.Append(text);

    public void AppendFormatted(ActionPhrase phrase)
    {
        _text.Append(phrase.Text);
        if (!_actions.Contains(phrase.Action))
        {
            _actions.Add(phrase.Action);
        }
    }

    /// <summary>Words with the actions that they name.</summary>
    public void AppendFormatted(AdviceText advice)
    {
        _text.Append(advice.Text);
        _actions.AddRange(advice.Actions.Except(_actions).ToList());
    }

    public AdviceText ToAdvice() => new(_text.ToString(), _actions);
}
