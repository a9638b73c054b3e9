using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Autopilot.Api.Tests.Mcp;

/// <summary>The official TypeScript client of MCP in a Node.js of its own, installed by lock file on first use.</summary>
internal static class TypeScriptClient
{
    private static readonly Lazy<Task<string>> Folder = new(InstalledAsync);

    /// <summary>Connects, lists the tools and calls; answers <c>{ server, instructions, tools, results: [ { result } | { error } ], error? }</c>.</summary>
    public static async Task<JsonElement> RunAsync(Uri server, IReadOnlyDictionary<string, string> headers, params (string Tool, string Arguments)[] calls)
    {
        var input = new JsonObject
        {
            ["url"] = new Uri(server, "/api/mcp").ToString(),
            ["headers"] = new JsonObject(headers.Select(header => KeyValuePair.Create(header.Key, (JsonNode?)JsonValue.Create(header.Value)))),
            ["calls"] = new JsonArray([.. calls.Select(call => new JsonObject { ["name"] = call.Tool, ["arguments"] = JsonNode.Parse(call.Arguments) })]),
        };
        var (code, output, errors) = await RunAsync(await Folder.Value, "node", ["call.mjs"], input.ToJsonString());
        Assert.True(code == 0, errors);
        return JsonDocument.Parse(output).RootElement;
    }

    private static async Task<string> InstalledAsync()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Autopilot.Functions.sln")))
            root = root.Parent ?? throw new InvalidOperationException("The tests run outside of the repository.");
        var folder = Path.Combine(root.FullName, "tests", "Autopilot.Api.Tests", "Mcp", "client");
        var hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(folder, "package-lock.json"))));
        // Written last and inside node_modules: it is there only with a complete installation of exactly this lock file.
        var marker = Path.Combine(folder, "node_modules", $".complete-{hash[..16]}");
        Directory.CreateDirectory(Path.Combine(folder, "obj"));
        await using var held = await LockAsync(Path.Combine(folder, "obj", "npm.lock"));
        if (!File.Exists(marker))
        {
            var (code, _, errors) = await RunAsync(folder, OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["ci", "--no-audit", "--no-fund"], "");
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

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string folder, string program, string[] arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, await output, errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
