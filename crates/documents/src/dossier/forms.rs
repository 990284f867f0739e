//! The forms that are built in: one file each. Another form is another file and a line here.

use std::sync::OnceLock;

use super::form::Form;

/// The AP's own form, layout of August 2022.
pub const AP: &str = "ap-2022-08";
/// The EDPB's common template, version 1.0.
pub const EDPB: &str = "edpb-1.0";

const FILES: [&str; 2] = [include_str!("../../forms/ap-2022-08.toml"), include_str!("../../forms/edpb-1.0.toml")];

/// Every form that is built in, the AP's own first.
#[must_use]
pub fn forms() -> &'static [Form] {
    static FORMS: OnceLock<Vec<Form>> = OnceLock::new();
    FORMS.get_or_init(|| {
        #[expect(clippy::expect_used, reason = "the files are part of the program, and a test reads each of them")]
        FILES.iter().map(|text| Form::read(text).expect("a built-in form is well-formed")).collect()
    })
}

/// The form of that name.
#[must_use]
pub fn form(id: &str) -> Option<&'static Form> {
    forms().iter().find(|form| form.id == id)
}
