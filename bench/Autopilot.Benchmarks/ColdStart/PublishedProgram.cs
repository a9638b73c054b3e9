using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Autopilot.Benchmarks.ColdStart;

/// <summary>Programs published for this machine, compiled ahead of time, apart from what is built otherwise.</summary>
internal static class PublishedProgram
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The assembly of a project that was published into a folder.</summary>
    public static string AssemblyOf(string folder, string project) =>
        Path.Combine(folder, Path.GetFileName(project), $"{Path.GetFileName(project)}.dll");

    /// <summary>Publishes a project and returns its assembly.</summary>
    /// <param name="folder">Where everything that is made goes.</param>
    /// <param name="project">The project's folder, relative to the root.</param>
    /// <param name="root">Another root, such as an older commit's; null for this one.</param>
    public static async Task<string> PublishAsync(string folder, string project, string? root = null)
    {
        var name = Path.GetFileName(project);
        var output = Path.Combine(folder, name);
        Console.WriteLine($"  publishing {name} ...");
        await RunAsync(
            root ?? Root,
            "dotnet",
            "publish",
            project,
            "-c",
            "Release",
            "-r",
            RuntimeInformation.RuntimeIdentifier,
            "--self-contained",
            "false",
            "--artifacts-path",
            folder,
            "-o",
            output,
            "-v",
            "q"
        );
        return AssemblyOf(folder, project);
    }

    /// <summary>Publishes a project as it was at a commit, in a work tree that is removed again.</summary>
    public static async Task<string> PublishAtAsync(string commit, string folder, string project)
    {
        // Beside the folder and not in it: a build compiles nothing that lies where artifacts go.
        var tree = $"{folder}-tree";
        await RunAsync(Root, "git", "worktree", "add", "--force", "--detach", tree, commit);
        try
        {
            return await PublishAsync(folder, project, tree);
        }
        finally
        {
            await RunAsync(Root, "git", "worktree", "remove", "--force", tree);
        }
    }

    private static async Task RunAsync(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true }
        )!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {said}");
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Autopilot.Functions.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The benchmarks are run within the repository.");
    }
}
