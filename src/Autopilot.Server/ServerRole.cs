namespace Autopilot.Server;

/// <summary>A process's part in polling.</summary>
public enum ServerRole
{
    /// <summary>Keeps the schedule and polls.</summary>
    All,

    /// <summary>Keeps the schedule and puts the shards on the queue.</summary>
    Scheduler,

    /// <summary>Polls the shards that are on the queue.</summary>
    Worker,
}
