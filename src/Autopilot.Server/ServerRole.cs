namespace Autopilot.Server;

/// <summary>A process's part in polling.</summary>
public enum ServerRole
{
    /// <summary>Keeps the schedule and polls.</summary>
    All,

    /// <summary>Keeps the schedule and puts the shards on the queue.</summary>
    Scheduler,

    /// <summary>Works off what is on the queue.</summary>
    Worker,
}
