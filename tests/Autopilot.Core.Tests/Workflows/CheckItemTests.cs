using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Autopilot.Core.Workflows;
using Autopilot.Core.Workflows.Actions;
using static Autopilot.Core.Tests.Workflows.States;

namespace Autopilot.Core.Tests.Workflows;

/// <summary>
/// Which documented item a failed item is, who can mend it, and what to do: by texts as upstream may send them, and what its user guides
/// say, entered by hand.
/// </summary>
public sealed partial class CheckItemTests
{
    /// <summary>
    /// By line: name, group and message as upstream sends them; title, who mends it, when to check again, and a part of what to do.
    /// </summary>
    private const string Table = """
        # The ten of CCE Autopilot.
        UpgradeManagement | LimitCheck | The cluster is a protected production cluster. | Upgrade Management | Support | AfterSupport | hold to be lifted
        升级管控检查 | LimitCheck | 集群存在升级管控 | Upgrade Management | Support | AfterSupport | support ticket
        AddonCheck | AddonCheck | addon [gpu-beta] does not support cluster target version [v1.31] | Add-ons | User | AfterChange | Uninstall the add-on or use its successor
        AddonStatus | AddonCheck | please upgrade addon [coredns] to a version that fits first | Add-ons | User | AfterChange | by hand first
        Add-ons | AddonCheck | The add-on coredns is abnormal. | Add-ons | User | AfterChange | when the add-on shows Running
        Helm Charts | LimitCheck | The chart ingress uses APIs that are removed. | Helm Charts | NoOne | Never | converts what it needs by itself
        SSHConnectivityOfMasterNodes | MasterCheck | failed to connect to the node | SSH Connectivity of Master Nodes | RetryThenSupport | TicketOnSecondFailure | if it fails again
        K8sResource | LimitCheck | cluster has deprecated service list [default/web] with deprecated annotation list [tolerate-unready-endpoints] | Discarded Kubernetes Resources | User | AtOnce | publishNotReadyAddresses
        cce-hpa-controller limitations | AddonCheck | metrics API is not available | cce-hpa-controller Limitations | User | AfterChange | metrics-server
        K8s废弃API检查 | LimitCheck | 存在废弃API调用 | Discarded Kubernetes APIs | User | WithinDay | 24 hours
        discarded_kubernetes_apis | LimitCheck | used in the last day | Discarded Kubernetes APIs | User | WithinDay | Move the clients
        Certificates | LimitCheck | HTTPS load balancer certificate consistency is broken for ingress shop/web | HTTPS Load Balancer Certificate Consistency | User | AtOnce | same certificate
        PodCheck | LimitCheck | pods [a/b] with system preset annotation list [resource.cce.io/extra-ephemeral-storage-in-GiB] | Pod Configuration | User | AtOnce | extra-ephemeral-storage-in-GiB
        控制节点时区检查 | MasterCheck | 时区不一致 | Time Zone of Master Nodes | User | AtOnce | Suspend the CronJobs
        # Standard clusters.
        NodeRestrictions | NodeCheck | node 10.0.0.7 is not running | Node Restrictions | UserOrSupport | AtOnce | Bring the node back to Running
        Node Pool | NodeCheck | the pool is scaling | Node Pools | User | AfterChange | when scaling and synchronizing have ended
        Security Groups | NodeCheck | no inbound rule for ICMP | Security Groups | User | AtOnce | ICMP
        ResidualNode | NodeCheck | node is left over | Residual Nodes | User | AfterChange | when the reset has ended
        Compatibility Risk | LimitCheck | read the differences | Compatibility Risks | User | AtOnce | differences between the two versions
        agent | NodeCheck | you cce-agent no update, please restart it | CCE Agent Versions | User | AtOnce | Restart cce-agent on the node, then
        agent | NodeCheck | your cce-agent is not the latest version | CCE Agent Versions | User | AtOnce | by the latest one and restart it
        NodeCPUUsage | NodeCheck | 93 % | Node CPU Usage | User | AfterChange | when the load is down
        NodeDiskCheck | NodeCheck | not enough space in /tmp | Node Disks | UserOrSupport | AtOnce | 500 MB in /tmp
        Node DNS | NodeCheck | cannot resolve | Node DNS | Support | AfterSupport | object store
        permissions | NodeCheck | User paas must have at least read and execute permissions on the root directory. | Node Key Directory File Permissions | User | AtOnce | 555
        kubelet | NodeCheck | inactive | kubelet | User | AtOnce | Repair kubelet
        Node Memory | NodeCheck | 95 % | Node Memory | User | AfterChange | memory usage is above 90 %
        Node clock synchronization server | NodeCheck | ntpd is dead | Node Clock Synchronization Server | UserThenSupport | AtOnce | Restart ntpd or chronyd
        NodeOS | NodeCheck | kernel is not supported | Node OS | User | AfterChange | standard image
        NodeCPUCores | MasterCheck | 2 cores | Node CPU Cores | Support | AfterSupport | needs four
        Node Readiness | NodeCheck | NotReady | Node Readiness | UserOrSupport | AtOnce | not ready
        Node journald | NodeCheck | dead | Node journald | UserThenSupport | AtOnce | systemd-journald
        containerd.sock | NodeCheck | exists | containerd.sock | User | AtOnce | /run/containerd/containerd.sock
        InternalError | ExecuteException | timeout | Internal Error | RetryThenSupport | TicketOnSecondFailure | The check itself broke
        NodeMountPoints | NodeCheck | hangs | Node Mount Points | User | AtOnce | Unmount dead network file systems
        Kubernetes Node Taint | NodeCheck | node.kubernetes.io/upgrade | Kubernetes Node Taint | User | AfterChange | node.kubernetes.io/upgrade
        EverestRestrictions | AddonCheck | 1.0.5 | Everest Restrictions | Support | AfterSupport | everest cannot be upgraded
        Enhanced CPU Policy | LimitCheck | v1.21 | Enhanced CPU Policies | User | OtherTarget | run the pre-check for that version
        Health of worker node components | NodeCheck | canal | Health of Worker Node Components | User | AtOnce | kube-proxy
        Health of Master Node Components | MasterCheck | not ready | Health of Master Node Components | RetryThenSupport | TicketOnSecondFailure | control plane was not healthy
        memory resource limit of Kubernetes components | MasterCheck | 90 % | Memory Resource Limit of Kubernetes Components | User | AfterChange | larger flavor
        IPv6 support in CCE Turbo clusters | LimitCheck | on | IPv6 Support in CCE Turbo Clusters | User | OtherTarget | v1.23.8-r0
        NetworkManager | NodeCheck | inactive | NetworkManager | UserOrSupport | AtOnce | Restart NetworkManager
        NodeIDFile | NodeCheck | differs | Node ID File | User | AtOnce | id files
        Node Configuration Consistency | NodeCheck | kubelet.yaml was changed | Node Configuration Consistency | UserOrSupport | AtOnce | made by hand
        NodeConfigurationFile | NodeCheck | missing | Node Configuration File | UserOrSupport | AfterChange | component files are missing
        CoreDNS Configuration Consistency | AddonCheck | Corefile differs | CoreDNS Configuration Consistency | User | AfterChange | parameterSyncStrategy
        sudo | NodeCheck | not found | sudo | User | AtOnce | immutable
        Key node commands | NodeCheck | rpm | Key Node Commands | User | AtOnce | rpm database
        sock | NodeCheck | failed to execute docker ps -aq: exit status 1 | Mounting of a Sock File on a Node | Support | AfterSupport | container engine does not answer
        Mounting of a sock file on a node | NodeCheck | pod a/b mounts docker.sock | Mounting of a Sock File on a Node | UserOrSupport | AtOnce | Mount the directory
        mounts | NodeCheck | path /var/lib is mounted, but the subpath is used by the CCE | Node Mounting | User | AtOnce | Remove mounts over the paths
        Login Permissions of User paas | NodeCheck | login permissions of user paas on a node are missing | Login Permissions of User paas on a Node | User | AtOnce | login shell
        elb | LimitCheck | elb [e1] without ipv4 private ip, please bind private ip | Private IPv4 Addresses of Load Balancers | User | AtOnce | Bind a private IPv4 address
        HistoricalUpgradeRecords | LimitCheck | old | Historical Upgrade Records | Support | AfterSupport | ask for an assessment
        CIDR block of the cluster management plane | MasterCheck | differs | CIDR Block of the Cluster Management Plane | Support | AfterSupport | backbone
        CCE AI Suite (NVIDIA GPU) Exceptions | AddonCheck | driver | CCE AI Suite (NVIDIA GPU) Exceptions | User | AtOnce | test cluster
        Nodes' System Parameters | NodeCheck | mtu | Nodes' System Parameters | User | AtOnce | 1500
        Residual Package Version Data | LimitCheck | left | Residual Package Version Data | User | AtOnce | packageversion
        commands | NodeCheck | __error_code#ErrorCommandNotExist#chage#__ | Node Commands | User | AtOnce | Install the commands
        Node Swap | NodeCheck | on | Node Swap | User | AtOnce | Switch swap off
        NGINXIngressController | AddonCheck | no class | NGINX Ingress Controller | User | AtOnce | their class
        containerd Pod restart risks | NodeCheck | restart | containerd Pod Restart Risks | User | AtOnce | quiet hour
        Key CCE AI Suite (NVIDIA GPU) Parameters | AddonCheck | strategy | Key CCE AI Suite (NVIDIA GPU) Parameters | User | AtOnce | RollingUpdate
        GPU Pod Rebuild Risk | NodeCheck | rebuild | GPU Pod Rebuild Risks | User | AtOnce | GPU Pods may be rebuilt
        ELB listener access control | LimitCheck | wrong | ELB Listener Access Control | User | AtOnce | access control annotations
        SubnetQuotaOfMasterNodes | MasterCheck | 2 left | Subnet Quota of Master Nodes | User | AfterChange | when addresses are free
        Node Runtime | NodeCheck | docker | Node Runtime | User | AtOnce | Reset the node to containerd
        Node Pool Runtime | NodeCheck | docker | Node Pool Runtime | User | AtOnce | node pool's runtime
        Number of node images | NodeCheck | 1204 | Number of Node Images | User | AtOnce | 1,000
        compatibility check of at-rest encryption for Secrets | LimitCheck | on | Compatibility Check of At-Rest Encryption for Secrets | User | OtherTarget | v1.27.10-r0
        Compatibility between the Ubuntu kernel and GPU driver | NodeCheck | 470 | Compatibility Between the Ubuntu Kernel and GPU Driver | User | AtOnce | 535.161.08
        DrainageTasks | NodeCheck | one runs | Drainage Tasks | User | AtOnce | drainage objects
        Image layers on a node | NodeCheck | 5,300 | Image Layers on a Node | User | AtOnce | 5,000 layers
        ClusterRollingUpgrade | MasterCheck | quota | Cluster Rolling Upgrade | Support | AfterSupport | its own resources
        Rotation Certificates | NodeCheck | 1,100 | Rotation Certificates | User | AtOnce | kubelet-server
        Ingress and ELB configuration consistency | LimitCheck | differs | Ingress and ELB Configuration Consistency | User | AtOnce | another listener
        Network Policies of Cluster Network Components | MasterCheck | changed | Network Policies of Cluster Network Components | User | AtOnce | may be skipped
        config | LimitCheck | configuration check failed: [nodepool id(np-1) nic-max-above-warm-target: 300] | Cluster and Node Pool Configurations | User | AtOnce | at most 256
        SNATIPRanges | LimitCheck | changed | SNATIPRanges | User | AtOnce | restart the Pods
        AddonConfigurationConsistency | AddonCheck | coredns was changed | Add-on Configuration Consistency | User | AtOnce | settings made by hand
        ASMVersion | AddonCheck | 1.13 | ASM Version | User | AfterChange | when the mesh is upgraded
        Arm Node Restrictions | NodeCheck | arm | Arm Node Restrictions | Unknown | AtOnce | upstream documents no remedy
        CRDs | LimitCheck | deleted | CRDs | Unknown | AtOnce | packageversions.version.cce.io
        NodePythonCommands | NodeCheck | fails | Node Python Commands | Unknown | AtOnce | Python
        """;

    public static TheoryData<string, string, string, string, MendedBy, Recheck, string> Items =>
        [
            .. Table
                .Split('\n', StringSplitOptions.TrimEntries)
                .Where(line => line[0] != '#')
                .Select(line => line.Split(" | "))
                .Select(row => (row[0], row[1], row[2], row[3], Enum.Parse<MendedBy>(row[4]), Enum.Parse<Recheck>(row[5]), row[6])),
        ];

    [Theory]
    [MemberData(nameof(Items))]
    public void Each_documented_item_says_who_mends_it_and_how(
        string name,
        string group,
        string message,
        string title,
        MendedBy by,
        Recheck recheck,
        string toDo
    )
    {
        var blocking = Blocking(Item(name, group, message));

        var remedy = Assert.Single(blocking.Details!).Remedy!;
        Assert.Equal((title, by, recheck), (remedy.Item, remedy.By, remedy.Recheck));
        Assert.Equal(recheck == Recheck.WithinDay ? 86_400 : null, remedy.RecheckWithinSeconds);
        Assert.Matches(@"^[A-Z].+[^.]\.$", remedy.Action);
        Assert.Contains(toDo, blocking.Remediation, StringComparison.Ordinal);
        Assert.Equal(by is not MendedBy.User, NamedActions.In(blocking.Remediation).Contains(UpgradeAction.ContactSupport));
        Assert.All(remedy.References!, page => Assert.StartsWith("https://support.huaweicloud.com/", page.Url, StringComparison.Ordinal));
        Assert.Equal(remedy.References!, blocking.References!);
    }

    [Fact]
    public void The_cases_cover_every_documented_item()
    {
        var titles = Items.Select(row => row.Data.Item4).ToHashSet();

        Assert.Equal(79, titles.Count);
        Assert.Equal(
            titles.Order(StringComparer.Ordinal),
            CheckItemTable.All.Select(item => item.Title).Distinct().Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("zz", "LimitCheck", "no words that are known", MendedBy.User)]
    [InlineData("zz", "MasterCheck", null, MendedBy.RetryThenSupport)]
    [InlineData("zz", "NodeCheck", "The kubelet has stopped.", MendedBy.User)]
    [InlineData("zz", "AddonCheck", "add-ons are not well", MendedBy.User)]
    [InlineData("zz", "ExecuteException", "", MendedBy.RetryThenSupport)]
    public void An_item_that_is_not_documented_goes_by_its_group(string name, string group, string? message, MendedBy by)
    {
        var remedy = Assert.Single(Blocking(Item(name, group, message)).Details!).Remedy!;

        Assert.Equal((null, by), (remedy.Item, remedy.By));
        Assert.Null(remedy.References);
    }

    [Fact]
    public void An_unknown_item_of_an_unknown_group_has_no_remedy()
    {
        var blocking = Blocking(Item("zz", "Novel", "no words that are known"));

        Assert.Null(Assert.Single(blocking.Details!).Remedy);
        Assert.Equal("Mend what the details name, then run the pre-check again.", blocking.Remediation);
    }

    [Theory]
    // A title in the message counts only where the group does not say otherwise.
    [InlineData("x", "NodeCheck", "The security groups of the node are wrong.", "Security Groups")]
    [InlineData("x", "AddonCheck", "The security groups of the node are wrong.", null)]
    [InlineData("x", "Novel", "The security groups of the node are wrong.", "Security Groups")]
    // The longest title decides, and a part of the message goes before any title.
    [InlineData("node pool runtime of the node", "NodeCheck", "m", "Node Pool Runtime")]
    [InlineData("Node Runtime", "NodeCheck", "failed to execute docker ps -aq", "Mounting of a Sock File on a Node")]
    [InlineData("Internal Error", "ExecuteException", "Node swap", "Internal Error")]
    public void What_decides_which_item_it_is(string name, string group, string message, string? title) =>
        Assert.Equal(title, Assert.Single(Blocking(Item(name, group, message)).Details!).Remedy?.Item);

    [Fact]
    public void A_deprecated_api_in_the_risk_source_is_that_item_whatever_its_name()
    {
        var item =
            """{"name":"zz","kind":"Risk","group":"LimitCheck","level":"Warning","phase":"Failed","message":"m","riskSource":{"deprecatedAPIRisks":[{"url":"/apis/policy/v1beta1/podsecuritypolicies","userAgent":"kube-state-metrics"}]}}""";

        var blocking = Blocking(item);

        Assert.Equal("Discarded Kubernetes APIs", Assert.Single(blocking.Details!).Remedy!.Item);
        Assert.StartsWith("Judge the risk in the details.", blocking.Remediation, StringComparison.Ordinal);
        Assert.Contains("for up to 24 hours after the last such call", blocking.Remediation, StringComparison.Ordinal);
        Assert.Equal("https://support.huaweicloud.com/intl/en-us/usermanual-cce/cce_10_0487.html", Assert.Single(blocking.References!).Url);
    }

    [Fact]
    public void One_item_on_eighty_nodes_is_one_detail_and_hides_no_other()
    {
        var nodes = Enumerable
            .Range(1, 80)
            .Select(i =>
                $$"""{"nodeInfo":{"name":"node-{{i:D2}}"},"itemsStatus":[{{Item("Node Disks", "NodeCheck", $"/tmp of 10.0.0.{i} is full", "Fatal", "E1")}}] }"""
            );
        var report = TaskDocument.ReadPreCheck(
            Encoding.UTF8.GetBytes(
                $$$"""
                {"status":{"phase":"Failed","nodeCheckStatus":{"nodeStageStatus":[{{{string.Join(',', nodes)}}}]},
                 "clusterCheckStatus":{"itemsStatus":[{{{Item("Upgrade Management", "LimitCheck", "held", "Warning", "E2")}}}] } } }
                """
            )
        )!;

        Assert.Equal(0, report.Omitted);
        Assert.Equal([("Node Disks", 80), ("Upgrade Management", null)], report.Details.Select(detail => (detail.Name, detail.Nodes)));
        Assert.Equal("/tmp of 10.0.0.1 is full", report.Details[0].Message);
        Assert.Equal(["node node-01", "node node-02", "node node-03", "node node-04", "node node-05"], report.Details[0].RiskSources!);
        Assert.Equal(["E1"], report.Details[0].ErrorCodes);

        var blocking = Blocking(report);
        Assert.Contains("Node Disks (NodeCheck, Fatal, E1) on 80 nodes and Upgrade Management", blocking.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            "Only support can mend 'Upgrade Management': open a support ticket for it now.",
            blocking.Remediation,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Two_documented_causes_under_one_name_stay_two_details()
    {
        string[] messages = ["you cce-agent no update, please restart it", "your cce-agent is not the latest version"];
        var nodes = messages.Select(
            (message, i) => $$"""{"nodeInfo":{"name":"n{{i}}"},"itemsStatus":{{Item("CCE Agent Versions", "NodeCheck", message)}} }"""
        );
        var report = TaskDocument.ReadPreCheck(
            Encoding.UTF8.GetBytes(
                $$$"""{"status":{"phase":"Failed","nodeCheckStatus":{"nodeStageStatus":[{{{string.Join(',', nodes)}}}] } } }"""
            )
        )!;

        Assert.Equal(messages, report.Details.Select(detail => detail.Message!));
        Assert.All(report.Details, detail => Assert.Equal(1, detail.Nodes));
    }

    [Fact]
    public void An_item_that_is_there_sixty_times_leaves_room_for_the_others()
    {
        var items = Enumerable
            .Range(0, 60)
            .Select(i => Item("Add-ons", "AddonCheck", $"add-on {i} is abnormal", "Fatal"))
            .Append(Item("Node Swap", "NodeCheck", "on", "Warning"));
        var report = TaskDocument.ReadPreCheck(
            Encoding.UTF8.GetBytes(
                $$$"""{"status":{"phase":"Failed","clusterCheckStatus":{"itemsStatus":[{{{string.Join(',', items)}}}] } } }"""
            )
        )!;

        Assert.Equal((50, 11), (report.Details.Count, report.Omitted));
        Assert.Equal("Node Swap", report.Details[^1].Name);
    }

    [Fact]
    public void An_item_that_needs_nothing_does_not_lead_the_advice()
    {
        var blocking = Blocking(Item("Helm Charts", "LimitCheck", "old", "Fatal"), Item("Node Swap", "NodeCheck", "on", "Warning"));

        Assert.StartsWith("Switch swap off on the node", blocking.Remediation, StringComparison.Ordinal);
        Assert.DoesNotContain("The details say", blocking.Remediation, StringComparison.Ordinal);
    }

    [Fact]
    public void The_item_that_leads_the_advice_is_named_first_in_every_text()
    {
        var summary = Summarize(
            Report(Item("Helm Charts", "LimitCheck", "old charts", "Fatal"), Item("Node Swap", "NodeCheck", "swap is on", "Warning"))
        );
        var blocking = summary.BlockingTask!;

        Assert.Contains("failed after 1 min on 'Node Swap' and 1 more", summary.Headline, StringComparison.Ordinal);
        Assert.Contains("Failed: Node Swap (NodeCheck, Warning) and Helm Charts", blocking.Message, StringComparison.Ordinal);
        Assert.Contains("Upstream says: \"swap is on\"", blocking.Message, StringComparison.Ordinal);
        Assert.StartsWith("Switch swap off on the node", blocking.Remediation, StringComparison.Ordinal);
        Assert.Equal(["Node Swap", "Helm Charts"], blocking.Details!.Select(detail => detail.Name));
        Assert.Equal(
            ["Node Swap", "Helm Charts"],
            summary.Tasks.Single(task => task.Type == UpgradeTaskType.PreCheck).Runs[0].Details!.Select(detail => detail.Name)
        );
    }

    [Theory]
    [MemberData(nameof(Items))]
    public void That_an_item_may_be_confirmed_is_said_once(
        string name,
        string group,
        string message,
        string title,
        MendedBy by,
        Recheck recheck,
        string toDo
    )
    {
        _ = (by, recheck, toDo);
        foreach (var kind in (string[])["Risk", "Exception"])
        {
            var blocking = Blocking(Item(name, group, message).Replace("Exception\"", $"{kind}\"", StringComparison.Ordinal));

            Assert.InRange(Confirmations().Count(blocking.Remediation), 0, 1);
            Assert.InRange(Confirmations().Count(Assert.Single(blocking.Details!).Remedy!.Action), 0, 1);
            Assert.Equal(title, blocking.Details![0].Remedy!.Item);
        }
    }

    [GeneratedRegex("confirm|skip the|be skipped|ignore", RegexOptions.IgnoreCase)]
    private static partial Regex Confirmations();

    [Fact]
    public void Several_items_say_that_each_has_its_own_remedy()
    {
        var blocking = Blocking(Item("Node Swap", "NodeCheck", "on"), Item("sudo", "NodeCheck", "gone"));

        Assert.EndsWith("The details say what the other failed items need.", blocking.Remediation, StringComparison.Ordinal);
        Assert.Equal(["Node Swap", "sudo"], blocking.Details!.Select(detail => detail.Remedy!.Item!));
    }

    private static string Item(string name, string group, string? message, string level = "Fatal", params string[] codes) =>
        JsonSerializer.Serialize(
            new
            {
                name,
                kind = "Exception",
                group,
                level,
                phase = "Failed",
                message,
                errorCodes = codes,
            }
        );

    private static BlockingTask Blocking(params string[] items) => Blocking(Report(items));

    private static FailureReport Report(params string[] items) =>
        TaskDocument.ReadPreCheck(
            Encoding.UTF8.GetBytes(
                $$$"""{"status":{"phase":"Failed","clusterCheckStatus":{"itemsStatus":[{{{string.Join(',', items)}}}] } } }"""
            )
        )!;

    private static BlockingTask Blocking(FailureReport report) => Summarize(report).BlockingTask!;

    private static WorkflowSummary Summarize(FailureReport report)
    {
        var state = State(
            Task(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Failed, "p", 10, 11),
            Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.NotStarted, null)
        );
        var row = WorkflowReplay.Observe(WorkflowReplay.New(), state, At(12));
        row = row with { TaskFailures = TaskFailures.Add([], row.Runs[0], report) };
        return WorkflowSummarizer.Summarize(row, Baseline.Empty, At(13), TimeSpan.FromMinutes(1));
    }
}
