using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Autopilot.EndToEnd.Tests;

/// <summary>
/// References point one way: hosts → Hosting → Api, Storage, Cce, Notifications → Formats → Core. Checked on what the projects declare and
/// on
/// what the compiler made of it.
/// </summary>
public sealed partial class ArchitectureTests
{
    /// <summary>The arrows of <c>src</c>: nothing else may be there, in project files or in assemblies.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Autopilot.Core"] = [],
        ["Autopilot.Cce"] = ["Autopilot.Core"],
        ["Autopilot.Storage"] = ["Autopilot.Core"],
        ["Autopilot.Formats"] = ["Autopilot.Core"],
        ["Autopilot.Notifications"] = ["Autopilot.Core", "Autopilot.Formats"],
        ["Autopilot.Api"] = ["Autopilot.Core", "Autopilot.Formats"],
        ["Autopilot.Pages"] = ["Autopilot.Api", "Autopilot.Core", "Autopilot.Formats"],
        ["Autopilot.Hosting"] = ["Autopilot.Api", "Autopilot.Cce", "Autopilot.Core", "Autopilot.Notifications", "Autopilot.Storage"],
        ["Autopilot.Functions"] =
        [
            "Autopilot.Hosting",
            "Autopilot.Api",
            "Autopilot.Cce",
            "Autopilot.Core",
            "Autopilot.Notifications",
            "Autopilot.Storage",
        ],
        ["Autopilot.CommandLine"] = [],
        ["Autopilot.Server"] =
        [
            "Autopilot.CommandLine",
            "Autopilot.Hosting",
            "Autopilot.Pages",
            "Autopilot.Api",
            "Autopilot.Cce",
            "Autopilot.Core",
            "Autopilot.Notifications",
            "Autopilot.Storage",
        ],
    };

    /// <summary>The thousand of each assembly's log events: an id means one event, whichever process wrote it.</summary>
    private static readonly Dictionary<string, int> EventThousands = new()
    {
        ["Autopilot.Core"] = 1,
        ["Autopilot.Storage"] = 2,
        ["Autopilot.Server"] = 3,
        ["Autopilot.Cce"] = 4,
        ["Autopilot.Functions"] = 5,
        ["Autopilot.Api"] = 6,
        ["Autopilot.Notifications"] = 7,
        ["Autopilot.Pages"] = 8,
        // What both hosts log stands in the thousand of the server, where its first event was.
        ["Autopilot.Hosting"] = 3,
    };

    private static readonly string[] Hosts = ["Autopilot.Functions", "Autopilot.Server"];

    private static readonly IReadOnlyList<Project> Projects = [.. Files("*.csproj").Select(Project.Read)];

    [Fact]
    public void Every_project_of_src_has_its_place_among_the_arrows() =>
        Assert.Equal(
            Arrows.Keys.Order(StringComparer.Ordinal),
            Projects.Where(project => project.Folder == "src").Select(project => project.Name).Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Project_files_reference_only_along_the_arrows() =>
        Assert.All(
            Projects.Where(project => project.Folder == "src"),
            project => Assert.Empty(project.Projects.Except(Arrows[project.Name]))
        );

    [Fact]
    public void Assemblies_reference_only_along_the_arrows() =>
        Assert.All(
            BuiltAssemblies(),
            assembly =>
                Assert.Empty(
                    assembly
                        .References.Where(reference => reference.StartsWith("Autopilot.", StringComparison.Ordinal))
                        .Except(Arrows[assembly.Name])
                )
        );

    [Fact]
    public void Core_knows_neither_Azure_nor_AspNetCore_nor_HTTP()
    {
        var core = Assert.Single(Projects, project => project.Name == "Autopilot.Core");
        Assert.All(core.Packages.Concat(core.Frameworks), DoesNoIo);
        Assert.All(Assert.Single(BuiltAssemblies(), assembly => assembly.Name == "Autopilot.Core").References, DoesNoIo);

        static void DoesNoIo(string reference) =>
            Assert.DoesNotMatch(@"^(Azure|Microsoft\.Azure|Microsoft\.AspNetCore|System\.Net|System\.Data|OpenTelemetry)(\.|$)", reference);
    }

    [Fact]
    public void Each_library_keeps_to_its_own_outside_world()
    {
        Assert.All(
            BuiltAssemblies()
                .Where(assembly => assembly.Name is "Autopilot.Api" or "Autopilot.Cce" or "Autopilot.Notifications" or "Autopilot.Formats"),
            assembly => Assert.DoesNotContain(assembly.References, reference => reference.StartsWith("Azure.", StringComparison.Ordinal))
        );
        Assert.All(
            BuiltAssemblies()
                .Where(assembly =>
                    assembly.Name is "Autopilot.Cce" or "Autopilot.Storage" or "Autopilot.Notifications" or "Autopilot.Formats"
                ),
            assembly =>
                Assert.DoesNotContain(
                    assembly.References,
                    reference => reference.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
                )
        );
        Assert.DoesNotContain("System.Net.Http", Assert.Single(BuiltAssemblies(), assembly => assembly.Name == "Autopilot.Api").References);
    }

    [Fact]
    public void Each_log_event_has_an_id_of_its_own_within_its_assemblys_thousand()
    {
        var events = Projects
            .Where(project => project.Folder == "src")
            .SelectMany(project =>
                FilesIn(new DirectoryInfo(Path.GetDirectoryName(project.Path)!), "*.cs")
                    .SelectMany(path => LogEvent().Matches(File.ReadAllText(path)))
                    .Select(match => (project.Name, Text: match.Value, Id: int.TryParse(match.Groups["id"].Value, out var id) ? id : 0))
            )
            .ToList();

        Assert.Equal(
            EventThousands.Keys.Order(StringComparer.Ordinal),
            events.Select(one => one.Name).Distinct().Order(StringComparer.Ordinal)
        );
        Assert.All(events, one => Assert.True(one.Id / 1000 == EventThousands[one.Name], $"{one.Name}: {one.Text}"));
        Assert.Empty(events.GroupBy(one => one.Id).Where(same => same.Count() > 1).Select(same => same.Key));
    }

    [Fact]
    public void Only_tools_tests_and_benchmarks_reference_a_host() =>
        Assert.All(
            Projects.Where(project => project.Projects.Intersect(Hosts).Any()),
            project => Assert.Contains(project.Folder, new[] { "tools", "tests", "bench" })
        );

    [Fact]
    public void The_function_app_alone_of_all_that_is_deployed_uses_the_worker_packages()
    {
        Assert.All(
            Projects.Where(project => project.Folder is "src" or "tools" && project.Name != "Autopilot.Functions"),
            project =>
                Assert.DoesNotContain(
                    project.Packages,
                    package => package.StartsWith("Microsoft.Azure.Functions", StringComparison.Ordinal)
                )
        );
        Assert.Contains(
            "Microsoft.Azure.Functions.Worker",
            Assert.Single(Projects, project => project.Name == "Autopilot.Functions").Packages
        );
    }

    [Fact]
    public void The_solution_holds_every_project_and_builds_it()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "Autopilot.Functions.sln"));
        var inSolution = SolutionProject()
            .Matches(solution)
            .ToDictionary(match => match.Groups["path"].Value.Replace('\\', '/'), match => match.Groups["id"].Value);

        Assert.Equal(
            Projects.Select(project => project.Path[(Repository.Root.Length + 1)..].Replace('\\', '/')).Order(StringComparer.Ordinal),
            inSolution.Keys.Order(StringComparer.Ordinal)
        );
        Assert.All(
            inSolution,
            project =>
                Assert.All(
                    ["Debug", "Release"],
                    configuration =>
                    {
                        Assert.Contains(
                            $"{project.Value}.{configuration}|Any CPU.ActiveCfg = {configuration}|Any CPU",
                            solution,
                            StringComparison.Ordinal
                        );
                        Assert.Contains(
                            $"{project.Value}.{configuration}|Any CPU.Build.0 = {configuration}|Any CPU",
                            solution,
                            StringComparison.Ordinal
                        );
                    }
                )
        );
    }

    [Fact]
    public void Every_project_locks_its_packages() =>
        Assert.All(
            Projects,
            project =>
                Assert.True(
                    File.Exists(Path.Combine(Path.GetDirectoryName(project.Path)!, "packages.lock.json")),
                    $"{project.Name} has no packages.lock.json"
                )
        );

    [Fact]
    public void Lock_files_say_what_and_never_from_where()
    {
        Assert.All(Files("packages.lock.json"), path => Assert.DoesNotContain("://", File.ReadAllText(path), StringComparison.Ordinal));
        Assert.All(
            Files("package-lock.json"),
            path =>
            {
                var packages = JsonNode.Parse(File.ReadAllText(path))!["packages"]!.AsObject();
                Assert.NotEmpty(packages);
                Assert.All(packages, package => Assert.Null(package.Value!["resolved"]));
                Assert.All(packages.Where(package => package.Key.Length > 0), package => Assert.NotNull(package.Value!["integrity"]));
            }
        );
    }

    [Fact]
    public void No_file_names_a_package_registry_so_that_every_machine_may_use_its_own()
    {
        var texts = Files("*").Where(path => new FileInfo(path).Length < 4 << 20).ToList();

        Assert.NotEmpty(texts);
        Assert.DoesNotContain(texts, path => Path.GetFileName(path).ToLowerInvariant() is "nuget.config" or ".npmrc" or ".yarnrc");
        Assert.All(texts, path => Assert.Empty(RegistryHost().Matches(File.ReadAllText(path)).Select(match => $"{path}: {match.Value}")));
    }

    private static IEnumerable<BuiltAssembly> BuiltAssemblies()
    {
        var assemblies = Arrows.Keys.Select(name => BuiltAssembly.Read(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"))).ToList();
        Assert.All(assemblies, assembly => Assert.NotEmpty(assembly.References));
        return assemblies;
    }

    /// <summary>Files that a person keeps: not what builds, restores and runs leave behind.</summary>
    private static IEnumerable<string> Files(string pattern) => FilesIn(new DirectoryInfo(Repository.Root), pattern);

    private static IEnumerable<string> FilesIn(DirectoryInfo folder, string pattern) =>
        folder
            .EnumerateFiles(pattern)
            .Where(file => file.Name is not (".git" or "local.settings.json"))
            .Select(file => file.FullName)
            .Concat(
                folder
                    .EnumerateDirectories()
                    .Where(child =>
                        child.Name
                            is not (
                                "bin"
                                or "obj"
                                or ".git"
                                or "node_modules"
                                or "artifacts"
                                or "TestResults"
                                or "BenchmarkDotNet.Artifacts"
                                or "StrykerOutput"
                                or ".vs"
                                or ".idea"
                                or ".vscode"
                            )
                    )
                    .SelectMany(child => FilesIn(child, pattern))
            );

    [GeneratedRegex(
        """^Project\("\{[0-9A-F-]+\}"\) = "[^"]+", "(?<path>[^"]+\.csproj)", "(?<id>\{[0-9A-F-]+\})"\r?$""",
        RegexOptions.Multiline
    )]
    private static partial Regex SolutionProject();

    [GeneratedRegex(@"\[LoggerMessage\(\s*(?:(?:EventId\s*=\s*)?(?<id>\d+)\b)?")]
    private static partial Regex LogEvent();

    [GeneratedRegex(
        @"(?i)\b(?:[\w-]+\.)*(?:nuget|npmjs|yarnpkg|pypi|registry|artifactory|nexus|proget|myget|"
            + @"pkgs)(?:[\w-]*)(?:\.[\w-]+)*\.(?:org|com|net|io|dev|cloud|local|lan|internal|intern)\b(?![.(])"
    )]
    private static partial Regex RegistryHost();

    private sealed record Project(
        string Name,
        string Path,
        string Folder,
        IReadOnlyList<string> Projects,
        IReadOnlyList<string> Packages,
        IReadOnlyList<string> Frameworks
    )
    {
        public static Project Read(string path)
        {
            var document = XDocument.Load(path);
            return new Project(
                System.IO.Path.GetFileNameWithoutExtension(path),
                path,
                path[(Repository.Root.Length + 1)..].Replace('\\', '/').Split('/')[0],
                [
                    .. Included("ProjectReference")
                        .Select(element => System.IO.Path.GetFileNameWithoutExtension(Include(element).Replace('\\', '/'))),
                ],
                [.. Included("PackageReference").Select(Include)],
                [.. Included("FrameworkReference").Select(Include)]
            );

            IEnumerable<XElement> Included(string kind) => document.Descendants(kind);
            static string Include(XElement element) => (string)element.Attribute("Include")!;
        }
    }

    private sealed record BuiltAssembly(string Name, IReadOnlyList<string> References)
    {
        public static BuiltAssembly Read(string path)
        {
            using var file = new PEReader(File.OpenRead(path));
            var metadata = file.GetMetadataReader();
            return new BuiltAssembly(
                metadata.GetString(metadata.GetAssemblyDefinition().Name),
                [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))]
            );
        }
    }
}
