using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Autopilot.Infra.Tests;

/// <summary>
/// What the template must keep to, each rule as a function from a template to what breaks it: so that the tests can show that each finds
/// something.
/// </summary>
internal static partial class TemplateRules
{
    /// <summary>Built-in roles that may be given, by the kind of resource that they are given on.</summary>
    private static readonly Dictionary<string, string[]> RolesByScope = new()
    {
        ["Microsoft.Storage/storageAccounts"] = ["blobDataOwner"],
        ["Microsoft.Storage/storageAccounts/tableServices/tables"] = ["tableDataContributor"],
        ["Microsoft.Storage/storageAccounts/queueServices/queues"] = ["queueDataContributor"],
        ["Microsoft.KeyVault/vaults"] = ["keyVaultSecretsUser", "keyVaultSecretsOfficer"],
        ["Microsoft.Insights/components"] = ["monitoringMetricsPublisher"],
    };

    public static IEnumerable<string> Broken(Template template) =>
        [
            .. Storage(template),
            .. Vaults(template),
            .. Telemetry(template),
            .. Sites(template),
            .. Settings(template),
            .. Outputs(template),
            .. Roles(template),
        ];

    private static IEnumerable<string> Storage(Template template) =>
        template
            .OfType("Microsoft.Storage/storageAccounts")
            .SelectMany(account =>
                Wrong(
                    account,
                    "storage",
                    ("allowSharedKeyAccess", "false"),
                    ("allowBlobPublicAccess", "false"),
                    ("minimumTlsVersion", "\"TLS1_2\""),
                    ("supportsHttpsTrafficOnly", "true"),
                    ("allowCrossTenantReplication", "false")
                )
            );

    private static IEnumerable<string> Vaults(Template template) =>
        template
            .OfType("Microsoft.KeyVault/vaults")
            .SelectMany(vault =>
                Wrong(vault, "vault", ("enableRbacAuthorization", "true"), ("enablePurgeProtection", "true"), ("enableSoftDelete", "true"))
            );

    private static IEnumerable<string> Telemetry(Template template) =>
        template
            .OfType("Microsoft.Insights/components")
            .SelectMany(component => Wrong(component, "telemetry", ("DisableLocalAuth", "true")))
            .Concat(
                template
                    .OfType("Microsoft.OperationalInsights/workspaces")
                    .SelectMany(workspace =>
                        Wrong(workspace["properties"]!.AsObject(), "features", "workspace", ("disableLocalAuth", "true"))
                    )
            );

    private static IEnumerable<string> Sites(Template template) =>
        template
            .OfType("Microsoft.Web/sites")
            .SelectMany(site =>
                Wrong(site, "site", ("httpsOnly", "true"))
                    .Concat(
                        Wrong(
                            site["properties"]!.AsObject(),
                            "siteConfig",
                            "site",
                            ("minTlsVersion", "\"1.2\""),
                            ("scmMinTlsVersion", "\"1.2\""),
                            ("ftpsState", "\"Disabled\"")
                        )
                    )
                    .Concat((string?)site["identity"]?["type"] == "UserAssigned" ? [] : ["site: identity"])
                    .Concat(site["properties"]!["keyVaultReferenceIdentity"] is null ? ["site: keyVaultReferenceIdentity"] : [])
                    .Concat(
                        (string?)site["properties"]!["functionAppConfig"]?["runtime"]?["name"] == "dotnet-isolated"
                        && (string?)site["properties"]!["functionAppConfig"]?["runtime"]?["version"] == "10.0"
                            ? []
                            : ["site: runtime"]
                    )
                    .Concat(
                        (string?)site["properties"]!["functionAppConfig"]?["deployment"]?["storage"]?["authentication"]?["type"]
                        == "UserAssignedIdentity"
                            ? []
                            : ["site: package storage by identity"]
                    )
            );

    private static IEnumerable<string> Settings(Template template)
    {
        var names = template.SettingNames;
        string[] known = [.. Contract.Promised, .. Contract.Documented(), .. Contract.Platforms];
        foreach (var missing in known.Except(names))
        {
            yield return $"setting {missing} is missing";
        }

        foreach (var unknown in names.Except(known))
        {
            yield return $"setting {unknown} is nobody's";
        }

        foreach (var connection in new[] { "AzureWebJobsStorage", "AutopilotStorage" })
        {
            if (!template.AppSettings.Contains($"'{connection}__credential', 'managedidentity'", StringComparison.Ordinal))
            {
                yield return $"{connection} is not by identity";
            }

            if (template.AppSettings.Contains($"'{connection}',", StringComparison.Ordinal))
            {
                yield return $"{connection} is a connection string";
            }
        }

        if (Secret().IsMatch(template.AppSettings))
        {
            yield return "a setting holds a key";
        }
        // Flex Consumption refuses these; they are in functionAppConfig.
        if (
            template.AppSettings.Contains("FUNCTIONS_WORKER_RUNTIME", StringComparison.Ordinal)
            || template.AppSettings.Contains("FUNCTIONS_EXTENSION_VERSION", StringComparison.Ordinal)
        )
        {
            yield return "a setting is not allowed on Flex Consumption";
        }
    }

    private static IEnumerable<string> Outputs(Template template) =>
        from one in template.Templates
        from output in one["outputs"]?.AsObject() ?? []
        let text = output.Value!.ToJsonString()
        where
            Secret().IsMatch(text)
            || text.Contains("secure", StringComparison.OrdinalIgnoreCase)
            || text.Contains("ConnectionString", StringComparison.OrdinalIgnoreCase)
        select $"output {output.Key} may be a secret";

    private static IEnumerable<string> Roles(Template template)
    {
        foreach (var (name, role) in template.Resources.Where(r => Template.Type(r.Resource) == "Microsoft.Authorization/roleAssignments"))
        {
            var scope = Scope().Match((string?)role["scope"] ?? "").Groups[1].Value;
            var given = RoleName().Match((string)role["properties"]!["roleDefinitionId"]!).Groups[1].Value;
            if (!RolesByScope.TryGetValue(scope, out var allowed))
            {
                yield return $"role {name} is given on {(scope.Length == 0 ? "the resource group" : scope)}";
            }
            else if (!allowed.Contains(given))
            {
                yield return $"role {name} gives {given} on {scope}";
            }
        }
    }

    private static IEnumerable<string> Wrong(JsonObject resource, string what, params (string Property, string Value)[] expected) =>
        Wrong(resource, "properties", what, expected);

    private static IEnumerable<string> Wrong(
        JsonObject parent,
        string child,
        string what,
        params (string Property, string Value)[] expected
    ) => expected.Where(e => parent[child]?[e.Property]?.ToJsonString() != e.Value).Select(e => $"{what}: {e.Property}");

    [GeneratedRegex(@"(?i)listKeys|listSecrets|AccountKey|SharedAccessSignature|parameters\('secrets'\)")]
    private static partial Regex Secret();

    [GeneratedRegex(@"^\[resourceId\('([^']+)'")]
    private static partial Regex Scope();

    [GeneratedRegex(@"variables\('roles'\)\.(\w+)")]
    private static partial Regex RoleName();
}
