using System.Runtime.InteropServices;
using SchemaIsolation.Bench;
using SchemaIsolation.Bench.Reporting;
using SchemaIsolation.Bench.Servers;

if (BenchArguments.TryParse(args) is not { } arguments)
{
    Console.Error.WriteLine(BenchArguments.Usage);
    return 2;
}

// The server and its directory go however the benchmark ends.
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
try
{
    await using var server = await BenchServer.StartAsync(stop.Token);
    var report = await new Benchmark(server, arguments.IsQuick).RunAsync(stop.Token);
    Console.Write(TextReport.Format(report));
    if (arguments.JsonFile is { } file)
        await report.WriteJsonAsync(file, stop.Token);
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped.");
    return 1;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
