using Autopilot.Storage.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Autopilot.Storage.Tests;

/// <summary>Every wrong setting is named, and no secret is repeated.</summary>
public sealed class SettingsTests
{
    private const string Secret = "AccountKey=bm90LWEta2V5";
    private const string Good = "DefaultEndpointsProtocol=https;AccountName=acme;" + Secret + ";EndpointSuffix=core.windows.net";

    [Theory]
    [InlineData("AutopilotStorage", Good)]
    [InlineData("AzureWebJobsStorage", Good)]
    [InlineData("AzureWebJobsStorage", "UseDevelopmentStorage=true")]
    [InlineData("AutopilotStorage:accountName", "acme")]
    [InlineData("AutopilotStorage:tableServiceUri", "https://acme.table.core.windows.net")]
    [InlineData("AutopilotStorage:tableServiceUri", "http://127.0.0.1:20002/devstoreaccount1")]
    [InlineData("AutopilotStorage:accountName", "acme", "Polling:FanOut", "Queue")]
    [InlineData(
        "AutopilotStorage:tableServiceUri",
        "https://acme.table.core.windows.net",
        "AutopilotStorage:queueServiceUri",
        "https://acme.queue.core.windows.net",
        "Polling:FanOut",
        "Queue"
    )]
    [InlineData("AutopilotStorage", Good, "Polling:FanOut", "Queue")]
    [InlineData("AutopilotStorage", Good, "PollQueue", "a-1")]
    [InlineData(
        "AzureWebJobsStorage:accountName",
        "acme",
        "AzureWebJobsStorage:credential",
        "managedidentity",
        "AzureWebJobsStorage:clientId",
        "5c2c6f0e-0000-0000-0000-000000000000"
    )]
    public void Every_documented_form_is_taken(params string[] settings) => Assert.NotNull(Options(settings).Source);

    [Fact]
    public void The_own_setting_goes_before_the_platforms()
    {
        var options = Options("AutopilotStorage:accountName", "mine", "AzureWebJobsStorage", Good);

        Assert.Equal(("AutopilotStorage", "mine", null), (options.Source, options.AccountName, options.ConnectionString));
    }

    [Theory]
    [InlineData("AutopilotStorage is missing, and so is AzureWebJobsStorage")]
    [InlineData("AutopilotStorage is not a storage connection string", "AutopilotStorage", "AccountName=;" + Secret)]
    [InlineData("AutopilotStorage is not a storage connection string", "AutopilotStorage", Secret)]
    [InlineData("AzureWebJobsStorage is not a storage connection string", "AzureWebJobsStorage", "hello")]
    [InlineData(
        "AutopilotStorage is given twice, as a connection string and in its identity-based form (AutopilotStorage:accountName)",
        "AutopilotStorage",
        Good,
        "AutopilotStorage:accountName",
        "acme"
    )]
    [InlineData(
        "AutopilotStorage is a Key Vault reference that was not resolved",
        "AutopilotStorage",
        "@Microsoft.KeyVault(SecretUri=https://vault/secrets/bm90LWEta2V5)"
    )]
    [InlineData(
        "AutopilotStorage:accountName and AutopilotStorage:tableServiceUri are both set",
        "AutopilotStorage:accountName",
        "acme",
        "AutopilotStorage:tableServiceUri",
        "https://acme.table.core.windows.net"
    )]
    [InlineData("AutopilotStorage:accountName is 'Not_Good'", "AutopilotStorage:accountName", "Not_Good")]
    [InlineData(
        "AutopilotStorage:tableServiceUri is not an address that can be used",
        "AutopilotStorage:tableServiceUri",
        "http://example.com"
    )]
    [InlineData(
        "AutopilotStorage:tableServiceUri is not an address that can be used",
        "AutopilotStorage:tableServiceUri",
        "https://example.com/?sig=bm90LWEta2V5"
    )]
    [InlineData("AutopilotStorage:tableServiceUri is missing", "AutopilotStorage:queueServiceUri", "https://acme.queue.core.windows.net")]
    [InlineData(
        "AutopilotStorage:credential is 'password': give 'managedidentity'",
        "AutopilotStorage:accountName",
        "acme",
        "AutopilotStorage:credential",
        "password"
    )]
    [InlineData(
        "AutopilotStorage:queueServiceUri is missing, and so is AutopilotStorage:accountName: give one of them, since Polling:FanOut "
            + "is Queue",
        "AutopilotStorage:tableServiceUri",
        "https://acme.table.core.windows.net",
        "Polling:FanOut",
        "queue"
    )]
    [InlineData(
        "AutopilotStorage names no queue service; its value is not shown",
        "AutopilotStorage",
        "TableEndpoint=https://acme.table.core.windows.net;SharedAccessSignature=sv=2024-11-04&sig=bm90LWEta2V5",
        "Polling:FanOut",
        "Queue"
    )]
    [InlineData(
        "PollQueue is 'ab': give 3 to 63 lower-case letters, digits and single dashes, a letter or a digit first and last.",
        "AutopilotStorage",
        Good,
        "PollQueue",
        "ab"
    )]
    [InlineData("PollQueue is 'Shards'", "AutopilotStorage", Good, "PollQueue", "Shards")]
    [InlineData("PollQueue is 'two--dashes'", "AutopilotStorage", Good, "PollQueue", "two--dashes")]
    [InlineData("PollQueue is '-first'", "AutopilotStorage", Good, "PollQueue", "-first")]
    [InlineData("PollQueue is 'last-'", "AutopilotStorage", Good, "PollQueue", "last-")]
    [InlineData("PollQueue is 'with_underscore'", "AutopilotStorage", Good, "PollQueue", "with_underscore")]
    [InlineData(
        "PollQueue is 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'",
        "AutopilotStorage",
        Good,
        "PollQueue",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    )]
    [InlineData("Storage:TablePrefix is '1a': give 1 to 54 letters and digits", "AutopilotStorage", Good, "Storage:TablePrefix", "1a")]
    [InlineData("Storage:TablePrefix is 'with-dash'", "AutopilotStorage", Good, "Storage:TablePrefix", "with-dash")]
    public void A_wrong_setting_is_named(string message, params string[] settings)
    {
        var refused = Assert.Throws<OptionsValidationException>(() => Options(settings));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("bm90LWEta2V5", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_wrong_is_named_at_once()
    {
        var refused = Assert.Throws<OptionsValidationException>(() =>
            Options("Storage:TablePrefix", "1a", "AutopilotStorage:accountName", "A!", "AutopilotStorage:credential", "x")
        );

        Assert.Equal(
            ["Storage:TablePrefix", "AutopilotStorage:accountName", "AutopilotStorage:credential"],
            refused.Failures.Select(f => f[..f.IndexOf(' ', StringComparison.Ordinal)])
        );
    }

    [Fact]
    public void Blanks_around_a_value_do_not_matter()
    {
        var options = Options("AutopilotStorage", $" {Good}\n", "Storage:TablePrefix", " Mine ");

        Assert.Equal(("MineWorkflows", Good), (options.WorkflowsTable, options.ConnectionString));
        Assert.Equal("AutopilotRuns", Options("AutopilotStorage", Good, "Storage:TablePrefix", " ").RunsTable);
    }

    [Fact]
    public void A_prefix_of_54_letters_is_the_longest()
    {
        Assert.Equal(63, Options("AutopilotStorage", Good, "Storage:TablePrefix", new string('a', 54)).WorkflowsTable.Length);
        Assert.Throws<OptionsValidationException>(() => Options("AutopilotStorage", Good, "Storage:TablePrefix", new string('a', 55)));
    }

    private static StorageOptions Options(params string[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Chunk(2).Select(s => KeyValuePair.Create(s[0], (string?)s[1])))
            .Build();
        using var services = new ServiceCollection().AddLogging().AddAutopilotStorage(configuration).BuildServiceProvider();
        return services.GetRequiredService<IOptions<StorageOptions>>().Value;
    }
}
