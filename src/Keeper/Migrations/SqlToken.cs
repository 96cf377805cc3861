using System.Runtime.InteropServices;

namespace SchemaIsolation.Keeper.Migrations;

[StructLayout(LayoutKind.Auto)]
internal readonly record struct SqlToken(SqlTokenKind Kind, int Start, int End);
