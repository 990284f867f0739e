//! Certificates and keys that are given as files, looked at before anything is sent with them.
//!
//! Promises: of any bytes, a refusal or what TLS will take; nothing that the library would only find out, and end over,
//! once it connects.

use std::sync::Arc;

use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ALL_VERSIONS, ClientConfig, Error, RootCertStore};
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, parse_pem};

use crate::server::BadContact;

/// The authorities in a file.
pub(crate) fn authorities(pem: &[u8]) -> Result<Vec<Certificate<'static>>, BadContact> {
    let what = "the file of --ca";
    let found = certificates(pem, what)?;
    let (usable, _) = RootCertStore::empty().add_parsable_certificates(ders(&found));
    if usable == 0 { Err(BadContact::Pem { what, item: "certificate" }) } else { Ok(found) }
}

/// Our own certificate, with those above it, and its key; refused where they do not belong together.
pub(crate) fn own(chain: &[u8], key: &[u8]) -> Result<ClientCert, BadContact> {
    if is_encrypted(key) {
        return Err(BadContact::Encrypted);
    }
    let bad_key = BadContact::Pem { what: "the file of --client-key", item: "private key" };
    let Ok(first) = PrivateKeyDer::from_pem_slice(key) else { return Err(bad_key) };
    let Ok(key) = PrivateKey::from_pem(key) else { return Err(bad_key) };
    let chain = certificates(chain, "the file of --client-cert")?;
    let builder =
        ClientConfig::builder_with_provider(Arc::new(default_provider())).with_protocol_versions(ALL_VERSIONS);
    let taken = builder
        .map(|builder| builder.with_root_certificates(RootCertStore::empty()))
        .and_then(|builder| builder.with_client_auth_cert(ders(&chain).collect(), first));
    match taken {
        Ok(_) => Ok(ClientCert::new_with_certs(&chain, key)),
        Err(Error::InconsistentKeys(_)) => Err(BadContact::Mismatch),
        Err(error) => Err(BadContact::Own(error.to_string())),
    }
}

/// As PKCS #8 says so in its first line, and older forms in a header (RFC 1421 §4.6.1.1).
fn is_encrypted(key: &[u8]) -> bool {
    String::from_utf8_lossy(key).lines().any(|line| {
        line.starts_with("-----BEGIN ENCRYPTED ") || line.starts_with("Proc-Type:") && line.contains("ENCRYPTED")
    })
}

fn ders(certificates: &[Certificate<'static>]) -> impl Iterator<Item = CertificateDer<'static>> {
    certificates.iter().map(|one| CertificateDer::from(one.der().to_vec()))
}

fn certificates(pem: &[u8], what: &'static str) -> Result<Vec<Certificate<'static>>, BadContact> {
    let found: Vec<_> = parse_pem(pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    if found.is_empty() { Err(BadContact::Pem { what, item: "certificate" }) } else { Ok(found) }
}
