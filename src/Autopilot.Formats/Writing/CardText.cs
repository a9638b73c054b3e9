namespace Autopilot.Formats.Writing;

/// <summary>A run of text in a card. It may hold foreign text.</summary>
/// <param name="Text">Not empty: some clients refuse that.</param>
public readonly record struct CardText(string Text)
{
    public bool Bold { get; init; }
    public bool Subtle { get; init; }

    /// <summary>Whether it is an address of ours, which is written as it is so that it can be followed.</summary>
    public bool IsAddress { get; init; }

    /// <summary><c>Small</c>, <c>Large</c> and so on, as the schema says; ordinary where null.</summary>
    public string? Size { get; init; }

    public Severity Severity { get; init; }
}
