using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Tests.Unit.Postgres;

public sealed class ServerAddressTests
{
    [Fact]
    public void Keywords_are_those_of_npgsql()
    {
        var address = ServerAddress.Parse("Host=db.example;Port=6000;Username=tester;Password=secret;Timeout=3");

        var builder = address.For("other");

        Assert.Equal("db.example", builder.Host);
        Assert.Equal(6000, builder.Port);
        Assert.Equal("tester", builder.Username);
        Assert.Equal("secret", builder.Password);
        Assert.Equal(3, builder.Timeout);
        Assert.Equal("other", builder.Database);
    }

    [Theory]
    [InlineData("postgres://tester:secret@db.example:6000/app")]
    [InlineData("postgresql://tester:secret@db.example:6000/app")]
    [InlineData("POSTGRES://tester:secret@db.example:6000/app")]
    [InlineData("postgres://tester:secret@db.example:6000")]
    [InlineData("postgres://tester@db.example:6000?password=secret")]
    [InlineData("postgres://db.example?user=tester&password=secret&port=6000")]
    [InlineData("postgres:///app?host=db.example&user=tester&password=secret&port=6000")]
    [InlineData("postgres://@/app?host=db.example&user=tester&password=secret&port=6000")]
    public void An_address_names_host_port_user_and_password(string text)
    {
        var builder = ServerAddress.Parse(text).For("other");

        Assert.Equal("db.example", builder.Host);
        Assert.Equal(6000, builder.Port);
        Assert.Equal("tester", builder.Username);
        Assert.Equal("secret", builder.Password);
        Assert.Equal("other", builder.Database);
    }

    [Fact]
    public void Escapes_in_an_address_are_resolved()
    {
        var builder = ServerAddress.Parse("postgres://t%40ster:p%3Aa%2Fs%3Fs%23w%40%25%3B'%22@h/?application_name=a%26b+c").For("d");

        Assert.Equal("t@ster", builder.Username);
        Assert.Equal("p:a/s?s#w@%;'\"", builder.Password);
        Assert.Equal("a&b+c", builder.ApplicationName);
    }

    [Theory]
    [InlineData("postgres:///app?host=/var/run/postgresql")]
    [InlineData("postgres:///?host=/var/run/postgresql")]
    [InlineData("postgres://?host=/var/run/postgresql")]
    [InlineData("postgres:///app?host=%2Fvar%2Frun%2Fpostgresql")]
    [InlineData("Host=/var/run/postgresql")]
    public void A_sockets_directory_is_a_host(string text)
    {
        var address = ServerAddress.Parse(text);

        Assert.Equal("/var/run/postgresql", address.Host);
        Assert.Equal("/var/run/postgresql", address.ToString());
    }

    [Fact]
    public void Parameters_carry_libpqs_names()
    {
        var builder = ServerAddress.Parse("postgres://h?sslmode=verify-full&sslrootcert=/ca.pem&sslcert=/me.pem&sslkey=/me.key&connect_timeout=7&options=-c%20work_mem%3D1MB&passfile=/pass").For("d");

        Assert.Equal(Npgsql.SslMode.VerifyFull, builder.SslMode);
        Assert.Equal("/ca.pem", builder.RootCertificate);
        Assert.Equal("/me.pem", builder.SslCertificate);
        Assert.Equal("/me.key", builder.SslKey);
        Assert.Equal(7, builder.Timeout);
        Assert.Equal("-c work_mem=1MB", builder.Options);
        Assert.Equal("/pass", builder.Passfile);
    }

    [Theory]
    [InlineData("Host=h;Root Certificate=ca.pem;SSL Certificate=../me.pem;SSL Key=/keys/me.key;Passfile=./pass")]
    [InlineData("postgres://h?sslrootcert=ca.pem&sslcert=../me.pem&sslkey=/keys/me.key&passfile=./pass")]
    public void Files_are_looked_for_from_where_they_are_named(string text)
    {
        var builder = ServerAddress.Parse(text, "/project/tests").For("d");

        Assert.Equal("/project/tests/ca.pem", builder.RootCertificate);
        Assert.Equal("/project/me.pem", builder.SslCertificate);
        Assert.Equal("/keys/me.key", builder.SslKey);
        Assert.Equal("/project/tests/pass", builder.Passfile);
    }

    [Fact]
    public void The_systems_certificates_are_no_file()
    {
        var address = ServerAddress.Parse("postgres://h?sslmode=verify-full&sslrootcert=system");

        Assert.Null(address.RootCertificate);
    }

    [Fact]
    public void What_cloud_providers_write_into_addresses_is_understood()
    {
        var builder = ServerAddress.Parse("postgres://h?sslmode=require&channel_binding=require&sslnegotiation=direct&gssencmode=disable&sslpassword=p").For("d");

        Assert.Equal(Npgsql.ChannelBinding.Require, builder.ChannelBinding);
        Assert.Equal(Npgsql.SslNegotiation.Direct, builder.SslNegotiation);
        Assert.Equal(Npgsql.GssEncryptionMode.Disable, builder.GssEncryptionMode);
        Assert.Equal("p", builder.SslPassword);
    }

    [Theory]
    [InlineData("Host=h;Password=p", true)]
    [InlineData("Host=h;Passfile=/p", true)]
    [InlineData("postgres://u:p@h", true)]
    [InlineData("Host=h", false)]
    [InlineData("Host=h;Password=", false)]
    public void It_knows_whether_it_says_a_password(string text, bool expected) => Assert.Equal(expected, ServerAddress.Parse(text).HasPassword);

    [Theory]
    [InlineData("Host=h", true)]
    [InlineData("Host=127.0.0.1", true)]
    [InlineData("Host=/var/run/postgresql", false)]
    [InlineData("Host=@abstract", false)]
    public void It_knows_whether_a_network_is_between(string text, bool expected) => Assert.Equal(expected, ServerAddress.Parse(text).IsRemote);

    [Fact]
    public void The_default_port_is_postgresqls()
    {
        var address = ServerAddress.Parse("postgres://db.example");

        Assert.Equal("db.example:5432", address.ToString());
    }

    [Fact]
    public void An_address_of_ip_version_6_is_a_host()
    {
        var address = ServerAddress.Parse("postgres://[::1]:6000/app");

        Assert.Equal("[::1]:6000", address.ToString());
    }

    [Theory]
    [InlineData("Host=h;Username=tester;Password=s3cret")]
    [InlineData("postgres://tester:s3cret@h")]
    [InlineData("postgres://tester@h?password=s3cret")]
    public void Its_text_has_no_password_and_no_user(string text)
    {
        var address = ServerAddress.Parse(text);

        Assert.Equal("h:5432", address.ToString());
    }

    [Fact]
    public void A_builder_belongs_to_its_caller()
    {
        var address = ServerAddress.Parse("Host=h");

        address.For("a").Host = "other";

        Assert.Equal("h", address.For("b").Host);
    }

    [Theory]
    [InlineData("", "it names no host.")]
    [InlineData("Username=tester", "it names no host.")]
    [InlineData("Host= ", "it names no host.")]
    [InlineData("postgres:///app", "it names no host.")]
    [InlineData("postgres://user:p:a@b@h:x", "its port is not a number from 1 to 65535; a special character in the password must be percent-encoded.")]
    [InlineData("postgres://user:p/a@h", "it is not a valid address; a special character in the password must be percent-encoded.")]
    [InlineData("postgres://h?target_session_attrs=any", "its parameter \"target_session_attrs\" is not one of host, port, user, password, passfile, dbname, sslmode, sslrootcert, sslcert, sslkey, sslpassword, sslnegotiation, channel_binding, gssencmode, connect_timeout, options, application_name.")]
    public void What_is_not_an_address_is_explained(string text, string message)
    {
        var exception = Assert.Throws<FormatException>(() => ServerAddress.Parse(text));

        Assert.Equal(message, exception.Message);
    }

    [Theory]
    [InlineData("Host")]
    [InlineData("Host=h;Colour=red")]
    [InlineData("Host=h;Port=many")]
    [InlineData("Host=h;Port=99999999999")]
    [InlineData("postgres://h?port=many")]
    [InlineData("postgres://h?sslmode=wrong")]
    [InlineData("postgres://h?connect_timeout=-1")]
    public void What_npgsql_refuses_is_a_format_error(string text)
    {
        Assert.Throws<FormatException>(() => ServerAddress.Parse(text));
    }

    [Theory]
    [InlineData("postgres://tester@/app?host=/var/run/postgresql")]
    [InlineData("postgres://tester:secret@/app?host=/var/run/postgresql")]
    [InlineData("postgres://%2Fvar%2Frun%2Fpostgresql/app")]
    public void A_sockets_directory_is_a_host_in_every_form_that_libpq_documents(string text)
    {
        var address = ServerAddress.Parse(text);

        Assert.Equal("/var/run/postgresql", address.Host);
    }
}
