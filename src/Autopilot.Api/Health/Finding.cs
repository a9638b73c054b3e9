namespace Autopilot.Api.Health;

/// <summary>
/// Something that is wrong. Health needs no key, so a finding carries no id, no setting and no error text of another system.
/// </summary>
/// <param name="Code">One of <c>ProblemCode</c>.</param>
/// <param name="Detail">What is wrong and what helps.</param>
/// <param name="Shards">The shards concerned, by their keys; null when it is all or none.</param>
/// <param name="Since">Since when, where that is known.</param>
/// <param name="Unreadable">How many stored rows cannot be read; null in other findings.</param>
internal sealed record Finding(
    string Code,
    string Detail,
    IReadOnlyList<string>? Shards = null,
    DateTimeOffset? Since = null,
    int? Unreadable = null
);
