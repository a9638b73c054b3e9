namespace Autopilot.Core.Notifications;

/// <summary>What one run of the delivery did.</summary>
/// <param name="Delivered">Notifications that a webhook took.</param>
/// <param name="Failed">Attempts that failed, to be made again.</param>
/// <param name="GivenUp">Notifications that a webhook did not take in time.</param>
public sealed record DeliveryResult(int Delivered, int Failed, int GivenUp);
