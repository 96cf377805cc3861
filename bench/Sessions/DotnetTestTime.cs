namespace SchemaIsolation.Bench.Sessions;

/// <param name="Whole">Milliseconds from the command's start to its end.</param>
/// <param name="Processor">Milliseconds of processor time of its processes, the keeper apart, which is nobody's child; null where the system does not tell.</param>
internal readonly record struct DotnetTestTime(double Whole, double? Processor);
