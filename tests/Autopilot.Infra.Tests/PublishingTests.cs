using System.Text.Json;
using System.Xml.Linq;

namespace Autopilot.Infra.Tests;

/// <summary>What the function app's project file says of its publishing.</summary>
public sealed class PublishingTests
{
    private static readonly XElement Project = XElement.Parse(Repository.Text("src/Autopilot.Functions/Autopilot.Functions.csproj"));

    [Fact]
    public void What_is_published_is_ready_to_run_on_the_plans_machines()
    {
        var publishing = Project
            .Elements("PropertyGroup")
            .Single(group => (string?)group.Attribute("Condition") == "'$(_IsPublishing)' == 'true'");

        Assert.Equal("linux-x64", (string?)publishing.Element("RuntimeIdentifier"));
        Assert.Equal("false", (string?)publishing.Element("SelfContained"));
        // These are of every restore, so that the lock file covers what is published.
        var always = Project.Elements("PropertyGroup").Single(group => group.Attribute("Condition") is null);
        Assert.Equal("linux-x64", (string?)always.Element("RuntimeIdentifiers"));
        Assert.Equal("true", (string?)always.Element("PublishReadyToRun"));
    }

    [Fact]
    public void Local_settings_are_beside_the_app_when_it_runs_here_and_are_never_published()
    {
        var file = Project.Descendants("None").Single(item => (string?)item.Attribute("Link") == "local.settings.json");

        Assert.Equal("PreserveNewest", (string?)file.Attribute("CopyToOutputDirectory"));
        Assert.Equal("Never", (string?)file.Attribute("CopyToPublishDirectory"));
        Assert.Contains("local.settings.json", Repository.Text(".gitignore").Split('\n'));
    }

    [Fact]
    public void The_exporter_is_referenced_by_the_function_app_alone()
    {
        const string Exporter = "Azure.Monitor.OpenTelemetry.Exporter";

        Assert.Contains(Project.Descendants("PackageReference"), reference => (string?)reference.Attribute("Include") == Exporter);
        var others = Directory
            .GetDirectories(Path.Combine(Repository.Root, "src"))
            .Where(folder => Path.GetFileName(folder) != "Autopilot.Functions")
            .SelectMany(folder => Directory.GetFiles(folder, "*.csproj"));
        Assert.All(others, path => Assert.DoesNotContain(Exporter, File.ReadAllText(path), StringComparison.Ordinal));
    }

    [Fact]
    public void No_project_with_a_lock_file_declares_that_it_has_none()
    {
        var projects = ((string[])["src", "tests", "tools", "bench"])
            .SelectMany(folder => Directory.GetDirectories(Path.Combine(Repository.Root, folder)))
            .Where(folder => File.Exists(Path.Combine(folder, "packages.lock.json")))
            .SelectMany(folder => Directory.GetFiles(folder, "*.csproj"))
            .ToList();

        Assert.NotEmpty(projects);
        Assert.All(
            projects,
            path =>
                Assert.DoesNotContain(
                    XElement.Load(path).Elements("PropertyGroup"),
                    group => (string?)group.Element("RestorePackagesWithLockFile") == "false" && group.Element("NuGetLockFilePath") is null
                )
        );
    }

    [Fact]
    public void The_app_runs_on_the_framework_that_the_template_asks_for()
    {
        using var global = JsonDocument.Parse(Repository.Text("global.json"));

        Assert.StartsWith("10.0.", global.RootElement.GetProperty("sdk").GetProperty("version").GetString(), StringComparison.Ordinal);
        Assert.Contains("<TargetFramework>net10.0</TargetFramework>", Repository.Text("Directory.Build.props"), StringComparison.Ordinal);
        Assert.Contains("version: '10.0'", Repository.Text("infra/app.bicep"), StringComparison.Ordinal);
    }
}
