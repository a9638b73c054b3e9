using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Functions.Tests;

/// <summary>A function as the worker's build finds it: by the attributes on its method.</summary>
internal sealed record DeclaredFunction(
    string Name,
    MethodInfo Method,
    TimerTriggerAttribute? Timer,
    HttpTriggerAttribute? Http,
    QueueTriggerAttribute? Queue
)
{
    /// <summary>Every function of the function app.</summary>
    public static IReadOnlyList<DeclaredFunction> All { get; } =
    [
        .. from type in typeof(PollTimer).Assembly.GetTypes()
        from method in type.GetMethods(
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly
        )
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        let triggers = method.GetParameters()
        select new DeclaredFunction(
            function.Name,
            method,
            triggers
                .Select(parameter => parameter.GetCustomAttribute<TimerTriggerAttribute>())
                .SingleOrDefault(trigger => trigger is not null),
            triggers
                .Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>())
                .SingleOrDefault(trigger => trigger is not null),
            triggers
                .Select(parameter => parameter.GetCustomAttribute<QueueTriggerAttribute>())
                .SingleOrDefault(trigger => trigger is not null)
        ),
    ];

    /// <summary>Calls an HTTP function as the worker does: an instance of its own, made from the request's services.</summary>
    public Task CallAsync(HttpContext context) =>
        (Task)Method.Invoke(ActivatorUtilities.CreateInstance(context.RequestServices, Method.DeclaringType!), [context.Request])!;
}
