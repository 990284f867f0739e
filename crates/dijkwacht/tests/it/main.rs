//! The command line as programs meet it: exit codes, what goes to which stream, and the JSON, whole.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests: a failure is the test failing"
)]

mod again;
mod captures;
mod changed;
mod clock;
mod demo;
mod dossier;
mod edges;
mod evidence;
#[path = "../../../outbound/tests/it/exim.rs"]
mod exim;
mod facts;
mod forget;
mod full_disk;
mod hunt;
mod imported_names;
mod intel;
mod interview;
mod law;
mod law_pages;
mod mail;
mod moves;
mod outage;
mod program;
mod proof;
mod register;
mod rights;
mod safekeeping;
mod scale;
#[cfg(target_os = "linux")]
mod sensor;
#[cfg(target_os = "linux")]
mod sensor_again;
#[cfg(target_os = "linux")]
mod sensor_alone;
#[cfg(target_os = "linux")]
mod sensor_desk;
#[cfg(target_os = "linux")]
mod sensor_first;
#[cfg(target_os = "linux")]
mod sensor_front;
#[cfg(target_os = "linux")]
mod sensor_killed;
#[cfg(target_os = "linux")]
mod sensor_link;
#[cfg(target_os = "linux")]
mod sensor_lists;
#[cfg(target_os = "linux")]
mod sensor_serve;
#[cfg(target_os = "linux")]
#[path = "../../../sensor/tests/it/server.rs"]
#[allow(dead_code, clippy::unwrap_used, reason = "the sensor's own tests use the rest; a failure is the test failing")]
mod sensor_server;
#[cfg(target_os = "linux")]
mod sensor_sources;
mod servers;
mod servers_mail;
mod service_files;
mod serving;
#[cfg(unix)]
mod stopped;
mod timestamp;
mod torture;
