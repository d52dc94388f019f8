//! Certificates made for a test: an authority, and what it signs.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
};
use reg_tests::sandbox::Sandbox;
use time::{Duration, OffsetDateTime};

/// An authority whose own certificate is `ca.pem` in a sandbox.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    /// Makes one, and writes its certificate as `NAME.pem`.
    pub(crate) fn new(sandbox: &Sandbox, name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.distinguished_name.push(DnType::CommonName, format!("{name} for a test"));
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        sandbox.write(&format!("{name}.pem"), issuer.pem());
        Self(issuer)
    }

    /// Its private key, PEM.
    pub(crate) fn key(&self) -> String {
        self.0.key().serialize_pem()
    }

    /// Signs a certificate for these names and addresses, good until `days` from now, and writes `NAME.crt` and `NAME.key`.
    pub(crate) fn sign(&self, sandbox: &Sandbox, name: &str, hosts: &[&str], days: i64) {
        let hosts: Vec<String> = hosts.iter().map(|&host| host.to_owned()).collect();
        let mut params = CertificateParams::new(hosts).unwrap();
        let now = OffsetDateTime::now_utc();
        params.not_before = now - Duration::days(100);
        params.not_after = now + Duration::days(days) + Duration::hours(1);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate().unwrap();
        sandbox.write(&format!("{name}.crt"), params.signed_by(&key, &self.0).unwrap().pem());
        sandbox.write(&format!("{name}.key"), key.serialize_pem());
    }
}

/// Writes a certificate that signed itself as `NAME.crt` and `NAME.key`.
pub(crate) fn self_signed(sandbox: &Sandbox, name: &str, hosts: &[&str]) {
    let hosts: Vec<String> = hosts.iter().map(|&host| host.to_owned()).collect();
    let pair = rcgen::generate_simple_self_signed(hosts).unwrap();
    sandbox.write(&format!("{name}.crt"), pair.cert.pem());
    sandbox.write(&format!("{name}.key"), pair.signing_key.serialize_pem());
}
