using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Autopilot.Cce.Settings;
using Autopilot.Core.Notifications;
using Autopilot.Core.Retention;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Settings;

namespace Autopilot.Infra.Tests;

public sealed partial class TemplateTests(BicepFixture bicep)
{
    private Template Compiled => new(bicep.Template);

    [Fact]
    public void It_compiles_and_neither_compiler_nor_linter_has_anything_to_say() => Assert.Equal("", bicep.Said.Trim());

    [Fact]
    public async Task A_warning_of_the_linter_is_an_error()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, "bicepconfig.json"),
            Repository.Text("infra/bicepconfig.json"),
            TestContext.Current.CancellationToken
        );
        var file = Path.Combine(folder.Path, "main.bicep");
        await File.WriteAllTextAsync(file, "param unused string\n", TestContext.Current.CancellationToken);

        var (_, said) = await BicepFixture.RunAsync("lint", file);

        Assert.Contains("Error no-unused-params", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_fetched_from_elsewhere_when_it_is_compiled() =>
        Assert.All(
            Directory.GetFiles(Path.Combine(Repository.Root, "infra"), "*.bicep"),
            path => Assert.DoesNotMatch("'(br|ts)[:/]", File.ReadAllText(path))
        );

    [Fact]
    public void It_keeps_to_every_rule() => Assert.Empty(TemplateRules.Broken(Compiled));

    [Theory]
    [InlineData("\"allowSharedKeyAccess\": false", "\"allowSharedKeyAccess\": true", "storage: allowSharedKeyAccess")]
    [InlineData("\"minimumTlsVersion\": \"TLS1_2\"", "\"minimumTlsVersion\": \"TLS1_0\"", "storage: minimumTlsVersion")]
    [InlineData("\"allowBlobPublicAccess\": false,", "", "storage: allowBlobPublicAccess")]
    [InlineData("\"enablePurgeProtection\": true,", "", "vault: enablePurgeProtection")]
    [InlineData("\"enableRbacAuthorization\": true", "\"enableRbacAuthorization\": false", "vault: enableRbacAuthorization")]
    [InlineData("\"DisableLocalAuth\": true", "\"DisableLocalAuth\": false", "telemetry: DisableLocalAuth")]
    [InlineData("\"httpsOnly\": true", "\"httpsOnly\": false", "site: httpsOnly")]
    [InlineData("\"minTlsVersion\": \"1.2\"", "\"minTlsVersion\": \"1.0\"", "site: minTlsVersion")]
    [InlineData("\"version\": \"10.0\"", "\"version\": \"8.0\"", "site: runtime")]
    [InlineData("\"type\": \"UserAssignedIdentity\"", "\"type\": \"StorageAccountConnectionString\"", "site: package storage by identity")]
    [InlineData("'Polling__FanOut'", "'Polling__Fanout'", "setting Polling__FanOut is missing")]
    [InlineData("'Polling__FanOut'", "'Polling__Fanout'", "setting Polling__Fanout is nobody's")]
    [InlineData("\"Retention__History\": {", "\"Retention__Histories\": {", "setting Retention__History is missing")]
    [InlineData("'Tracking__Workflows__{0}'", "'Tracking__Workflow__{0}'", "setting Tracking__Workflows__{0} is missing")]
    [InlineData(
        "'AutopilotStorage__queueServiceUri'",
        "'AutopilotStorage__queueServiceURI'",
        "setting AutopilotStorage__queueServiceUri is missing"
    )]
    [InlineData(
        "'AutopilotStorage__credential', 'managedidentity'",
        "'AutopilotStorage__credential', ''",
        "AutopilotStorage is not by identity"
    )]
    [InlineData(
        "'PollQueue', ",
        "'AzureWebJobsStorage', listKeys('x').keys[0].value, 'PollQueue', ",
        "AzureWebJobsStorage is a connection string"
    )]
    [InlineData(
        "'PollQueue', ",
        "'FUNCTIONS_WORKER_RUNTIME', 'dotnet-isolated', 'PollQueue', ",
        "a setting is not allowed on Flex Consumption"
    )]
    [InlineData(
        "\"scope\": \"[resourceId('Microsoft.KeyVault/vaults', format('kv-{0}', variables('suffix')))]\",",
        "",
        "role vaultRole is given on the resource group"
    )]
    [InlineData(
        "variables('roles').monitoringMetricsPublisher",
        "variables('roles').blobDataOwner",
        "role telemetryRole gives blobDataOwner on Microsoft.Insights/components"
    )]
    public void A_template_that_breaks_a_rule_is_found_out(string kept, string broken, string expected)
    {
        var mutated = bicep.Template.Replace(kept, broken, StringComparison.Ordinal);

        Assert.NotEqual(bicep.Template, mutated);
        Assert.Contains(expected, TemplateRules.Broken(new Template(mutated)));
    }

    [Fact]
    public void An_output_that_gives_away_a_key_is_found_out()
    {
        var template = JsonNode.Parse(bicep.Template)!;
        template["outputs"]!["STORAGE"] = new JsonObject
        {
            ["type"] = "string",
            ["value"] = "[listKeys('storage', '2024-01-01').keys[0].value]",
        };

        Assert.Contains("output STORAGE may be a secret", TemplateRules.Broken(new Template(template.ToJsonString())));
    }

    [Fact]
    public void Sections_have_no_setting_that_the_apps_options_do_not_have()
    {
        var names = Compiled.SettingNames;

        HasAll("Cce__", names, typeof(CceOptions), typeof(ConsoleOptions));
        HasAll("Cce__Iam__", names, typeof(IamOptions));
        HasAll("Polling__", names, typeof(PollingOptions));
        HasAll("Retention__", names, typeof(RetentionOptions));
        HasAll("Discovery__", names, typeof(DiscoveryOptions));
        HasAll("Notifications__", names, typeof(NotificationOptions));

        static void HasAll(string prefix, IEnumerable<string> names, params Type[] options)
        {
            var own = names
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(name => name[prefix.Length..])
                .Where(name => !name.Contains("__", StringComparison.Ordinal))
                .ToList();
            Assert.NotEmpty(own);
            Assert.All(own, name => Assert.Contains(options, type => type.GetProperty(name) is not null));
        }
    }

    [Fact]
    public void The_platforms_page_at_the_root_is_off() =>
        Assert.Contains("'AzureWebJobsDisableHomepage', 'true'", Compiled.AppSettings, StringComparison.Ordinal);

    [Fact]
    public void The_shard_queue_has_a_trigger_in_queue_mode_only() =>
        Assert.Contains(
            "'AzureWebJobs.PollShard.Disabled', if(equals(parameters('fanOut'), 'Queue'), 'false', 'true')",
            Compiled.AppSettings,
            StringComparison.Ordinal
        );

    [Fact]
    public void Every_schedule_that_an_interval_gives_is_one_that_the_app_reads()
    {
        Assert.Contains(
            "'PollSchedule', if(equals(parameters('pollIntervalMinutes'), 1), '0 * * * * *', format('0 */{0} * * * *', "
                + "parameters('pollIntervalMinutes')))",
            Compiled.AppSettings,
            StringComparison.Ordinal
        );
        var intervals = Compiled.Module("app")["definitions"]!["pollInterval"]!["allowedValues"]!
            .AsArray()
            .Select(minutes => (int)minutes!);
        Assert.All(
            intervals,
            minutes =>
                Assert.Equal(
                    TimeSpan.FromMinutes(minutes),
                    Schedule.TryParse(minutes == 1 ? "0 * * * * *" : $"0 */{minutes} * * * *")!.TickAt(DateTimeOffset.UnixEpoch)
                )
        );
    }

    [Fact]
    public void The_tables_that_the_app_uses_are_there_with_a_role_on_each()
    {
        var options = new StorageOptions();
        string[] used =
        [
            .. new[] { "WorkflowsTable", "RunsTable" }.Select(name =>
                (string)typeof(StorageOptions).GetProperty(name, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(options)!
            ),
        ];
        Assert.Equal("Autopilot", (string)Compiled.Parameters["tablePrefix"]!["defaultValue"]!);

        Assert.Equal(
            used.Select(table => $"'{{0}}{table["Autopilot".Length..]}', parameters('tablePrefix')").Order(StringComparer.Ordinal),
            Compiled
                .OfType("Microsoft.Storage/storageAccounts/tableServices/tables")
                .Select(table => TableName().Match((string)table["name"]!).Value)
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            used.Length,
            Compiled
                .OfType("Microsoft.Authorization/roleAssignments")
                .Count(role => ((string)role["scope"]!).Contains("/tableServices/tables'", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void The_credential_can_only_come_in_as_a_secure_parameter()
    {
        foreach (var template in Compiled.Templates.Where(one => one["parameters"]?["secrets"] is not null))
        {
            var type = (string)template["parameters"]!["secrets"]!["$ref"]!;
            Assert.Equal("secureObject", (string?)template["definitions"]![type.Split('/')[^1]]!["type"]);
        }

        Assert.Contains("@Microsoft.KeyVault(SecretUri={0}secrets/{1})", Compiled.AppSettings, StringComparison.Ordinal);
    }

    [Fact]
    public void Sign_in_leaves_the_probes_alone_and_is_off_unless_an_app_registration_is_named()
    {
        var signIn = Compiled.Resources.Single(r => r.Name == "site::signIn").Resource;

        Assert.Equal("[not(empty(parameters('entraClientId')))]", (string)signIn["condition"]!);
        Assert.Equal(
            ["/api/health/live", "/api/health/ready"],
            signIn["properties"]!["globalValidation"]!["excludedPaths"]!.AsArray().Select(path => (string)path!)
        );
        Assert.Equal("", (string)Compiled.Parameters["entraClientId"]!["defaultValue"]!);
    }

    [Fact]
    public void Every_parameter_and_every_output_says_what_it_is() =>
        Assert.All(
            Compiled.Templates,
            template =>
                Assert.All(
                    (template["parameters"]?.AsObject() ?? []).Concat(template["outputs"]?.AsObject() ?? []),
                    one => Assert.False(string.IsNullOrWhiteSpace((string?)one.Value!["metadata"]?["description"]), one.Key)
                )
        );

    [Fact]
    public void The_parameters_file_gives_what_has_no_default_and_nothing_that_does_not_exist()
    {
        var given = JsonNode.Parse(Repository.Text("infra/main.parameters.json"))!["parameters"]!
            .AsObject()
            .Select(parameter => parameter.Key)
            .ToList();
        var required = Compiled.Parameters.Where(parameter => parameter.Value!["defaultValue"] is null).Select(parameter => parameter.Key);

        Assert.Empty(given.Except(Compiled.Parameters.Select(parameter => parameter.Key)));
        Assert.Empty(required.Except(given));
    }

    [Fact]
    public void Azd_finds_the_app_by_the_tag_that_the_template_gives_it()
    {
        var azd = Repository.Text("azure.yaml");
        var tag = (string)Compiled.OfType("Microsoft.Web/sites").Single()["tags"]!["azd-service-name"]!;

        Assert.Contains($"services:\n  {tag}:\n    project: src/Autopilot.Functions\n", azd, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(Repository.Root, "src/Autopilot.Functions")));
        Assert.Contains(
            "azd-env-name",
            Compiled.OfType("Microsoft.Resources/resourceGroups").Single().ToJsonString(),
            StringComparison.Ordinal
        );
    }

    [GeneratedRegex(@"'\{0\}\w+', parameters\('tablePrefix'\)")]
    private static partial Regex TableName();

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("bicep").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
