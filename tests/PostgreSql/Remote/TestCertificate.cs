using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SchemaIsolation.Tests.PostgreSql.Remote;

/// <summary>A certificate with its key, as files have them.</summary>
internal sealed class TestCertificate
{
    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddDays(-1);

    private readonly X509Certificate2 certificate;
    private readonly ECDsa key;

    private TestCertificate(X509Certificate2 certificate, ECDsa key)
    {
        this.certificate = certificate;
        this.key = key;
    }

    /// <summary>One that signs others.</summary>
    public static TestCertificate Authority(string name)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return new TestCertificate(request.CreateSelfSigned(From, From.AddDays(9)), key);
    }

    /// <summary>One of a server with that name, or of a client that is that role.</summary>
    public TestCertificate Sign(string name)
    {
        var ownKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", ownKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        return new TestCertificate(request.Create(certificate, From, From.AddDays(8), RandomNumberGenerator.GetBytes(8)), ownKey);
    }

    public string Certificate => certificate.ExportCertificatePem();

    public string Key => key.ExportPkcs8PrivateKeyPem();
}
