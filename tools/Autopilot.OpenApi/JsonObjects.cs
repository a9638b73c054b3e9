using System.Text.Json.Nodes;

namespace Autopilot.OpenApi;

/// <summary>Helps to make JSON objects.</summary>
internal static class JsonObjects
{
    /// <summary>Without the members that are null: what is not there need not be asked about where the object is made.</summary>
    public static JsonObject WithoutNulls(this JsonObject node)
    {
        foreach (var name in node.Where(member => member.Value is null).Select(member => member.Key).ToList())
        {
            node.Remove(name);
        }

        return node;
    }
}
