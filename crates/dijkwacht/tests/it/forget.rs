//! `dijkwacht forget`: nothing to erase, and lists that are not what they should be.

use std::fs;

use crate::program::run;

#[test]
fn where_nothing_ended_nothing_is_erased_and_a_bad_list_is_named_line_by_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let data = data.to_str().expect("a path");
    assert_eq!(run(&["organisation", "add", "--name", "Bakkerij Jansen", "--data", data]).code, 0);
    for arguments in [&["forget", "--dry-run"][..], &["forget"], &["forget", "--organisation", "bakkerij-jansen"]] {
        let ran = run(&[arguments, &["--data", data]].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{arguments:?}: {}", ran.stderr);
    }
    let unknown = run(&["forget", "--organisation", "bestaat-niet", "--data", data]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("there is no organisation `bestaat-niet`"), "{}", unknown.stderr);

    let list = folder.path().join("erasures.list");
    let path = list.to_str().expect("a path");
    assert_eq!(run(&["forget", "--again", path, "--data", data]).code, 2, "a list that is not there");
    let id = "0197a3c0-0000-7000-8000-000000000001";
    let good = format!("{id} {id} 3 {} 2026-11-22T01:10:00Z whole", "ab".repeat(32));
    fs::write(&list, format!("{good}\nniet zo\n\n{good} meer\n\u{fffd}\n").as_bytes()).expect("writes");
    let ran = run(&["forget", "--again", path, "--data", data]);
    assert_eq!(ran.code, 1, "what a line would have erased may be there: {}", ran.stderr);
    for said in [
        "line 2: not a line of a list of erasures",
        "line 4:",
        "line 5:",
        "1 entries on the list, 0 erased again",
        "3 lines cannot be read, and what they name may be in it again",
    ] {
        assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
    }
    for none in ["", "\n\n", "naam;adres\n1;2\n", &good[..good.len() / 2]] {
        fs::write(&list, none).expect("writes");
        let ran = run(&["forget", "--again", path, "--data", data]);
        assert_eq!(ran.code, 2, "{none:?}: {}", ran.stderr);
        assert!(ran.stderr.contains("holds no line of a list of erasures"), "{none:?}: {}", ran.stderr);
    }
}
