//! What the program says at its edges: a folder for temporary files that is not there.

use std::fs;

use crate::safekeeping::Scene;
use crate::servers::{HOME, set_up};
use crate::serving::start_under;

/// The page once said that the disk of the data was in trouble, or that something went wrong on our side.
#[test]
fn a_page_that_finds_no_temporary_folder_names_it_and_the_store_goes_on() {
    let scene = Scene::new();
    fs::create_dir(scene.path("new")).expect("makes");
    let gone = scene.at("gone");
    let server = start_under(&[("TMPDIR", &gone)], &["--data", &scene.at("new")]).serves();
    let mut browser = set_up(server.address, server.set_up.as_deref().expect("a link"));
    let answer = browser.get(server.address, &format!("{HOME}/register/export")).expect("an answer");
    assert_eq!(answer.status, 503, "{}", answer.html);
    for told in [gone.as_str(), "TMPDIR", "Er is niets gewijzigd", "Vraag uw beheerder"] {
        assert!(answer.html.contains(told), "{told}: {}", answer.html);
    }
    assert!(!answer.html.contains("bereikbaar") && !answer.html.contains("alleen te lezen"), "{}", answer.html);
    assert_eq!(browser.get(server.address, HOME).expect("an answer").status, 200);
}
