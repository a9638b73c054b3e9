namespace Autopilot.Core.Workflows.Actions;

/// <summary>
/// What may be done about a workflow now, and what may be advised. A pure function of phase, tasks, critical lines and expiry: headline,
/// remediation and insights take every advice from here.
/// </summary>
internal sealed class ActionPlan
{
    /// <summary>What is always listed.</summary>
    private static readonly UpgradeAction[] Listed =
    [
        UpgradeAction.RunPreCheck,
        UpgradeAction.ConfirmRisks,
        UpgradeAction.StartSnapshot,
        UpgradeAction.StartUpgrade,
        UpgradeAction.RetryUpgrade,
        UpgradeAction.Confirm,
        UpgradeAction.Cancel,
    ];

    private static readonly ActionRule ItemsUnknown = ActionRule.Unknown("Which items failed is not known.");
    private static readonly ActionRule NoRisk = ActionRule.InferredNo("No failed item is a risk: each must be mended.");
    private static readonly ActionRule GoesOn = ActionRule.DocumentedYes(
        "Upstream goes on by itself; meanwhile nothing on the cluster or its add-ons may be changed."
    );
    private static readonly ActionRule Support = ActionRule.DocumentedYes("Support is the way on where the console does not help.");
    private static readonly ActionRule Console = ActionRule.DocumentedYes(
        "Upstream's manual does every step of an upgrade in the console."
    );

    private readonly ActionTable.Row _row;
    private readonly ActionRule _confirmRisks;
    private readonly ActionRule _cancel;
    private readonly bool _isUnderWay;

    private ActionPlan(ActionState state, ActionRule confirmRisks, ActionRule cancel, bool isUnderWay, DateTimeOffset? expiredUnread = null)
    {
        State = state;
        ExpiredUnread = expiredUnread;
        _row = ActionTable.Rows[state];
        _confirmRisks = confirmRisks;
        _cancel = cancel;
        _isUnderWay = isUnderWay;
    }

    /// <summary>The row of the table.</summary>
    public ActionState State { get; }

    /// <summary>When the result of the pre-check expired, where that was after the last read; null otherwise.</summary>
    public DateTimeOffset? ExpiredUnread { get; }

    /// <summary>Before the first read.</summary>
    public static ActionPlan Unread { get; } =
        new(ActionState.Unread, ActionTable.Rows[ActionState.Unread].ConfirmRisks, ActionTable.Rows[ActionState.Unread].Cancel, false);

    /// <summary>Of a workflow that was read at least once.</summary>
    /// <param name="analysis">The workflow, as of its last read.</param>
    /// <param name="expiredUnread">Whether the result of its pre-check has expired since.</param>
    public static ActionPlan Of(WorkflowAnalysis analysis, bool expiredUnread = false)
    {
        var state = ActionStateFinder.Of(analysis);
        var row = ActionTable.Rows[state];
        return new ActionPlan(
            state,
            row.ConfirmRisks.Allowed == ActionAllowed.Yes ? RisksOf(analysis, row.ConfirmRisks) : row.ConfirmRisks,
            state == ActionState.Gone ? row.Cancel : CancelRules.Of(analysis) ?? CancelRules.Guard(analysis, row.Cancel),
            analysis.Tasks.Exists(static task => task.Task.IsUnderWay()),
            expiredUnread && analysis.Find(UpgradeTaskType.PreCheck) is { } check ? PreCheckExpiry.UnusedExpiry(analysis, check) : null
        );
    }

    /// <summary>Whether an action may be advised: upstream allows it, and what follows is known.</summary>
    public bool MayAdvise(UpgradeAction action) =>
        action == UpgradeAction.Wait ? _isUnderWay
        : RuleOf(action) is { } rule ? rule is { Allowed: ActionAllowed.Yes, Caution: false }
        : true;

    /// <summary>Whether each action that a text names may be advised.</summary>
    public bool MayAdvise(AdviceText text)
    {
        for (var i = 0; i < text.Actions.Count; i++)
        {
            if (!MayAdvise(text.Actions[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The first text whose actions may all be advised.</summary>
    /// <param name="texts">In the order of preference; the last is one that is always possible.</param>
    public AdviceText Choose(params ReadOnlySpan<AdviceText> texts)
    {
        foreach (var text in texts)
        {
            if (MayAdvise(text))
            {
                return text;
            }
        }

        throw new ArgumentException($"None of {texts.Length} texts is possible in the state {State}.", nameof(texts));
    }

    /// <summary>
    /// Every action with what upstream says of it: those that <paramref name="advice"/> names first, in its order, then the others that are
    /// allowed, beginning with those that only an insight names, then what is not documented, then those that are refused.
    /// </summary>
    /// <param name="advice">What headline and remediation say; null where they advise nothing.</param>
    /// <param name="insights">What else advises: an action that only an insight names is listed, too.</param>
    public IReadOnlyList<WorkflowAction> Actions(Advice? advice, IReadOnlyList<Insight> insights)
    {
        var advised = advice is { } given ? given.Sentence.Actions.Concat(given.Clause.Actions).Distinct().ToArray() : [];
        var actions = new List<WorkflowAction>(Listed.Length + advised.Length);
        foreach (var action in advised)
        {
            actions.Add(Of(action, isAdvised: true));
        }

        foreach (var action in insights.SelectMany(static insight => insight.Actions ?? []).Distinct().Except(advised).Except(Listed))
        {
            actions.Add(Of(action, isAdvised: false));
        }

        foreach (var allowed in (ReadOnlySpan<ActionAllowed>)[ActionAllowed.Yes, ActionAllowed.Unknown, ActionAllowed.No])
        {
            foreach (var action in Listed)
            {
                if (RuleOf(action)!.Allowed == allowed && Array.IndexOf(advised, action) < 0)
                {
                    actions.Add(Of(action, isAdvised: false));
                }
            }
        }

        return actions;
    }

    private WorkflowAction Of(UpgradeAction action, bool isAdvised)
    {
        var rule =
            RuleOf(action)
            ?? action switch
            {
                UpgradeAction.Wait => GoesOn,
                UpgradeAction.ContactSupport => Support,
                _ => Console,
            };
        return new WorkflowAction
        {
            Action = action,
            Allowed = rule.Allowed,
            Basis = rule.Basis,
            Reason = rule.Reason,
            By = action switch
            {
                UpgradeAction.Wait => ActionActor.Upstream,
                UpgradeAction.ContactSupport => ActionActor.Support,
                _ => ActionActor.User,
            },
            Advised = isAdvised,
            Caution = rule.Caution ? true : null,
        };
    }

    private ActionRule? RuleOf(UpgradeAction action) =>
        action switch
        {
            UpgradeAction.ConfirmRisks => _confirmRisks,
            UpgradeAction.Cancel => _cancel,
            _ when _row.Of(action) is { Allowed: not ActionAllowed.Unknown } rule && HasLapsed(action, rule) => ActionRule.Unknown(
                $"The pre-check's result expired at {HumanDuration.At(ExpiredUnread!.Value)}, and the workflow has not been read since."
            ),
            _ => _row.Of(action),
        };

    /// <summary>
    /// Whether the rule rests on a pre-check's result that was valid at the last read and has expired since: with an expired one it would
    /// be another.
    /// </summary>
    private bool HasLapsed(UpgradeAction action, ActionRule rule) =>
        ExpiredUnread is not null
        && (State is ActionState.PreCheckPassed or ActionState.SnapshotDue or ActionState.SnapshotFailed)
        && ActionTable.Rows[ActionState.PreCheckExpired].Of(action)!.Allowed != rule.Allowed;

    /// <summary>Only items that upstream calls a risk can be confirmed.</summary>
    private static ActionRule RisksOf(WorkflowAnalysis analysis, ActionRule rule)
    {
        if (analysis.Find(UpgradeTaskType.PreCheck)?.Failure is not { } failure)
        {
            return ItemsUnknown;
        }

        var items = failure.Details.Where(detail => !FailurePhrases.IsOwn(failure, detail)).ToList();
        return items.Exists(static item => item.Kind == "Risk") ? rule
            : items.Count == 0 || failure.Omitted > 0 ? ItemsUnknown
            : NoRisk;
    }
}
