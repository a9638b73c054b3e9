using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;

namespace Autopilot.Azurite;

/// <summary>Azurite's npm packages, installed by lock file on first use. Processes that start at once wait for the first.</summary>
internal static class AzuriteInstallation
{
    private const string Prerequisite =
        "Azurite needs Node.js 20 or newer with npm: install it from https://nodejs.org and make sure that 'node' and 'npm' are on "
        + "the PATH.";

    /// <summary>Gives the folder in which <c>run.cjs</c> can be run.</summary>
    /// <exception cref="AzuriteException">The repository, Node.js or npm is missing, or the installation failed.</exception>
    public static async Task<string> EnsureAsync(Action<string>? progress, CancellationToken cancellationToken)
    {
        var folder = FindFolder(AppContext.BaseDirectory);
        var marker = await MarkerOfAsync(folder, cancellationToken);
        if (File.Exists(marker))
        {
            return folder;
        }

        progress?.Invoke("Waiting for the installation of Azurite ...");
        await using var held = await LockAsync(Path.Combine(folder, "obj"), cancellationToken);
        if (!File.Exists(marker))
        {
            progress?.Invoke($"Installing Azurite from npm into {Path.Combine(folder, "node_modules")} (once, about a minute) ...");
            var watch = Stopwatch.StartNew();
            await InstallAsync(folder, cancellationToken);
            // Written last and inside node_modules: it is there only with a complete installation of exactly this lock file.
            await File.WriteAllTextAsync(marker, "", cancellationToken);
            progress?.Invoke($"Azurite is installed ({watch.Elapsed.TotalSeconds:0} s).");
        }
        return folder;
    }

    internal static string FindFolder(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Autopilot.Functions.sln")))
            {
                return Path.Combine(folder.FullName, "tools", "Autopilot.Azurite");
            }
        }
        throw new AzuriteException(
            $"Azurite is installed in the repository's tools/Autopilot.Azurite, but no folder above {start} holds Autopilot.Functions.sln."
        );
    }

    /// <summary>Starts a program of Node.js, or reports how to install it.</summary>
    internal static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new AzuriteException(Prerequisite);
        }
        catch (Win32Exception e)
        {
            throw new AzuriteException($"'{start.FileName}' could not be started. {Prerequisite}", e);
        }
    }

    private static async Task<string> MarkerOfAsync(string folder, CancellationToken cancellationToken)
    {
        var content = await File.ReadAllBytesAsync(Path.Combine(folder, "package-lock.json"), cancellationToken);
        return Path.Combine(folder, "node_modules", $".complete-{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}");
    }

    private static async Task<FileStream> LockAsync(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(folder, "npm.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(200, cancellationToken);
            }
        }
    }

    private static async Task InstallAsync(string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm")
        {
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in (string[])["ci", "--omit=dev", "--no-audit", "--no-fund"])
        {
            start.ArgumentList.Add(argument);
        }

        using var npm = Start(start);
        npm.StandardInput.Close();
        try
        {
            var output = npm.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = await npm.StandardError.ReadToEndAsync(cancellationToken);
            await output;
            await npm.WaitForExitAsync(cancellationToken);
            if (npm.ExitCode != 0)
            {
                throw new AzuriteException($"'npm ci' in {folder} failed with exit code {npm.ExitCode}: {Tail(errors)}");
            }
        }
        finally
        {
            if (!npm.HasExited)
            {
                npm.Kill(entireProcessTree: true);
            }
        }
    }

    private static string Tail(string text) =>
        string.Join(' ', text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(5));
}
