namespace Autopilot.Server.Access;

/// <summary>What a key opens.</summary>
/// <param name="Rights">None for a key that is not in the ring.</param>
/// <param name="Key">Which of the keys it is, by a number that says nothing about it.</param>
internal readonly record struct KeyGrant(KeyRights Rights, int Key);
