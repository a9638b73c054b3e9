#if !WORKER_PACKAGES
using System.Reflection;

namespace Autopilot.Functions.Tests;

/// <summary>The doubles grow only on purpose: whoever adds a member adds a line here, and asks whether the real worker has it so.</summary>
public sealed class WorkerDoublesTests
{
    [Fact]
    public void The_doubles_have_these_members_and_no_more()
    {
        var doubles = typeof(WorkerDoublesTests).Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith("Microsoft.Azure.Functions.Worker", StringComparison.Ordinal) is true && type.IsPublic);

        var members = doubles.OrderBy(type => type.Name, StringComparer.Ordinal).SelectMany(type => Members(type).Order(StringComparer.Ordinal));

        Assert.Equal(
            [
                "AuthorizationLevel.Anonymous = 0",
                "AuthorizationLevel.Function = 2",
                "ConfigureFunctionsOpenTelemetry.UseFunctionsWorkerDefaults(IOpenTelemetryBuilder builder): IOpenTelemetryBuilder",
                "FunctionAttribute(String name)",
                "FunctionAttribute.Name { get; }: String",
                "FunctionsApplication.CreateBuilder(String[] args): FunctionsApplicationBuilder",
                "FunctionsApplicationBuilder.Build(): IHost",
                "FunctionsApplicationBuilder.Configuration { get; }: ConfigurationManager",
                "FunctionsApplicationBuilder.Properties { get; }: IDictionary`2",
                "FunctionsApplicationBuilder.Services { get; }: IServiceCollection",
                "FunctionsApplicationBuilder: IHostApplicationBuilder",
                "FunctionsApplicationBuilderAspNetCoreExtensions.ConfigureFunctionsWebApplication(FunctionsApplicationBuilder builder): FunctionsApplicationBuilder",
                "HttpTriggerAttribute(AuthorizationLevel authLevel, String[] methods)",
                "HttpTriggerAttribute.AuthLevel { get; }: AuthorizationLevel",
                "HttpTriggerAttribute.Methods { get; }: String[]",
                "HttpTriggerAttribute.Route { get; set; }: String",
                "QueueTriggerAttribute(String queueName)",
                "QueueTriggerAttribute.Connection { get; set; }: String",
                "QueueTriggerAttribute.QueueName { get; }: String",
                "ScheduleStatus()",
                "ScheduleStatus.Last { get; set; }: DateTime",
                "TimerInfo()",
                "TimerInfo.IsPastDue { get; set; }: Boolean",
                "TimerInfo.ScheduleStatus { get; set; }: ScheduleStatus",
                "TimerTriggerAttribute(String schedule)",
                "TimerTriggerAttribute.Schedule { get; }: String",
            ],
            members);
    }

    private static IEnumerable<string> Members(Type type)
    {
        const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        if (type.IsEnum)
            return Enum.GetValues(type).Cast<object>().Select(value => $"{type.Name}.{value} = {(int)value}");

        return type.GetInterfaces().Select(face => $"{type.Name}: {face.Name}")
            .Concat(type.GetConstructors(Own).Select(constructor => $"{type.Name}({Parameters(constructor)})"))
            .Concat(type.GetProperties(Own).Select(property => $"{type.Name}.{property.Name} {{ get;{(property.CanWrite ? " set;" : "")} }}: {property.PropertyType.Name}"))
            .Concat(type.GetMethods(Own).Where(method => !method.IsSpecialName).Select(method => $"{type.Name}.{method.Name}({Parameters(method)}): {method.ReturnType.Name}"))
            .Concat(type.GetFields(Own).Select(field => $"{type.Name}.{field.Name}: {field.FieldType.Name}"))
            .Concat(type.GetEvents(Own).Select(@event => $"{type.Name}.{@event.Name}: event"))
            .Concat(type.GetNestedTypes().Select(nested => $"{type.Name}.{nested.Name}: nested type"));
    }

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(parameter => $"{parameter.ParameterType.Name} {parameter.Name}"));
}
#endif
