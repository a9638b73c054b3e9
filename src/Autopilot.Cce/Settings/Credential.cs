namespace Autopilot.Cce.Settings;

/// <summary>One of the three ways to prove who we are.</summary>
internal abstract record Credential;
