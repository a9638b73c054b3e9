using static Autopilot.Core.Workflows.MendedBy;

namespace Autopilot.Core.Workflows;

/// <summary>
/// The items of the pre-check that upstream documents, in own words: the user guides of CCE Autopilot (list page cce_11_0549) and of
/// standard clusters (list page cce_10_0549), with the item pages cce_10_0431 to cce_10_0531 and cce_11_0866. Upstream documents neither
/// the names that its answers carry nor an item's group: the groups here are inferred. Of several entries of one title the last is the
/// general one.
/// </summary>
internal static class CheckItemTable
{
    private const string Limit = "LimitCheck",
        Master = "MasterCheck",
        Node = "NodeCheck",
        Addon = "AddonCheck",
        Execute = "ExecuteException";

    public static IReadOnlyList<CheckItem> All { get; } =
    [
        new(
            "Upgrade Management",
            Limit,
            Support,
            "Huawei Cloud holds the upgrade back, for a protected cluster or for maintenance: ask for the hold to be lifted"
        )
        {
            ChineseTitle = "升级管控",
            Aliases = ["Upgrade-management restrictions"],
            IsAutopilot = true,
        },
        new("Add-ons", Addon, User, "Uninstall the add-on or use its successor, as the target version does not support it")
        {
            ChineseTitle = "插件",
            Fragments = ["does not support cluster target version"],
            When = "when that is done",
            IsAutopilot = true,
        },
        new("Add-ons", Addon, User, "Upgrade the add-on that the message names by hand first")
        {
            ChineseTitle = "插件",
            Fragments = ["please upgrade addon ["],
            When = "when the add-on shows Running",
            IsAutopilot = true,
        },
        new("Add-ons", Addon, User, "Repair the add-on on the console's add-on page")
        {
            ChineseTitle = "插件",
            Aliases = ["Addon Status"],
            When = "when the add-on shows Running",
            IsAutopilot = true,
        },
        new("Helm Charts", Limit, NoOne, "The upgrade converts what it needs by itself; upstream documents the item as one to ignore")
        {
            ChineseTitle = "Helm模板",
            MayBeSkipped = true,
            IsAutopilot = true,
        },
        new(
            "SSH Connectivity of Master Nodes",
            Master,
            RetryThenSupport,
            "Huawei Cloud runs the control nodes, and a short network fault can fail the check"
        )
        {
            ChineseTitle = "控制节点SSH连通性",
            IsAutopilot = true,
        },
        new(
            "Discarded Kubernetes Resources",
            Limit,
            User,
            "Replace the old annotations of the Services that the message names: tolerate-unready-endpoints by "
                + "spec.publishNotReadyAddresses: true, topology-aware-hints by service.kubernetes.io/topology-mode"
        )
        {
            ChineseTitle = "K8s废弃资源",
            Aliases = ["Deprecated Resources", "Deprecated Kubernetes Resources"],
            Fragments = ["has deprecated service list", "with deprecated annotation list"],
            IsAutopilot = true,
        },
        new("cce-hpa-controller Limitations", Addon, User, "Install an add-on that serves the metrics API, such as metrics-server")
        {
            ChineseTitle = "cce-hpa-controller插件限制",
            Aliases = ["cce-hpa-controller"],
            When = "when the add-on shows Running",
            IsAutopilot = true,
        },
        new(
            "Discarded Kubernetes APIs",
            Limit,
            User,
            "Move the clients that the details name to the API version that replaces the removed one (an old "
                + "CoreDNS needs its Pods restarted; watches on events must not set allowWatchBookmarks on the way to "
                + "v1.28)"
        )
        {
            SpecialRecheck = Recheck.WithinDay,
            ChineseTitle = "K8s废弃API",
            Aliases = ["Deprecated APIs", "Deprecated Kubernetes APIs"],
            IsAutopilot = true,
            Page = ReferencePages.DeprecatedApis,
        },
        new(
            "HTTPS Load Balancer Certificate Consistency",
            Limit,
            User,
            "Give cluster and load balancer the same certificate again: put the current one into the cluster's "
                + "Secret, or let the ingress use the load balancer's own"
        )
        {
            ChineseTitle = "HTTPS类型负载均衡证书一致性",
            IsAutopilot = true,
        },
        new(
            "Pod Configuration",
            Limit,
            User,
            "Remove the annotation resource.cce.io/extra-ephemeral-storage-in-GiB from the workload and replace "
                + "its Pods, or set the size that you want, which is billed"
        )
        {
            ChineseTitle = "Pod配置",
            Fragments = ["with system preset annotation list [resource.cce.io/extra-ephemeral-storage-in-GiB]"],
            MayBeSkipped = true,
            ConfirmAfter = true,
            IsAutopilot = true,
            Page = ReferencePages.PodConfiguration,
        },
        new(
            "Time Zone of Master Nodes",
            Master,
            User,
            "Suspend the CronJobs, as the control nodes take the cluster's time zone, and resume them after the upgrade"
        )
        {
            ChineseTitle = "控制节点时区",
            IsAutopilot = true,
        },
        new(
            "Node Restrictions",
            Node,
            UserOrSupport,
            "Bring the node back to Running, reset it to a supported OS, or remove a stray cce-nodepool label; "
                + "wait for a node in deletion until it is gone"
        )
        {
            Page = ReferencePages.NodeRestrictions,
        },
        new(
            "Node Pools",
            Node,
            User,
            "Wait until the node pool has scaled, or change an OS or a runtime that the target version does not "
                + "support and synchronize the nodes"
        )
        {
            When = "when scaling and synchronizing have ended",
        },
        new("Security Groups", Node, User, "Add the inbound rule that lets the control nodes' security group reach the nodes by ICMP"),
        new("Residual Nodes", Node, User, "Note the node's labels and reset the node, or replace it by a new one")
        {
            When = "when the reset has ended",
        },
        new("Compatibility Risks", Limit, User, "Read the differences between the two versions")
        {
            MayBeSkipped = true,
            ConfirmAfter = true,
        },
        new("CCE Agent Versions", Node, User, "Restart cce-agent on the node")
        {
            Fragments = ["you cce-agent no update, please restart it"],
        },
        new("CCE Agent Versions", Node, User, "Replace the binary of cce-agent on the node by the latest one and restart it")
        {
            Fragments = ["your cce-agent is not the latest version"],
        },
        new("CCE Agent Versions", Node, User, "Restart cce-agent on the node, or replace its binary by the latest one first")
        {
            Aliases = ["cce-agent"],
        },
        new("Node CPU Usage", Node, User, "Upgrade in a quiet hour or move Pods away: the node's CPU usage is above 90 %")
        {
            When = "when the load is down",
        },
        new(
            "Node Disks",
            Node,
            UserOrSupport,
            "Free space on the node: 1 GB each on the disks of runtime and kubelet, 2 GB on the system disk, 500 MB in /tmp"
        ),
        new("Node DNS", Node, Support, "The node cannot resolve or reach the object store that holds the upgrade packages"),
        new("Node Key Directory File Permissions", Node, User, "Set the node's root directory back to mode 555")
        {
            Fragments = ["user paas must have at least read and execute permissions on the root directory"],
        },
        new("kubelet", Node, User, "Repair kubelet, so that the node is available again"),
        new("Node Memory", Node, User, "Upgrade in a quiet hour or end processes on the node: its memory usage is above 90 %")
        {
            When = "when the load is down",
        },
        new("Node Clock Synchronization Server", Node, UserThenSupport, "Restart ntpd or chronyd on the node"),
        new("Node OS", Node, User, "Reset the node to a standard image, as its kernel is not one of CCE's own")
        {
            When = "when the reset has ended",
        },
        new(
            "Node CPU Cores",
            Master,
            Support,
            "The control nodes have two CPU cores, and the upgrade needs four: ask for them to be enlarged"
        ),
        new(
            "Node Readiness",
            Node,
            UserOrSupport,
            "Repair the nodes that are not ready; a node that only the check knows is a case for support"
        )
        {
            Aliases = ["Node Ready"],
        },
        new("Node journald", Node, UserThenSupport, "Restart systemd-journald on the node"),
        new("containerd.sock", Node, User, "Remove the stray /run/containerd/containerd.sock from the node"),
        new("Internal Error", Execute, RetryThenSupport, "The check itself broke"),
        new("Node Mount Points", Node, User, "Unmount dead network file systems on the node"),
        new(
            "Kubernetes Node Taint",
            Node,
            User,
            "Reset the node, as an upgrade that skipped it has left the taint node.kubernetes.io/upgrade"
        )
        {
            Aliases = ["Node Taint"],
            When = "when the reset has ended",
        },
        new("Everest Restrictions", Addon, Support, "This version of the add-on everest cannot be upgraded with the cluster")
        {
            Aliases = ["everest"],
        },
        new("Enhanced CPU Policies", Limit, User, "Choose a target version that supports the enhanced CPU policy (v1.23 or later)")
        {
            SpecialRecheck = Recheck.OtherTarget,
        },
        new(
            "Health of Worker Node Components",
            Node,
            User,
            "Restart the network agent (canal or yangtse) or kube-proxy on the node; reset the node if that does not help"
        ),
        new("Health of Master Node Components", Master, RetryThenSupport, "A component of the control plane was not healthy")
        {
            Aliases = ["Control plane health"],
        },
        new(
            "Memory Resource Limit of Kubernetes Components",
            Master,
            User,
            "Delete Kubernetes objects that are not needed, or change the cluster to a larger flavor"
        )
        {
            When = "when the change has ended",
        },
        new(
            "IPv6 Support in CCE Turbo Clusters",
            Limit,
            User,
            "Choose a target version that supports IPv6 (v1.23.8-r0, v1.25.3-r0 or later)"
        )
        {
            SpecialRecheck = Recheck.OtherTarget,
        },
        new("NetworkManager", Node, UserOrSupport, "Restart NetworkManager on the node, or reset the node"),
        new("Node ID File", Node, User, "Write the node's id back into its two id files"),
        new(
            "Node Configuration Consistency",
            Node,
            UserOrSupport,
            "Undo the changes that were made by hand to the node's component files, unless they do no harm"
        )
        {
            MayBeSkipped = true,
        },
        new("Node Configuration File", Node, UserOrSupport, "Reset the node, as component files are missing")
        {
            When = "when the reset has ended",
        },
        new(
            "CoreDNS Configuration Consistency",
            Addon,
            User,
            "Upgrade the add-on CoreDNS by itself first and keep its configuration (parameterSyncStrategy inherit)"
        )
        {
            When = "when the add-on shows Running",
        },
        new("sudo", Node, User, "Restore sudo on the node, and remove the immutable attribute of the sudoers files"),
        new("Key Node Commands", Node, User, "Mend rpm, dpkg or systemctl on the node: rebuild the rpm database, or reset the node"),
        new("Mounting of a Sock File on a Node", Node, Support, "The node's container engine does not answer")
        {
            Fragments = ["failed to execute docker ps -aq"],
        },
        new(
            "Mounting of a Sock File on a Node",
            Node,
            UserOrSupport,
            "Mount the directory in place of the runtime's socket file, or delete those Pods after the upgrade"
        )
        {
            MayBeSkipped = true,
        },
        new(
            "Node Mounting",
            Node,
            User,
            "Remove mounts over the paths that CCE uses, or repair the links of kubelet and runtime; drain and "
                + "reset a node that has data there"
        )
        {
            Fragments = ["is mounted, but the subpath is used by the CCE", "the target path of the path link"],
        },
        new("Login Permissions of User paas on a Node", Node, User, "Give the user paas its login shell back on the node"),
        new(
            "Private IPv4 Addresses of Load Balancers",
            Limit,
            User,
            "Bind a private IPv4 address to the load balancers that the message names, or delete the Services"
        )
        {
            Fragments = ["without ipv4 private ip, please bind private ip"],
        },
        new(
            "Historical Upgrade Records",
            Limit,
            Support,
            "The cluster comes from an old version: ask for an assessment, or move the workloads to a new cluster"
        ),
        new("CIDR Block of the Cluster Management Plane", Master, Support, "The network of the control plane differs from the backbone's"),
        new(
            "CCE AI Suite (NVIDIA GPU) Exceptions",
            Addon,
            User,
            "Test the GPU add-on's target version with your driver in a test cluster, then set a driver that fits"
        ),
        new(
            "Nodes' System Parameters",
            Node,
            User,
            "Set the MTU of bond0 on the bare metal node back to 1500, which interrupts its traffic"
        ),
        new("Residual Package Version Data", Limit, User, "Save and delete the packageversion objects that the message names"),
        new("Node Commands", Node, User, "Install the commands that the message names on the node")
        {
            Fragments = ["__error_code#ErrorCommandNotExist#"],
        },
        new("Node Swap", Node, User, "Switch swap off on the node, where nothing needs it"),
        new(
            "NGINX Ingress Controller",
            Addon,
            User,
            "Give the ingresses their class, restore the Service of the default backend, or use a stronger "
                + "default certificate, as the message says"
        ),
        new("containerd Pod Restart Risks", Node, User, "Choose a quiet hour, as containerd may restart Pods")
        {
            MayBeSkipped = true,
            ConfirmAfter = true,
        },
        new(
            "Key CCE AI Suite (NVIDIA GPU) Parameters",
            Addon,
            User,
            "Set the update strategy of the driver installer back to RollingUpdate, and its driver address to "
                + "the one on the add-on's page"
        ),
        new("GPU Pod Rebuild Risks", Node, User, "Choose a quiet hour, as GPU Pods may be rebuilt")
        {
            MayBeSkipped = true,
            ConfirmAfter = true,
        },
        new("ELB Listener Access Control", Limit, User, "Correct the access control annotations of the Services that the message names"),
        new("Subnet Quota of Master Nodes", Master, User, "Free addresses in the subnet of the control nodes: move nodes out of it")
        {
            When = "when addresses are free",
        },
        new("Node Runtime", Node, User, "Reset the node to containerd, as the target version may not run Docker") { MayBeSkipped = true },
        new("Node Pool Runtime", Node, User, "Change the node pool's runtime to containerd"),
        new("Number of Node Images", Node, User, "Remove images from the node, which has more than 1,000") { MayBeSkipped = true },
        new(
            "Compatibility Check of At-Rest Encryption for Secrets",
            Limit,
            User,
            "Choose a target version that supports the encryption of Secrets at rest (v1.27.10-r0, v1.28.8-r0, v1.29.4-r0 or later)"
        )
        {
            SpecialRecheck = Recheck.OtherTarget,
        },
        new(
            "Compatibility Between the Ubuntu Kernel and GPU Driver",
            Node,
            User,
            "Install GPU driver 535.161.08 or later for kernel 5.15.0-113 and restart the node"
        ),
        new("Drainage Tasks", Node, User, "Delete the drainage objects that are not finished"),
        new("Image Layers on a Node", Node, User, "Delete images from the node, which has more than 5,000 layers"),
        new("Cluster Rolling Upgrade", Master, Support, "Huawei Cloud is short of its own resources for the control nodes"),
        new(
            "Rotation Certificates",
            Node,
            User,
            "Delete old kubelet-server certificate files from the node, or reset it: there are more than 1,000"
        ),
        new(
            "Ingress and ELB Configuration Consistency",
            Limit,
            User,
            "Undo the changes that were made at the load balancer, and move extra forwarding policies to another listener"
        ),
        new(
            "Network Policies of Cluster Network Components",
            Master,
            User,
            "Plan to set the network policy switch once more after the upgrade, which resets changes made by hand"
        )
        {
            MayBeSkipped = true,
            ConfirmAfter = true,
        },
        new(
            "Cluster and Node Pool Configurations",
            Limit,
            User,
            "Set nic-max-above-warm-target to at most 256 in the node pool or cluster that the message names"
        )
        {
            Fragments = ["configuration check failed: [nodepool id("],
        },
        new("SNATIPRanges", Limit, User, "Plan to restart the Pods after the upgrade, so that they get new routes")
        {
            MayBeSkipped = true,
            ConfirmAfter = true,
        },
        new(
            "Add-on Configuration Consistency",
            Addon,
            User,
            "Leave the add-on unselected if it need not be upgraded; otherwise set its values in the console or by API "
                + "first, as settings made by hand are lost"
        )
        {
            MayBeSkipped = true,
            ConfirmAfter = true,
            Page = ReferencePages.AddonConfiguration,
        },
        new(
            "ASM Version",
            Addon,
            User,
            "Upgrade the service mesh (ASM 1.15 for v1.21 to v1.27, 1.18 for v1.25 to v1.28) or remove it first"
        )
        {
            When = "when the mesh is upgraded",
        },
        new("Arm Node Restrictions", Node, Unknown, "See whether Arm nodes are in the cluster, which the check reports"),
        new(
            "CRDs",
            Limit,
            Unknown,
            "See whether packageversions.version.cce.io or network-attachment-definitions.k8s.cni.cncf.io was deleted"
        ),
        new("Node Python Commands", Node, Unknown, "See why Python does not run on the node"),
    ];
}
