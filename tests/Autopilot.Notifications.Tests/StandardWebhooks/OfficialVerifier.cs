using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Notifications.Tests.StandardWebhooks;

/// <summary>The official JavaScript verifier of Standard Webhooks in a Node.js of its own, installed by lock file on first use.</summary>
internal static class OfficialVerifier
{
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    private static string Folder => Path.Combine(Here(), "client");

    /// <summary>What the verifier says of a request: <c>ok</c>, or its error.</summary>
    /// <param name="format"><c>raw</c> where the secret is the key itself; null where it is base64.</param>
    public static async Task<string> VerifyAsync(string secret, string? format, IHeaderDictionary headers, byte[] body)
    {
        await Installed.Value;
        var request = new JsonObject
        {
            ["secret"] = secret,
            ["format"] = format,
            ["headers"] = new JsonObject(headers.Where(header => header.Key.StartsWith("webhook-", StringComparison.OrdinalIgnoreCase)).Select(header => KeyValuePair.Create(header.Key, (JsonNode?)header.Value.ToString()))),
            ["body"] = System.Text.Encoding.UTF8.GetString(body),
        };
        return JsonSerializer.Deserialize<string[]>(await RunAsync("node", ["verify.mjs"], new JsonArray(request).ToJsonString()))![0];
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
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
