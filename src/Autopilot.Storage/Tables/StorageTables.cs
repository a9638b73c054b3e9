using Autopilot.Storage.Reading;
using Autopilot.Storage.Settings;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Microsoft.Extensions.Logging;

namespace Autopilot.Storage.Tables;

/// <summary>
/// The two tables, each with a client that reads and one that writes. The writing client never retries by itself. After a lost response the
/// store reads whether the write was committed, since a repeated one might notify twice.
/// </summary>
internal sealed partial class StorageTables(StorageOptions options, ILogger<StorageTables> logger)
{
    private readonly Lazy<(TableServiceClient Reading, TableServiceClient Writing)> _services = new(() =>
        (Connect(options, retries: 3), Connect(options, retries: 0))
    );

    public StoredTable Workflows => LazyInitializer.EnsureInitialized(ref field, () => Table(options.WorkflowsTable))!;

    public StoredTable Runs => LazyInitializer.EnsureInitialized(ref field, () => Table(options.RunsTable))!;

    /// <summary>Where the tables are, without a secret.</summary>
    public string Address => _services.Value.Reading.Uri.GetLeftPart(UriPartial.Path).TrimEnd('/');

    /// <summary>
    /// Ends one operation, with all its retries, at the latest after <see cref="StorageOptions.OperationTimeout"/>. The failure is then a
    /// cancellation that the caller did not request.
    /// </summary>
    public OperationDeadline Deadline(CancellationToken cancellationToken) => new(options.OperationTimeout, cancellationToken);

    /// <summary>Where rows that cannot be read are reported.</summary>
    public UnreadableRows Unreadable { get; } = new(logger);

    /// <summary>
    /// Creates a table that a request did not find, unless another process was faster. Never done at start: that would be a request per
    /// start for nothing.
    /// </summary>
    public async Task CreateAsync(TableClient table, CancellationToken cancellationToken)
    {
        using var deadline = Deadline(cancellationToken).Start();
        try
        {
            await _services.Value.Reading.CreateTableAsync(table.Name, deadline.Token);
        }
        catch (Azure.RequestFailedException e) when (StorageFailure.IsTableThere(e))
        {
            return;
        }
        catch (Exception e) when (StorageFailure.Of(e, cancellationToken) is { } failure)
        {
            throw failure;
        }
        LogTableCreated(table.Name);
    }

    private StoredTable Table(string name) =>
        new(_services.Value.Reading.GetTableClient(name), _services.Value.Writing.GetTableClient(name), this);

    private static TableServiceClient Connect(StorageOptions options, int retries)
    {
        var client = new TableClientOptions();
        client.AddRetries(retries);
        client.AddPolicy(new CountOperationsPolicy(), HttpPipelinePosition.PerRetry);
        client.AddPolicy(new ServiceAddressPolicy(options.Source ?? StorageOptions.Setting), HttpPipelinePosition.PerCall);
        options.ConfigureClient?.Invoke(client);
        if (options.ConnectionString is { } connectionString)
        {
            return new TableServiceClient(connectionString, client);
        }
        var endpoint = new Uri(options.TableServiceUri ?? $"https://{options.AccountName}.table.core.windows.net");
        return new TableServiceClient(endpoint, CredentialOf(options), client);
    }

    /// <summary>Who we are to the account's services, where no connection string says it.</summary>
    public static TokenCredential CredentialOf(StorageOptions options) =>
        options.Credential is not null
            ? new ManagedIdentityCredential(
                options.ClientId is { } id ? ManagedIdentityId.FromUserAssignedClientId(id) : ManagedIdentityId.SystemAssigned
            )
            : new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = options.ClientId });

    [LoggerMessage(
        EventId = 2001,
        EventName = "TableCreated",
        Level = LogLevel.Information,
        Message = "Table {Table} was not there and has been created"
    )]
    private partial void LogTableCreated(string table);
}
