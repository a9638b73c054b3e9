using System.Text.Json;
using Autopilot.Core.Workflows;

namespace Autopilot.Testing;

/// <summary>The right summaries of the corpus, as <c>CorpusTests</c> compares them.</summary>
internal static class CorpusSummaries
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Each by the name of its case.</summary>
    public static IReadOnlyDictionary<string, WorkflowSummary> All { get; } =
        Directory
            .EnumerateDirectories(Repository.PathOf("tests", "Autopilot.Core.Tests", "Corpus"))
            .ToDictionary(
                folder => Path.GetFileName(folder),
                folder => JsonSerializer.Deserialize<WorkflowSummary>(File.ReadAllText(Path.Combine(folder, "summary.json")), Json)!
            );
}
