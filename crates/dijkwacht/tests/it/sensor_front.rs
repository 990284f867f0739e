//! What stands before a server on the internet: an address that stays while the server behind it is started anew, with TLS
//! that asks for a certificate, or without.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, crypto::ring::default_provider};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// The address; it is gone with this value.
pub(crate) struct Front {
    pub(crate) address: SocketAddr,
    server: Arc<Mutex<SocketAddr>>,
    _runtime: tokio::runtime::Runtime,
}

impl Front {
    /// Before that server; with TLS where there are certificates.
    pub(crate) fn start(server: SocketAddr, certificates: Option<&Certificates>) -> Self {
        let acceptor = certificates.map(Certificates::acceptor);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let address = listener.local_addr().expect("an address");
        let server = Arc::new(Mutex::new(server));
        let behind = Arc::clone(&server);
        runtime.spawn(async move {
            while let Ok((visitor, _)) = listener.accept().await {
                let (acceptor, server) = (acceptor.clone(), *behind.lock().expect("nobody panicked"));
                tokio::spawn(pass_on(visitor, acceptor, server));
            }
        });
        Self { address, server, _runtime: runtime }
    }

    /// Where the server is from now on.
    pub(crate) fn leads_to(&self, server: SocketAddr) {
        *self.server.lock().expect("nobody panicked") = server;
    }
}

/// Who has no certificate, or finds no server, is cut off.
async fn pass_on(mut visitor: TcpStream, acceptor: Option<TlsAcceptor>, server: SocketAddr) -> Option<()> {
    match acceptor {
        None => {
            let mut server = TcpStream::connect(server).await.ok()?;
            tokio::io::copy_bidirectional(&mut visitor, &mut server).await.ok()?;
        }
        Some(acceptor) => {
            let mut visitor = acceptor.accept(visitor).await.ok()?;
            let mut server = TcpStream::connect(server).await.ok()?;
            tokio::io::copy_bidirectional(&mut visitor, &mut server).await.ok()?;
        }
    }
    Some(())
}

/// An authority of one's own, a certificate of a server and one of a sensor, made by openssl.
pub(crate) struct Certificates {
    folder: PathBuf,
}

impl Certificates {
    /// In that folder. None: openssl is not installed.
    pub(crate) fn make(folder: &Path) -> Option<Self> {
        let made = Self { folder: folder.to_owned() };
        made.openssl(&["version"])?;
        let authority = ["-x509", "-subj", "/CN=Kantoor", "-addext", "basicConstraints=critical,CA:TRUE"];
        made.certificate("ca", &authority);
        let by = |name, extension| {
            let ca = [made.path("ca.pem"), made.path("ca.key")];
            let subject = format!("/CN={name}");
            let of =
                ["-x509", "-subj", &subject, "-addext", extension, "-addext", "basicConstraints=critical,CA:FALSE"];
            made.certificate(name, &[&of[..], &["-CA", &ca[0], "-CAkey", &ca[1]]].concat());
        };
        by("server", "subjectAltName=IP:127.0.0.1,DNS:localhost");
        by("sensor", "extendedKeyUsage=clientAuth");
        Some(made)
    }

    /// A file of theirs: `ca.pem`, `server.key`…
    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.join(name).to_str().expect("a path in UTF-8").to_owned()
    }

    fn certificate(&self, name: &str, more: &[&str]) {
        let (certificate, key) = (self.path(&format!("{name}.pem")), self.path(&format!("{name}.key")));
        let new = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", "2"];
        let ran = self.openssl(&[&new[..], &["-keyout", &key, "-out", &certificate], more].concat());
        let ran = ran.expect("openssl runs");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    }

    fn openssl(&self, arguments: &[&str]) -> Option<std::process::Output> {
        Command::new("openssl").args(arguments).current_dir(&self.folder).output().ok()
    }

    fn acceptor(&self) -> TlsAcceptor {
        let provider = Arc::new(default_provider());
        let read = |name| CertificateDer::from_pem_file(self.path(name)).expect("a certificate");
        let mut roots = RootCertStore::empty();
        roots.add(read("ca.pem")).expect("an authority");
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_client_cert_verifier(verifier.build().expect("who may come"))
            .with_single_cert(
                vec![read("server.pem")],
                PrivateKeyDer::from_pem_file(self.path("server.key")).expect("a key"),
            );
        TlsAcceptor::from(Arc::new(config.expect("a server's certificate")))
    }
}
