using FsCheck;
using Npgsql;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Tests.Unit.Postgres;

public sealed class DatabaseAddressTests
{
    [Theory]
    [InlineData("Host=db.example;Username=tester", "postgres://tester@db.example:5432/app")]
    [InlineData("Host=db.example;Port=6000;Username=tester;Password=secret", "postgres://tester:secret@db.example:6000/app")]
    [InlineData("Host=db.example:6000;Username=tester", "postgres://tester@db.example:6000/app")]
    [InlineData("Host=db.example", "postgres://db.example:5432/app")]
    [InlineData("Host=::1;Username=tester", "postgres://tester@[::1]:5432/app")]
    [InlineData("Host=[::1];Username=tester", "postgres://tester@[::1]:5432/app")]
    [InlineData("Host=[::1]:6000;Username=tester", "postgres://tester@[::1]:6000/app")]
    [InlineData("Host=/var/run/postgresql;Username=tester", "postgres://tester@/app?host=%2Fvar%2Frun%2Fpostgresql")]
    [InlineData("Host=/var/run/postgresql;Port=6000;Username=tester;Password=secret", "postgres://tester:secret@/app?host=%2Fvar%2Frun%2Fpostgresql&port=6000")]
    [InlineData("Host=@abstract;Username=tester", "postgres://tester@/app?host=%40abstract")]
    public void A_url_says_host_port_user_and_password(string keywords, string url) => Assert.Equal(url, Address(keywords).Url);

    [Theory]
    [InlineData("Username=\"t@ster/x\";Password=\"p:a/s?s#w@%;' é\"", "postgres://t%40ster%2Fx:p%3Aa%2Fs%3Fs%23w%40%25%3B%27%20%C3%A9@h:5432/app")]
    [InlineData("Username=t;Password=\"a+b&c=d\"", "postgres://t:a%2Bb%26c%3Dd@h:5432/app")]
    [InlineData("Username=ü;Password=\"😀\"", "postgres://%C3%BC:%F0%9F%98%80@h:5432/app")]
    [InlineData("Username=t;Password=\"\"", "postgres://t@h:5432/app")]
    public void Odd_characters_are_percent_encoded(string keywords, string url) => Assert.Equal(url, Address($"Host=h;{keywords}").Url);

    [Fact]
    public void An_odd_database_is_percent_encoded() => Assert.Equal("postgres://h:5432/a%20b%2Fc%3Fd", Address("Host=h", "a b/c?d").Url);

    [Theory]
    [InlineData("SSL Mode=Require", "sslmode=require")]
    [InlineData("SSL Mode=VerifyCA", "sslmode=verify-ca")]
    [InlineData("SSL Mode=VerifyFull;Root Certificate=/ca.pem", "sslmode=verify-full&sslrootcert=%2Fca.pem")]
    [InlineData("SSL Certificate=/me.pem;SSL Key=/me.key;Passfile=/pass", "sslcert=%2Fme.pem&sslkey=%2Fme.key&passfile=%2Fpass")]
    [InlineData("SSL Mode=Require;Channel Binding=Require;SSL Negotiation=Direct;GSS Encryption Mode=Disable", "sslmode=require&sslnegotiation=direct&channel_binding=require&gssencmode=disable")]
    [InlineData("Options=-c work_mem=1MB", "options=-c%20work_mem%3D1MB")]
    [InlineData("Search Path=a", "options=-c%20search_path%3Da")]
    [InlineData("Search Path=\"a,\"\"b c\"\"\";Options=-c role=r", "options=-c%20role%3Dr%20-c%20search_path%3Da%2C%22b%5C%20c%22")]
    public void What_else_lets_a_client_in_is_a_parameter(string keywords, string parameters)
        => Assert.Equal($"postgres://h:5432/app?{parameters}", Address($"Host=h;{keywords}").Url);

    [Theory]
    [InlineData("Host=db.example;Username=tester;Password=secret", "psql \"host=db.example port=5432 user=tester dbname=app\"")]
    [InlineData("Host=/var/run/my sockets;Port=6000", "psql \"host='/var/run/my sockets' port=6000 dbname=app\"")]
    [InlineData("Host=h;SSL Mode=Require;SSL Key=/k;SSL Password=secret", "psql \"host=h port=5432 dbname=app sslmode=require sslkey=/k\"")]
    [InlineData("Host=h;Search Path=test_1", "psql \"host=h port=5432 dbname=app options='-c search_path=test_1'\"")]
    [InlineData("Host=h;Search Path=\"\"\"$user\"\", a'b\"", "psql \"host=h port=5432 dbname=app options='-c search_path=\\\"\\$user\\\",\\\\\\\\ a\\\\'b'\"")]
    [InlineData("Host=h;Username=\"`x`\"", "psql \"host=h port=5432 user='\\`x\\`' dbname=app\"")]
    public void A_psql_line_is_quoted_for_a_shell_and_has_no_password(string keywords, string psql) => Assert.Equal(psql, Address(keywords).Psql);

    [Theory]
    [InlineData("Maximum Pool Size=7")]
    [InlineData("Application Name=a")]
    [InlineData("Timeout=3")]
    public void What_only_npgsql_knows_is_left_out(string keywords) => Assert.Equal("postgres://h:5432/app", Address($"Host=h;{keywords}").Url);

    [Theory]
    [InlineData("Host=db.example", "db.example", 5432)]
    [InlineData("Host=db.example:6000;Port=7000", "db.example", 6000)]
    [InlineData("Host=127.0.0.1;Port=6000", "127.0.0.1", 6000)]
    [InlineData("Host=::1;Port=6000", "::1", 6000)]
    [InlineData("Host=[fe80::1]", "fe80::1", 5432)]
    [InlineData("Host=[fe80::1]:6000", "fe80::1", 6000)]
    [InlineData("Host=/var/run/a:b;Port=6000", "/var/run/a:b", 6000)]
    public void Host_and_port_come_apart_and_have_no_brackets(string keywords, string host, int port)
    {
        var address = Address(keywords);

        Assert.Equal((host, port), (address.Host, address.Port));
    }

    [Fact]
    public void No_password_is_none() => Assert.Null(Address("Host=h;Password=").Password);

    [Fact]
    public void Any_user_and_password_are_read_back_from_a_url()
        => Prop.ForAll<NonEmptyString, NonEmptyString>((user, password) =>
            {
                var builder = new NpgsqlConnectionStringBuilder { Host = "/a directory", Username = Printable(user), Password = Printable(password), Database = "app" };
                var read = ServerAddress.Parse(new DatabaseAddress(builder).Url).For("app");
                return read.Host == builder.Host && read.Username == builder.Username && read.Password == builder.Password;
            })
            .QuickCheckThrowOnFailure();

    // Half a character has no encoding, and no variable can hold a nul.
    private static string Printable(NonEmptyString text)
        => "x" + string.Concat(text.Get.Where(character => character != '\0' && !char.IsSurrogate(character))) + "😀";

    private static DatabaseAddress Address(string keywords, string database = "app") => new(new NpgsqlConnectionStringBuilder(keywords) { Database = database });
}
