using System.Text.RegularExpressions;
using Autopilot.Core.Settings;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;

namespace Autopilot.Storage;

/// <summary>Tells what is wrong with the settings before anything is done with them. Never repeats a connection string.</summary>
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        var problems = Problems(options).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(StorageOptions options)
    {
        if (!TablePrefix().IsMatch(options.TablePrefix))
        {
            yield return $"Storage:TablePrefix is '{options.TablePrefix}'; allowed are 1 to 54 letters and digits, a letter first.";
        }

        if (options.Source is not { } source)
        {
            yield return $"{StorageOptions.Setting} is not set, nor is {StorageOptions.FallbackSetting}: give a storage connection string ('UseDevelopmentStorage=true' for a local Azurite), or {StorageOptions.Setting}:accountName for access by identity.";
            yield break;
        }

        var unresolved = Values(options).Where(v => SettingsReader.IsUnresolvedReference(v.Value)).Select(v => v.Name).ToList();
        foreach (var setting in unresolved)
        {
            yield return $"{source}{setting} is a Key Vault reference that was not resolved: check that the reference names an existing secret and that the app's identity may read it.";
        }
        if (unresolved.Count > 0)
        {
            yield break;
        }

        if (options.ConnectionString is { } connectionString)
        {
            if (options.IsIdentityBased)
            {
                yield return $"{source} is set twice: as a connection string and in its identity-based form ({string.Join(", ", Values(options).Where(v => v.Name.Length > 0 && v.Value is not null).Select(v => source + v.Name))}). Keep one.";
            }
            else if (!IsConnectionString(connectionString))
            {
                yield return $"{source} is not a storage connection string; its value is not shown. It looks like 'DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…', or is 'UseDevelopmentStorage=true'.";
            }
            yield break;
        }

        if (options.AccountName is { } account)
        {
            if (options.TableServiceUri is not null)
            {
                yield return $"{source}:accountName and {source}:tableServiceUri are both set: keep one.";
            }
            if (!AccountName().IsMatch(account))
            {
                yield return $"{source}:accountName is '{account}'; allowed are 3 to 24 lower-case letters and digits.";
            }
        }
        else if (options.TableServiceUri is null)
        {
            yield return $"{source}:tableServiceUri is not set, nor is {source}:accountName: one of them must say where the tables are.";
        }

        foreach (var (setting, value) in ((string, string?)[])[("tableServiceUri", options.TableServiceUri), ("queueServiceUri", options.QueueServiceUri)])
        {
            if (value is not null && !(Uri.TryCreate(value, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)) && uri.Query.Length == 0 && uri.UserInfo.Length == 0))
            {
                // What is not shown may be a signature that belongs elsewhere.
                yield return $"{source}:{setting} is not an https address without a query (http is allowed on loopback).";
            }
        }

        if (options.Credential is { } credential && !credential.Equals("managedidentity", StringComparison.OrdinalIgnoreCase))
        {
            yield return $"{source}:credential is '{credential}'; allowed is 'managedidentity', or leave it out.";
        }
    }

    private static IEnumerable<(string Name, string? Value)> Values(StorageOptions options) =>
    [
        ("", options.ConnectionString),
        (":accountName", options.AccountName),
        (":tableServiceUri", options.TableServiceUri),
        (":queueServiceUri", options.QueueServiceUri),
        (":credential", options.Credential),
        (":clientId", options.ClientId),
    ];

    private static bool IsConnectionString(string value)
    {
        try
        {
            _ = new TableServiceClient(value);
            return true;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]{0,53}$", RegexOptions.CultureInvariant)]
    private static partial Regex TablePrefix();

    [GeneratedRegex("^[a-z0-9]{3,24}$", RegexOptions.CultureInvariant)]
    private static partial Regex AccountName();
}
