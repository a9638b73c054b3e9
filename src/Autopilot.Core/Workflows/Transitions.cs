namespace Autopilot.Core.Workflows;

/// <summary>The parts of a workflow's state whose change is a transition.</summary>
[Flags]
public enum Transitions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Another assessment.</summary>
    Assessment = 1,

    /// <summary>Another phase of upstream's.</summary>
    Phase = 2,

    /// <summary>Another blocking task, or another reason why the same one blocks.</summary>
    BlockingTask = 4,
}
