//! Live interfaces: frames from a mirror port or a bridge, by the kernel's packet ring (AF_PACKET, TPACKET_V3).
//!
//! Promises: nothing is ever sent; a frame comes with the time at which the kernel took it in, whole up to 64 KiB (also
//! where the kernel has put segments together), with the VLAN tag that network cards take off put back; what the kernel had
//! to let go is counted; an interface that goes away is waited for and said, and is read on when it is back.
//! Deliberately not here: rights (opening needs `CAP_NET_RAW`, at the start and again when an interface was made anew),
//! how long to wait, what frames mean.

mod device;
mod vlan;

use std::io;
use std::time::Duration;

use jiff::Timestamp;
use netring::{Capture, Packet, PacketDirection};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::sockopt::socket_error;
use wire::{Frame, LinkType};

use device::Device;

/// The longest name of an interface, in bytes (`IFNAMSIZ` without its zero).
const MAX_NAME: usize = 15;

/// One part of the ring: what the kernel hands over in one go. Any frame fits in.
const BLOCK_BYTES: usize = 1 << 20;

/// When the kernel hands over a part that is not full, in milliseconds.
const BLOCK_TIMEOUT: u32 = 60;

/// Parts taken from one interface before the next has its turn.
const BLOCKS_A_TURN: usize = 8;

/// How an interface is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveOptions {
    /// The ring's size in MiB: what may wait to be read before the kernel lets frames go. At least 4.
    pub ring_mebibytes: usize,
    /// Whether frames for others are taken too. On a mirror port nothing else comes.
    pub is_promiscuous: bool,
}

impl Default for LiveOptions {
    /// 32 MiB: a quarter of a second of a full gigabit, half a minute of ten megabits.
    fn default() -> Self {
        Self { ring_mebibytes: 32, is_promiscuous: true }
    }
}

/// Why an interface cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("`{0}` is no name of an interface; `ip link` shows them")]
    Name(String),
    #[error("there is no interface `{0}`; `ip link` shows those there are")]
    Absent(String),
    #[error(
        "no right to read interface `{0}`; start as root, or with the capability CAP_NET_RAW (`setcap cap_net_raw+ep`, or systemd's AmbientCapabilities=)"
    )]
    NotAllowed(String),
    #[error(
        "interface `{name}` is of a kind that is not read here (ARPHRD {kind}); name an Ethernet, bridge, VLAN or tunnel interface"
    )]
    Link { name: String, kind: u32 },
    #[error("interface `{name}` cannot be opened: {why}")]
    System { name: String, why: String },
}

/// What was counted on one interface since it was first opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Frames read.
    pub packets: u64,
    /// Their bytes on the wire.
    pub bytes: u64,
    /// Frames that the kernel let go because the ring was full.
    pub kernel_drops: u64,
}

/// What became of an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It gives frames again.
    Up,
    /// It was switched off, or has no link.
    Down,
    /// It is not there any more.
    Gone,
}

/// One interface.
#[derive(Debug)]
pub struct Interface {
    name: String,
    options: LiveOptions,
    /// Absent: it is gone.
    open: Option<Open>,
    is_up: bool,
    counted: Counted,
    /// Where a frame gets its tag back.
    tagged: Vec<u8>,
}

#[derive(Debug)]
struct Open {
    ring: Capture,
    device: Device,
}

impl Interface {
    /// Opens an interface by its name.
    ///
    /// # Errors
    /// There is none of that name, there is no right to it, or its frames are of a kind that is not read.
    pub fn open(name: &str, options: LiveOptions) -> Result<Self, OpenError> {
        let is_name = !name.is_empty()
            && name.len() <= MAX_NAME
            && !matches!(name, "." | "..")
            && !name.contains(|letter: char| letter == '/' || letter.is_whitespace() || letter.is_control());
        if !is_name {
            return Err(OpenError::Name(name.to_owned()));
        }
        let open = open(name, options)?;
        let is_up = open.device.gives_frames();
        let counted = Counted::default();
        Ok(Self { name: name.to_owned(), options, open: Some(open), is_up, counted, tagged: Vec::new() })
    }

    /// As `ip link` shows it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is there, switched on, and has a link.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.is_up
    }

    /// Whether it has to be opened again, for which [`Interface::reopen`] needs the right to do so.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.open.is_none()
    }

    /// What was counted so far; asks the kernel for what it let go.
    pub fn counted(&mut self) -> Counted {
        self.count_drops();
        self.counted
    }

    /// Hands on the frames that are there. Returns how many.
    pub fn read(&mut self, on_frame: &mut dyn FnMut(Frame<'_>)) -> usize {
        let Some(open) = &mut self.open else { return 0 };
        let mut read = 0;
        for _ in 0..BLOCKS_A_TURN {
            let Some(batch) = open.ring.next_batch() else { break };
            for packet in &batch {
                // On the loopback everything comes twice: as it leaves, and as it arrives.
                if open.device.is_loopback && packet.direction() == PacketDirection::Outgoing {
                    continue;
                }
                let Some(frame) = frame(&packet, open.device.link, &mut self.tagged) else { continue };
                self.counted.packets += 1;
                self.counted.bytes += u64::from(frame.wire_length);
                read += 1;
                on_frame(frame);
            }
        }
        read
    }

    /// Looks at how the interface is. To be called about once a second; an interface made anew under its old name is found
    /// here, too.
    pub fn look(&mut self) -> Option<Change> {
        let was_up = self.is_up;
        if self.open.as_ref().is_some_and(|open| !open.device.is_there(&self.name)) {
            self.count_drops();
            self.open = None;
            self.is_up = false;
            return Some(Change::Gone);
        }
        self.is_up = self.open.as_ref().is_some_and(|open| open.device.gives_frames());
        match (was_up, self.is_up) {
            (false, true) => Some(Change::Up),
            (true, false) => Some(Change::Down),
            _ => None,
        }
    }

    /// Opens it again where it was gone. True: it is open now.
    ///
    /// # Errors
    /// It is back, and cannot be opened.
    pub fn reopen(&mut self) -> Result<bool, OpenError> {
        if self.open.is_some() {
            return Ok(true);
        }
        match open(&self.name, self.options) {
            Ok(open) => {
                self.open = Some(open);
                Ok(true)
            }
            Err(OpenError::Absent(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn count_drops(&mut self) {
        // Asking sets the kernel's counter back to nought.
        if let Some(stats) = self.open.as_ref().and_then(|open| open.ring.stats().ok()) {
            self.counted.kernel_drops += u64::from(stats.drops);
        }
    }
}

/// Waits until one of the interfaces has frames, or the time is over.
///
/// # Errors
/// The system cannot wait: a fault of the program or of the machine.
pub fn wait<'a>(interfaces: impl IntoIterator<Item = &'a Interface>, timeout: Duration) -> io::Result<()> {
    let rings: Vec<&Capture> =
        interfaces.into_iter().filter_map(|interface| interface.open.as_ref()).map(|open| &open.ring).collect();
    let mut waits: Vec<PollFd<'_>> = rings.iter().map(|ring| PollFd::new(*ring, PollFlags::IN)).collect();
    let timeout = Timespec::try_from(timeout).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
    match poll(&mut waits, Some(&timeout)) {
        Ok(_) | Err(rustix::io::Errno::INTR) => {}
        Err(error) => return Err(error.into()),
    }
    for (wait, ring) in waits.iter().zip(&rings) {
        if wait.revents().contains(PollFlags::ERR) {
            // Said once by the kernel when an interface goes; unread, it would end every wait at once.
            let _ = socket_error(ring);
        }
    }
    Ok(())
}

fn open(name: &str, options: LiveOptions) -> Result<Open, OpenError> {
    let device = Device::find(name)?;
    let ring = Capture::builder()
        .interface(name)
        .promiscuous(options.is_promiscuous)
        .block_size(BLOCK_BYTES)
        .block_count(options.ring_mebibytes.max(4))
        .block_timeout_ms(BLOCK_TIMEOUT)
        .fill_rxhash(false)
        .build()
        .map_err(|error| refused(name, &error))?;
    Ok(Open { ring, device })
}

fn refused(name: &str, error: &netring::Error) -> OpenError {
    match error {
        netring::Error::PermissionDenied => OpenError::NotAllowed(name.to_owned()),
        netring::Error::InterfaceNotFound(_) => OpenError::Absent(name.to_owned()),
        error => {
            let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
            OpenError::System { name: name.to_owned(), why: format!("{error}{cause}") }
        }
    }
}

/// A packet of the ring as a frame; absent where its time is none.
fn frame<'a>(packet: &Packet<'a>, link: LinkType, tagged: &'a mut Vec<u8>) -> Option<Frame<'a>> {
    let time = packet.timestamp();
    let at = Timestamp::new(i64::from(time.sec), i32::try_from(time.nsec).ok()?).ok()?;
    let status = packet.status();
    let mut wire_length = packet.original_len();
    let mut bytes = packet.data();
    if status.vlan_valid && link == LinkType::Ethernet {
        let kind = if status.vlan_tpid_valid { packet.vlan_tpid() } else { vlan::CUSTOMER_TAG };
        if vlan::put_back(bytes, kind, packet.vlan_tci(), tagged) {
            bytes = tagged.as_slice();
            wire_length += vlan::TAG_BYTES;
        }
    }
    let wire_length = u32::try_from(wire_length.max(bytes.len())).unwrap_or(u32::MAX);
    Some(Frame { at, link, bytes, wire_length })
}
