using System.Runtime.Versioning;
using SchemaIsolation.Keeper.Sessions;

namespace SchemaIsolation.Tests.Unit.Sessions;

public sealed class SessionDirectoryTests
{
    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Only_its_user_may_enter_it()
    {
        var directory = SessionDirectory.Create();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory.Leases));
        Assert.Equal(directory.Leases, Path.GetDirectoryName(directory.Endpoint));
        Assert.Null(directory.Delete());
    }
}
