using System.Text.RegularExpressions;
using Autopilot.Core.Settings;
using Autopilot.Core.Tracking;
using Azure.Data.Tables;
using Azure.Storage.Queues;

namespace Autopilot.Storage.Settings;

/// <summary>
/// Reads where the tables are and finds everything that is wrong with it at once. A connection string is never part of a message.
/// </summary>
internal static partial class StorageSettings
{
    private static readonly string[] IdentityNames = ["accountName", "tableServiceUri", "queueServiceUri", "credential", "clientId"];

    public static void Read(StorageOptions options, SettingsReader settings)
    {
        options.TablePrefix = settings.Text("Storage:TablePrefix") ?? options.TablePrefix;
        if (!PrefixForm().IsMatch(options.TablePrefix))
        {
            settings.Fail(
                $"Storage:TablePrefix is '{SettingsReader.Shown(options.TablePrefix)}': give 1 to 54 letters and digits, a letter first."
            );
        }

        options.PollQueue = settings.Text("PollQueue") ?? options.PollQueue;
        if (!QueueForm().IsMatch(options.PollQueue))
        {
            settings.Fail(
                $"PollQueue is '{SettingsReader.Shown(options.PollQueue)}': give 3 to 63 lower-case letters, digits and single "
                    + "dashes, a letter or a digit first and last."
            );
        }

        options.Source = Array.Find(
            [StorageOptions.Setting, StorageOptions.FallbackSetting],
            name => settings.IsGiven(name) || GivenIdentity(name, settings).Count > 0
        );
        if (options.Source is not { } source)
        {
            settings.Fail(
                $"{StorageOptions.Setting} is missing, and so is {StorageOptions.FallbackSetting}: give a storage connection string "
                    + "('UseDevelopmentStorage=true' for a local Azurite),"
                    + $" or {StorageOptions.Setting}:accountName for access by identity."
            );
            return;
        }

        options.ConnectionString = settings.Text(source);
        options.AccountName = settings.Text($"{source}:accountName");
        options.TableServiceUri = settings.Text($"{source}:tableServiceUri");
        options.QueueServiceUri = settings.Text($"{source}:queueServiceUri");
        options.Credential = settings.Text($"{source}:credential");
        options.ClientId = settings.Text($"{source}:clientId");
        if (settings.IsGiven(source))
        {
            CheckConnectionString(source, options, settings);
        }
        else
        {
            CheckIdentity(source, options, settings);
        }
    }

    private static List<string> GivenIdentity(string source, SettingsReader settings) =>
        [.. IdentityNames.Select(name => $"{source}:{name}").Where(settings.IsGiven)];

    private static void CheckConnectionString(string source, StorageOptions options, SettingsReader settings)
    {
        if (GivenIdentity(source, settings) is { Count: > 0 } given)
        {
            settings.Fail(
                $"{source} is given twice, as a connection string and in its identity-based form ({string.Join(", ", given)}): give "
                    + "one of them."
            );
        }
        else if (options.ConnectionString is { } text && !IsConnectionString(text))
        {
            settings.Fail(
                $"{source} is not a storage connection string; its value is not shown: give one such as "
                    + "'DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…', or 'UseDevelopmentStorage=true'."
            );
        }
        else if (options.ConnectionString is { } queues && IsFannedOut(settings) && !NamesQueues(queues))
        {
            settings.Fail($"{source} names no queue service; its value is not shown: add QueueEndpoint=…, since Polling:FanOut is Queue.");
        }
    }

    private static void CheckIdentity(string source, StorageOptions options, SettingsReader settings)
    {
        if (settings.IsGiven($"{source}:accountName"))
        {
            if (settings.IsGiven($"{source}:tableServiceUri"))
            {
                settings.Fail($"{source}:accountName and {source}:tableServiceUri are both set: give one of them.");
            }

            if (options.AccountName is { } account && !AccountForm().IsMatch(account))
            {
                settings.Fail($"{source}:accountName is '{SettingsReader.Shown(account)}': give 3 to 24 lower-case letters and digits.");
            }
        }
        else if (!settings.IsGiven($"{source}:tableServiceUri"))
        {
            settings.Fail(
                $"{source}:tableServiceUri is missing, and so is {source}:accountName: give one of them, to say where the tables are."
            );
        }

        if (options.AccountName is null && options.QueueServiceUri is null && IsFannedOut(settings))
        {
            settings.Fail(
                $"{source}:queueServiceUri is missing, and so is {source}:accountName: give one of them, since Polling:FanOut is Queue."
            );
        }

        CheckAddress($"{source}:tableServiceUri", options.TableServiceUri, settings);
        CheckAddress($"{source}:queueServiceUri", options.QueueServiceUri, settings);
        if (options.Credential is { } credential && !credential.Equals("managedidentity", StringComparison.OrdinalIgnoreCase))
        {
            settings.Fail($"{source}:credential is '{SettingsReader.Shown(credential)}': give 'managedidentity', or leave it out.");
        }
    }

    private static void CheckAddress(string setting, string? value, SettingsReader settings)
    {
        if (
            value is not null
            && !(
                Uri.TryCreate(value, UriKind.Absolute, out var uri)
                && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
                && uri.Query.Length == 0
                && uri.UserInfo.Length == 0
            )
        )
        {
            // What is not shown may be a signature that belongs elsewhere.
            settings.Fail(
                $"{setting} is not an address that can be used; its value is not shown: give https://host without a query, or http on "
                    + "loopback."
            );
        }
    }

    // Core answers for the setting itself.
    private static bool IsFannedOut(SettingsReader settings) =>
        nameof(FanOutMode.Queue).Equals(settings.Text("Polling:FanOut"), StringComparison.OrdinalIgnoreCase);

    private static bool NamesQueues(string connectionString)
    {
        try
        {
            // A string that names tables alone makes a client without an address.
            return new QueueServiceClient(connectionString).Uri is not null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

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
    private static partial Regex PrefixForm();

    [GeneratedRegex("^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.CultureInvariant)]
    private static partial Regex QueueForm();

    [GeneratedRegex("^[a-z0-9]{3,24}$", RegexOptions.CultureInvariant)]
    private static partial Regex AccountForm();
}
