using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Autopilot.Testing;

/// <summary>
/// Exact outputs kept beside the tests that make them; with <c>UPDATE_GOLDEN=1</c> they are written, to be read before they are committed.
/// </summary>
internal static class Golden
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly bool Updating = Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1";

    /// <summary>JSON in many lines, so that a difference can be read.</summary>
    public static string Pretty(ReadOnlyMemory<byte> json) => JsonNode.Parse(json.Span)!.ToJsonString(Indented) + "\n";

    /// <param name="name">Name of the file, in a folder <c>Golden</c> beside the caller's own file.</param>
    public static void Matches(string name, string output, [CallerFilePath] string caller = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(caller)!, "Golden", name);
        if (Updating)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, output);
        }

        Assert.True(File.Exists(path), $"{path} is not there; UPDATE_GOLDEN=1 writes it.");
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), output);
    }
}
