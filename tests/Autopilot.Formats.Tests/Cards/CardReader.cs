using System.Text.Json.Nodes;

namespace Autopilot.Formats.Tests.Cards;

/// <summary>The official JavaScript reader of Adaptive Cards.</summary>
internal static class CardReader
{
    private static readonly NodeFolder Folder = new("Autopilot.Formats.Tests", "Cards", "client");

    /// <summary>
    /// For each card <c>{ events, actions, card }</c>: what is wrong with it, how many actions it has, and what the reader makes of it.
    /// </summary>
    public static async Task<JsonArray> ReadAsync(IReadOnlyList<JsonNode> cards) =>
        JsonNode
            .Parse(await Folder.RunAsync("read.mjs", new JsonArray([.. cards.Select(card => card.DeepClone())]).ToJsonString()))!
            .AsArray();
}
