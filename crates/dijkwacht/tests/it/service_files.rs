//! The service files of `packaging/`: in order, and the program does with them what they say.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::sensor_desk::Desk;
use crate::sensor_server::{Server, TOKEN};

fn packaging() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packaging")
}

fn file(name: &str) -> String {
    fs::read_to_string(packaging().join(name)).expect("the file is there")
}

/// What stands behind a key of a unit, each time it does.
fn values<'u>(unit: &'u str, key: &str) -> Vec<&'u str> {
    unit.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix('=')).collect()
}

#[test]
fn the_service_files_are_in_order_and_give_little_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let units = ["dijkwacht-sensor.service", "dijkwacht-intel.service", "dijkwacht-intel.timer"];
    for name in units {
        let unit = file(name).replace("/usr/bin/dijkwacht", env!("CARGO_BIN_EXE_dijkwacht"));
        fs::write(folder.path().join(name), unit).expect("it is written");
    }
    for name in units {
        let path = folder.path().join(name);
        let Ok(verified) = Command::new("systemd-analyze").arg("verify").arg(&path).output() else {
            return println!("skipped: not installed: systemd-analyze");
        };
        let said = String::from_utf8_lossy(&verified.stderr);
        assert!(verified.status.success() && !said.contains("dijkwacht-"), "{name}: {said}");
        if name.ends_with(".timer") {
            continue;
        }
        // From 0 (nothing) to 100; a service without any of it has 96.
        let rated = Command::new("systemd-analyze")
            .args(["security", "--offline=true", "--threshold=20"])
            .arg(&path)
            .output()
            .expect("it runs again");
        assert!(rated.status.success(), "{name}: {}", String::from_utf8_lossy(&rated.stdout));
    }
}

/// The settings that the server's page writes are the ones that the unit hands on; the sensor enrols by them when it starts first,
/// into the unit's own folder, and needs no token later.
#[test]
fn a_sensor_that_starts_as_its_unit_starts_it_is_enrolled_and_stays_so() {
    let (desk, server) = (Desk::infected(), Server::start());
    let unit = file("dijkwacht-sensor.service");
    let state = desk.text("dijkwacht-sensor");
    assert_eq!(values(&unit, "StateDirectory"), ["dijkwacht-sensor"]);
    assert_eq!(values(&unit, "Environment"), ["DIJKWACHT_SENSOR_STATE=%S/dijkwacht-sensor"]);
    assert_eq!(values(&unit, "ExecStart"), ["/usr/bin/dijkwacht sensor $DIJKWACHT_SENSOR_OPTIONS"]);
    let options = format!("--read {}", desk.text("office.pcap"));
    let start = |settings: &[(&str, &str)]| {
        Command::new(env!("CARGO_BIN_EXE_dijkwacht"))
            .arg("sensor")
            .args(options.split(' '))
            .env("DIJKWACHT_SENSOR_STATE", &state)
            .envs(settings.iter().copied())
            .output()
            .expect("it runs")
    };
    let url = server.url();
    for settings in [
        &[("DIJKWACHT_SENSOR_SERVER", url.as_str()), ("DIJKWACHT_SENSOR_ENROL", TOKEN)][..],
        &[("DIJKWACHT_SENSOR_SERVER", url.as_str())],
    ] {
        let ran = start(settings);
        assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
        assert!(Path::new(&state).join("identity.json").exists());
    }
    // A unit without its file of settings is no failure of systemd's: the sensor says what it lacks.
    assert_eq!(values(&unit, "EnvironmentFile"), ["-/etc/dijkwacht/sensor.env"]);
    let ran = Command::new(env!("CARGO_BIN_EXE_dijkwacht")).arg("sensor").output().expect("it runs");
    assert!(ran.status.code() == Some(2) && String::from_utf8_lossy(&ran.stderr).contains("--interface"), "{ran:?}");
}

/// The timer writes the folder of lists and the sensor reads it, as another user: neither may keep it to itself.
#[test]
fn the_sensor_may_read_the_lists_that_the_timer_keeps_and_not_write_them() {
    let (sensor, intel) = (file("dijkwacht-sensor.service"), file("dijkwacht-intel.service"));
    assert_eq!(values(&intel, "DynamicUser"), [""; 0], "its folder would lie where nobody else comes");
    assert_eq!(values(&intel, "User"), ["dijkwacht-intel"]);
    let users = file("dijkwacht-intel.sysusers.conf");
    assert!(users.lines().any(|line| line.starts_with("u dijkwacht-intel ")), "{users}");
    assert_eq!((values(&intel, "StateDirectoryMode"), values(&intel, "UMask")), (vec!["0755"], vec!["0022"]));
    assert_eq!(values(&intel, "ExecStart"), ["/usr/bin/dijkwacht intel update --intel-dir %S/dijkwacht-intel"]);
    assert_eq!(values(&sensor, "ProtectSystem"), ["strict"]);
    assert!(!values(&sensor, "StateDirectory").concat().contains("intel") && !sensor.contains("ReadWritePaths"));
    if let Ok(checked) = Command::new("systemd-sysusers")
        .arg("--dry-run")
        .arg(packaging().join("dijkwacht-intel.sysusers.conf"))
        .output()
    {
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    } else {
        println!("skipped: not installed: systemd-sysusers");
    }
}
