namespace Autopilot.Core.Workflows.Actions;

/// <summary>
/// Every way in which a text names an action. No other text of the product names one, so that <see cref="ActionPlan"/> sees them all.
/// </summary>
internal static class ActionPhrases
{
    public static readonly ActionPhrase RunPreCheck = new(UpgradeAction.RunPreCheck, "run the pre-check");
    public static readonly ActionPhrase RunPreCheckAgain = new(UpgradeAction.RunPreCheck, "run the pre-check again");
    public static readonly ActionPhrase StartPreCheck = new(UpgradeAction.RunPreCheck, "start the pre-check in the CCE console");

    public static readonly ActionPhrase ConfirmRisks = new(UpgradeAction.ConfirmRisks, "confirm the risks");
    public static readonly ActionPhrase ConfirmThem = new(UpgradeAction.ConfirmRisks, "confirm them in the CCE console");

    public static readonly ActionPhrase ConfirmRisk = new(UpgradeAction.ConfirmRisks, "confirm the risk in the CCE console");

    public static readonly ActionPhrase TakeSnapshot = new(UpgradeAction.StartSnapshot, "take a snapshot");
    public static readonly ActionPhrase RunSnapshotAgain = new(UpgradeAction.StartSnapshot, "run the snapshot again");
    public static readonly ActionPhrase StartSnapshot = new(UpgradeAction.StartSnapshot, "start the snapshot in the CCE console");

    public static readonly ActionPhrase StartUpgrade = new(UpgradeAction.StartUpgrade, "start the cluster upgrade");
    public static readonly ActionPhrase StartUpgradeInConsole = new(
        UpgradeAction.StartUpgrade,
        "start the cluster upgrade in the CCE console"
    );

    public static readonly ActionPhrase RetryUpgrade = new(UpgradeAction.RetryUpgrade, "retry the upgrade");
    public static readonly ActionPhrase RetryIt = new(UpgradeAction.RetryUpgrade, "retry it");

    public static readonly ActionPhrase ConfirmUpgrade = new(UpgradeAction.Confirm, "confirm the upgrade");
    public static readonly ActionPhrase StartPostCheck = new(UpgradeAction.Confirm, "start the post-check");
    public static readonly ActionPhrase RunPostCheckAgain = new(UpgradeAction.Confirm, "run the post-check again");

    public static readonly ActionPhrase CancelWorkflow = new(UpgradeAction.Cancel, "cancel the workflow");

    public static readonly ActionPhrase Wait = new(UpgradeAction.Wait, "wait");
    public static readonly ActionPhrase WatchIt = new(UpgradeAction.Wait, "watch it");

    public static readonly ActionPhrase OpenTicket = new(UpgradeAction.ContactSupport, "open a support ticket");
    public static readonly ActionPhrase OpenTicketWithId = new(UpgradeAction.ContactSupport, "open a support ticket with the task's id");
    public static readonly ActionPhrase NameInTicket = new(UpgradeAction.ContactSupport, "name every attempt in the support ticket");
    public static readonly ActionPhrase NameFailureInTicket = new(UpgradeAction.ContactSupport, "name it in the support ticket");

    public static readonly ActionPhrase LookInConsole = InConsole("look");
    public static readonly ActionPhrase LookAtItInConsole = InConsole("look at it");
    public static readonly ActionPhrase LookItUpInConsole = InConsole("look it up");
    public static readonly ActionPhrase LookAtTaskInConsole = InConsole("look at the task");
    public static readonly ActionPhrase LookAtItemsInConsole = InConsole("look at the failed items");
    public static readonly ActionPhrase LookAtWorkflowInConsole = InConsole("look at the workflow");
    public static readonly ActionPhrase CheckInConsole = InConsole("check");
    public static readonly ActionPhrase FindCauseInConsole = InConsole("find the cause");
    public static readonly ActionPhrase FindOutInConsole = InConsole("find out");
    public static readonly ActionPhrase CompareWithConsole = new(UpgradeAction.LookInConsole, "compare it with the CCE console");
    public static readonly ActionPhrase TakeTimeFromConsole = new(UpgradeAction.LookInConsole, "take the time from the CCE console");

    /// <summary>Something to do in the console.</summary>
    private static ActionPhrase InConsole(string words) => new(UpgradeAction.LookInConsole, $"{words} in the CCE console");

    /// <summary>How an action is offered where several are listed, such as <c>retry the upgrade</c>.</summary>
    public static string Offer(UpgradeAction action) =>
        action switch
        {
            UpgradeAction.RunPreCheck => RunPreCheck.Text,
            UpgradeAction.ConfirmRisks => ConfirmRisks.Text,
            UpgradeAction.StartSnapshot => TakeSnapshot.Text,
            UpgradeAction.StartUpgrade => StartUpgrade.Text,
            UpgradeAction.RetryUpgrade => RetryUpgrade.Text,
            UpgradeAction.Confirm => ConfirmUpgrade.Text,
            UpgradeAction.Cancel => CancelWorkflow.Text,
            UpgradeAction.Wait => Wait.Text,
            UpgradeAction.ContactSupport => OpenTicket.Text,
            _ => LookInConsole.Text,
        };

    /// <summary>The task that failed, run once more: in a clause whose subject is the task.</summary>
    public static ActionPhrase RunItAgain(UpgradeAction action) => new(action, "run it again");

    /// <summary>The task that is next, started: in a clause whose subject is the task.</summary>
    public static ActionPhrase StartIt(UpgradeAction action) => new(action, "start it");

    /// <summary>To let a task that is under way go on before anything else.</summary>
    public static ActionPhrase SeeThrough(UpgradeTaskType task) => new(UpgradeAction.Wait, $"see {TaskPhrases.Name(task)} through first");

    /// <summary>To let a task that is under way go on.</summary>
    public static ActionPhrase WaitFor(UpgradeTaskType task) => new(UpgradeAction.Wait, $"wait until {TaskPhrases.Name(task)} has ended");
}
