using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Autopilot.Infra.Tests;

/// <summary>The public workflows: the file alone shows what runs there, and it may do no more than it must.</summary>
public sealed partial class WorkflowFileTests
{
    public static TheoryData<string> Files =>
        [
            .. Directory
                .GetFiles(Path.Combine(Repository.Root, ".github", "workflows"))
                .Select(path => Path.GetFileName(path)!)
                .Order(StringComparer.Ordinal),
        ];

    [Fact]
    public void The_workflows_are_these() =>
        Assert.Equal(["ci.yml", "codeql.yml", "dependency-review.yml", "deploy.yml"], Files.Select(row => row.Data));

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_action_is_pinned_by_its_commit_with_the_version_beside_it(string file) => Assert.Empty(Unpinned(Text(file)));

    [Theory]
    [InlineData("      - uses: actions/checkout@v4")]
    [InlineData("      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1")]
    [InlineData("      - uses: actions/checkout@3d3c42e # v7.0.1")]
    [InlineData("        uses: \"actions/checkout@main\" # v7.0.1")]
    public void An_action_that_is_not_pinned_is_found_out(string line) => Assert.Single(Unpinned(line));

    [Fact]
    public void One_action_has_one_version_wherever_it_is_used()
    {
        var pins = Files
            .SelectMany(row => Pinned().Matches(Text(row.Data)))
            .Select(match => (Action: match.Groups["repository"].Value, Pin: match.Groups["pin"].Value))
            .Distinct()
            .ToList();

        Assert.NotEmpty(pins);
        Assert.Distinct(pins.Select(pin => pin.Action));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_workflow_may_do_nothing_and_each_job_what_it_needs(string file)
    {
        var text = Text(file);

        Assert.Contains("\npermissions: {}\n", text, StringComparison.Ordinal);
        Assert.All(Jobs(text), job => Assert.Contains("\n    permissions:\n", job, StringComparison.Ordinal));
        Assert.DoesNotContain("write-all", text, StringComparison.Ordinal);
        Assert.DoesNotContain("pull_request_target", text, StringComparison.Ordinal);
        // Whatever people can name (a branch, a title) must not become a part of a script.
        Assert.DoesNotMatch(@"run:[^\n]*\$\{\{", text);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_checkout_leaves_no_token_behind(string file) =>
        Assert.All(
            Steps(Text(file)).Where(step => step.Contains("actions/checkout@", StringComparison.Ordinal)),
            step => Assert.Contains("persist-credentials: false", step, StringComparison.Ordinal)
        );

    [Fact]
    public void Only_the_deployment_may_ask_for_a_token_and_only_after_the_tests()
    {
        Assert.Equal(
            ["deploy.yml"],
            Files.Select(row => row.Data).Where(file => Text(file).Contains("id-token: write", StringComparison.Ordinal))
        );
        var deploy = Text("deploy.yml");
        Assert.Contains("uses: ./.github/workflows/ci.yml", deploy, StringComparison.Ordinal);
        Assert.Contains("\n  deploy:\n    needs: ci\n", deploy, StringComparison.Ordinal);
        Assert.Matches(@"on:\n  push:\n    tags: \[", deploy);
        Assert.DoesNotContain("secrets.", deploy, StringComparison.Ordinal);
        Assert.Contains("workflow_call:", Text("ci.yml"), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_a_tag_that_is_on_main_is_tested_and_deployed()
    {
        var deploy = Text("deploy.yml");
        var tag = Jobs(deploy).First();

        Assert.Contains("fetch-depth: 0\n", tag, StringComparison.Ordinal);
        Assert.Contains(
            "if ! git merge-base --is-ancestor \"$GITHUB_SHA\" refs/remotes/origin/main; then\n",
            tag,
            StringComparison.Ordinal
        );
        Assert.Contains("exit 1\n", tag, StringComparison.Ordinal);
        Assert.Contains("\n  ci:\n    needs: tag\n", deploy, StringComparison.Ordinal);
        Assert.Contains("\n  deploy:\n    needs: ci\n", deploy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v1.2.3", true)]
    [InlineData("v1.2.4", false)]
    [InlineData("v1.2", false)]
    [InlineData("v1.2.3-rc.1", false)]
    [InlineData("1.2.3", false)]
    [InlineData("v1x2x3", false)]
    [InlineData("v", false)]
    public async Task Only_a_tag_that_is_v_and_the_version_is_deployed(string tag, bool isDeployed) =>
        Assert.Equal(isDeployed, await AcceptsTagAsync(tag, "<Project>\n    <Version>1.2.3</Version>\n</Project>\n"));

    [Fact]
    public async Task The_version_of_the_project_can_be_tagged()
    {
        var properties = Repository.Text("Directory.Build.props");

        Assert.True(await AcceptsTagAsync($"v{VersionOf().Match(properties).Groups[1].Value}", properties));
    }

    [Theory]
    [InlineData("v", "<Project />")]
    [InlineData("v", "<Version></Version>")]
    [InlineData("v1.2.3", "<Version>1.2.3</Version>\n<Version>1.2.3</Version>")]
    public async Task No_tag_is_deployed_without_one_version(string tag, string properties) =>
        Assert.False(await AcceptsTagAsync(tag, properties));

    [Fact]
    public void The_package_is_attested_with_what_is_in_it_before_it_is_deployed()
    {
        var made = Steps(Text("ci.yml")).ToList();
        var bill = made.FindIndex(step => step.Contains("dotnet CycloneDX ", StringComparison.Ordinal));
        var publish = made.FindIndex(step => step.Contains("dotnet publish src/Autopilot.Functions", StringComparison.Ordinal));
        var deployed = Steps(Text("deploy.yml")).ToList();
        var attested = deployed.Where(step => step.Contains("uses: actions/attest@", StringComparison.Ordinal)).ToList();

        Assert.InRange(publish, 0, bill - 1);
        Assert.Contains(
            "\"functions src/Autopilot.Functions/Autopilot.Functions.csproj --recursive\" \"extensions $extensions\"",
            made[bill],
            StringComparison.Ordinal
        );
        Assert.All(attested, step => Assert.Contains("subject-path: artifacts/functions.zip\n", $"{step}\n", StringComparison.Ordinal));
        Assert.Equal(
            ["", "artifacts/extensions.cdx.json", "artifacts/functions.cdx.json"],
            attested.Select(step => Bill().Match(step).Groups[1].Value).Order(StringComparer.Ordinal)
        );
        Assert.InRange(
            deployed.FindLastIndex(step => step.Contains("uses: actions/attest@", StringComparison.Ordinal)),
            0,
            deployed.FindIndex(step => step.Contains("azd deploy", StringComparison.Ordinal)) - 1
        );
        Assert.Contains("attestations: write\n", Text("deploy.yml"), StringComparison.Ordinal);
        Assert.Matches("\"cyclonedx\": \\{ \"version\": \"\\d+\\.\\d+\\.\\d+\"", Repository.Text(".config/dotnet-tools.json"));
    }

    [Fact]
    public void The_azure_developer_cli_has_one_version_that_the_project_takes()
    {
        var pinned = Version.Parse(AzdPin().Match(Text("deploy.yml")).Groups[1].Value);
        var taken = AzdRange().Match(Repository.Text("azure.yaml"));

        Assert.InRange(pinned, Version.Parse(taken.Groups[1].Value), Version.Parse(taken.Groups[2].Value));
    }

    [Fact]
    public void What_is_deployed_is_the_very_package_that_was_tested()
    {
        var ci = Text("ci.yml");
        var steps = Steps(ci).ToList();
        var publish = steps.FindIndex(step =>
            step.Contains(
                "dotnet publish src/Autopilot.Functions -c Release --no-restore -o artifacts/functions\n",
                StringComparison.Ordinal
            )
        );
        var test = steps.FindIndex(step => step.Contains("run: dotnet test --no-build\n", StringComparison.Ordinal));
        var upload = steps.FindIndex(step => step.Contains("actions/upload-artifact@", StringComparison.Ordinal));

        Assert.InRange(publish, 0, test - 1);
        Assert.EndsWith("AUTOPILOT_FUNCTION_APP: ${{ github.workspace }}/artifacts/functions", steps[test], StringComparison.Ordinal);
        Assert.InRange(upload, test + 1, steps.Count);
        Assert.Contains("path: artifacts/functions.zip\n", steps[upload], StringComparison.Ordinal);
        Assert.Contains("actions/download-artifact@", Text("deploy.yml"), StringComparison.Ordinal);
        Assert.Contains("azd deploy app --from-package artifacts/functions.zip ", Text("deploy.yml"), StringComparison.Ordinal);
        Assert.DoesNotContain("dotnet", Text("deploy.yml"), StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_pinned_is_kept_up_to_date()
    {
        var dependabot = Repository.Text(".github/dependabot.yml");

        Assert.All(
            ["nuget", "npm", "github-actions", "docker", "docker-compose"],
            ecosystem => Assert.Contains($"package-ecosystem: {ecosystem}\n", dependabot, StringComparison.Ordinal)
        );
        Assert.All(
            DependabotFolder().Matches(dependabot).Select(match => match.Groups[1].Value),
            folder => Assert.True(Directory.Exists(Repository.Root + folder), folder)
        );
    }

    private static string Text(string file) => Repository.Text(Path.Combine(".github", "workflows", file));

    private static IEnumerable<string> Unpinned(string text) =>
        text.Split('\n')
            .Where(line => Uses().IsMatch(line) && !line.Contains("uses: ./.github/", StringComparison.Ordinal) && !Pinned().IsMatch(line));

    /// <summary>Runs the script that compares the tag with the version, as the workflow does.</summary>
    private static async Task<bool> AcceptsTagAsync(string tag, string properties)
    {
        var steps = Steps(Jobs(Text("deploy.yml")).First());
        var step = Assert.Single(steps, step => step.StartsWith("name: Compare with the version\n", StringComparison.Ordinal));
        var script = string.Join('\n', step.Split("        run: |\n")[1].Split('\n').Select(line => line.Trim()));
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "Directory.Build.props"),
                properties,
                TestContext.Current.CancellationToken
            );
            var start = new ProcessStartInfo("bash", ["-e", "-c", script])
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["GITHUB_REF_NAME"] = tag;
            using var bash = Process.Start(start)!;
            var output = bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.Empty(await bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(bash.ExitCode == 0, (await output).Length == 0);
            return bash.ExitCode == 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<string> Jobs(string text) =>
        JobStart().Split(text.Split("\njobs:\n")[1]).Where(job => job.Trim().Length > 0).Select(job => "\n" + job);

    private static IEnumerable<string> Steps(string text) => text.Split("\n      - ");

    [GeneratedRegex("<Version>([^<]+)</Version>")]
    private static partial Regex VersionOf();

    [GeneratedRegex(@"\buses:\s")]
    private static partial Regex Uses();

    [GeneratedRegex(@"uses: (?<repository>[\w.-]+/[\w.-]+)(?:/[\w./-]+)?@(?<pin>[0-9a-f]{40} # v\d+\.\d+\.\d+)(?=\s|$)")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"^  [\w-]+:\n", RegexOptions.Multiline)]
    private static partial Regex JobStart();

    [GeneratedRegex(@"sbom-path: (\S+)")]
    private static partial Regex Bill();

    [GeneratedRegex(@"Azure/setup-azd@\S+ # \S+\n        with:\n          version: (\d+\.\d+\.\d+)\n")]
    private static partial Regex AzdPin();

    [GeneratedRegex(@"\n  azd: "">= (\S+) < (\S+)""\n")]
    private static partial Regex AzdRange();

    [GeneratedRegex(@"directory: (\S+)")]
    private static partial Regex DependabotFolder();
}
