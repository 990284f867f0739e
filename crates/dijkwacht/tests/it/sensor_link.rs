//! Two interfaces that are one cable (veth): the near end here, for the sensor; the far end in a network namespace of its
//! own, from where captures are sent by tcpreplay.

use std::path::Path;
use std::process::Command;

/// Any frame of a capture fits in.
const MTU: &str = "65000";

/// The cable; it is gone with this value.
pub(crate) struct Link {
    near: String,
    far: String,
    namespace: String,
}

impl Link {
    /// A cable of that name. The reason where there cannot be one here.
    pub(crate) fn new(name: &str) -> Result<Self, String> {
        for tool in ["ip", "tcpreplay"] {
            let there = Command::new(tool).arg("-V").output();
            there.map_err(|_| format!("not installed: {tool} (Debian: iproute2, tcpreplay)"))?;
        }
        let number = std::process::id();
        let link = Self {
            near: format!("dw{name}{number}"),
            far: "far".to_owned(),
            namespace: format!("dijkwacht-{name}-{number}"),
        };
        let made = Command::new("ip").args(["netns", "add", &link.namespace]).output().expect("ip runs");
        if !made.status.success() {
            let why = String::from_utf8_lossy(&made.stderr).trim().to_owned();
            return Err(format!("no right to make network namespaces (needs root): {why}"));
        }
        link.make();
        Ok(link)
    }

    /// The sensor's end.
    pub(crate) fn near(&self) -> &str {
        &self.near
    }

    pub(crate) fn make(&self) {
        let Self { near, far, namespace } = self;
        ip(&["link", "add", near, "mtu", MTU, "type", "veth", "peer", "name", far, "mtu", MTU, "netns", namespace]);
        // A mirror port has no address, and what arrives there is nobody's to answer.
        let _ = std::fs::write(format!("/proc/sys/net/ipv6/conf/{near}/disable_ipv6"), "1");
        ip(&["link", "set", near, "arp", "off", "up"]);
        ip(&["-n", namespace, "link", "set", far, "up"]);
    }

    pub(crate) fn remove(&self) {
        ip(&["link", "delete", &self.near]);
    }

    /// Pulls the far end out.
    pub(crate) fn cut(&self) {
        ip(&["-n", &self.namespace, "link", "set", &self.far, "down"]);
    }

    pub(crate) fn mend(&self) {
        ip(&["-n", &self.namespace, "link", "set", &self.far, "up"]);
    }

    /// Sends a capture from the far end, fast, and waits until it is sent.
    pub(crate) fn replay(&self, capture: &Path) {
        let sent = Command::new("ip")
            .args(["netns", "exec", &self.namespace, "tcpreplay", "--intf1", &self.far, "--pps", "20000"])
            .arg(capture)
            .output()
            .expect("tcpreplay runs");
        assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        let _ = Command::new("ip").args(["link", "delete", &self.near]).output();
        let _ = Command::new("ip").args(["netns", "delete", &self.namespace]).output();
    }
}

fn ip(arguments: &[&str]) {
    let ran = Command::new("ip").args(arguments).output().expect("ip runs");
    assert!(ran.status.success(), "ip {arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
}
