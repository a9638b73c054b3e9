namespace Autopilot.Cce.Rejections;

/// <summary>What a response shows about our credentials and our address.</summary>
internal enum CredentialDecision
{
    /// <summary>Nothing: a timeout, a 5xx of the gateway, a cancelled request. The next one goes alone again.</summary>
    None,

    /// <summary>They are good.</summary>
    Accepted,

    /// <summary>They are refused.</summary>
    Refused,
}
