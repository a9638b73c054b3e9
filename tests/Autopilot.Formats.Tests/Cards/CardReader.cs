using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Autopilot.Formats.Tests.Cards;

/// <summary>The official JavaScript reader of Adaptive Cards in a Node.js of its own, installed by lock file on first use.</summary>
internal static class CardReader
{
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    /// <summary>The folder of all tests.</summary>
    public static string Tests { get; } = Path.GetFullPath(Path.Combine(Here(), "..", ".."));

    private static string Folder => Path.Combine(Here(), "client");

    /// <summary>For each card <c>{ events, actions, card }</c>: what is wrong with it, how many actions it has, and what the reader makes of it.</summary>
    public static async Task<JsonArray> ReadAsync(IReadOnlyList<JsonNode> cards)
    {
        await Installed.Value;
        return JsonNode.Parse(await RunAsync("node", ["read.mjs"], new JsonArray([.. cards.Select(card => card.DeepClone())]).ToJsonString()))!.AsArray();
    }

    private static async Task InstallAsync()
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Folder, "package-lock.json"))));
        // Written last and inside node_modules: it is there only with a complete installation of exactly this lock file.
        var marker = Path.Combine(Folder, "node_modules", $".complete-{hash[..16]}");
        if (!File.Exists(marker))
        {
            await RunAsync(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["ci", "--no-audit", "--no-fund"], "");
            await File.WriteAllTextAsync(marker, "");
        }
    }

    private static async Task<string> RunAsync(string program, string[] arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            // Both at once: either pipe may fill up while the other is waited for.
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0, $"'{program} {string.Join(' ', arguments)}' in {Folder} failed: {await errors}");
            return await output;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
