using System.Diagnostics;
using System.Security.Cryptography;

namespace Autopilot.Testing;

/// <summary>A folder of the tests with programs for Node.js, whose packages are installed by lock file on first use.</summary>
/// <param name="path">Below <c>tests</c>.</param>
internal sealed class NodeFolder(params string[] path)
{
    private readonly Lazy<Task<string>> _installed = new(() => InstallAsync(Repository.PathOf(["tests", .. path])));

    /// <summary>The folder, with its packages.</summary>
    public Task<string> InstalledAsync() => _installed.Value;

    /// <summary>Runs a program of the folder to its end.</summary>
    /// <param name="input">What it reads.</param>
    /// <returns>What it wrote. A program that fails fails the test, with what it said.</returns>
    public async Task<string> RunAsync(string program, string input, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(await _installed.Value, "node", [program, .. arguments], input);
        Assert.True(code == 0, $"node {program} failed: {errors}{output}");
        return output;
    }

    private static async Task<string> InstallAsync(string folder)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(folder, "package-lock.json"))));
        // Written last and inside node_modules: it is there only with a complete installation of exactly this lock file.
        var marker = Path.Combine(folder, "node_modules", $".complete-{hash[..16]}");
        Directory.CreateDirectory(Path.Combine(folder, "obj"));
        await using var held = await LockAsync(Path.Combine(folder, "obj", "npm.lock"));
        if (!File.Exists(marker))
        {
            var (code, _, errors) = await RunAsync(
                folder,
                OperatingSystem.IsWindows() ? "npm.cmd" : "npm",
                ["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                ""
            );
            Assert.True(code == 0, $"'npm ci' in {folder} failed: {errors}");
            await File.WriteAllTextAsync(marker, "");
        }

        return folder;
    }

    private static async Task<FileStream> LockAsync(string path)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(200, TestContext.Current.CancellationToken);
            }
        }
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(
        string folder,
        string program,
        string[] arguments,
        string input
    )
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        try
        {
            // Both at once: either pipe may fill up while the other is read.
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            try
            {
                await process.StandardInput.WriteAsync(input);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended without reading: what it says of that is worth more than a broken pipe.
            }

            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
