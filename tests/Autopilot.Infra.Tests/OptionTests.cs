using System.Text.Json.Nodes;

namespace Autopilot.Infra.Tests;

/// <summary>What a deployment asks for, and what it makes only on request.</summary>
public sealed class OptionTests(BicepFixture bicep)
{
    private static readonly string[] Optional =
    [
        "Microsoft.Authorization/locks",
        "Microsoft.Insights/diagnosticSettings",
        "Microsoft.Network/virtualNetworks",
        "Microsoft.Network/natGateways",
        "Microsoft.Network/privateEndpoints",
        "Microsoft.Network/privateDnsZones",
    ];

    [Fact]
    public void A_fresh_deployment_asks_for_what_to_watch_and_whom_to_notify()
    {
        var asked = new Template(bicep.Template)
            .Parameters.Where(parameter => parameter.Value!["defaultValue"] is null)
            .Select(parameter => parameter.Key);
        var file = JsonNode.Parse(Repository.Text("infra/main.parameters.json"))!["parameters"]!;

        Assert.Equal(["cceProjectId", "cceRegion", "environmentName", "location", "notify", "watch"], asked.Order(StringComparer.Ordinal));
        // A default in the file would be taken without a question, and a least length would forbid to leave it blank.
        Assert.Equal("${AUTOPILOT_WATCH}", (string?)file["watch"]!["value"]);
        Assert.Equal("${AUTOPILOT_NOTIFY}", (string?)file["notify"]!["value"]);
        Assert.All(["watch", "notify"], name => Assert.Null(new Template(bicep.Template).Parameters[name]!["minLength"]));
    }

    [Fact]
    public void A_pipeline_is_never_asked()
    {
        var deploy = Repository.Text(".github/workflows/deploy.yml");
        var file = Repository.Text("infra/main.parameters.json");

        Assert.All(
            ["AZURE_ENV_NAME", "AZURE_LOCATION", "CCE_REGION", "CCE_PROJECT_ID", "AUTOPILOT_WATCH", "AUTOPILOT_NOTIFY"],
            name =>
            {
                Assert.Contains($"\"${{{name}}}\"", file, StringComparison.Ordinal);
                Assert.Contains($"\n      {name}: ${{{{ vars.{name}", deploy, StringComparison.Ordinal);
            }
        );
        // azd takes an empty variable for one that was not given.
        Assert.All(
            ["AUTOPILOT_WATCH", "AUTOPILOT_NOTIFY"],
            name => Assert.Contains($"vars.{name} || 'none' }}}}", deploy, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Webhooks_have_header_fields_from_the_vault_and_are_validated_where_asked_for()
    {
        var deployment = await Deployment.PredictAsync(
            "param webhooks = [{ Name: 'plain' }, { Name: 'topic', headers: 2, Validate: true }]",
            "param settings = { Notifications__ConsoleUrl: 'https://console.example/{clusterId}' }"
        );

        string[] expected =
        [
            "Notifications__ConsoleUrl",
            "Notifications__Webhooks__0__Name",
            "Notifications__Webhooks__0__Url",
            "Notifications__Webhooks__1__Headers__0",
            "Notifications__Webhooks__1__Headers__1",
            "Notifications__Webhooks__1__Name",
            "Notifications__Webhooks__1__Url",
            "Notifications__Webhooks__1__Validate",
        ];
        var given = deployment
            .Settings.Where(setting => setting.Key.StartsWith("Notifications__", StringComparison.Ordinal))
            .OrderBy(setting => setting.Key, StringComparer.Ordinal)
            .ToList();
        Assert.Equal(expected, given.Select(setting => setting.Key));
        Assert.All(
            given.Where(setting => setting.Key.Contains("Headers", StringComparison.Ordinal)),
            setting => Assert.Contains("secrets/Notifications-Webhooks-{1}-Headers-{2})", setting.Value, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Nothing_is_watched_and_no_one_notified_where_the_answer_is_blank_or_none()
    {
        var words = await Deployment.PredictAsync("param watch = ' None ,, '", "param notify = 'none'");
        foreach (var deployment in new[] { await Deployment.Default, words })
        {
            Assert.DoesNotContain(deployment.Settings.Keys, name => name.StartsWith("Tracking__", StringComparison.Ordinal));
            Assert.Empty(deployment.OfType("Microsoft.Insights/actionGroups"));
            Assert.NotEmpty(deployment.OfType("Microsoft.Insights/scheduledQueryRules"));
        }
    }

    [Fact]
    public async Task What_is_watched_is_distinguished_by_its_parts_and_joins_the_lists()
    {
        var deployment = await Deployment.Full;

        Assert.Equal(
            [
                "Tracking__Clusters__0=p2/c2",
                "Tracking__Projects__0=p1",
                "Tracking__Projects__1=p4",
                "Tracking__Projects__2=p5",
                "Tracking__Workflows__0=p3/c3/w3",
            ],
            deployment
                .Settings.Where(setting => setting.Key.StartsWith("Tracking__", StringComparison.Ordinal))
                .Select(setting => $"{setting.Key}={setting.Value}")
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            ["a@example.com", "b@example.com", "c@example.com"],
            deployment.Single("Microsoft.Insights/actionGroups")["properties"]!["emailReceivers"]!
                .AsArray()
                .Select(receiver => (string)receiver!["emailAddress"]!)
        );
    }

    [Fact]
    public async Task Every_option_is_off_by_default()
    {
        var deployment = await Deployment.Default;

        Assert.DoesNotContain(deployment.Resources, resource => Optional.Contains((string?)resource["type"]));
        Assert.Equal("Enabled", (string?)deployment.Single("Microsoft.Storage/storageAccounts")["properties"]!["publicNetworkAccess"]);
        Assert.Equal("Enabled", (string?)deployment.Single("Microsoft.KeyVault/vaults")["properties"]!["publicNetworkAccess"]);
        Assert.Null(deployment.Single("Microsoft.Web/sites")["properties"]!["virtualNetworkSubnetId"]);
    }

    [Fact]
    public async Task With_private_endpoints_storage_and_vault_are_closed_to_the_public()
    {
        var deployment = await Deployment.Full;

        Assert.All(
            [deployment.Single("Microsoft.Storage/storageAccounts"), deployment.Single("Microsoft.KeyVault/vaults")],
            resource =>
            {
                Assert.Equal("Disabled", (string?)resource["properties"]!["publicNetworkAccess"]);
                Assert.Equal("Deny", (string?)resource["properties"]!["networkAcls"]!["defaultAction"]);
            }
        );
    }

    [Fact]
    public async Task With_private_endpoints_the_app_reaches_each_service_that_its_settings_name()
    {
        var deployment = await Deployment.Full;
        var services = deployment
            .Settings.Keys.Where(name => name.EndsWith("ServiceUri", StringComparison.Ordinal))
            .Select(name => name.Split("__")[1][..^"ServiceUri".Length])
            .Distinct()
            .Append("vault")
            .Order(StringComparer.Ordinal)
            .ToList();
        var reached = deployment
            .OfType("Microsoft.Network/privateEndpoints")
            .Select(endpoint => endpoint["properties"]!["privateLinkServiceConnections"]![0]!["properties"]!)
            .ToDictionary(
                connection => (string)connection["groupIds"]![0]!,
                connection => (string)connection["privateLinkServiceId"]!,
                StringComparer.Ordinal
            );

        Assert.Equal(services, reached.Keys.Order(StringComparer.Ordinal));
        Assert.All(
            reached,
            one =>
                Assert.Contains(
                    one.Key == "vault" ? "Microsoft.KeyVault/vaults" : "Microsoft.Storage/storageAccounts",
                    one.Value,
                    StringComparison.Ordinal
                )
        );
        foreach (var type in new[] { "privateDnsZones", "privateDnsZones/virtualNetworkLinks", "privateEndpoints/privateDnsZoneGroups" })
        {
            Assert.Equal(services.Count, deployment.OfType($"Microsoft.Network/{type}").Count());
        }

        var subnets = deployment.Single("Microsoft.Network/virtualNetworks")["properties"]!["subnets"]!.AsArray();
        Assert.Equal(["10.1.2.0/26", "10.1.2.64/26"], subnets.Select(subnet => (string)subnet!["properties"]!["addressPrefix"]!));
        Assert.Equal("Microsoft.App/environments", (string?)subnets[0]!["properties"]!["delegations"]![0]!["properties"]!["serviceName"]);
        Assert.NotNull(subnets[0]!["properties"]!["natGateway"]);
        Assert.Contains(
            ".outputs.appSubnetId.",
            (string?)deployment.Single("Microsoft.Web/sites")["properties"]!["virtualNetworkSubnetId"],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_lock_keeps_storage_and_vault_from_being_deleted_and_nothing_else()
    {
        var locks = (await Deployment.Full).OfType("Microsoft.Authorization/locks").ToList();

        Assert.All(locks, one => Assert.Equal("CanNotDelete", (string?)one["properties"]!["level"]));
        Assert.Equal(["storageAccounts", "vaults"], locks.Select(Parent).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_audit_logs_secrets_packages_and_deletions_and_not_what_the_app_always_does()
    {
        var deployment = await Deployment.Full;
        var workspace = (string)deployment.Single("Microsoft.OperationalInsights/workspaces")["id"]!;
        var audits = deployment.OfType("Microsoft.Insights/diagnosticSettings").ToList();

        Assert.All(audits, audit => Assert.Equal(workspace, (string?)audit["properties"]!["workspaceId"]));
        Assert.Equal(
            ["blobServices: StorageWrite, StorageDelete", "tableServices: StorageDelete", "vaults: audit"],
            audits.Select(audit => $"{Parent(audit)}: {string.Join(", ", Logs(audit))}").Order(StringComparer.Ordinal)
        );

        static IEnumerable<string?> Logs(JsonObject audit) =>
            audit["properties"]!["logs"]!.AsArray().Select(log => (string?)log!["category"] ?? (string?)log["categoryGroup"]);
    }

    /// <summary>The kind of resource that one belongs to.</summary>
    private static string Parent(JsonObject resource) => ((string)resource["id"]!).Split("/providers/")[^2].Split('/')[^2];
}
