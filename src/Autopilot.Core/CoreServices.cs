using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Core;

/// <summary>The domain's services.</summary>
public static class CoreServices
{
    /// <summary>Adds tracking with its options (<c>Polling</c>, <c>Tracking</c>, <c>PollSchedule</c>). Needs an <c>IUpgradeWorkflowSource</c> and an <c>IWorkflowStore</c>.</summary>
    public static IServiceCollection AddAutopilotCore(this IServiceCollection services, IConfiguration configuration) => throw new NotImplementedException();
}
