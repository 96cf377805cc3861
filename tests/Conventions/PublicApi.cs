using System.Reflection;
using System.Runtime.CompilerServices;

namespace SchemaIsolation.Tests.Conventions;

/// <summary>The public members of an assembly as text: one a line, sorted.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    public static IReadOnlyList<string> Of(Assembly assembly)
        => [.. assembly.GetExportedTypes().SelectMany(type => Members(type).Prepend(Describe(type))).Order(StringComparer.Ordinal)];

    private static string Describe(Type type)
    {
        var kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : "class";
        var modifier = type is { IsAbstract: true, IsSealed: true } ? "static " : type is { IsSealed: true, IsClass: true } ? "sealed " : "";
        var bases = type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? []).Prepend(type.BaseType).OfType<Type>().Where(above => above != typeof(object) && above != typeof(Enum));
        return $"{type.FullName}: {modifier}{kind}{string.Concat(bases.Select(above => $", {Name(above)}"))}";
    }

    private static IEnumerable<string> Members(Type type)
        => type.GetMembers(Declared).Where(member => !IsGenerated(member)).Select(member => Describe(type, member)).OfType<string>();

    // What the compiler adds to a record is not ours to promise.
    private static bool IsGenerated(MemberInfo member) => member is MethodInfo or ConstructorInfo && member.IsDefined(typeof(CompilerGeneratedAttribute));

    private static string? Describe(Type type, MemberInfo member) => member switch
    {
        FieldInfo { IsLiteral: true } constant => $"{type.FullName}.{constant.Name} = {Convert.ChangeType(constant.GetRawConstantValue(), typeof(int))}",
        FieldInfo { IsSpecialName: false } field => $"{type.FullName}.{field.Name} -> {Name(Nullability.Create(field))}",
        PropertyInfo property => $"{type.FullName}.{property.Name} {{ {Accessors(property)} }} -> {Name(Nullability.Create(property))}",
        ConstructorInfo constructor => $"{type.FullName}({Parameters(constructor)})",
        MethodInfo { IsSpecialName: false } method => $"{type.FullName}.{method.Name}({Parameters(method)}) -> {Name(Nullability.Create(method.ReturnParameter))}",
        EventInfo declared => $"{type.FullName}.{declared.Name} event",
        _ => null,
    };

    private static string Accessors(PropertyInfo property)
    {
        var setter = property.GetSetMethod() is not { } set ? "" : set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;";
        return "get;" + setter;
    }

    private static string Parameters(MethodBase method)
        => string.Join(", ", method.GetParameters().Select(parameter => $"{Name(Nullability.Create(parameter))} {parameter.Name}{Default(parameter)}"));

    private static string Default(ParameterInfo parameter)
        => !parameter.HasDefaultValue ? "" : parameter.DefaultValue switch
        {
            null => parameter.ParameterType.IsValueType ? " = default" : " = null",
            string text => $" = \"{text}\"",
            var value => $" = {value}",
        };

    private static string Name(NullabilityInfo info)
        => (info.GenericTypeArguments.Length == 0 ? Name(info.Type) : $"{BareName(info.Type)}<{string.Join(", ", info.GenericTypeArguments.Select(Name))}>")
            + (info.ReadState == NullabilityState.Nullable && !info.Type.IsValueType ? "?" : "");

    private static string Name(Type type)
        => type.IsGenericType ? $"{BareName(type)}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : type.FullName!;

    private static string BareName(Type type) => type.GetGenericTypeDefinition().FullName!.Split('`')[0];
}
