using System.Diagnostics;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Autopilot.Api.Tests.OpenApi;

/// <summary>Generators of .NET clients as their users run them, and the compiler for what they make.</summary>
internal static class DotnetClients
{
    private static readonly string Folder = Repository.PathOf("tests", "Autopilot.Api.Tests", "OpenApi", "dotnet");
    private static readonly string Made = Path.Combine(Path.GetTempPath(), $"autopilot-clients-{Environment.ProcessId}");
    private static readonly Lazy<Task> Restored = new(() => RunAsync("tool", "restore"));

    /// <summary>Generates a client from the document that is checked in, compiles it with the file that uses it, and runs that.</summary>
    /// <param name="use">Name of the file and of its class.</param>
    /// <param name="generator">The tool's arguments, which write into the folder given.</param>
    public static async Task<string> UseAsync(string use, Func<string, string[]> generator, string server, string key, string workflowId)
    {
        var folder = Path.Combine(Made, use);
        Directory.CreateDirectory(folder);
        try
        {
            await Restored.Value;
            await RunAsync(generator(folder));
            var run = Compile(use, folder).GetType(use, throwOnError: true)!.GetMethod("RunAsync")!;
            return await (Task<string>)run.Invoke(null, [server, key, workflowId])!;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Assembly Compile(string use, string folder)
    {
        var sources = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Append(Path.Combine(Folder, $"{use}.cs"));
        var options = new CSharpParseOptions(
            LanguageVersion.Latest,
            preprocessorSymbols: ["NETCOREAPP3_1_OR_GREATER", "NET5_0_OR_GREATER", "NET8_0_OR_GREATER"]
        );
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            $"{use}.Generated",
            sources.Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), options, path)),
            references,
            new(OutputKind.DynamicallyLinkedLibrary)
        );
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error).Take(20)));
        return Assembly.Load(assembly.ToArray());
    }

    private static async Task RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Neither looks for news nor reports.
        start.Environment["KIOTA_OFFLINE_ENABLED"] = "true";
        start.Environment["KIOTA_CLI_TELEMETRY_OPTOUT"] = "true";
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)} failed: {await output}{await errors}");
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
