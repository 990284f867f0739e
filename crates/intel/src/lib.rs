//! Threat lists: known-bad domains, addresses and marks, read in the forms in which lists are published, kept small,
//! looked up fast.
//!
//! Promises: a bad line is a finding with its number and never stops the rest; a domain stands for itself and its
//! subdomains; what would accuse everybody (a top-level domain, a private address, a name that everyone uses) is refused with
//! the reason; 10 bytes a domain, 6 an IPv4 address; a list written by [`ThreatList::to_bytes`] reads back as the same list in
//! any later build, or is refused whole. Any bytes in, no panic out.
//! Deliberately not here: fetching lists, files, what a match means (crate `detect`).

mod catalogue;
pub mod cidr;
mod compact;
mod defang;
mod everyones;
mod format;
mod hashes;
mod label;
mod line;
mod list;
mod mark;
mod ranges;

pub use catalogue::{Commercial, Known, Size, catalogue};
pub use cidr::{Cidr, InvalidCidr, private_ranges};
pub use compact::{NotCompact, is_compact, is_current};
pub use defang::{host_of, refanged};
pub use format::{
    Format, MispManifest, TaxiiPage, TaxiiPlace, UnknownFormat, is_json, is_misp_manifest, misp_manifest, read,
    taxii_page, taxii_place, told_by_content,
};
pub use label::Weight;
pub use line::{LineFault, ascii};
pub use list::{About, Breadth, InvalidLine, Listed, Place, ReadList, ThreatList};
pub use mark::{Mark, query_hash};
