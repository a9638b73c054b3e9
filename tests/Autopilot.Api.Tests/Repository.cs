namespace Autopilot.Api.Tests;

/// <summary>Where the tests' own sources are.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Autopilot.Functions.sln")))
            root = root.Parent ?? throw new InvalidOperationException("The tests run outside of the repository.");
        return root.FullName;
    }
}
