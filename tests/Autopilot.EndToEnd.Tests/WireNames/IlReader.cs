using System.CodeDom.Compiler;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Autopilot.EndToEnd.Tests.WireNames;

/// <summary>
/// Reads the calls of an assembly and the string literals that stand before each: names that are only arguments can be found by nothing
/// else than the code itself.
/// </summary>
internal static class IlReader
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>
    /// Every call in the order of the code, without what records and source generators write: that holds the names of types and members.
    /// </summary>
    public static IEnumerable<IlCall> Calls(Assembly assembly) =>
        assembly
            .GetTypes()
            .Where(type => !type.IsDefined(typeof(GeneratedCodeAttribute)))
            .SelectMany(type => type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)))
            .Where(method => !method.IsDefined(typeof(GeneratedCodeAttribute)) && !IsOfRecord(method))
            .SelectMany(Calls);

    private static bool IsOfRecord(MethodBase method) =>
        method.Name is "PrintMembers" or "ToString" && method.IsDefined(typeof(CompilerGeneratedAttribute));

    private static IEnumerable<IlCall> Calls(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
        {
            yield break;
        }

        var literals = new List<string>();
        Type? constrained = null;
        for (var at = 0; at < code.Length; )
        {
            var operation = code[at] == 0xFE ? Codes[(short)(0xFE00 | code[at + 1])] : Codes[code[at]];
            at += operation.Size;
            if (operation.OperandType is OperandType.InlineString)
            {
                literals.Add(method.Module.ResolveString(BitConverter.ToInt32(code, at)));
            }
            else if (operation.OperandType is OperandType.InlineMethod)
            {
                yield return new IlCall(
                    method.Module.ResolveMethod(BitConverter.ToInt32(code, at), TypeArguments(method), MethodArguments(method)),
                    literals.ToList(),
                    constrained
                );
                literals.Clear();
                constrained = null;
            }
            else if (operation == OpCodes.Constrained)
            {
                constrained = method.Module.ResolveType(BitConverter.ToInt32(code, at), TypeArguments(method), MethodArguments(method));
            }

            at += OperandSize(operation, code, at);
        }

        if (literals.Count > 0)
        {
            yield return new IlCall(null, literals, null);
        }
    }

    private static Type[]? TypeArguments(MethodBase method) => method.DeclaringType?.GetGenericArguments();

    private static Type[]? MethodArguments(MethodBase method) => method.IsGenericMethod ? method.GetGenericArguments() : null;

    private static int OperandSize(OpCode operation, byte[] code, int at) =>
        operation.OperandType switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
            OperandType.InlineVar => 2,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
            _ => 4,
        };
}
