using Autopilot.Core.Upstream;

namespace Autopilot.Cce.Responses;

/// <summary>
/// Distinguishes the causes of a refusal: by the gateway's codes (its page of error codes), by CCE's (<c>ErrorCode</c> of its API
/// reference), and where they are silent by upstream's words.
/// </summary>
internal static class RejectionCauses
{
    private static readonly string[] AccountWords = ["arrear", "overdue", "insufficient balance", "frozen", "restricted", "suspended"];
    private static readonly string[] AddressWords = ["ip address", "source ip", "client ip", "blacklist", "blocklist", "whitelist"];
    private static readonly string[] PolicyWords = ["policy doesn't allow", "policy does not allow", "explicit deny", "explicitly denied"];

    /// <summary>The cause of a refusal.</summary>
    public static RejectionCause Of(ErrorBody error) =>
        error.Code?.ToUpperInvariant() switch
        {
            "APIGW.0304" or "APIGW.0306" => RejectionCause.NotOpened,
            "APIGW.0310" => RejectionCause.Project,
            "APIGW.0401" or "APIGW.0402" or "APIGW.0404" => RejectionCause.Address,
            "APIGW.0501" or "APIGW.0502" or "CCE.01403002" => RejectionCause.Account,
            "APIGW.0801" or "APIGW.0802" => RejectionCause.Region,
            _ when error.IsPolicyDenial || Says(error.Message, PolicyWords) => RejectionCause.Policy,
            _ when Says(error.Message, AddressWords) => RejectionCause.Address,
            // CCE has a code of its own for it; beside another code the word may be a cluster's name.
            _ when !IsOfCce(error.Code) && Says(error.Message, AccountWords) => RejectionCause.Account,
            _ => RejectionCause.Permission,
        };

    /// <summary>What to do about it, as a sentence.</summary>
    public static string Advice(RejectionCause cause) =>
        cause switch
        {
            RejectionCause.Policy =>
                "A policy denies it, and outranks what is granted: look for one that denies cce:cluster:getCluster to these credentials, "
                    + "in IAM, in a trust agency's boundary or in the organization.",
            RejectionCause.Address =>
                "The address that this process calls from is blocked or not allowed: look at the access control of the account, and at a "
                    + "proxy on the way.",
            RejectionCause.Account =>
                "The account is in arrears, frozen or restricted: look into its billing center; no permission helps before that.",
            RejectionCause.NotOpened =>
                "The API is not opened for these credentials: ask the cloud's support to open the upgrade APIs for the account.",
            RejectionCause.Project => "The project is not available: compare Cce:ProjectId with the console.",
            RejectionCause.Region => "These credentials may not use the service in this region: compare Cce:Region with the console.",
            _ =>
                "Grant the credentials the permission cce:cluster:getCluster in this project, and compare the project id with the console.",
        };

    private static bool IsOfCce(string? code) => code?.StartsWith("CCE.", StringComparison.OrdinalIgnoreCase) == true;

    private static bool Says(string? message, string[] words) =>
        message is not null && Array.Exists(words, word => message.Contains(word, StringComparison.OrdinalIgnoreCase));
}
