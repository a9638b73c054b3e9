using Azure.Data.Tables;
using Azure.Storage.Queues;

namespace Autopilot.Storage.Settings;

/// <summary>
/// Where the tables are. Read from <c>AutopilotStorage</c>, or else from the function app's own <c>AzureWebJobsStorage</c>. Each is a
/// connection string or the identity-based form: <c>:accountName</c>, or <c>:tableServiceUri</c> and <c>:queueServiceUri</c>;
/// <c>:credential</c>, <c>:clientId</c>.
/// </summary>
public sealed class StorageOptions
{
    /// <summary>The setting that is read first.</summary>
    public const string Setting = "AutopilotStorage";

    /// <summary>The setting that is fallen back to.</summary>
    public const string FallbackSetting = "AzureWebJobsStorage";

    /// <summary>
    /// <c>Storage:TablePrefix</c>: what the tables' names begin with; letters and digits, a letter first, at most 54. Default
    /// <c>Autopilot</c>.
    /// </summary>
    public string TablePrefix { get; set; } = "Autopilot";

    /// <summary>
    /// <c>PollQueue</c>: the queue of the fan-out; 3 to 63 lower-case letters, digits and single dashes, a letter or digit first and last.
    /// Default <c>autopilot-shards</c>.
    /// </summary>
    public string PollQueue { get; set; } = "autopilot-shards";

    /// <summary>Which of the two settings was found; null when neither was.</summary>
    public string? Source { get; set; }

    /// <summary>The connection string; a secret. <c>UseDevelopmentStorage=true</c> means Azurite on its own ports.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Name of the storage account, for the public cloud's endpoints.</summary>
    public string? AccountName { get; set; }

    /// <summary>The table service, where the account's name does not give it; https, or http on loopback.</summary>
    public string? TableServiceUri { get; set; }

    /// <summary>The queue service, likewise; needed with <c>Polling:FanOut=Queue</c> only.</summary>
    public string? QueueServiceUri { get; set; }

    /// <summary><c>managedidentity</c>, or nothing for what the environment offers (<c>DefaultAzureCredential</c>).</summary>
    public string? Credential { get; set; }

    /// <summary>Client id of a user-assigned identity.</summary>
    public string? ClientId { get; set; }

    /// <summary>
    /// How long one operation on a table or the queue may take, its retries included; what takes longer is unavailable. Default 10 s. Not a
    /// setting.
    /// </summary>
    public TimeSpan OperationTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Runs last when the table clients' options are made, for code that observes or replaces their transport. Not a setting.
    /// </summary>
    public Action<TableClientOptions>? ConfigureClient { get; set; }

    /// <summary>Likewise of the queue's client. Not a setting.</summary>
    public Action<QueueClientOptions>? ConfigureQueueClient { get; set; }

    internal string WorkflowsTable => TablePrefix + "Workflows";

    internal string RunsTable => TablePrefix + "Runs";
}
