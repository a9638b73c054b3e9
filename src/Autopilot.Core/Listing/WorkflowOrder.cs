using System.Globalization;

namespace Autopilot.Core.Listing;

/// <summary>The order of a list. Equal entries follow by id; an unknown value comes last in both directions.</summary>
/// <param name="Field">What it goes by.</param>
/// <param name="Descending">Whether the greatest comes first; never of <see cref="WorkflowOrderField.Need"/>.</param>
public readonly record struct WorkflowOrder(WorkflowOrderField Field, bool Descending)
{
    private static readonly Dictionary<string, WorkflowOrder> Known = Enum.GetValues<WorkflowOrderField>()
        .SelectMany(field =>
            field is WorkflowOrderField.Need ? new WorkflowOrder[] { new(field, false) } : [new(field, false), new(field, true)]
        )
        .ToDictionary(order => order.ToString(), StringComparer.OrdinalIgnoreCase);

    /// <summary>All orders as they are asked for.</summary>
    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <summary>Reads <c>since</c> or <c>since desc</c>, in any case; null is the order by need.</summary>
    public static bool TryParse(string? text, out WorkflowOrder order) => Known.TryGetValue(text ?? "need", out order);

    /// <summary>As it is asked for: the field in camel case, <c> desc</c> where it descends.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{char.ToLowerInvariant(Field.ToString()[0])}{Field.ToString().AsSpan(1)}{(Descending ? " desc" : "")}"
        );
}
